"""Format-preserving encryption of texts: digits become digits, letters letters of the same case, the rest stays.

What may change in a text is numbered and the number encrypted by FF1 (NIST SP 800-38G), again and
again until it is one that the form allows (cycle walking). So it is a permutation of all texts of
one form, and the holder of the key can go back. A column is worked on form by form, not value by
value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from .ff1 import FEWEST_TEXTS, FF1

__all__ = ["TextCipher"]

# `Any` in this file is a numpy array of numerals or characters, one row a text.

_CHUNK = 65_536
"""Texts at once: what is in work does not grow with the column."""
_DIGIT, _LETTER = 10, 26

_RADIX = np.zeros(128, np.uint8)
"""By ASCII code how many characters may stand in its place; 0 for those that stay."""
_FIRST = np.zeros(128, np.uint8)
"""By ASCII code the first of those characters."""
for _first, _radix in ((b"0", _DIGIT), (b"a", _LETTER), (b"A", _LETTER)):
    _RADIX[_first[0] : _first[0] + _radix] = _radix
    _FIRST[_first[0] : _first[0] + _radix] = _first[0]

# Whole numbers stay on their side of these, so that they still fit into the types that held them, whichever these
# are: equal numbers have equal results in all columns.
_BOUNDS = (2**31, 2**32, 2**53, 2**63, 2**64)

_LARGEST_BASE = 256
"""Numerals are bytes."""

_Step = Callable[[Any], Any]


class TextCipher:
    """Encrypts and decrypts texts in their own form, under the key of one domain."""

    def __init__(self, cipher: Callable[[int, bytes], FF1], tweak: bytes) -> None:
        """``cipher`` makes the FF1 of a radix and a tweak."""
        self._cipher = cipher
        self._tweak = tweak

    def encrypt(self, texts: Sequence[str], *, whole: bool = False) -> list[str | None]:
        """For each text another one of its form; None where there is none that may be given out.

        That is: a text that is not ASCII, one of a form with less than a million texts, which could be
        tried out, and the rare one that is its own ciphertext. ``whole`` says that the texts are the
        decimal digits of numbers, which get no leading zero; else a leading zero is a digit like any.
        """
        made = self._crypted(texts, whole, forward=True)
        return [None if new == text else new for text, new in zip(texts, made, strict=True)]

    def decrypt(self, texts: Sequence[str], *, whole: bool = False) -> list[str | None]:
        """What `encrypt` was given; None where `encrypt` makes no such text."""
        made = self._crypted(texts, whole, forward=False)
        return [None if new == text else new for text, new in zip(texts, made, strict=True)]

    def _crypted(self, texts: Sequence[str], whole: bool, *, forward: bool) -> list[str | None]:
        out: list[str | None] = [None] * len(texts)
        for (length, low, high), places in _alike(texts, whole).items():
            for start in range(0, len(places), _CHUNK):
                chunk = places[start : start + _CHUNK]
                rows = np.frombuffer("".join([texts[place] for place in chunk]).encode("ascii"), np.uint8)
                rows = rows.reshape(len(chunk), length)
                for members, form in _forms(_RADIX[rows]):
                    step = self._step(form, low, high, forward)
                    if step is not None:
                        _write(out, chunk, members, rows, form, step)
        return out

    def _step(self, form: Any, low: int, high: int, forward: bool) -> _Step | None:
        """What is done to the numerals of texts of one form; None for a form with too few texts."""
        radices = [int(radix) for radix in form if radix]
        size = prod(radices)
        if not radices or size < FEWEST_TEXTS:
            return None
        if len(set(radices)) == 1:
            if high and (low, high) != (10 ** (len(radices) - 1), 10 ** len(radices)):
                return self._between(len(radices), low, high, forward)
            plain = self._ff1(radices[0], self._tweak, forward)
            if not high:
                return plain
            inside = _within(len(radices), low, high)
            return lambda numerals: _walked(plain, numerals, inside)
        return self._ranked(radices, size, forward)

    def _ranked(self, radices: list[int], size: int, forward: bool) -> _Step:
        """Mixed forms: the text's number among all texts of its form, written in decimal, is what FF1 gets."""
        count = len(str(size - 1))
        # Forms have keys of their own by the tweak: none shares a table with another or with plain numbers.
        crypt = self._ff1(_DIGIT, self._tweak + b"\x00" + bytes(radices), forward)
        number: Any = np.uint64 if size < 2**63 else object
        weights = np.array([prod(radices[at + 1 :]) for at in range(len(radices))], dtype=number)
        powers = np.array([10**at for at in range(count)][::-1], dtype=number)
        limits = np.array(radices, dtype=number)

        def step(numerals: Any) -> Any:
            ranks = numerals.astype(number) @ weights
            digits = (ranks[:, None] // powers % number(10) if number is np.uint64 else _digits(ranks, count)).astype(
                np.uint8
            )
            digits = _walked(crypt, digits, lambda rows: rows.astype(number) @ powers < size)
            ranks = digits.astype(number) @ powers
            return (ranks[:, None] // weights % limits).astype(np.uint8)

        return step

    def _between(self, count: int, low: int, high: int, forward: bool) -> _Step:
        """Numbers of ``count`` digits from ``low`` to below ``high``: FF1 gets the place of one among them.

        It is written to a base in which as many numerals write hardly any other place, so that few walk on: of the
        numbers of ten digits one in nine is below 2^31.
        """
        size, length = high - low, 6
        while (base := _root(size, length)) > _LARGEST_BASE:
            length += 1
        crypt = self._ff1(base, self._tweak + b"\x01" + f"{low} {high}".encode(), forward)
        number: Any = np.uint64 if high <= 2**64 and base**length < 2**64 else object
        tens = np.array([10**at for at in range(count)][::-1], dtype=number)
        powers = np.array([base**at for at in range(length)][::-1], dtype=number)
        low_, base_, ten = (np.array(value, dtype=number) for value in (low, base, 10))

        def step(numerals: Any) -> Any:
            places = numerals.astype(number) @ tens - low_
            rows = (places[:, None] // powers % base_).astype(np.uint8)
            rows = _walked(crypt, rows, lambda rows: rows.astype(number) @ powers < size)
            numbers = rows.astype(number) @ powers + low_
            return (numbers[:, None] // tens % ten).astype(np.uint8)

        return step

    def _ff1(self, radix: int, tweak: bytes, forward: bool) -> _Step:
        cipher = self._cipher(radix, tweak)
        return cipher.encrypt_rows if forward else cipher.decrypt_rows


def _alike(texts: Sequence[str], whole: bool) -> dict[tuple[int, int, int], Sequence[int]]:
    """The places of texts by length and, of numbers, by the bounds that they have to stay within."""
    by_length: dict[int, Sequence[int]] = {}
    if len(set(map(len, texts))) == 1 and "".join(texts).isascii():  # as in most columns of ids
        by_length[len(texts[0])] = range(len(texts))
    else:
        places_of: dict[int, list[int]] = {}
        for place, text in enumerate(texts):
            if text.isascii():
                places_of.setdefault(len(text), []).append(place)
        by_length.update(places_of)
    if not whole:
        return {(length, 0, 0): places for length, places in by_length.items()}
    alike: dict[tuple[int, int, int], Sequence[int]] = {}
    for length, places in by_length.items():
        low, high = 10 ** max(0, length - 1), 10**length
        edges = [low, *(bound for bound in _BOUNDS if low < bound < high), high]
        for bottom, top in pairwise(edges):
            within = [place for place in places if bottom <= int(texts[place]) < top] if len(edges) > 2 else places
            alike[length, bottom, top] = within
    return alike


def _within(count: int, low: int, high: int) -> Callable[[Any], Any]:
    number: Any = np.uint64 if count < 20 else object
    powers = np.array([10**at for at in range(count)][::-1], dtype=number)

    def inside(rows: Any) -> Any:
        numbers = rows.astype(number) @ powers
        return (numbers >= low) & (numbers < high)

    return inside


def _root(size: int, length: int) -> int:
    """The smallest base in which ``length`` numerals write ``size`` numbers."""
    base = int(size ** (1 / length))
    while base**length < size:
        base += 1
    return base


def _walked(step: _Step, rows: Any, inside: Callable[[Any], Any]) -> Any:
    """``step`` again and again for each row until it is inside; every row was inside when it began."""
    rows = step(rows)
    todo = np.flatnonzero(~inside(rows).astype(bool))
    while len(todo):
        again = step(rows[todo])
        rows[todo] = again
        todo = todo[~inside(again).astype(bool)]
    return rows


def _digits(numbers: Any, count: int) -> Any:
    return np.array([[int(digit) for digit in str(number).zfill(count)] for number in numbers])


def _forms(radices: Any) -> Iterator[tuple[Any, Any]]:
    """The rows of each form: which they are, and what may stand at each place."""
    if (radices == radices[0]).all():
        yield np.arange(len(radices)), radices[0]
        return
    whole_rows = np.ascontiguousarray(radices).view(np.dtype((np.void, radices.shape[1]))).ravel()
    _, first, which = np.unique(whole_rows, return_index=True, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(which.ravel()))
    for at, members in zip(first, np.split(order, ends[:-1]), strict=True):
        yield members, radices[at]


def _write(out: list[str | None], chunk: Sequence[int], members: Any, rows: Any, form: Any, step: _Step) -> None:
    new = rows[members]
    free = np.flatnonzero(form)
    old = new[:, free]
    new[:, free] = step(old - _FIRST[old]) + _FIRST[old]
    text, width = new.tobytes().decode("ascii"), rows.shape[1]
    places = chunk if len(members) == len(chunk) else [chunk[member] for member in members.tolist()]
    for place, at in zip(places, range(0, len(text), width), strict=True):
        out[place] = text[at : at + width]
