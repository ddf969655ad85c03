"""Which columns were shown, under which mask and how often: ``shown`` of all cells, added up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .experiments import Event

__all__ = ["ShownColumn", "shown_columns"]


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
    found: dict[tuple[str, str, str, str, str, str], tuple[list[int], int]] = {}
    for event in runs:
        for table in event.get("shown") or ():
            for column in table["columns"]:
                key = (
                    table.get("dataset") or "(computed)",
                    column["label"],
                    column["entity"],
                    column["class"],
                    column["action"],
                    event.get("tier") or "",
                )
                seqs, rows = found.get(key, ([], 0))
                found[key] = ([*seqs, event["seq"]], max(rows, table.get("rows") or 0))
    columns = [ShownColumn(*key, times=len(seqs), rows=rows, seqs=tuple(seqs)) for key, (seqs, rows) in found.items()]
    order = list(dict.fromkeys(column.dataset for column in columns))
    return sorted(columns, key=lambda column: order.index(column.dataset))
