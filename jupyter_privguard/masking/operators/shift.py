"""shift: dates moved by days, all of one person's by as many."""

from __future__ import annotations

import datetime
from itertools import compress
from typing import TYPE_CHECKING, Any

from ...model import Operator
from ..canonical import REDACTED, identities
from ..dates import DateForms, DateOrder

if TYPE_CHECKING:
    from ..operator import MaskContext

__all__ = ["Shift"]

_FARTHEST = 365
"""Days; 0 is left out, so that no date stays what it is."""


class Shift:
    """Dates and times ± 1 to 365 days by HMAC-SHA-256 of the person: intervals within a person stay.

    The time of day, the time zone and the form of a text date stay; the clock moves in local time.
    A date of which nobody knows whose it is becomes ``[redacted]``, and so does a value that is no
    date: if such dates moved alike, one that is known would undo it for all. A person's shift is the
    same in every table of a deployment that tells persons apart by the same kind of id. Whether
    03/04/2021 is in March or April is decided once for a column; where nothing tells, the day comes
    first. Whole numbers count as dates where they write one (20010203). Not one of the ways that 45
    CFR 164.514(b)(2) names: years near the turn may move, and an expert has to judge (164.514(b)(1)).
    """

    name = Operator.SHIFT
    iso_20889 = "randomization: noise addition"
    is_reversible = False
    needs_key = True

    def apply(self, values: list[Any], context: MaskContext) -> list[Any]:
        """A date for each date, of its type and form."""
        out: list[Any] = [REDACTED] * len(values)
        if context.subject_domain is None or context.subjects is None:
            return out
        known = [subject is not None for subject in context.subjects]
        days = _days(list(compress(context.subjects, known)), context, context.subject_domain)
        forms = DateForms(month_first=_month_first(values, context))
        for place, count in zip(compress(range(len(values)), known), days, strict=True):
            out[place] = _moved(values[place], datetime.timedelta(count), forms)
        return out


def _month_first(values: list[Any], context: MaskContext) -> bool:
    if context.month_first is not None:
        return context.month_first
    order = DateOrder()
    order.learn(values)
    return bool(order.month_first)


def _days(subjects: list[Any], context: MaskContext, domain: str) -> list[int]:
    """The shift of each subject."""
    texts = identities(subjects, "the subject") if subjects else []
    distinct = list(dict.fromkeys(texts))
    digests = context.keyring.digest(f"shift:{domain}", distinct)
    shifts = {text: _shift(digest) for text, digest in zip(distinct, digests, strict=True)}
    return [shifts[text] for text in texts]


def _shift(digest: bytes) -> int:
    number = int.from_bytes(digest[:8], "big") % (2 * _FARTHEST)
    return number - _FARTHEST if number < _FARTHEST else number - _FARTHEST + 1


def _moved(value: Any, by: datetime.timedelta, forms: DateForms) -> Any:
    try:
        if isinstance(value, datetime.datetime):
            return _moved_time(value, by)
        if isinstance(value, datetime.date):
            return value + by
        if isinstance(value, str):
            return forms.moved(value, by) or REDACTED
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            # In a column with gaps pandas makes floats of whole numbers.
            moved = forms.moved(str(int(value)), by) if 10**7 <= value < 10**8 and value == int(value) else None
            return type(value)(moved) if moved is not None else REDACTED
    except (OverflowError, ValueError):  # beyond what the type can hold
        return REDACTED
    return REDACTED


def _moved_time(value: Any, by: datetime.timedelta) -> Any:
    if value.tzinfo is None or not hasattr(value, "tz_localize"):
        return value + by
    # Other types count absolute time: over a change of the clocks a midnight would become 23:00.
    moved = value.tz_localize(None) + by
    return moved.tz_localize(value.tzinfo, ambiguous=False, nonexistent="shift_forward")
