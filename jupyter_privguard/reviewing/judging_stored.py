"""Whether a model may leave with what it keeps of its training data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..frames import FrameView
from ..model import ColumnVerdict, Operator, Tier
from .findings import FieldVerdict, Stored
from .stored import StoredTable, stored_tables
from .telling import FEW, is_id

__all__ = ["judge_stored"]

_NEARLY_ALL = 0.9

Judge = Callable[[FrameView], list[FieldVerdict]]
Assess = Callable[[FrameView], Sequence[ColumnVerdict]]


def judge_stored(model: Any, *, tier: Tier, judge: Judge, assess: Assess, safe: Callable[[str], str]) -> list[Stored]:
    """What ``model`` keeps: blocked where it points at persons, else told.

    Rows are judged as an output is, by ``judge``; of a list of categories or words, each of which is there once, only
    what it holds counts, by ``assess``, or that it is of codes. ``safe`` masks what of a label may not be shown.
    """
    return [one for table in stored_tables(model) if (one := _judged(table, tier, judge, assess, safe)) is not None]


def _judged(table: StoredTable, tier: Tier, judge: Judge, assess: Assess, safe: Callable[[str], str]) -> Stored | None:
    why = list(_reasons(table, tier, judge, assess, safe))
    if not why and not table.is_rows:
        return None
    what = f"{table.rows:,} rows × {table.columns:,} columns" if table.is_rows else f"{table.rows:,} values"
    kept = f"It keeps {what} of its training data in `{safe(table.where)}`"
    entity = why[0][0] if why else "NONE"
    if not why:
        says = f"{kept}: whoever gets its file gets them."
    else:
        told = "; ".join(dict.fromkeys(reason for _, reason in why))
        says = f"{kept}, and whoever gets its file gets them: {told} {_CURE if table.is_rows else _CURE_OF_VALUES}"
    return Stored(safe(table.where), table.rows, table.columns, entity, bool(why), says)


_CURE = (
    "Fit it on `jupyter_privguard.mask(table)`, without these columns, or choose a model that keeps no rows, as a "
    "linear one or a forest."
)
_CURE_OF_VALUES = "Leave this column out, or group its values before it is fitted."


def _reasons(
    table: StoredTable, tier: Tier, judge: Judge, assess: Assess, safe: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """Entity and sentence for each column that points at somebody."""
    if table.view is None:
        return
    if table.is_rows:
        for one in judge(table.view):
            if one.is_blocked:
                yield one.entity, f"`{one.field}`: {' '.join(one.reasons)}"
        return
    for verdict, place in zip(assess(table.view), range(len(table.view.labels)), strict=True):
        if verdict.is_sensitive and verdict.action.get(tier.label) != Operator.CLEAR.value:
            yield verdict.entity, f"`{safe(verdict.column)}` holds {verdict.entity}."
        elif tier is not Tier.COMPLIANCE and _are_codes(table.view.distinct(place)):
            yield "INTERNAL_UNKNOWN", "nearly all of them are codes of somebody or something."


def _are_codes(values: Sequence[Any]) -> bool:
    texts = [value for value in values if isinstance(value, str)]
    return len(texts) >= FEW and sum(map(is_id, texts)) >= _NEARLY_ALL * len(texts)
