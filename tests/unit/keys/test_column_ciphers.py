"""The ciphers that work on whole columns give what the standards and the library's own primitives give."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.errors import KeyStoreError
from jupyter_privguard.keys.ff1 import FF1
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.keys.siv import BatchSIV
from jupyter_privguard.keys.vault import Vault
from jupyter_privguard.keys.written import written

FOLDER = Path(__file__).parents[2] / "vectors"
VECTORS = json.loads((FOLDER / "ff1/sp800_38g.json").read_text())["vectors"]
SIV_VECTORS = json.loads((FOLDER / "siv/rfc5297.json").read_text())["vectors"]
NUMERALS = "0123456789abcdefghijklmnopqrstuvwxyz"
KEY = bytes(range(64))


def ring() -> KeyRing:
    return KeyRing(master=bytes(range(32)), seed=bytes(range(32, 64)), origin="privguard/0000test")


@pytest.mark.parametrize("count", [1, 300])
@pytest.mark.parametrize("vector", SIV_VECTORS, ids=lambda vector: vector["name"])
def test_one_value_and_a_batch_give_the_vectors_of_rfc_5297(vector: dict[str, Any], count: int) -> None:
    key, plaintext, output = (bytes.fromhex(vector[name]) for name in ("key", "plaintext", "output"))
    associated = [bytes.fromhex(item) for item in vector["associated"]]

    assert BatchSIV(key, associated).encrypt([plaintext] * count) == [output] * count
    assert BatchSIV(key, associated, before=plaintext[:5]).encrypt([plaintext[5:]] * count) == [output] * count


# The library refuses an empty plaintext in some releases; RFC 5297 does not. So none is empty here.
batches = st.tuples(st.integers(1, 70), st.integers(1, 60), st.randoms(use_true_random=False)).map(
    lambda drawn: [drawn[2].randbytes(drawn[0]) for _ in range(drawn[1])]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(batches, max_size=3),
    st.lists(st.binary(max_size=20), max_size=3),
    st.sampled_from([32, 48, 64]).flatmap(lambda size: st.binary(min_size=size, max_size=size)),
    st.binary(max_size=17),
    st.randoms(use_true_random=False),
)
def test_a_batch_is_sealed_as_the_library_seals_each_value(
    parts: list[list[bytes]], associated: list[bytes], key: bytes, before: bytes, order: Random
) -> None:
    values = [value for part in parts for value in part]
    order.shuffle(values)
    cipher = AESSIV(key)
    expected = [cipher.encrypt(before + value, associated) for value in values]
    batch = BatchSIV(key, associated, before=before)

    assert batch.encrypt(values) == expected
    assert batch.encrypt_written(values, "x:", ivs=True) == (written("x:", expected), [one[:16] for one in expected])
    assert batch.encrypt_written(values, "x:", ivs=False) == (written("x:", expected), [])


@pytest.mark.parametrize("size", [0, 31, 33, 63, 65])
def test_a_key_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="bytes"):
        BatchSIV(bytes(size), [])


@pytest.mark.parametrize(("length", "count"), [(1, 40_000), (16, 17_000), (33, 9000), (1000, 600), (300_000, 2)])
def test_values_worked_on_in_several_parts_keep_their_order(length: int, count: int) -> None:
    values = [number.to_bytes(4, "big").rjust(length, b"x")[-length:] for number in range(count)]
    cipher = AESSIV(KEY)

    sealed = BatchSIV(KEY, [b"d"]).encrypt(values)

    assert len(sealed) == count
    assert sealed[:: count // 2] == [cipher.encrypt(value, [b"d"]) for value in values[:: count // 2]]
    assert BatchSIV(KEY, [b"d"]).encrypt(values[::-1]) == sealed[::-1]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=8), st.sampled_from([1, 100]))
def test_few_and_many_handles_are_written_as_the_library_writes_each(bodies: list[bytes], times: int) -> None:
    expected = ["x:" + base64.urlsafe_b64encode(body).rstrip(b"=").decode() for body in bodies]

    assert written("x:", bodies * times) == expected * times


@pytest.mark.parametrize("count", [1, 499, 500, 600])
def test_few_and_many_values_are_sealed_alike(count: int) -> None:
    values = [f"value {number}".encode() for number in range(count)]

    sealed = ring().seal("IBAN", values)

    assert sealed[0] == ring().seal("IBAN", values[:1])[0]
    assert ring().open("IBAN", sealed) == values
    assert ring().seal_written("IBAN", values, "enc") == written(f"enc:{ring().key_id}:", sealed)


@pytest.mark.parametrize("count", [3, 600])
def test_what_is_sealed_as_text_is_noted_like_all_handles(tmp_path: Path, count: int) -> None:
    keys = ring()
    values = [f"value {number}" for number in range(count)]
    keys.vault = Vault(tmp_path, keys)

    keys.seal_written("IBAN", [value.encode() for value in values], "enc")

    handles = [one[:16] for one in ring().seal("IBAN", [value.encode() for value in values])]
    assert keys.vault.look_up(handles) == dict(zip(handles, values, strict=True))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(max_size=20), min_size=500, max_size=520), st.integers(0, 10_000))
def test_a_flipped_bit_of_a_batch_is_refused(values: list[bytes], place: int) -> None:
    sealed = ring().seal("IBAN", values)[place % len(values)]
    at = place % (len(sealed) * 8)
    flipped = bytearray(sealed)
    flipped[at // 8] ^= 1 << at % 8

    with pytest.raises(KeyStoreError):
        ring().open("IBAN", [bytes(flipped)])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_ff1_gives_the_samples_of_nist(vector: dict[str, str]) -> None:
    cipher = FF1(bytes.fromhex(vector["key"]), radix=int(vector["radix"]), tweak=bytes.fromhex(vector["tweak"]))
    plain = [NUMERALS.index(letter) for letter in vector["plaintext"]]
    sealed = [NUMERALS.index(letter) for letter in vector["ciphertext"]]

    assert cipher.encrypt(plain) == sealed
    assert cipher.decrypt(sealed) == plain
    assert cipher.encrypt_rows(np.array([plain] * 3)).tolist() == [sealed] * 3
    assert cipher.decrypt_rows(np.array([sealed])).tolist() == [plain]


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from([2, 10, 16, 26, 36, 256]), st.binary(max_size=40))
def test_ff1_over_rows_is_ff1_of_each_and_can_be_undone(data: st.DataObject, radix: int, tweak: bytes) -> None:
    fewest = next(count for count in range(2, 30) if radix**count >= 1_000_000)
    length = data.draw(st.integers(fewest, fewest + 14))
    rows = data.draw(st.lists(st.lists(st.integers(0, radix - 1), min_size=length, max_size=length), max_size=6))
    cipher = FF1(KEY[:32], radix=radix, tweak=tweak)
    array = np.array(rows, dtype=np.uint8).reshape(len(rows), length)

    sealed = cipher.encrypt_rows(array)

    assert sealed.tolist() == [cipher.encrypt(row) for row in rows]
    assert sealed.dtype == array.dtype
    assert cipher.decrypt_rows(sealed).tolist() == rows


def test_ff1_keeps_distinct_texts_distinct() -> None:
    rows = np.array([[int(digit) for digit in f"{number:06d}"] for number in range(20_000)], dtype=np.uint8)

    sealed = FF1(KEY[:32], radix=10).encrypt_rows(rows)

    assert len(np.unique(sealed, axis=0)) == len(rows)
    assert (sealed != rows).any(axis=1).mean() > 0.99


@pytest.mark.parametrize(("radix", "length"), [(10, 5), (10, 1), (10, 0), (2, 19), (36, 3), (65_536, 1)])
def test_texts_that_can_be_tried_out_are_refused(radix: int, length: int) -> None:
    cipher = FF1(KEY[:32], radix=radix)

    with pytest.raises(ValueError, match="a million"):
        cipher.encrypt([0] * length)
    with pytest.raises(ValueError, match="a million"):
        cipher.encrypt_rows(np.zeros((2, length), dtype=np.uint8))


@pytest.mark.parametrize("numerals", [[10, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, -1]])
def test_what_is_no_numeral_is_refused(numerals: list[int]) -> None:
    with pytest.raises(ValueError, match="radix"):
        FF1(KEY[:32], radix=10).encrypt(numerals)
    with pytest.raises(ValueError, match="radix"):
        FF1(KEY[:32], radix=10).encrypt_rows(np.array([numerals]))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=20))
def test_what_is_locked_opens_with_the_same_words_only(data: bytes, bound: bytes) -> None:
    keys = ring()
    locked = keys.lock("vault", data, bound)

    assert keys.unlock("vault", locked, bound) == data
    assert keys.lock("vault", data, bound) != locked
    for use, text, words in (
        ("vault", locked, bound + b"x"),
        ("other", locked, bound),
        ("vault", locked[:-1] + bytes([locked[-1] ^ 1]), bound),
        ("vault", locked[:20], bound),
        ("vault", b"", bound),
    ):
        with pytest.raises(KeyStoreError):
            keys.unlock(use, text, words)
