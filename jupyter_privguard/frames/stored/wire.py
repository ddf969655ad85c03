"""Messages of Protocol Buffers as bytes: numbers of fields and what they hold, without a schema.

After "Protocol Buffers: Encoding" (protobuf.dev). What a length says is believed only as far as there are bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from .limits import Budget, Unreadable

__all__ = ["Message", "fractions", "message", "signed", "wholes"]

Message = dict[int, list[int | memoryview]]
"""By number of the field what it holds, in order: numbers, or bytes of a text, an array or another message."""
_LONGEST = 10
_SIGN = 2**63
_CUT = "it is damaged, or cut off"


def message(data: memoryview, budget: Budget) -> Message:
    """The fields of one message; Unreadable where it is none."""
    found: Message = {}
    for number, value in _fields(data, budget):
        found.setdefault(number, []).append(value)
    return found


def _fields(data: memoryview, budget: Budget) -> Iterator[tuple[int, int | memoryview]]:
    at = 0
    while at < len(data):
        budget.spend()
        key, at = _number(data, at)
        number, kind = key >> 3, key & 7
        if not number:
            raise Unreadable(_CUT)
        if kind == 0:
            value, at = _number(data, at)
            yield number, value
        elif kind in (1, 5):
            width = 8 if kind == 1 else 4
            yield number, _part(data, at, width)
            at += width
        elif kind == 2:
            size, at = _number(data, at)
            yield number, _part(data, at, size)
            at += size
        else:
            raise Unreadable(_CUT)


def _number(data: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place in range(_LONGEST):
        if at >= len(data):
            break
        byte = data[at]
        value |= (byte & 127) << 7 * place
        at += 1
        if byte < 128:
            return value & (2 * _SIGN - 1), at
    raise Unreadable(_CUT)


def _part(data: memoryview, at: int, size: int) -> memoryview:
    if at + size > len(data):
        raise Unreadable(_CUT)
    return data[at : at + size]


def signed(value: int) -> int:
    """A whole number that may be below zero."""
    return value - 2 * _SIGN if value >= _SIGN else value


def wholes(values: list[int | memoryview], budget: Budget, most: int) -> list[int]:
    """At most so many whole numbers, one by one or packed."""
    found: list[int] = []
    for value in values:
        if isinstance(value, int):
            found.append(signed(value))
            continue
        at = 0
        while at < len(value) and len(found) < most:
            budget.spend()
            number, at = _number(value, at)
            found.append(signed(number))
    return found[:most]


def fractions(values: list[int | memoryview], form: str) -> tuple[float, ...]:
    """Fractions of the form ``f`` or ``d``, one by one or packed."""
    data = b"".join(bytes(value) for value in values if not isinstance(value, int))
    width = struct.calcsize(form)
    return struct.unpack(f"<{len(data) // width}{form}", data[: len(data) // width * width])
