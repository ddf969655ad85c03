"""One text for one value, whatever type a file or a query happened to give it."""

from __future__ import annotations

import datetime
import math
import numbers
import re
import unicodedata
from decimal import Decimal
from typing import Any

from .._amounts import amount_of
from .._later import later
from ..errors import MaskingError

__all__ = ["REDACTED", "as_bytes", "exact_bytes", "exact_text", "has_text", "identities", "identity", "number_of"]

REDACTED = "[redacted]"

# `Any` in this package is a cell value: it may be any object at all.

_WHOLE_FLOAT = later(r"-?\d+\.0+", re.ASCII)
_LARGEST_SPELT_OUT = 10**308


def identity(value: Any, entity: str) -> str:
    """The text under which a value is the same person or thing in every table.

    Text is stripped and brought to NFC. A whole number is its digits, whether it comes as 7, 7.0,
    "7" or "7.00", so that an id column with gaps, which pandas reads and writes as floats, still
    joins. A point in time is ISO 8601, a midnight without zone the date alone. Letter case and
    leading zeros count.
    """
    if type(value) is int:  # the common cases first: a column may have millions of values
        return _whole_text(value)
    text = (value if type(value) is str else exact_text(value, entity)).strip()
    if not text.isascii():
        return unicodedata.normalize("NFC", text)
    return text.partition(".")[0] if text[-1:] == "0" and _WHOLE_FLOAT.fullmatch(text) else text


def exact_text(value: Any, entity: str) -> str:
    """The text of a value; of text every character as it is. MaskingError if it has none."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return _text_of(value)
    except (Exception, SystemExit):  # noqa: BLE001 - any object's own code; its words may quote the value
        raise MaskingError(f"privguard: a value of {entity} has no text form; convert that column first.") from None


def has_text(value: Any) -> bool:
    """Whether `exact_text` can tell one."""
    try:
        exact_text(value, "")
    except MaskingError:
        return False
    return True


def _text_of(value: Any) -> str:
    if isinstance(value, numbers.Integral):
        return _whole_text(int(value))
    if isinstance(value, (float, Decimal)):
        return _decimal_text(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "backslashreplace")
    if isinstance(value, datetime.datetime):
        at_midnight = value.tzinfo is None and value.time() == datetime.time() and not getattr(value, "nanosecond", 0)
        return value.date().isoformat() if at_midnight else value.isoformat()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    text = str(value)
    if not isinstance(text, str):
        raise TypeError("str() gave no text")
    return text


def _decimal_text(value: float | Decimal) -> str:
    if not math.isfinite(value):
        return str(value).lower()
    if not -_LARGEST_SPELT_OUT < value < _LARGEST_SPELT_OUT:
        return str(value).lower()
    if value == int(value):
        return str(int(value))
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return format(exact.normalize(), "f")


def _whole_text(value: int) -> str:
    # Python refuses to write integers of more than 4,300 digits in decimal.
    return str(value) if value.bit_length() < 10_000 else hex(value)


def as_bytes(text: str) -> bytes:
    """UTF-8; a lone surrogate, which a column may hold, is kept instead of refused."""
    return text.encode("utf-8", "surrogatepass")


def identities(values: list[Any], entity: str) -> list[bytes]:
    """`identity` of each value as bytes; columns of whole numbers or of plain ids take no call a value."""
    kinds = set(map(type, values))
    if kinds == {int}:
        return _encoded([_whole_text(value) for value in values])
    if kinds == {str}:
        joined = "|".join(values)
        if joined.isascii() and ".0" not in joined:
            return _encoded(list(map(str.strip, values)))
    return [as_bytes(identity(value, entity)) for value in values]


def exact_bytes(values: list[Any], entity: str) -> list[bytes]:
    """`exact_text` of each value as bytes."""
    return _encoded([exact_text(value, entity) for value in values] if set(map(type, values)) != {str} else values)


def _encoded(texts: list[str]) -> list[bytes]:
    try:
        return list(map(str.encode, texts))
    except UnicodeEncodeError:
        return list(map(as_bytes, texts))


def number_of(value: Any) -> float | None:
    """The finite number that a value is, or that its text writes (`52,000.50`, `₹ 1,20,000`); else None."""
    kind = type(value)
    if kind is bool:
        return None
    try:
        if kind is float or kind is int or (kind is not str and isinstance(value, (numbers.Real, Decimal))):
            number = float(value)
        elif isinstance(value, str):
            return amount_of(value)
        else:
            return None
    except (OverflowError, ValueError):
        return None
    return number if math.isfinite(number) else None
