"""Parts of the report as CSV (RFC 4180), whole where the page cuts them; nothing in it runs in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..frames.spreadsheet import defused_csv
from .context import Context
from .entries import Entry

__all__ = ["csv_files"]

_ENTRY = ("point", "asks", "log_tells", "to_be_filled_in", "source", "events")


def csv_files(context: Context) -> dict[str, str]:
    """File name → text, with CR LF at the end of each row.

    ``article-30.csv`` and ``dpia-inputs.csv`` have one row for each point; ``data-inventory.csv`` one for each column
    that was loaded, ``access-history.csv`` one for each person and column. Lists in a cell are set apart by ``; ``.
    """
    from .sections.article30 import article30_rows
    from .sections.dpia import dpia_rows

    return {
        "article-30.csv": defused_csv(_ENTRY, map(_entry, article30_rows(context))),
        "dpia-inputs.csv": defused_csv(_ENTRY, map(_entry, dpia_rows(context))),
        "data-inventory.csv": _inventory(context),
        "access-history.csv": _accesses(context),
    }


def _entry(entry: Entry) -> Sequence[object]:
    return entry.id, entry.asks, "; ".join(entry.tells), entry.fill_in, entry.source, _numbers(entry.seqs)


def _inventory(context: Context) -> str:
    from .sections.inventory import loaded_columns

    header = ("dataset", "source", "column", "entity", "class", "confidence_percent", "evidence")
    rows = (
        (
            *(one.dataset, one.source, one.label, one.entity, one.data_class, one.confidence),
            "; ".join(one.evidence),
            *(one.masks or ("", "", "")),
            _numbers(one.seqs),
        )
        for one in loaded_columns(context)
    )
    return defused_csv((*header, "public", "internal", "compliance", "events"), rows)


def _accesses(context: Context) -> str:
    header = ("account", "dataset", "column", "entity", "class", "seen", "used", "tiers", "most_rows", "first", "last")
    rows = (
        (
            *(one.person, one.dataset, one.column, one.entity, one.data_class),
            "; ".join(f"{mask} {times}" for mask, times in one.seen.items()),
            "; ".join(f"{how} {times}" for how, times in one.used.items()),
            "; ".join(one.tiers),
            *(one.rows, one.first, one.last, len(one.seqs), one.by_self),
            _numbers(one.seqs),
        )
        for one in context.accesses
    )
    return defused_csv((*header, "cells", "cells_by_self", "events"), rows)


def _numbers(seqs: Iterable[int]) -> str:
    # With the mark that pages have too: bare numbers in a row read like those of cards and telephones.
    return " ".join(f"#{seq}" for seq in seqs)
