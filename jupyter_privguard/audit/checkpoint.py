"""Signed checkpoints: which log, how many records, which root.

Source: C2SP tlog-checkpoint (the text) and C2SP signed-note (the signature lines)::

    privguard/1f2e3d4c
    38
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — privguard/1f2e3d4c Az3grnmrIUED…

Lines by other keys may follow (a witness's cosignature); they are kept and not judged.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from .._canonical import canonical_json
from ..keys.keyring import LogKey
from ..keys.signatures import SignatureError, VerifierKey, verify_signature

__all__ = ["Checkpoint", "document_text", "open_note", "open_own_note", "open_text", "sign", "sign_text"]

_SIGNATURE_LINE = re.compile("\u2014 (\\S+) ([A-Za-z0-9+/]+=*)")

_PAYLOAD_BYTES = 4 + 64
"""What a signature line holds: the start of the key's hash, and an Ed25519 signature."""


class Checkpoint(NamedTuple):
    """What a signed note says of a log."""

    origin: str
    size: int
    """Records in the log, at least 0."""
    root: bytes
    """32 bytes, the RFC 6962 root over these records."""

    def text(self) -> str:
        """The three lines that are signed, each ended by a newline."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """The checkpoint in ``text``; ValueError when it is none. Extension lines are allowed."""
        lines = text.split("\n")
        if len(lines) < 4 or not lines[0] or lines[-1] or not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
            raise ValueError("not a checkpoint")
        root = base64.b64decode(lines[2], validate=True)
        if len(root) != 32:
            raise ValueError("not a checkpoint")
        return cls(lines[0], int(lines[1]), root)


def sign(checkpoint: Checkpoint, key: LogKey) -> str:
    """The signed note over ``checkpoint`` by the log's key."""
    return sign_text(checkpoint.text(), key)


def sign_text(text: str, key: LogKey) -> str:
    """The signed note over ``text``, which ends with a newline. Its first line must be the origin of no other log."""
    payload = _key_hash(key.vkey) + key.sign(text.encode())
    return f"{text}\n\u2014 {key.origin} {base64.b64encode(payload).decode()}\n"


def document_text(document: Mapping[str, Any], *, heading: str) -> str:
    """What `sign_text` signs of a JSON document that holds its own ``signature``: its SHA-256 without that."""
    content = canonical_json({name: value for name, value in document.items() if name != "signature"})
    return f"{heading}\n{hashlib.sha256(content).hexdigest()}\n"


@lru_cache(maxsize=8)
def _key_hash(vkey: str) -> bytes:
    """What begins each signature by the key; a writer asks for it at each record."""
    return VerifierKey.parse(vkey).key_hash


def open_note(note: str, vkey: str) -> Checkpoint:
    """The checkpoint in ``note`` once the signature by ``vkey`` has been checked.

    ValueError when ``note`` is no signed checkpoint, SignatureError when it is one, but this key
    did not sign it or it is the checkpoint of another log.
    """
    text, signatures = _split(note)
    checkpoint, name = Checkpoint.parse(text), VerifierKey.parse(vkey).name
    if checkpoint.origin != name:
        raise SignatureError(f"privguard: the checkpoint is of another log ({_plain(checkpoint.origin)}).")
    _check(text, signatures, vkey, "the checkpoint")
    return checkpoint


def open_own_note(note: str, key: LogKey) -> Checkpoint:
    """As `open_note` for whoever holds the log's key, in a third of the time: Ed25519 signs the same text alike.

    A note that is not, byte by byte, what the key makes of its text is opened in the usual way.
    """
    text = str.partition(note, "\n\n")[0] + "\n"  # TypeError for what is no text at all
    try:
        checkpoint = Checkpoint.parse(text)
    except ValueError:
        return open_note(note, key.vkey)
    is_own = checkpoint.origin == key.origin and hmac.compare_digest(sign_text(text, key).encode(), note.encode())
    return checkpoint if is_own else open_note(note, key.vkey)


def open_text(note: str, vkey: str, *, expected: str) -> None:
    """Return when ``note`` is a signed note over ``expected`` by ``vkey``.

    ValueError when it is none or over another text, SignatureError when this key did not sign it.
    """
    text, signatures = _split(note)
    if text != expected:
        raise ValueError("a note over another text")
    _check(text, signatures, vkey, "the note")


def _check(text: str, signatures: Sequence[tuple[str, bytes, bytes]], vkey: str, what: str) -> None:
    """Return when the key has signed ``text``, and all that is said to be by it is.

    ValueError where a signature in its name was cut: a full disk leaves such, and nobody's word is in it.
    """
    key = VerifierKey.parse(vkey)
    if any(name == key.name and len(hashed + rest) < _PAYLOAD_BYTES for name, hashed, rest in signatures):
        raise ValueError("a signature that was cut")
    ours = [rest for name, hashed, rest in signatures if (name, hashed) == (key.name, key.key_hash)]
    if not ours:
        raise SignatureError(f"privguard: {what} has no signature by this log's key.")
    for signature in ours:
        verify_signature(vkey, text.encode(), signature)


def _split(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """The signed text and its signature lines as (name, key hash, signature)."""
    if any(ord(letter) < 0x20 and letter != "\n" for letter in note):
        raise ValueError("not a signed note")
    body, separator, lines = note.rpartition("\n\n")
    if not separator or not lines.endswith("\n"):
        raise ValueError("not a signed note")
    return f"{body}\n", list(_signatures(lines))


def _signatures(lines: str) -> Iterator[tuple[str, bytes, bytes]]:
    for line in lines.removesuffix("\n").split("\n"):
        found = _SIGNATURE_LINE.fullmatch(line)
        if not found:
            raise ValueError("not a signed note")
        payload = base64.b64decode(found[2], validate=True)
        if base64.b64encode(payload).decode() != found[2]:  # bits at the end that say nothing are a second spelling
            raise ValueError("not a signed note")
        yield found[1], payload[:4], payload[4:]


def _plain(text: str) -> str:
    """At most 60 printable letters of a foreign text, for a message."""
    return "".join(letter for letter in text[:60] if letter.isprintable())
