"""Fingerprints of words under a key of one kernel: by them its server knows a value again without being told it.

Keyed BLAKE2b (RFC 7693), 64 bits of it. Whoever has the key can try words; without it nothing can be read from them.
"""

from __future__ import annotations

import hashlib
import hmac

__all__ = ["FingerprintKey"]

_BYTES = 8
_TITLE = b"privguard fingerprints 1"


class FingerprintKey:
    """Made on both sides from the secret that server and kernel share; thread-safe."""

    def __init__(self, shared: bytes, kernel: str) -> None:
        """``shared`` is the key of the kernel's connection. ValueError where it has none."""
        if not shared:
            raise ValueError("a kernel without a key")
        about = _TITLE + b"\n" + kernel.encode("utf-8", "surrogatepass") + b"\n"
        own = hmac.digest(shared, about + b"words", "sha256")
        self._proof = hmac.digest(shared, about + b"proof", "sha256")
        self._words = hashlib.blake2b(key=own, digest_size=_BYTES, person=b"words")
        self._digits = hashlib.blake2b(key=own, digest_size=_BYTES, person=b"digits")

    def __repr__(self) -> str:
        return "<FingerprintKey>"

    def words(self, words: tuple[str, ...]) -> int:
        """Of words in their order, 64 bits."""
        found = self._words.copy()
        found.update(" ".join(words).encode("utf-8", "surrogatepass"))
        return int.from_bytes(found.digest(), "little")

    def digits(self, digits: str) -> int:
        """Of a number, 64 bits."""
        found = self._digits.copy()
        found.update(digits.encode("utf-8", "surrogatepass"))
        return int.from_bytes(found.digest(), "little")

    def proof(self, nonce: bytes, body: bytes) -> bytes:
        """What shows that somebody with the key says ``body`` now, who was told ``nonce``; 32 bytes."""
        return hmac.digest(self._proof, nonce + body, "sha256")

    def proves(self, proof: bytes, nonce: bytes, body: bytes) -> bool:
        """Whether ``proof`` is that."""
        return hmac.compare_digest(proof, self.proof(nonce, body))
