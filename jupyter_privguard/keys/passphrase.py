"""Masking keys under a passphrase: scrypt (RFC 7914) makes a key of it, AES-256-GCM wraps with that key."""

from __future__ import annotations

import base64
import os
import secrets
import stat
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ..errors import KeyStoreError, WrongPassphrase

__all__ = ["SHORTEST", "Wrapping", "read_passphrase", "unwrap", "wrap"]

SHORTEST = 8
"""Characters of a new passphrase (NIST SP 800-63B, 5.1.1.1)."""
_WRONG = "privguard: the keys cannot be opened with this passphrase; nothing was opened, try again."

# 128 MiB and some 0.4 s for each guess, as OWASP's password storage cheat sheet asks for.
_COST, _BLOCK_SIZE, _PARALLEL = 2**17, 8, 1
_MOST_MEMORY = 2**30
_LONGEST = 64 * 1024


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


def read_passphrase(path: Path) -> tuple[str, list[str]]:
    """The first line of the file at ``path``, and the sentences to tell the user.

    The user's own file is tightened to 0600 where it is open to others. One that a machine hands out as root's may
    be read by a group. KeyStoreError for anything else, and for a file that holds no line of text.
    """
    try:
        # Without blocking: a pipe in the file's place must not hang the start.
        with open(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as file:  # noqa: PTH123 - a handle
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise _no_passphrase(path, "is not a file; name one that holds the passphrase in its first line")
            notices = _closed(path, file.fileno(), found)
            data = file.read(_LONGEST)
    except OSError as error:
        raise _no_passphrase(path, f"cannot be read ({error.strerror}); check its place and owner") from None
    try:
        text = data.decode("utf-8").partition("\n")[0].rstrip("\r")
    except UnicodeDecodeError:
        raise _no_passphrase(path, "cannot be read as text; write the passphrase into its first line") from None
    if not text.strip("\0"):
        raise _no_passphrase(path, "holds no passphrase; write it into its first line")
    return text, notices


def _closed(path: Path, handle: int, found: os.stat_result) -> list[str]:
    """See to it that nobody else reads the open file; what was done."""
    if os.name == "nt":
        return []
    if found.st_uid not in (os.geteuid(), 0):
        raise _no_passphrase(path, "belongs to another account; use a file of your own")
    is_own = found.st_uid == os.geteuid()
    if not found.st_mode & (0o077 if is_own else 0o037):
        return []
    try:
        os.fchmod(handle, 0o600)
    except OSError:
        raise _no_passphrase(path, f"is open to other accounts; run `chmod 0600 {path}`") from None
    return [f"privguard: tightened {path} to 0600"]


def _no_passphrase(path: Path, problem: str) -> KeyStoreError:
    return KeyStoreError(f"privguard: {path}, which PRIVGUARD_PASSPHRASE_FILE names, {problem}.")
