"""Masking keys under a passphrase: scrypt (RFC 7914) makes a key of it, AES-256-GCM wraps with that key."""

from __future__ import annotations

import base64
import secrets
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ..errors import WrongPassphrase

__all__ = ["SHORTEST", "Wrapping", "unwrap", "wrap"]

SHORTEST = 8
"""Characters of a new passphrase (NIST SP 800-63B, 5.1.1.1)."""
_WRONG = "privguard: the keys cannot be opened with this passphrase; nothing was opened, try again."

# 128 MiB and some 0.4 s for each guess, as OWASP's password storage cheat sheet asks for.
_COST, _BLOCK_SIZE, _PARALLEL = 2**17, 8, 1
_MOST_MEMORY = 2**30


class Wrapping(NamedTuple):
    """How the keys of one folder are wrapped; it is stored beside them and holds nothing secret."""

    salt: bytes
    cost: int = _COST
    block_size: int = _BLOCK_SIZE
    parallel: int = _PARALLEL

    @classmethod
    def new(cls) -> Wrapping:
        """A wrapping with a random salt."""
        return cls(secrets.token_bytes(16))

    @classmethod
    def from_json(cls, record: Any) -> Wrapping:
        """The wrapping that `to_json` wrote; ValueError for what it would not write."""
        if not isinstance(record, dict) or record.get("kdf") != "scrypt":
            raise ValueError("no known key derivation")
        salt = base64.b64decode(record["salt"], validate=True)
        found = cls(salt, record["cost"], record["block_size"], record["parallel"])
        if not all(type(number) is int and number > 0 for number in found[1:]) or len(salt) < 16:
            raise ValueError("no usable key derivation")
        # What somebody wrote into the file must neither weaken the keys nor take all memory.
        if found.cost < _COST or 128 * found.cost * found.block_size * found.parallel > _MOST_MEMORY:
            raise ValueError("no usable key derivation")
        return found

    def to_json(self) -> dict[str, Any]:
        """The parameters and the salt."""
        return {
            "kdf": "scrypt",
            "cost": self.cost,
            "block_size": self.block_size,
            "parallel": self.parallel,
            "salt": base64.b64encode(self.salt).decode(),
        }

    def key(self, passphrase: str) -> bytes:
        """The wrapping key of 32 bytes; takes a good part of a second, on purpose."""
        kdf = Scrypt(salt=self.salt, length=32, n=self.cost, r=self.block_size, p=self.parallel)
        return kdf.derive(passphrase.encode("utf-8", "surrogatepass"))


def wrap(key: bytes, secret: bytes, name: str) -> bytes:
    """``secret`` encrypted under the wrapping key, bound to the name of its file."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, secret, name.encode())


def unwrap(key: bytes, wrapped: bytes, name: str) -> bytes:
    """What `wrap` was given; WrongPassphrase, in a constant wording, if the key is another one."""
    try:
        return AESGCM(key).decrypt(wrapped[:12], wrapped[12:], name.encode())
    except (InvalidTag, ValueError):
        raise WrongPassphrase(_WRONG) from None
