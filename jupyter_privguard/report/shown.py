"""Which columns were shown, under which mask and how often: ``shown`` of all cells, added up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from .experiments import Event

__all__ = ["SAYS", "ShownColumn", "shown_columns"]

SAYS = itemgetter("label", "entity", "class", "action")
"""What an event says of a column that was shown."""
_Key = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """One column as it was seen: the same column under another mask or tier is another one."""

    dataset: str
    label: str
    entity: str
    data_class: str
    action: str
    tier: str
    times: int
    """How often a table with it was shown."""
    rows: int
    """The most rows shown at once."""
    seqs: tuple[int, ...]

    @property
    def is_sensitive(self) -> bool:
        """Whether it holds anything classified."""
        return self.data_class != "none"

    @property
    def is_clear(self) -> bool:
        """Whether its values were shown as they are."""
        return self.action == "clear"


def shown_columns(runs: Iterable[Event]) -> list[ShownColumn]:
    """What ``runs`` showed, in order of data set and first appearance."""
    # Cells show the same columns again and again: those are added up once for all of them.
    groups: dict[tuple[str, str, tuple[tuple[str, str, str, str], ...]], list[tuple[int, int]]] = {}
    for event in runs:
        tier, seq = event.get("tier") or "", event["seq"]
        for table in event.get("shown") or ():
            columns = tuple(map(SAYS, table.get("columns") or ()))
            groups.setdefault((table.get("dataset") or "(computed)", tier, columns), []).append(
                (seq, table.get("rows") or 0)
            )
    found: dict[_Key, list[list[tuple[int, int]]]] = {}
    for (dataset, tier, columns), seen in groups.items():
        for column in columns:
            found.setdefault((dataset, *column, tier), []).append(seen)
    made = [_added(key, seen) for key, seen in found.items()]
    order = {dataset: place for place, dataset in enumerate(dict.fromkeys(column.dataset for column in made))}
    return sorted(made, key=lambda column: order[column.dataset])


def _added(key: _Key, seen: list[list[tuple[int, int]]]) -> ShownColumn:
    every = [one for part in seen for one in part]
    return ShownColumn(
        *key,
        times=len(every),
        rows=max(rows for _, rows in every),
        seqs=tuple(sorted(seq for seq, _ in every)),
    )
