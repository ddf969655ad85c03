"""Verifier keys and Ed25519 signatures of signed notes.

A verifier key is ``<name>+<8 hex>+<base64(0x01 || public key)>``; the hex is the start of
SHA-256(name || newline || 0x01 || public key). Source: C2SP signed-note, "Verifier keys" and
"Ed25519 signatures"; RFC 8032.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ..errors import KeyStoreError, PrivguardError

__all__ = ["SignatureError", "VerifierKey", "same_key", "verifier_key", "verify_signature"]

_ED25519 = b"\x01"


class SignatureError(PrivguardError):
    """A signature that the given key did not make over the given text."""

    exit_code = 2


class VerifierKey(NamedTuple):
    """The parts of a verifier key: who signs, a short hash to find its line, the public key."""

    name: str
    key_hash: bytes
    """4 bytes, the start of a signature line's payload."""
    public: bytes
    """32 bytes, a raw Ed25519 public key."""

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """The verifier key written as ``text``; KeyStoreError when it is none."""
        try:
            name, hashed, encoded = text.strip().split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error):
            raise _malformed() from None
        key = cls(name, _key_hash(name, raw[1:]), raw[1:])
        named_well = bool(name) and not any(letter.isspace() for letter in name)
        if not named_well or raw[:1] != _ED25519 or len(raw) != 33 or key.key_hash.hex() != hashed:
            raise _malformed()
        return key


def verifier_key(name: str, public: bytes) -> str:
    """The verifier key text for an Ed25519 public key of 32 bytes."""
    encoded = base64.b64encode(_ED25519 + public).decode()
    return f"{name}+{_key_hash(name, public).hex()}+{encoded}"


def verify_signature(vkey: str, text: bytes, signature: bytes) -> None:
    """Return when the key made this 64-byte Ed25519 ``signature`` over ``text``.

    Raises SignatureError when not and KeyStoreError when ``vkey`` is no verifier key. It never
    returns a bool, so that an unchecked answer cannot pass as a good one.
    """
    public = VerifierKey.parse(vkey).public
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        raise SignatureError("privguard: the signature was not made by this key; compare the verifier keys.") from None


def same_key(one: str, other: str) -> bool:
    """Whether two verifier keys are equal, compared in constant time."""
    return hmac.compare_digest(one.strip().encode(), other.strip().encode())


def _key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def _malformed() -> KeyStoreError:
    return KeyStoreError("privguard: the verifier key is malformed; take it from `privguard audit vkey` again.")
