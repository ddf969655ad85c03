"""AES-SIV (RFC 5297) over a whole column: one library call for each block position, not for each value.

The cipher of `cryptography` takes one value a call, which costs more than the encryption. Here
values of one length lie side by side, and AES runs over the first block of all of them, then the
second, and so on. The output is that of RFC 5297 bit by bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.cmac import CMAC

from .rows import Rows, laid_out, put, taken_apart
from .written import written_rows

__all__ = ["BatchSIV"]

# `Any` in this file is a numpy array, one row a value: of bytes, or of words of 8 bytes in the machine's order.

_BLOCK = 16
_WITHOUT_31_AND_63 = np.uint64(0x7FFFFFFF7FFFFFFF)


class BatchSIV:
    """Deterministic authenticated encryption of many values under one key and one associated data."""

    def __init__(self, key: bytes, associated: Sequence[bytes], *, before: bytes = b"") -> None:
        """Take a key of 32, 48 or 64 bytes, what is bound to each value, and what goes before each value.

        The halves of the key are those of S2V and of CTR; AES-256 has 64 bytes.
        """
        if len(key) not in (32, 48, 64):
            raise ValueError("AES-SIV takes a key of 32, 48 or 64 bytes")
        mac_key, counter_key = key[: len(key) // 2], key[len(key) // 2 :]
        self._one = AESSIV(key)
        self._associated = list(associated)
        self._before = before
        self._mac = _encryptor(mac_key)
        self._counter = _encryptor(counter_key)
        self._full, self._partial = _subkeys(self._mac)
        state = _cmac(mac_key, bytes(_BLOCK))
        for item in associated:
            state = _xor(_doubled(state), _cmac(mac_key, item))
        self._state = np.frombuffer(state, np.uint8)
        self._doubled = np.frombuffer(_doubled(state), np.uint8)

    def encrypt(self, values: Sequence[bytes]) -> list[bytes]:
        """Each value sealed: 16 bytes of synthetic IV, then as many bytes as there were; order is kept."""
        sealed = [b""] * len(values)
        for places, array in self._sealed(values):
            put(sealed, places, taken_apart(array))
        return sealed

    def encrypt_written(self, values: Sequence[bytes], head: str, *, ivs: bool) -> tuple[list[str], list[bytes]]:
        """`encrypt` as text, each ``head`` and base64url; beside it the synthetic IVs, if they are wanted."""
        texts, beside = [""] * len(values), [b""] * len(values) if ivs else []
        for places, array in self._sealed(values):
            put(texts, places, written_rows(head, array))
            if ivs:
                put(beside, places, taken_apart(array[:, :_BLOCK]))
        return texts, beside

    def _sealed(self, values: Sequence[bytes]) -> Iterator[tuple[Sequence[int], Any]]:
        """Some places at a time, and the bytes of what stands there sealed."""
        for rows in laid_out(values, block=_BLOCK, before=self._before):
            yield rows.places, self._one_by_one(rows) if _are_few(rows) else self._at_once(rows)

    def _one_by_one(self, rows: Rows) -> Any:
        sealed = [self._one.encrypt(row[: rows.length].tobytes(), self._associated) for row in rows.array]
        return np.frombuffer(b"".join(sealed), np.uint8).reshape(len(sealed), -1)

    def _at_once(self, rows: Rows) -> Any:
        words = rows.array.view(np.uint64)
        iv = self._s2v(words, self._mixed_in(rows.length, rows.array.shape[1]))
        text = (words ^ self._keystream(iv, words.shape[1] // 2)).view(np.uint8)
        return np.concatenate([iv.view(np.uint8), text[:, : rows.length]], axis=1)

    def _s2v(self, words: Any, mixed_in: Any) -> Any:
        """The synthetic IV of each row (RFC 5297, section 2.4): CMAC of the row with ``mixed_in``."""
        state = np.zeros((len(words), 2), np.uint64)
        for word in range(0, words.shape[1], 2):
            block = np.empty_like(state)
            for half in (0, 1):  # a column at a time: numpy is slow over short rows
                block[:, half] = state[:, half] ^ words[:, word + half] ^ mixed_in[word + half]
            state = _encrypted(self._mac, block)
        return state

    def _mixed_in(self, length: int, width: int) -> Any:
        """What S2V and CMAC (RFC 4493) add to each row of ``width`` bytes, of which ``length`` count."""
        added = np.zeros(width, np.uint8)
        if length < _BLOCK:
            added ^= self._doubled ^ self._full  # S2V pads it to one full block
        else:
            added[length - _BLOCK : length] ^= self._state
            added[-_BLOCK:] ^= self._full if length == width else self._partial
        added[length : length + 1] ^= 0x80
        return added.view(np.uint64)

    def _keystream(self, iv: Any, blocks: int) -> Any:
        """CTR from the IV without its bits 31 and 63; without bit 31 no sum carries beyond the last word."""
        high, low = (iv.view(">u8")[:, half].astype(np.uint64) for half in (0, 1))
        low &= _WITHOUT_31_AND_63
        counters = np.empty((len(iv), blocks, 2), ">u8")
        for number in range(blocks):
            counters[:, number, 0] = high
            counters[:, number, 1] = low + np.uint64(number)
        return _encrypted(self._counter, counters).reshape(len(iv), -1)


def _are_few(rows: Rows) -> bool:
    """Whether the library is faster value by value: a batch costs as much for each block, however few values it has."""
    count, width = rows.array.shape
    return bool(rows.length) and count < 8 + width // 6


def _encryptor(key: bytes) -> Any:
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - the block cipher itself, of which modes are made


def _encrypted(encryptor: Any, blocks: Any) -> Any:
    return np.frombuffer(encryptor.update(blocks.tobytes()), np.uint64).reshape(-1, 2)


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
