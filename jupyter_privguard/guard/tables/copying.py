"""The masked copy of a table about which something is known, for a screen or for a program: one way for both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from numbers import Integral
from typing import Any

from ...frames import FrameView, Kind, Mapper, display_again, display_copy, mask_rows, shown_content, view
from ...frames.watch import Exact
from ...keys.keyring import KeyRing
from ...masking.masker import FindSpans, mask_values
from ...model import ColumnVerdict, DataClass, Operator, Tier
from ...policy.rules import Policy
from ..columns.assess import Classification, mask_table
from ..columns.column_masks import mask_at
from .masked_copies import is_masked_already, shortened
from .same_copies import SameCopies

__all__ = ["Copied", "Copying", "Judged", "explained_by_rows"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of a table and its parts."""

    columns: Classification
    heads: Mapping[int, ColumnVerdict]
    """By level the verdicts on the labels of its columns that act."""
    rows: Mapping[int, ColumnVerdict] = field(default_factory=dict)
    """Verdicts on whole rows, of a table on its side."""
    exact: Exact | None = None
    """Which of it are statistics."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A masked copy."""

    native: Any
    """Of the same type; only the rows that a display shows, unless all were asked for."""
    changed: bool
    """Whether anything in it is not what it was."""
    masked: Mapping[str, int]
    """Number of changed cells by entity."""
    fix: Callable[[str], str]
    """Puts the true size back into a rendered text."""
    opened: tuple[str, ...] = ()
    """The values in it of columns that approvals open, as texts."""


@dataclass(frozen=True, slots=True)
class Copying:
    """How copies are made; ``find_spans`` finds what to mask within texts and labels."""

    tier: Tier
    policy: Policy
    keyring: KeyRing
    on_screen: bool
    find_spans: FindSpans
    same: SameCopies | None = None
    """Where copies are kept for the next time that they are asked for."""
    revision: int = 0
    """That of what ``find_spans`` knows."""

    def is_like(self, other: Copying) -> bool:
        """Whether ``other`` makes the same copies, as far as its key is the same."""
        mine, its = ((one.tier, one.on_screen, one.revision) for one in (self, other))
        return mine == its and self.policy is other.policy

    def copy(self, seen: FrameView, judged: Judged, *, whole: bool, opened: Collection[int] = ()) -> Copied:
        """What the tier may see of the table ``seen``; ``whole`` masks all rows, else those that a display can show.

        ``opened`` are the positions that it sees by an approval only.
        """
        exact, exact_rows = judged.exact, None
        if exact is not None and exact.group_size >= self.policy.k:
            if exact.rows is None:
                judged = replace(judged, columns=_values_exact(seen, judged.columns, exact))
            exact_rows = exact.rows
        if judged.rows:
            judged = replace(judged, columns=explained_by_rows(judged.columns))
        done: list[Copied] = []
        values: dict[str, None] = {}

        def mask(part: FrameView) -> Any:
            for at, position in enumerate(part.origin):
                if position in opened:
                    values.update((str(value), None) for value in part.distinct(at))
            done.append(self.part(part, judged))
            return done[-1].native

        all_rows = whole or bool(judged.rows)
        same = self.same if exact_rows is None and not opened else None
        held = shown_content(seen, whole=all_rows) if same is not None else None
        if same is not None and held is not None and (again := same.find(held, judged, self)) is not None:
            return replace(again, fix=display_again(seen, again.native).fix)
        copy = display_copy(
            seen,
            mask,
            exact_rows=exact_rows,
            whole=whole,
            all_rows=all_rows,
            all_columns=self._shifts(judged.columns),
        )
        if same is not None and held is not None:
            same.keep(held, judged, self, done[-1])
        changed = done[-1].changed or bool(opened)
        return replace(done[-1], native=copy.native, fix=copy.fix, changed=changed, opened=tuple(values))

    def _shifts(self, columns: Classification) -> bool:
        """Whether dates are moved by whose they are, which another column tells."""
        return any(one.action.get(self.tier.label) == Operator.SHIFT.value for one in columns)

    def part(self, part: FrameView, judged: Judged) -> Copied:
        """The masked copy of all rows of ``part``, whatever of it are statistics."""
        frame = mask_table(
            part,
            tier=self.tier,
            policy=self.policy,
            keyring=self.keyring,
            on_screen=self.on_screen,
            classification=judged.columns,
            find_spans=self.find_spans,
            heads=judged.heads,
        )
        native, seen = frame.native, view(frame.native)
        already = [at for at, position in enumerate(part.origin) if is_masked_already(judged.columns[position])]
        changed = bool(frame.masked) or bool(already) or seen is None or _labels(seen) != _labels(part)
        if seen is not None and already and self.on_screen:
            native = seen.masked(dict.fromkeys(already, shortened))
        return self._with_rows(Copied(native, changed, frame.masked, str), part, judged)

    def _with_rows(self, copied: Copied, part: FrameView, judged: Judged) -> Copied:
        """``copied`` with those rows of ``part`` masked as a whole on which there is a verdict."""
        masked = dict(copied.masked)
        functions: dict[int, Mapper] = {}
        for row, verdict in judged.rows.items():
            mask = mask_at(verdict, self.tier, self.policy)
            if mask is not None:
                functions[row] = partial(mask_values, mask=mask, keyring=self.keyring, on_screen=self.on_screen)
                masked[mask.entity] = masked.get(mask.entity, 0) + part.width
            elif is_masked_already(verdict) and self.on_screen:
                functions[row] = shortened
        if not functions:
            return copied
        exact = judged.exact
        kept = exact.rows if exact is not None and exact.group_size >= self.policy.k else None
        excepted = {at for at, label in enumerate(part.labels) if kept and label in kept}
        native = mask_rows(copied.native, part.native, functions, except_columns=excepted)
        return Copied(native, True, masked, str)


def _labels(seen: FrameView) -> object:
    return seen.labels, [level.labels for level in seen.heads]


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


def explained_by_rows(classification: Classification) -> Classification:
    """Of a table on its side each row is judged by itself: its columns hold several things, and are no free text.

    A number as their label is that of a row, whatever a column of that number holds in other tables.
    """
    labels = classification.labels or ("",) * len(classification)
    verdicts = [
        replace(verdict, entity="NONE", data_class=DataClass.NONE)
        if verdict.entity == "FREE_TEXT_WITH_PII" or (verdict.is_sensitive and issubclass(type(label), Integral))
        else verdict
        for verdict, label in zip(classification, labels, strict=True)
    ]
    return replace(classification, columns=tuple(verdicts))
