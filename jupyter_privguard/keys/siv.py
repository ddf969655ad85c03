"""AES-SIV (RFC 5297) over a whole column: one library call for each block position, not for each value.

The cipher of `cryptography` takes one value a call, which costs more than the encryption. Here
values of one length lie side by side, and AES runs over the first block of all of them, then the
second, and so on. The output is that of RFC 5297 bit by bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

__all__ = ["BatchSIV"]

# `Any` in this file is a numpy array of bytes, one row a value.

_BLOCK = 16
_CHUNK = 8192
"""Values at once: what is in work stays in the processor's cache."""


class BatchSIV:
    """Deterministic authenticated encryption of many values under one key and one associated data."""

    def __init__(self, key: bytes, associated: Sequence[bytes]) -> None:
        """Take a key of 64 bytes (its halves are the keys of S2V and of CTR) and what is bound to each value."""
        if len(key) != 64:
            raise ValueError("AES-256-SIV takes a key of 64 bytes")
        mac_key, counter_key = key[:32], key[32:]
        self._mac = _encryptor(mac_key)
        self._counter = _encryptor(counter_key)
        self._full, self._partial = _subkeys(self._mac)
        state = _cmac(mac_key, bytes(_BLOCK))
        for item in associated:
            state = _xor(_doubled(state), _cmac(mac_key, item))
        self._state = np.frombuffer(state, np.uint8)
        self._doubled = np.frombuffer(_doubled(state), np.uint8)

    def encrypt(self, values: Sequence[bytes]) -> list[bytes]:
        """Each value sealed: 16 bytes of synthetic IV, then as many bytes as the value has; order is kept."""
        sealed: list[bytes] = [b""] * len(values)
        for length, places in _by_length(values).items():
            width = length + _BLOCK
            for start in range(0, len(places), _CHUNK):
                chunk = places[start : start + _CHUNK]
                rows = np.frombuffer(b"".join([values[place] for place in chunk]), np.uint8).reshape(len(chunk), length)
                done = self._sealed(rows).tobytes()
                for at, place in zip(range(0, len(done), width), chunk, strict=True):
                    sealed[place] = done[at : at + width]
        return sealed

    def _sealed(self, rows: Any) -> Any:
        iv = self._s2v(rows)
        return np.concatenate([iv, rows ^ self._keystream(iv, rows.shape[1])], axis=1)

    def _s2v(self, rows: Any) -> Any:
        """The synthetic IV of each row (RFC 5297, section 2.4)."""
        count, length = rows.shape
        if length < _BLOCK:
            last = np.zeros((count, _BLOCK), np.uint8)
            last[:, :length] = rows
            last[:, length] = 0x80
            return self._maced(last ^ self._doubled)
        last = rows.copy()
        last[:, -_BLOCK:] ^= self._state
        return self._maced(last)

    def _maced(self, rows: Any) -> Any:
        """The CMAC of each row (RFC 4493)."""
        count, length = rows.shape
        state = np.zeros((count, _BLOCK), np.uint8)
        for start in range(0, length - _BLOCK, _BLOCK):
            state = _encrypted(self._mac, state ^ rows[:, start : start + _BLOCK])
        rest = rows[:, (length - 1) // _BLOCK * _BLOCK :]
        final = np.zeros((count, _BLOCK), np.uint8)
        final[:, : rest.shape[1]] = rest
        if rest.shape[1] < _BLOCK:
            final[:, rest.shape[1]] = 0x80
        return _encrypted(self._mac, state ^ final ^ (self._full if rest.shape[1] == _BLOCK else self._partial))

    def _keystream(self, iv: Any, length: int) -> Any:
        """CTR from the IV without its bits 31 and 63; without bit 31 no sum carries beyond the last word."""
        start = iv.copy()
        start[:, [8, 12]] &= 0x7F
        blocks = []
        for number in range(-(-length // _BLOCK)):
            counter = start.copy()
            words = np.ascontiguousarray(start[:, 12:]).view(">u4") + np.uint32(number)
            counter[:, 12:] = words.astype(">u4").view(np.uint8)
            blocks.append(_encrypted(self._counter, counter))
        return np.concatenate(blocks, axis=1)[:, :length] if blocks else np.empty((len(iv), 0), np.uint8)


def _by_length(values: Sequence[bytes]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for place, value in enumerate(values):
        places.setdefault(len(value), []).append(place)
    return places


def _encryptor(key: bytes) -> Any:
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - the block cipher itself, of which modes are made


def _encrypted(encryptor: Any, blocks: Any) -> Any:
    return np.frombuffer(encryptor.update(np.ascontiguousarray(blocks).tobytes()), np.uint8).reshape(-1, _BLOCK)


def _cmac(key: bytes, data: bytes) -> bytes:
    mac = CMAC(algorithms.AES(key))
    mac.update(data)
    return mac.finalize()


def _subkeys(encryptor: Any) -> tuple[Any, Any]:
    """What is mixed into a last block that is full, and into one that is padded (RFC 4493, section 2.3)."""
    full = _doubled(encryptor.update(bytes(_BLOCK)))
    return np.frombuffer(full, np.uint8), np.frombuffer(_doubled(full), np.uint8)


def _doubled(block: bytes) -> bytes:
    """Multiplied by x in GF(2^128)."""
    number = int.from_bytes(block, "big") << 1
    return ((number & (2**128 - 1)) ^ (0x87 if number >> 128 else 0)).to_bytes(_BLOCK, "big")


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(_BLOCK, "big")
