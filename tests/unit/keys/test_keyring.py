"""What the key ring computes, against the standards it follows."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
import pickle
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.cmac import CMAC
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.errors import KeyStoreError
from jupyter_privguard.keys.keyring import KeyRing, key_id_of
from jupyter_privguard.keys.signatures import SignatureError, verify_signature
from jupyter_privguard.keys.siv import BatchSIV

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/siv/rfc5297.json").read_text())["vectors"]
MASTER, SEED = bytes(range(32)), bytes(range(32, 64))


def ring(master: bytes = MASTER) -> KeyRing:
    return KeyRing(master=master, seed=SEED, origin="privguard/0000test")


def own_hkdf(info: bytes, length: int) -> bytes:
    """RFC 5869 by hand."""
    pseudorandom = hmac.digest(bytes(32), MASTER, "sha256")
    out = block = b""
    while len(out) < length:
        block = hmac.digest(pseudorandom, block + info + bytes([len(out) // 32 + 1]), "sha256")
        out += block
    return out[:length]


def own_siv(key: bytes, associated: list[bytes], plaintext: bytes) -> bytes:
    """RFC 5297 by hand, over CMAC and CTR."""
    half = len(key) // 2

    def mac(data: bytes) -> bytes:
        cmac = CMAC(algorithms.AES(key[:half]))
        cmac.update(data)
        return cmac.finalize()

    def doubled(block: bytes) -> bytes:
        number = int.from_bytes(block) << 1
        return ((number & (2**128 - 1)) ^ (0x87 if number >> 128 else 0)).to_bytes(16)

    def mixed(one: bytes, other: bytes) -> bytes:
        return bytes(a ^ b for a, b in zip(one, other, strict=True))

    state = mac(bytes(16))
    for item in associated:
        state = mixed(doubled(state), mac(item))
    if len(plaintext) >= 16:
        last = plaintext[:-16] + mixed(plaintext[-16:], state)
    else:
        last = mixed(doubled(state), (plaintext + b"\x80").ljust(16, b"\0"))
    iv = mac(last)
    counter = (int.from_bytes(iv) & ~(1 << 63) & ~(1 << 31)).to_bytes(16)
    return iv + Cipher(algorithms.AES(key[half:]), modes.CTR(counter)).encryptor().update(plaintext)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_cipher_and_our_own_siv_give_the_vectors_of_rfc_5297(vector: dict[str, object]) -> None:
    key, plaintext, output = (bytes.fromhex(str(vector[name])) for name in ("key", "plaintext", "output"))
    associated = [bytes.fromhex(item) for item in vector["associated"]]  # type: ignore[attr-defined]

    assert AESSIV(key).encrypt(plaintext, associated) == output
    assert own_siv(key, associated, plaintext) == output


@pytest.mark.parametrize("count", [0, 1, 300])
def test_a_batch_takes_empty_values(count: int) -> None:
    key = bytes(range(64))

    assert BatchSIV(key, [b"d"]).encrypt([b""] * count) == [own_siv(key, [b"d"], b"")] * count


@pytest.mark.parametrize("value", [b"", b"a", b"x" * 15, b"y" * 16, "पुणे".encode(), b"z" * 1000])
def test_a_sealed_value_is_aes_256_siv_under_a_derived_key_bound_to_domain_and_key_id(value: bytes) -> None:
    key = own_hkdf(b"jupyter_privguard/v1\x00seal\x00PERSON_NAME", 64)

    (sealed,) = ring().seal("PERSON_NAME", [value])

    assert sealed == own_siv(key, [b"PERSON_NAME", key_id_of(MASTER).encode()], b"\x01" + value)


def test_a_digest_is_hmac_sha256_under_a_key_of_its_domain() -> None:
    key = own_hkdf(b"jupyter_privguard/v1\x00digest\x00CUSTOMER_ID", 32)

    assert ring().digest("CUSTOMER_ID", [b"17", b""]) == [hmac.digest(key, v, "sha256") for v in (b"17", b"")]


def test_the_hmac_of_a_source_has_a_key_of_its_own() -> None:
    key = own_hkdf(b"jupyter_privguard/v1\x00source\x00", 32)

    assert ring().source_hmac(b"df.head()") == hmac.digest(key, b"df.head()", "sha256").hex()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=80), max_size=5), st.text(max_size=12).filter(lambda t: t.isprintable()))
def test_opening_gives_back_what_was_sealed(values: list[bytes], domain: str) -> None:
    keys = ring()

    assert keys.open(domain, keys.seal(domain, values)) == values
    assert keys.seal(domain, values) == ring().seal(domain, values)


@pytest.mark.parametrize("change", ["bit", "short", "empty", "domain", "key"])
def test_what_was_not_sealed_so_is_refused(change: str) -> None:
    (sealed,) = ring().seal("IBAN", [b"secret value"])
    opener, domain = ring(), "IBAN"
    if change == "bit":
        sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    elif change == "short":
        sealed = sealed[:7]
    elif change == "empty":
        sealed = b""
    elif change == "domain":
        domain = "ADDRESS"
    else:
        opener = ring(bytes(reversed(MASTER)))

    with pytest.raises(KeyStoreError, match=r"^privguard: a sealed value cannot be opened") as caught:
        opener.open(domain, [sealed])
    assert "secret" not in str(caught.value)


def test_domains_uses_and_deployments_share_nothing() -> None:
    one, other = ring(), ring(hashlib.sha256(MASTER).digest())
    seen = [*one.digest("A", [b"v"]), *one.digest("B", [b"v"]), *other.digest("A", [b"v"])]
    seen += [*one.seal("A", [b"v"]), *one.seal("B", [b"v"]), *other.seal("A", [b"v"])]
    seen.append(bytes.fromhex(one.source_hmac(b"v")))

    assert len({item[:16] for item in seen}) == len(seen)
    assert one.key_id != other.key_id


def test_signatures_verify_with_the_public_key_alone() -> None:
    keys = ring()
    signature = keys.sign(b"text")

    verify_signature(keys.vkey, b"text", signature)
    with pytest.raises(SignatureError):
        verify_signature(keys.vkey, b"texT", signature)


def test_a_key_ring_tells_its_id_and_does_not_leave_the_process() -> None:
    keys = ring()

    assert repr(keys) == f"KeyRing(key_id='{keys.key_id}')"
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="stays in its process"):
            leave(keys)


@pytest.mark.parametrize("wrong", [b"", bytes(31), bytes(33)])
def test_secrets_have_32_bytes(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        KeyRing(master=wrong, seed=SEED, origin="o")
    with pytest.raises(ValueError, match="32 bytes"):
        KeyRing(master=MASTER, seed=wrong, origin="o")
