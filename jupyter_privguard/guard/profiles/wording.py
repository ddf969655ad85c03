"""Bands, limits and numbers in the words of a profile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from ...frames import Kind
from .profile import Part

if TYPE_CHECKING:
    from ...frames.bands import Bands

__all__ = ["Banded", "count_band", "limits_of", "text_of", "told"]

# `Any` in this file is a cell value, or an array of numbers.


class Banded(NamedTuple):
    """Rows by band, and from which band to which."""

    range: str
    parts: list[Part]


def told(bands: Bands, unit: str, *, is_whole: bool) -> Banded:
    """The bands in words; ``unit`` of dates as `frames.bands.calendar` has it, ``is_whole`` for whole numbers."""
    texts = [_ends_text(low, high, unit, is_whole) for low, high in bands.ends()]
    parts = [Part(text, rows) for text, rows in zip(texts, bands.counts, strict=True)]
    return Banded(f"{texts[0]} to {texts[-1]}", parts)


def _ends_text(low: float | None, high: float | None, unit: str, is_whole: bool) -> str:
    if low is None:
        return f"under {_line(high, unit)}"
    if high is None:
        return f"{_line(low, unit)} and more" if not unit else f"{_line(low, unit)} and later"
    if unit or (is_whole and high - low < 1000):  # the last one of the band, rather than the first of the next
        last = high - 1
        return _line(low, unit) if last == low else f"{_line(low, unit)}–{_line(last, unit)}"
    return f"{_line(low, unit)}–{_line(high, unit)}"


def _line(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit == "Y":
        return f"{value:.0f}"
    if unit:
        import datetime as dates

        if unit == "M":
            year, month = divmod(int(value), 12)
            return f"{1970 + year}-{month + 1:02}"
        try:
            return str(dates.date(1970, 1, 1) + dates.timedelta(days=int(value)))
        except OverflowError:  # no calendar of Python's has it
            return f"{value:.0f} days after 1970-01-01"
    for size, letter in ((10**9, "bn"), (10**6, "M"), (10**3, "k")):
        if abs(value) >= size and value % (size / 10) == 0:
            return f"{value / size:g}{letter}"
    return f"{value:.10g}"


def limits_of(found: Any, kind: Kind) -> str:
    """The smallest and the largest of ``found``, an array with NaN for null; empty for none."""
    known = found[found == found]
    if not len(known):
        return ""
    low, high = float(known.min()), float(known.max())
    if kind is not Kind.DATETIME:
        return f"{low:.10g} to {high:.10g}"
    try:
        first, last = (datetime.fromtimestamp(end, UTC) for end in (low, high))
    except (OverflowError, OSError, ValueError):  # years that no calendar of Python's has
        return ""
    is_dated = low % 86400 == 0 == high % 86400
    return " to ".join(f"{end:%Y-%m-%d}" if is_dated else f"{end:%Y-%m-%d %H:%M:%S}" for end in (first, last))


def count_band(number: int) -> str:
    """How many, by the leading digit."""
    if number < 10:
        return "under 10" if number else "0"
    width = 10 ** (len(str(number)) - 1)
    low = number // width * width
    return f"{low:,}–{low + width - 1:,}"


def text_of(value: Any) -> str:
    """One line of at most 60 characters; empty for what has no text form."""
    try:
        text = str(value)
    except Exception:  # noqa: BLE001 - any object's own code
        return ""
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"
