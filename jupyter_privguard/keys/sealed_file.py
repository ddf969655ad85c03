"""Files sealed by AES-256-GCM in chunks, of any size and in constant memory: the STREAM construction.

STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance", 2015) as Tink and age use it: every chunk is encrypted on its own, under a nonce
that says which chunk it is and whether it is the last one. So a chunk that was changed, moved,
doubled or left out does not open, and neither does a file that was cut or continued.

::

    header   magic 8 · layout 1 · chunk size 4 · key id 4 · salt 32 · nonce prefix 7     (56 bytes)
    chunk    AES-256-GCM of up to chunk size bytes, 16 bytes longer; all but the last are full
    nonce    prefix 7 · number of the chunk 4 · 1 for the last chunk, else 0
    text     length of the name 2 · name in UTF-8 · the file's own bytes

All numbers are big-endian. The header is authenticated with each chunk. The key is made of the salt,
so every file has its own. The file's name stands inside: it may tell something itself.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from cryptography.exceptions import InvalidTag

from ..errors import InputError, KeyStoreError

if TYPE_CHECKING:
    from .keyring import KeyRing

__all__ = ["CHUNK", "HEADER", "MAGIC", "Readable", "Sealed", "is_sealed", "open_sealed", "seal"]

CHUNK = 1 << 20
"""Bytes of text in a chunk."""
MAGIC = b"\x89PGSEAL\n"
_LAYOUT = 1
_FIELDS = struct.Struct(">8sBI4s32s7s")
HEADER = _FIELDS.size
"""Bytes before the first chunk."""
_TAG = 16
_LARGEST_CHUNK = 1 << 24
_LONGEST_NAME = 1000


class Readable(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes; none at the end."""
        ...


class Sealed(NamedTuple):
    """A sealed file that is being opened; its first chunk has been verified."""

    name: str
    """The name of the file that was sealed, without folders."""
    key_id: str
    chunks: Iterator[bytes]
    """The file's bytes. Each was verified before it comes out; KeyStoreError where one is not as it was sealed."""


def seal(
    source: Readable,
    target: BinaryIO,
    ring: KeyRing,
    *,
    name: str,
    chunk_size: int = CHUNK,
    done: Callable[[int], None] | None = None,
) -> None:
    """Read ``source`` to its end and write it to ``target``, sealed under the current key.

    ``name`` is what it will be called again; ``done`` hears the number of bytes after each chunk.
    ValueError for a name with folders in it, or none.
    """
    called = name.encode("utf-8", "surrogateescape")
    if not _is_name(name) or len(called) > _LONGEST_NAME:
        raise ValueError("the name of a sealed file is a name without folders")
    if not 0 < chunk_size <= _LARGEST_CHUNK:
        raise ValueError("chunks hold 1 byte to 16 MiB")
    salt, prefix = secrets.token_bytes(32), secrets.token_bytes(7)
    header = _FIELDS.pack(MAGIC, _LAYOUT, chunk_size, bytes.fromhex(ring.key_id), salt, prefix)
    cipher = ring.file_cipher(salt)
    target.write(header)
    text = struct.pack(">H", len(called)) + called
    number = 0
    while True:
        # One byte more than the chunk tells whether another one follows.
        wanted = max(chunk_size + 1 - len(text), 0)
        read = _read(source, wanted)
        text += read
        is_last = len(text) <= chunk_size
        target.write(cipher.encrypt(_nonce(prefix, number, is_last), text[:chunk_size], header))
        text = text[chunk_size:]
        if done is not None:
            done(len(read))
        if is_last:
            return
        number += 1


def open_sealed(source: Readable, ring: KeyRing, *, called: str) -> Sealed:
    """Begin to open what `seal` wrote. ``called`` names it in messages.

    InputError for what is no sealed file, KeyStoreError for one whose key is not there or that was changed.
    """
    header = _read(source, HEADER)
    if not is_sealed(header):
        raise InputError(f"privguard: {called}: this is not a sealed file; `privguard seal` makes one.")
    if len(header) < HEADER:
        raise _changed(called, 0)
    _, layout, chunk_size, key, salt, prefix = _FIELDS.unpack(header)
    if layout != _LAYOUT or not 0 < chunk_size <= _LARGEST_CHUNK:
        raise KeyStoreError(f"privguard: {called}: changed, or sealed by a newer version than this one; update it.")
    cipher = ring.file_cipher(salt, key_id=key.hex())

    def texts() -> Iterator[bytes]:
        size = chunk_size + _TAG
        number, chunk = 0, _read(source, size + 1)
        while True:
            is_last = len(chunk) <= size
            try:
                text = cipher.decrypt(_nonce(prefix, number, is_last), chunk[:size], header)
            except (InvalidTag, ValueError):
                raise _changed(called, number) from None
            yield text
            if is_last:
                return
            chunk = chunk[size:] + _read(source, size)
            number += 1

    return _without_name(texts(), key.hex(), called)


def is_sealed(beginning: bytes) -> bool:
    """Whether a file that begins so claims to be a sealed one."""
    return beginning.startswith(MAGIC)


def _without_name(texts: Iterator[bytes], key_id: str, called: str) -> Sealed:
    """What was put before the file's bytes is taken off again; it may reach over several small chunks."""
    text = b""
    while len(text) < 2 or len(text) < 2 + int.from_bytes(text[:2], "big"):
        more = next(texts, None)
        if more is None:
            raise _changed(called, 0)
        text += more
    end = 2 + int.from_bytes(text[:2], "big")
    name = text[2:end].decode("utf-8", "surrogateescape")
    if not _is_name(name):  # a key holder may have written anything
        raise KeyStoreError(f"privguard: {called}: the name inside is not one of a file; it was not made by `seal`.")

    def rest() -> Iterator[bytes]:
        yield text[end:]
        yield from texts

    return Sealed(name, key_id, rest())


def _is_name(name: str) -> bool:
    return name not in ("", ".", "..") and not any(letter in name for letter in "/\\\0")


def _nonce(prefix: bytes, number: int, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])  # OverflowError after 2^32 chunks: 4 PiB


def _read(source: Readable, size: int) -> bytes:
    """``size`` bytes, fewer only at the end of the file."""
    parts, left = [], size
    while left > 0:
        part = source.read(left)
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _changed(called: str, number: int) -> KeyStoreError:
    return KeyStoreError(
        f"privguard: {called}: chunk {number + 1} of this sealed file was changed, moved or cut; "
        "restore a backup of the file."
    )
