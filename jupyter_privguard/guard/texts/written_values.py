"""Numbers and dates as people and programs write them: which values a piece of text may stand for.

``341,739.00``, ``3.41739e+05``, ``1989-05-03``, ``3 May 1989``, ``datetime.date(1989, 5, 3)`` and seconds since
1970 are read; of what can be read in two ways (``05/03/1989``, ``341.739``) both readings count.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from ..._amounts import amount_of
from ..._later import later

__all__ = ["Written", "dates_in_pieces", "dates_of", "number_of", "written_in"]

_BEGIN = r"(?:(?<![0-9A-Za-z])|(?<=\\[nrt]))(?<!\d\.)"
_END = r"(?![0-9A-Za-z])"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_NARROW = r"(?:[\u00a0\u2009\u202f]|\\(?:xa0|u2009|u202f))"
"""A blank that breaks no line; an escape in a repr."""
_TIME = r"(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_WRITTEN = later(
    rf"""(?P<call>(?<=date\(|time\(|tamp\()\d{{4}},\s?\d{{1,2}},\s?\d{{1,2}}(?:,\s?\d+)*(?=[),]))
    | (?P<parts>(?<=[(\[])(?:19|20)\d\d,\s?\d{{1,2}},\s?\d{{1,2}}(?=[)\]]))
    | {_BEGIN}(?:
        (?P<ymd>\d{{4}}(?P<s1>[-.]|\\{{0,4}}/)\d{{1,2}}(?P=s1)\d{{1,2}}{_TIME})(?![0-9])
      | (?P<dmy>\d{{1,2}}(?P<s2>[-.]|\\{{0,4}}/)\d{{1,2}}(?P=s2)(?:\d{{4}}|\d\d)){_END}
      | (?P<dmony>\d{{1,2}}(?:st|nd|rd|th)?[ -](?:of\ )?{_MONTH}\.?,?[ -]\d{{4}}){_END}
      | (?P<european>[-+]?\d{{1,3}}(?:(?:\.\d{{3}})+,\d{{1,2}}|(?:\.\d{{3}}){{2,}})){_END}
      | (?P<narrow>[-+]?\d{{1,3}}(?:{_NARROW}\d{{3}})+(?:\.\d+|,\d{{1,2}})?){_END}
      | (?P<grouped>[-+]?(?:\d{{1,3}}(?:[,'’_]\d{{3}})+|\d{{1,2}}(?:,\d\d)+,\d{{3}})(?:\.\d+)?){_END}
      | (?P<spaced>\d{{1,3}}(?:\ \d{{3}})+(?:[.,]\d{{1,2}})?){_END}
      | (?P<plain>[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?){_END}(?!\.\d)
    )
    | (?P<mondy>(?<![0-9A-Za-z]){_MONTH}\.?\ \d{{1,2}}(?:st|nd|rd|th)?,?\ \d{{4}}){_END}""",
    re.VERBOSE | re.IGNORECASE,
)
_NARROWS = later(_NARROW)
_DIGITS = later(r"\d+")
_LETTERS = later(r"[a-z]{3,}", re.IGNORECASE)
_DAY_S = 86_400
_EPOCH = dt.date(1970, 1, 1).toordinal()
_ASKED = 8192
"""Texts of which it is remembered what they are."""
_FAR = 80_000
"""Days from 1970 that a date may be away."""
_SCALES = ((9, 11, 1), (12, 14, 1000), (15, 17, 1_000_000), (18, 20, 1_000_000_000))
"""Least and most digits of the time since 1970 in seconds, milliseconds, microseconds, nanoseconds."""
_EXACT = 2**53


_MARK = later(r"\x1b\[[0-?]*[ -/]*[@-~]|</?span(?:\s[^<>]{0,200})?>")
_IN_PIECES = later(
    r"(?<!\d)\d{4}(?P<mark>_MARK_)?(?:_MARK_)*-(?:_MARK_)*\d{2}(?:_MARK_)*-(?:_MARK_)*\d{2}(?!\d)".replace(
        "_MARK_", f"(?:{_MARK.pattern})"
    )
)


class Written(NamedTuple):
    """A piece of text that is a number or a date."""

    start: int
    end: int
    numbers: tuple[tuple[float, int], ...]
    """What it may be as a number, and with how many decimals."""
    dates: tuple[int, ...]
    """What it may be as a date, as proleptic ordinals."""


def written_in(text: str) -> Iterator[Written]:
    """The numbers and dates in ``text``, in order; parts of ``341 739`` and ``(1989, 5, 3)`` come after the whole."""
    for match in _WRITTEN.finditer(text):
        kind = next(name for name in _KINDS if match[name] is not None)
        start, end = match.span(kind)
        found = match[kind]
        if kind == "spaced":
            yield from _spaced(found, start)
        elif kind == "parts":
            yield from _parts(found, start, end)
        elif kind in ("european", "narrow", "grouped", "plain"):
            yield _number(found, start, end, kind)
        else:
            dates = _dates(found, kind)
            if dates:
                yield Written(start, end, (), dates)
            elif kind in ("ymd", "dmy"):
                for part in _DIGITS.finditer(found):
                    yield _number(part[0], start + part.start(), start + part.end(), "plain")


_KINDS = ("plain", "ymd", "grouped", "dmy", "call", "dmony", "mondy", "european", "narrow", "spaced", "parts")


def _spaced(found: str, start: int) -> Iterator[Written]:
    """``341 739`` may be one number or several."""
    whole = found.replace(" ", "").replace(",", ".")
    yield Written(start, start + len(found), ((float(whole), _places(whole)),), ())
    for part in _DIGITS.finditer(found):
        yield _number(part[0], start + part.start(), start + part.end(), "plain")


def _parts(found: str, start: int, end: int) -> Iterator[Written]:
    """``(1989, 5, 3)`` may be a date or three numbers."""
    if dates := _dates(found, "ymd"):
        yield Written(start, end, (), dates)
    for part in _DIGITS.finditer(found):
        yield _number(part[0], start + part.start(), start + part.end(), "plain")


def _number(found: str, start: int, end: int, kind: str) -> Written:
    if kind == "european":
        plain = found.replace(".", "").replace(",", ".")
    elif kind == "narrow":
        plain = _NARROWS.sub("", found).replace(",", ".")
    elif kind == "grouped":
        plain = re.sub(r"[,'’_]", "", found)
    else:
        plain = found
    if len(plain) > 40:
        return Written(start, end, (), ())
    value = float(plain)
    if not math.isfinite(value):
        return Written(start, end, (), ())
    numbers = [(value, _places(plain))]
    whole, _, rest = plain.partition(".")
    if kind == "plain" and len(rest) == 3 and len(whole.lstrip("+-")) <= 3 and rest.isdigit():
        numbers.append((float(whole + rest), 0))
    is_whole = rest in ("", "0") or (rest.isdigit() and len(whole) >= _SCALES[0][0])  # seconds may have decimals
    dates = _of_digits(whole) if kind == "plain" and is_whole else ()
    return Written(start, end, tuple(numbers), dates)


def _places(plain: str) -> int:
    mantissa, _, power = plain.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return max(0, decimals - int(power)) if power else decimals


def _of_digits(digits: str) -> tuple[int, ...]:
    """The dates that a whole number may be: as yyyymmdd, or as time since 1970."""
    size = len(digits.lstrip("+-"))
    if not digits.lstrip("+-").isdigit():  # 24405875e-1
        return ()
    if size == 8 and digits.isdigit():
        return _ordinals((digits[:4], digits[4:6], digits[6:]))
    found = []
    for least, most, scale in _SCALES:
        if least <= size <= most:
            day = int(digits) // (_DAY_S * scale)
            if abs(day) < _FAR:
                found.append(_EPOCH + day)
    return tuple(found)


def _dates(found: str, kind: str) -> tuple[int, ...]:
    parts = _DIGITS.findall(found)
    if kind in ("ymd", "call"):
        return _ordinals(parts[:3])
    if kind == "dmy":
        first, second, year = parts[:3]
        years = [year] if len(year) == 4 else ["19" + year, "20" + year]
        return tuple(
            dict.fromkeys(
                one
                for y in years
                for order in ((y, second, first), (y, first, second), *(((("19", "20")[0] + first), second, year),))
                for one in _ordinals(order)
            )
        )
    day, year = parts[:2]
    names = [word[:3].lower() for word in _LETTERS.findall(found)]
    month = next((_MONTHS.index(name) + 1 for name in names if name in _MONTHS), 0)
    return _ordinals((year, str(month), day))


def _ordinals(parts: Any) -> tuple[int, ...]:
    try:
        return (dt.date(*map(int, parts)).toordinal(),)
    except (ValueError, TypeError):
        return ()


def number_of(value: Any) -> float | None:
    """A cell's value as a number; None if it is none. Texts count that are nothing but a number, or an amount."""
    kind = type(value)  # `isinstance` would believe what a foreign object says of itself
    if kind is int and -_EXACT <= value <= _EXACT:
        return float(value)
    if issubclass(kind, str):
        text = str.__str__(value)
        found = _only(text)
        return found.numbers[0][0] if found is not None and found.numbers else amount_of(text)
    if issubclass(kind, bool) or not (issubclass(kind, (int, float, Decimal)) or _name_of(kind) in _NUMBERS):
        return None
    try:
        number = float(value)
    except Exception:  # noqa: BLE001 - a cell may be any object, whose own code may raise anything
        return None
    return number if math.isfinite(number) else None


_NUMBERS = frozenset(
    f"numpy.{name}"
    for name in "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 longlong longdouble".split()
)


def _name_of(kind: type) -> str:
    """Of a class whose own class may answer anything."""
    module, name = type.__getattribute__(kind, "__module__"), type.__getattribute__(kind, "__name__")
    return f"{module}.{name}"


def dates_of(value: Any) -> tuple[int, ...]:
    """A cell's value as the dates that it may be; nothing if it is none. Texts count that are nothing but a date."""
    kind = type(value)
    if issubclass(kind, str):
        found = _only(str.__str__(value))
        return found.dates if found is not None and not found.numbers else ()
    if issubclass(kind, (dt.date, dt.datetime)):
        try:
            return (int(value.toordinal()),)
        except Exception:  # noqa: BLE001 - as above, and "not a time" is of this kind too
            return ()
    return dates_of(str(value)) if _name_of(kind) == "numpy.datetime64" else ()


@lru_cache(_ASKED)
def _only(text: str) -> Written | None:
    text = text.strip()
    if not text or len(text) > 40 or not any(map(str.isdigit, text)):
        return None
    found = next(written_in(text), None)
    return found if found is not None and found.start == 0 and found.end == len(text) else None


def dates_in_pieces(text: str) -> Iterator[Written]:
    """The dates in ``text`` of which each part has its own colour, as a terminal or a page writes it."""
    if "\x1b" not in text and "</span>" not in text:
        return
    for found in _IN_PIECES.finditer(text):
        if found.group("mark") is not None:
            for one in written_in(_MARK.sub("", found.group())):
                if one.dates and not one.numbers:
                    yield one._replace(start=found.start(), end=found.end())
