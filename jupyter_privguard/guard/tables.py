"""What happens to tables while cells run, told to the session: its eyes in the DataFrame library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..frames import styled_frame, view
from ..frames.watch import Exact
from .assess import column_names
from .datasets import name_of_source
from .session import Session

__all__ = ["TableWatcher"]


class TableWatcher:
    """A `frames.watch.Watcher` that tells ``session``. Threads may call it at the same time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def loaded(self, obj: Any, source: str | None) -> None:
        """A table came into being; a cell that reads one has loaded it, whether or not it keeps it."""
        session = self._session
        with session.locked():
            session.knowledge.loaded(obj, source)
            run, seen = session.run_of(None), view(obj)
            if source and run is not None and seen is not None:
                name = session.knowledge.facts(obj).name or name_of_source(source)
                run.touch(name, how="loaded", columns=column_names(seen), rows=seen.rows, source=source)

    def aggregated(self, obj: Any, source: Any, exact: Exact) -> None:
        """A table of statistics came into being."""
        with self._session.locked():
            self._session.knowledge.aggregated(obj, source, exact)

    def derived(self, obj: Any, source: Any) -> None:
        """A table came out of another one by rounding, sorting, selecting."""
        with self._session.locked():
            self._session.knowledge.derived(obj, source)

    def rendered(self, obj: Any, text: str, render: Callable[[Any], str], *, whole: bool) -> None:
        """A table became text."""
        with self._session.locked():
            self._session.remember_rendering(obj, text, render, whole=whole)

    def written(self, obj: Any, target: str, kind: str) -> None:
        """A table, or the one that a Styler styles, was written to ``target``."""
        session = self._session
        with session.locked():
            table = obj if (styled := styled_frame(obj)) is None else styled
            session.knowledge.guesses.files.wrote(target, kind)
            run, seen = session.run_of(None), view(table)
            if run is None or seen is None:
                return
            run.sinks.append({"kind": kind, "target": target})
            session.knowledge.classification(table, seen)  # a part of a table learns what it is a part of
            facts = session.knowledge.facts(table)
            origin = facts.origin.name if facts.origin is not None else None
            run.touch(
                facts.known_as or session.knowledge.variable_of(table) or origin or name_of_source(target),
                how="exported",
                columns=column_names(seen),
                rows=seen.rows,
                source=facts.known_source,
            )
