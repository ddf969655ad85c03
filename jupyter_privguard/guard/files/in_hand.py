"""Which sensitive columns a cell has in its hands: what it used by now, and what its variables hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..._listing import first_of
from ...frames import view
from ...frames.uses import Used
from ...model import Tier
from ..cells.cell import CellRun
from ..cells.lineage import names_run
from ..cells.sources import queries_in
from ..columns.assess import masks_for
from ..columns.datasets import Dataset

if TYPE_CHECKING:
    from ..session import Session

__all__ = ["columns_in_hand"]

_LISTED = 4
_UNKNOWN = "columns that cannot be looked at"


def columns_in_hand(session: Session, run: CellRun) -> str:
    """The labels of columns that the tier of ``run`` does not see in clear, for a sentence; empty if there are none.

    What cannot be looked at could hold anything, and is named so.
    """
    with session.locked():
        try:
            found = list(dict.fromkeys(_hidden(session, run)))
        except Exception:  # noqa: BLE001 - as above
            return _UNKNOWN
    return first_of(found, _LISTED)


def _hidden(session: Session, run: CellRun) -> Iterator[str]:
    session.knowledge.learn()
    tier, names = session.tier_of(run), [*names_run(run.code), *_names_in_queries(run.source)]
    yield from _of_used(session, run.uses.so_far(), tier)
    yield from _of_used(session, session.uses.in_variables(names), tier)
    for table in session.files.tables_read(run, session.knowledge.names.namespace):
        yield from _of_table(session, table, tier)
    for name in names:
        table = session.knowledge.names.namespace.get(name)
        if table is not None and view(table) is not None:
            yield from _of_table(session, table, tier)


def _names_in_queries(source: str) -> Iterator[str]:
    """The words of queries in the code: engines find the program's variables by them."""
    for query in queries_in(source):
        yield from re.findall(r"[^\W\d]\w*", query)


def _of_used(session: Session, tables: Iterable[Used], tier: Tier) -> Iterator[str]:
    for used in tables:
        facts = used.owner
        table = facts.table() if isinstance(facts, Dataset) and facts.table is not None else None
        labels = {str(label) for label in used.labels}
        if table is not None and view(table) is not None:
            yield from (label for label in _of_table(session, table, tier) if label in labels)
        elif isinstance(facts, Dataset) and facts.classification is not None:
            hidden = masks_for(facts.classification, tier, session.policy)
            yield from (session.safe(v.column) or "" for at, v in enumerate(facts.classification) if at in hidden)
        else:  # a query that was not run, or a table that is gone before anybody looked
            for label in labels:
                if session.knowledge.verdict_on_label(label) is not None or table is not None:
                    yield session.safe(label) or ""


def _of_table(session: Session, table: Any, tier: Tier) -> Iterator[str]:
    seen = view(table)
    if seen is None:
        return
    found = session.knowledge.as_written(table, seen, tier)
    for at in sorted(masks_for(found, tier, session.policy)):
        yield session.safe(found[at].column) or ""
