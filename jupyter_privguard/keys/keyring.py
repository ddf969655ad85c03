"""The keys of one deployment, and everything that is computed with them.

Nothing uses the master secret itself. HKDF-SHA256 (RFC 5869) derives a key per use and domain, so
that a customer's token says nothing about the same number in another domain, and no key serves
two algorithms. The log is signed by an Ed25519 key of its own, because it must outlive the masking
keys.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..errors import KeyStoreError
from .signatures import verifier_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

__all__ = ["KeyRing", "key_id_of"]

# Not every release of the cipher takes an empty plaintext; a leading byte makes none empty and
# leaves room for another layout.
_LAYOUT = b"\x01"


def key_id_of(master: bytes) -> str:
    """The id (8 lower hex) of a masking key; derived, so that a damaged key has another id."""
    return _derive(master, "key id", "", 4).hex()


class KeyRing:
    """The current masking key and the log's signing key; ``repr`` shows the key id alone."""

    def __init__(self, *, master: bytes, seed: bytes, origin: str) -> None:
        """Hold a master secret and an Ed25519 seed of 32 bytes each, and the log's name."""
        if len(master) != 32 or len(seed) != 32:
            raise ValueError("a master secret and a signing seed have 32 bytes")
        self._master = master
        self._signer = Ed25519PrivateKey.from_private_bytes(seed)
        self._keys: dict[tuple[str, str], bytes] = {}
        self.origin = origin
        self.key_id = key_id_of(master)

    def __repr__(self) -> str:
        return f"KeyRing(key_id={self.key_id!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a KeyRing stays in its process: it is neither pickled nor copied")

    @cached_property
    def vkey(self) -> str:
        """The C2SP verifier key of the log: ``<origin>+<8 hex>+<base64(0x01 || public key)>``."""
        return verifier_key(self.origin, self._signer.public_key().public_bytes_raw())

    def digest(self, domain: str, values: Sequence[bytes]) -> list[bytes]:
        """HMAC-SHA-256 of each value, 32 bytes, under the key of ``domain`` (RFC 2104)."""
        key = self._key("digest", domain, 32)
        return [hmac.digest(key, value, hashlib.sha256) for value in values]

    def seal(self, domain: str, values: Sequence[bytes]) -> list[bytes]:
        """Each value encrypted by AES-256-SIV (RFC 5297), 17 bytes longer than the value.

        Deterministic: equal values of one domain are equal when sealed, so that joins still work,
        and that is all a reader without the key learns. Domain and key id are authenticated too.
        """
        cipher = self._cipher(domain)
        bound = self._bound(domain)
        return [cipher.encrypt(_LAYOUT + value, bound) for value in values]

    def open(self, domain: str, sealed: Sequence[bytes]) -> list[bytes]:
        """The values that ``seal`` was given; KeyStoreError when one was not sealed so."""
        cipher = self._cipher(domain)
        bound = self._bound(domain)
        try:
            opened = [cipher.decrypt(one, bound) for one in sealed]
        except (InvalidTag, ValueError):
            raise KeyStoreError(
                f"privguard: a sealed value cannot be opened by key {self.key_id}: it was changed, or sealed "
                "for another domain or under another key; use it as it was given out."
            ) from None
        return [value[len(_LAYOUT) :] for value in opened]

    def sign(self, text: bytes) -> bytes:
        """The Ed25519 signature (64 bytes) of the log's key over ``text`` (RFC 8032)."""
        return self._signer.sign(text)

    def source_hmac(self, source: bytes) -> str:
        """The hex HMAC-SHA-256 of a cell's source, under a key that serves nothing else."""
        return hmac.digest(self._key("source", "", 32), source, hashlib.sha256).hex()

    def _cipher(self, domain: str) -> AESSIV:
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        return AESSIV(self._key("seal", domain, 64))

    def _bound(self, domain: str) -> list[bytes]:
        return [domain.encode(), self.key_id.encode()]

    def _key(self, use: str, domain: str, length: int) -> bytes:
        found = self._keys.get((use, domain))
        if found is None:
            found = self._keys[use, domain] = _derive(self._master, use, domain, length)
        return found


def _derive(master: bytes, use: str, domain: str, length: int) -> bytes:
    """HKDF without salt: the master is uniformly random already (RFC 5869, section 3.1)."""
    info = b"jupyter_privguard/v1\x00" + use.encode() + b"\x00" + domain.encode()
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info).derive(master)
