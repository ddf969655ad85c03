"""Format-preserving encryption FF1 (NIST SP 800-38G, algorithms 7 and 8), one by one and for whole columns.

A text of n numerals becomes another text of n numerals. Over a column each of the ten rounds runs
for all values at once, as long as half a text fits into 56 bits (16 digits, 11 letters); longer texts
are done one by one. Both ways give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

__all__ = ["FEWEST_TEXTS", "FF1"]

# `Any` in this file is a numpy array, or the block cipher of a library without types for it.

FEWEST_TEXTS = 1_000_000
"""Where a length allows fewer texts than this they can be tried out, so the standard forbids it (section 5)."""
_ROUNDS = range(10)
_BATCHED = 2**56
"""Numbers of halves below this are worked on for all values at once: with a byte more they still fit into 64 bits."""
_BLOCK = 16
_CHUNK = 8192
"""Values at once: what is in work stays in the processor's cache."""


class _Shape(NamedTuple):
    """What the standard derives from the number of numerals; its letters in brackets."""

    left: int
    """Numerals of the left half (u)."""
    right: int
    """Numerals of the right half (v)."""
    width: int
    """Bytes that hold the number of the right half (b)."""
    first: bytes
    """The block P."""
    tweak: bytes
    """The beginning of Q: the tweak, and zeros that make Q a multiple of the block."""


