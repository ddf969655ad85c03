"""What is done when a cell ends, before its one ``cell.run`` is written."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...errors import StateError
from . import records
from .cell import CellRun

if TYPE_CHECKING:
    from ..session import Session

__all__ = ["end_uses", "ending"]

_MANY_GUESSES = 1000
"""Values typed in rather than loaded: so many handles of them may be somebody's attempt to learn whose is which."""


def end_uses(session: Session, run: CellRun, outer: CellRun | None, outcome: str) -> None:
    """What ``run`` used of tables, and read otherwise, is known for its record; ``outer`` is the cell that ran it."""
    if run.minimised is not None:
        run.minimised.end(run)
    session.sinks.look_for_files(run)
    session.files.note(run, session.knowledge.names.namespace)
    read = (*session.files.read_by(run), *session.sinks.databases.read_by(run))
    session.uses.end(run, outer, read, outcome=outcome)


def ending(session: Session, run: CellRun) -> dict[str, Any]:
    """What ``cell.run`` says beyond the outcome, once everything else that the cell did is recorded."""
    session.knowledge.learn()
    session.classes.note_applied()
    new = records.note_tables(run, session.knowledge)
    fields = (one for obj, seen in new for one in records.dataset_fields(run, obj, seen, session))
    session.record_many("data.load", [{"outcome": "ok", **one} for one in fields])
    for hear in list(session.uses.heard):
        hear(run)
    _keep_handles(session)
    return records.end_fields(run, session.safe, session.keyring.source_hmac, session.policy)


def _keep_handles(session: Session) -> None:
    """Write what the shown handles stand for; that they cannot be looked up later stops no cell."""
    vault = session.keyring.vault
    if vault is None:
        return
    if guesses := session.knowledge.guesses.take(_MANY_GUESSES):
        _alert(session, guesses)
    try:
        vault.flush()
    except StateError as error:
        print(f"{error} Handles shown since then cannot be looked up.", file=sys.stderr)


def _alert(session: Session, guesses: Mapping[str, int]) -> None:
    count = sum(guesses.values())
    session.record(
        "alert", about="handles of values that come from no known data set", values=count, domains=dict(guesses)
    )
    print(
        f"privguard: {count} values that stand in nothing this session has read got handles, which is in the log "
        "as an alert; load them from where they are kept, not by hand.",
        file=sys.stderr,
    )
