"""A table on its way to a screen: its masked copy, what was masked, and the line that says so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ..frames import FrameView, Kind, display_copy, mask_rows, view
from ..frames.watch import Exact
from ..keys.keyring import KeyRing
from ..masking.masker import FindSpans, mask_value
from ..model import ColumnVerdict, DataClass, Operator, Tier
from ..policy.rules import Policy
from .assess import Classification, mask_table, masks_for
from .column_masks import column_mask
from .masked_copies import is_masked_already, shortened

__all__ = ["Shown", "show_table"]

_LISTED = 8
"""Columns that a legend names."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What to render instead of a table."""

    native: Any
    """A copy of the same type; the table itself if nothing had to be changed."""
    changed: bool
    masked: Mapping[str, int] = field(default_factory=dict)
    legend: str = ""
    fix: Callable[[str], str] = str
    """Puts the true size back into a rendered text."""
    opened: tuple[str, ...] = ()
    """The values of columns that approvals open, as texts."""


def show_table(
    seen: FrameView,
    classification: Classification,
    *,
    tier: Tier,
    policy: Policy,
    keyring: KeyRing,
    exact: Exact | None = None,
    rows: Mapping[int, ColumnVerdict] | None = None,
    whole: bool = False,
    find_spans: FindSpans,
    opened: Collection[int] = (),
) -> Shown:
    """What ``tier`` may see of the table ``seen``; only the rows that a display can show are masked.

    ``opened`` are the positions that ``tier`` sees by an approval only; ``rows`` are verdicts on whole rows, for a
    table on its side; ``whole`` masks all rows; ``find_spans`` finds what to mask within free text.
    """
    exact_rows = None
    if exact is not None and exact.group_size == 0:
        return Shown(seen.native, changed=False)  # statistics of nobody
    if exact is not None and exact.group_size >= policy.k:
        if exact.rows is None:
            classification = _values_exact(seen, classification, exact)
        exact_rows = exact.rows
    if rows:
        classification = _explained_by_rows(classification)
    row_masks = {
        row: column_mask(verdict, Operator(verdict.action[tier.label]), policy)
        for row, verdict in (rows or {}).items()
        if verdict.action[tier.label] != Operator.CLEAR
    }
    already = [at for at, verdict in enumerate(classification.columns[: seen.width]) if is_masked_already(verdict)]
    counts: dict[str, int] = {}
    changed = False
    values: dict[str, None] = {}

    def mask(part: FrameView) -> Any:
        nonlocal changed
        for at, position in enumerate(part.origin):
            if position in opened:
                values.update((str(value), None) for value in part.distinct(at))
        frame = mask_table(
            part,
            tier=tier,
            policy=policy,
            keyring=keyring,
            on_screen=True,
            classification=classification,
            find_spans=find_spans,
        )
        masked = view(frame.native)
        counts.update(frame.masked)
        changed = bool(counts) or bool(already) or bool(opened) or masked is None or masked.labels != part.labels
        native = frame.native if masked is None or not already else masked.masked(dict.fromkeys(already, shortened))
        if not row_masks:
            return native
        for mask in row_masks.values():
            counts[mask.entity] = counts.get(mask.entity, 0) + part.width
        changed = True
        exact_columns = {i for i, label in enumerate(part.labels) if exact_rows and label in exact_rows}
        return mask_rows(
            native,
            {row: partial(mask_value, mask=mask, keyring=keyring, on_screen=True) for row, mask in row_masks.items()},
            except_columns=exact_columns,
        )

    copy = display_copy(seen, mask, exact_rows=exact_rows, whole=whole or bool(row_masks))
    if not changed:
        return Shown(seen.native, changed=False)
    legend = _legend(classification, tier, policy, opened)
    return Shown(copy.native, changed=True, masked=counts, legend=legend, fix=copy.fix, opened=tuple(values))


def _values_exact(seen: FrameView, classification: Classification, exact: Exact) -> Classification:
    """Statistics of large groups: the numbers are nobody's own; group keys and texts (a sum of names) still are."""
    verdicts = list(classification)
    for position, label in enumerate(seen.labels[: seen.width]):
        statistic = (exact.columns or {}).get(label)
        is_aggregate = exact.columns is None or (statistic is not None and statistic.is_aggregate)
        if is_aggregate and seen.kind(position) in (Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN):
            verdict = verdicts[position]
            verdicts[position] = ColumnVerdict(verdict.column, "NONE", DataClass.NONE, 1.0)
    return replace(classification, columns=tuple(verdicts))


def _explained_by_rows(classification: Classification) -> Classification:
    """Of a table on its side each row is judged by itself: its columns hold several things, and are no free text."""
    verdicts = [
        replace(verdict, entity="NONE", data_class=DataClass.NONE)
        if verdict.entity == "FREE_TEXT_WITH_PII"
        else verdict
        for verdict in classification
    ]
    return replace(classification, columns=tuple(verdicts))


def _legend(classification: Classification, tier: Tier, policy: Policy, opened: Collection[int]) -> str:
    masks = masks_for(classification, tier, policy)
    parts = [f"{classification[p].column}: {m.operator.value}" for p, m in sorted(masks.items())]
    by_approval = [classification[at].column for at in sorted(opened)]
    approved = f"by approval: {', '.join(by_approval[:_LISTED])}" if by_approval else ""
    if approved and not parts:
        return f"privguard: {approved}"
    if not parts and any(map(is_masked_already, classification)):
        return "privguard: masked already"
    if not parts:
        return f"privguard: labels masked at tier {tier.label}"
    listed = ", ".join(parts[:_LISTED]) + (f" and {len(parts) - _LISTED} more" if len(parts) > _LISTED else "")
    unsure = [
        f"{v.column}?" for v in classification if v.ASKS_FROM <= v.confidence < v.ACTS_FROM and v.entity != "NONE"
    ]
    doubt = f"; not sure about {', '.join(unsure[:_LISTED])}" if unsure else ""
    return f"privguard: tier {tier.label} sees {listed}{doubt}{'; ' if approved else ''}{approved}"