class FF1:
    """FF1 over the numerals 0 … radix − 1 under one AES key and one tweak."""

    def __init__(self, key: bytes, *, radix: int, tweak: bytes = b"") -> None:
        """Take an AES key of 16, 24 or 32 bytes and a radix of 2 … 65,536."""
        if not 2 <= radix <= 2**16:
            raise ValueError("FF1 takes a radix of 2 to 65,536")
        self._radix = radix
        self._tweak = tweak
        self._aes = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - the block cipher itself, of which FF1 is made

    def encrypt(self, numerals: Sequence[int]) -> list[int]:
        """As many numerals as given; ValueError for so few that they make less than a million texts."""
        shape = self._shape(len(numerals))
        left, right = self._number(numerals[: shape.left]), self._number(numerals[shape.left :])
        for i in _ROUNDS:
            left, right = right, (left + self._round(shape, i, right)) % self._modulus(shape, i)
        return self._numerals(left, shape.left) + self._numerals(right, shape.right)

    def decrypt(self, numerals: Sequence[int]) -> list[int]:
        """What `encrypt` was given."""
        shape = self._shape(len(numerals))
        left, right = self._number(numerals[: shape.left]), self._number(numerals[shape.left :])
        for i in reversed(_ROUNDS):
            left, right = (right - self._round(shape, i, left)) % self._modulus(shape, i), left
        return self._numerals(left, shape.left) + self._numerals(right, shape.right)

    def encrypt_rows(self, rows: Any) -> Any:
        """`encrypt` of each row of an integer array of shape (values, numerals), as a new array."""
        return self._in_chunks(rows, self._encrypted)

    def decrypt_rows(self, rows: Any) -> Any:
        """`decrypt` of each row."""
        return self._in_chunks(rows, self._decrypted)

    def _in_chunks(self, rows: Any, crypt: Any) -> Any:
        shape = self._shape(rows.shape[1])
        if rows.size and not 0 <= rows.min() <= rows.max() < self._radix:
            raise ValueError("a numeral is not below the radix")
        if self._radix**shape.right > _BATCHED:
            one = self.encrypt if crypt == self._encrypted else self.decrypt
            return np.array([one(row) for row in rows.tolist()], dtype=rows.dtype).reshape(rows.shape)
        powers = np.array([self._radix**place for place in range(shape.right)][::-1], dtype=np.uint64)
        out = np.empty_like(rows)
        for start in range(0, len(rows), _CHUNK):
            part = rows[start : start + _CHUNK].astype(np.uint64)
            left = part[:, : shape.left] @ powers[shape.right - shape.left :]
            right = part[:, shape.left :] @ powers
            left, right = crypt(shape, left, right)
            halves = [
                half[:, None] // powers[shape.right - count :] % np.uint64(self._radix)
                for half, count in ((left, shape.left), (right, shape.right))
            ]
            out[start : start + _CHUNK] = np.concatenate(halves, axis=1)
        return out

    def _encrypted(self, shape: _Shape, left: Any, right: Any) -> tuple[Any, Any]:
        for i in _ROUNDS:
            modulus = np.uint64(self._modulus(shape, i))
            left, right = right, (left + self._rounds(shape, i, right, modulus)) % modulus
        return left, right

    def _decrypted(self, shape: _Shape, left: Any, right: Any) -> tuple[Any, Any]:
        for i in reversed(_ROUNDS):
            modulus = np.uint64(self._modulus(shape, i))
            left, right = (right + modulus - self._rounds(shape, i, left, modulus)) % modulus, left
        return left, right

    def _rounds(self, shape: _Shape, i: int, numbers: Any, modulus: Any) -> Any:
        """`_round` of each number, modulo ``modulus``: all that differs between them is in the last block."""
        rest = _BLOCK - 1 - shape.width
        at = len(shape.tweak) - rest
        state = self._mac(shape.first + shape.tweak[:at])
        head = _xor(state[: rest + 1], shape.tweak[at:] + bytes([i])) + state[rest + 1 :]
        blocks = np.tile(np.frombuffer(head, np.uint8), (len(numbers), 1))
        blocks[:, rest + 1 :] ^= numbers.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 8 - shape.width :]
        words = np.frombuffer(self._aes.update(blocks.tobytes()), ">u8").astype(np.uint64)
        y = words[::2] % modulus
        if shape.width > 4:  # then y has twelve bytes, and the last four are taken in one by one
            for shift in (56, 48, 40, 32):
                y = (y << np.uint64(8) | (words[1::2] >> np.uint64(shift)) & np.uint64(0xFF)) % modulus
        return y

    def _round(self, shape: _Shape, i: int, number: int) -> int:
        """The number y of round ``i`` over the number of a half."""
        block = self._mac(shape.first + shape.tweak + bytes([i]) + number.to_bytes(shape.width, "big"))
        size = -(-shape.width // 4) * 4 + 4
        more = (self._aes.update(_xor(block, j.to_bytes(_BLOCK, "big"))) for j in range(1, -(-size // _BLOCK)))
        return int.from_bytes(b"".join((block, *more))[:size], "big")

    def _mac(self, blocks: bytes) -> bytes:
        """CBC-MAC of whole blocks (algorithm 6)."""
        state = bytes(_BLOCK)
        for at in range(0, len(blocks), _BLOCK):
            state = self._aes.update(_xor(state, blocks[at : at + _BLOCK]))
        return state

    def _modulus(self, shape: _Shape, i: int) -> int:
        modulus: int = self._radix ** (shape.right if i % 2 else shape.left)
        return modulus

    def _shape(self, count: int) -> _Shape:
        if count < 2 or self._radix**count < FEWEST_TEXTS:
            raise ValueError("FF1 needs texts long enough for a million of them")
        left, right = count // 2, count - count // 2
        width = -(-(self._radix**right - 1).bit_length() // 8)
        fields = ((1, 1), (2, 1), (1, 1), (self._radix, 3), (10, 1), (left % 256, 1), (count, 4), (len(self._tweak), 4))
        first = b"".join(number.to_bytes(size, "big") for number, size in fields)
        return _Shape(left, right, width, first, self._tweak + bytes((-len(self._tweak) - width - 1) % _BLOCK))

    def _number(self, numerals: Iterable[int]) -> int:
        number = 0
        for numeral in numerals:
            if not 0 <= numeral < self._radix:
                raise ValueError("a numeral is not below the radix")
            number = number * self._radix + numeral
        return number

    def _numerals(self, number: int, count: int) -> list[int]:
        out = []
        for _ in range(count):
            number, numeral = divmod(number, self._radix)
            out.append(numeral)
        return out[::-1]


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(len(one), "big")
