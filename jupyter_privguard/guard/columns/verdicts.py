"""The verdicts on one table, as they are shown."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from ...errors import InputError
from ...frames import FrameView, frame_of
from ...model import FREE_TEXT, ColumnVerdict, Operator, Tier

if TYPE_CHECKING:
    from .quasi import QuasiIdentifiers

__all__ = ["Classification", "entity_of", "is_clear", "no_table"]


def no_table() -> None:
    """Stands for a table whose values may not be read."""


@dataclass(frozen=True)
class Classification:
    """The verdicts of one table, in column order; index levels that count as columns follow."""

    columns: tuple[ColumnVerdict, ...]
    dataset: str | None = None
    table: Callable[[], FrameView | None] = field(default=no_table, repr=False, compare=False)
    """The table itself, while it lives and its values may be read: for what is counted on demand."""
    replaced: Mapping[int, ColumnVerdict] = field(default_factory=dict, repr=False, compare=False)
    """By position what was found on its own in columns whose class a person has given."""
    by_policy: Mapping[int, ColumnVerdict] = field(default_factory=dict, repr=False, compare=False)
    """By position what was found on its own in columns of which the policy lets some tier see more."""
    labels: tuple[Hashable, ...] = field(default=(), repr=False, compare=False)
    """The table's own labels, by position; a verdict's ``column`` is what of one may be shown."""

    @property
    def alone(self) -> Mapping[int, ColumnVerdict]:
        """By position what was found on its own in columns whose class a person or the policy has given."""
        return {**self.replaced, **self.by_policy}

    @property
    def released(self) -> frozenset[int]:
        """Positions that everybody sees as they are only because a person or the policy said so.

        In texts that hold something here and there the policy's word is about the column: what is found still counts.
        """
        texts = {at for at, found in self.by_policy.items() if found.entity == FREE_TEXT}
        hidden = {at for at, found in self.alone.items() if not is_clear(found)}
        return frozenset(at for at in hidden - texts if is_clear(self.columns[at]))

    @property
    def released_by_persons(self) -> frozenset[int]:
        """Those of `released` of which the policy says nothing of the kind."""
        return self.released - self.by_policy.keys()

    def __iter__(self) -> Iterator[ColumnVerdict]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    @overload
    def __getitem__(self, key: slice) -> tuple[ColumnVerdict, ...]: ...

    @overload
    def __getitem__(self, key: Hashable) -> ColumnVerdict: ...

    def __getitem__(self, key: Any) -> ColumnVerdict | tuple[ColumnVerdict, ...]:
        """The verdict at a position, or on the only column of a label that is no whole number."""
        return self.columns[key if isinstance(key, (int, slice)) else self.position(key)]

    def position(self, label: Hashable) -> int:
        """The position of the only column that is called ``label``; InputError if none is, or several are."""
        found = [at for at, own in enumerate(self.labels) if type(own) is type(label) and own == label]
        found = found or [at for at, verdict in enumerate(self.columns) if verdict.column == label]
        if len(found) == 1:
            return found[0]
        if not found:
            raise InputError("privguard: this table has no column of that name; its `labels` are what there is.")
        raise InputError(f"privguard: {len(found)} columns have that name; choose one by its position, from 0.")

    @cached_property
    def quasi_identifiers(self) -> QuasiIdentifiers:
        """The columns that identify in combination; all rows are counted at the first access."""
        from .quasi import quasi_identifiers

        return quasi_identifiers(self.columns, self.table)

    def to_json(self) -> list[dict[str, Any]]:
        """A JSON object a column: column, entity, class, confidence, evidence, action."""
        return [
            {
                "column": v.column,
                "entity": v.entity,
                "class": v.data_class.value,
                "confidence": round(v.confidence, 2),
                "evidence": list(v.evidence),
                "action": dict(v.action),
            }
            for v in self.columns
        ]

    def to_frame(self) -> Any:
        """A DataFrame with the columns column, entity, class, confidence, action (of tier public)."""
        return frame_of(
            {
                "column": [v.column for v in self.columns],
                "entity": [v.entity for v in self.columns],
                "class": [v.data_class.value for v in self.columns],
                "confidence": [round(v.confidence, 2) for v in self.columns],
                "action": [v.action.get("public", "clear") for v in self.columns],
            }
        )

    def __repr__(self) -> str:
        lines = [("column", "entity", "class", "confidence", "public sees")]
        lines += [_row(v) for v in self.columns]
        widths = [max(len(line[i]) for line in lines) for i in range(5)]
        text = ["  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines]
        return "\n".join([*text, *filter(None, [str(self.quasi_identifiers)])])

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(
            f'<th scope="col">{name}</th>' for name in ("column", "entity", "class", "confidence", "public sees", "why")
        )
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in (*_row(v), "; ".join(v.evidence))) + "</tr>"
            for v in self.columns
        )
        below = f"<p>{escape(line)}</p>" if (line := str(self.quasi_identifiers)) else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"


def _row(verdict: ColumnVerdict) -> tuple[str, str, str, str, str]:
    doubt = "?" if ColumnVerdict.ASKS_FROM <= verdict.confidence < ColumnVerdict.ACTS_FROM else ""
    return (
        verdict.column,
        verdict.entity + doubt,
        verdict.data_class.value,
        f"{verdict.confidence:.2f}",
        verdict.action.get("public", "clear"),
    )


def entity_of(verdict: ColumnVerdict) -> str:
    """What a column counts as: a verdict that is not sure enough to act counts as none."""
    return verdict.entity if verdict.is_sensitive else "NONE"


def is_clear(verdict: ColumnVerdict) -> bool:
    """Whether everybody sees the column as it is."""
    return not verdict.is_sensitive or verdict.action.get(Tier.PUBLIC.label) == Operator.CLEAR.value
