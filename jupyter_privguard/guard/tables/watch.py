"""What happens to tables while cells run, told to the session: its eyes in the DataFrame library."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any

from ..._listing import first_of
from ...frames import explicit_view, styled_frame, view
from ...model import Decision
from ..cells.cell import DataRead
from ..cells.lineage import labels_said
from ..columns.assess import column_names, masks_for
from ..columns.column_masks import mask_at
from ..columns.datasets import name_of_source
from ..files.named_files import files_at
from .copying import explained_by_rows

if TYPE_CHECKING:
    from ...frames import FrameView
    from ...frames.watch import Exact
    from ...model import Tier
    from ..cells.cell import CellRun
    from ..cells.minimise import Minimised
    from ..session import Session

__all__ = ["TableWatcher"]

_LISTED = 8
"""Columns that a refusal names."""
_WHERE = {"file": "a file", "table": "a database", "clipboard": "the clipboard"}


class TableWatcher:
    """A `frames.watch.Watcher` that tells ``session``. Threads may call it at the same time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def reading(self, source: str) -> None:
        """Refused where the policy does not let the running cell use what ``source`` says."""
        if self._session.files.is_reading:
            return
        with self._session.locked():
            self._session.admission.check_reading(source)
        self._session.files.expect(source)

    def writing(self, obj: Any, target: str, kind: str, *, labels: Sequence[Hashable] | None = None) -> None:
        """Refused where the policy refuses files, and the table holds what the cell's tier may not see."""
        session = self._session
        with session.locked():
            if (minimised := self._minimised()) is not None:
                minimised.check_table(obj)
        if not session.policy.refuses_files:
            return
        with session.locked():
            table, run = obj if (styled := styled_frame(obj)) is None else styled, session.run_of(None)
            tier = session.tier_of(run)
            try:
                columns = self._sensitive(table, tier, labels)
            except Exception:  # noqa: BLE001 - what cannot be looked at could hold anything
                columns = ["columns that cannot be looked at"]
            if columns:
                sentence = (
                    f"privguard: the policy refuses to let {first_of(columns, _LISTED)} be written to {_WHERE[kind]}; "
                    f'write a masked copy, jupyter_privguard.mask(df, tier="{tier.label}"), or leave these columns out.'
                )
                session.admission.check(run, Decision(allowed=False, rule="files", reason=sentence))

    def writing_unseen(self, target: str) -> None:
        """Refused where the policy refuses files, and the cell has sensitive data in its hands."""
        self._session.sinks.check_unseen()

    def queried(self, source: str, columns: Callable[[list[str]], list[str]]) -> Any:
        """A query has read a file; it is a data set of the cell's. The owner of its columns."""
        session = self._session
        with session.locked():
            run, labels = session.run_of(None), session.files.labels_of(source)
            if run is None or labels is None:
                return None
            used = columns(labels)
            if run.minimised is not None:
                run.minimised.check_labels(used)
            name = name_of_source(source)
            run.touch(name, how="loaded", columns=used, rows=0, source=source)
            return session.uses.stored(DataRead(name, source, labels))

    def scanned(self, source: str) -> None:
        """Files were opened to be read in parts: of which columns the cell's code tells, all if it names none."""
        session = self._session
        with session.locked():
            run = session.run_of(None)
            for path in files_at(source) if run is not None else ():
                labels = session.files.labels_of(path)
                if run is None or labels is None:
                    continue
                used = labels_said(run.code, labels)
                if run.minimised is not None:
                    run.minimised.check_labels(used)
                run.touch(name_of_source(path), how="loaded", columns=used, rows=0, source=path)

    def stored(self, table: str, source: str, labels: list[str]) -> Any:
        """What the log calls a table that a database keeps."""
        with self._session.locked():
            return self._session.uses.stored(DataRead(table, source, labels))

    def passed(self, obj: Any, source: str | None) -> Any:
        """``obj``, or what the cell gets of it where it has declared its columns."""
        session = self._session
        if session.files.is_reading:
            return obj
        with session.locked():
            minimised = self._minimised()
            return obj if minimised is None else minimised.cut(obj, source or "")

    def _minimised(self) -> Minimised | None:
        run = self._session.run_of(None)
        return run.minimised if run is not None else None

    def _sensitive(self, table: Any, tier: Tier, labels: Sequence[Hashable] | None) -> list[str]:
        """What of a table ``tier`` does not see in clear, by label; nothing of a copy that was masked for it.

        Of its columns those called ``labels``, None for all.

        Columns, rows of a table on its side, and labels that are values themselves.
        """
        session = self._session
        session.knowledge.learn()
        seen = view(table)
        if seen is None and (seen := explicit_view(table)) is None:  # a query's rows are read only here
            return []
        found = session.knowledge.as_written(table, seen, tier)
        levels, rows = session.knowledge.verdicts_of_heads(seen), session.knowledge.verdicts_of_rows(table, seen)
        found = explained_by_rows(found) if rows else found
        hidden = [found[at].column for at in sorted(masks_for(found, tier, session.policy))]
        if labels is not None and (chosen := set(map(str, labels))) <= {one.column for one in found}:
            hidden = [label for label in hidden if label in chosen]
        hidden += [one.column for one in (*levels.values(), *rows.values()) if mask_at(one, tier, None) is not None]
        listed = [session.safe(label) or "" for label in dict.fromkeys(hidden)]
        return listed if self._are_harmless(seen) else [*listed, "labels that hold values"]

    def _are_harmless(self, seen: FrameView) -> bool:
        return all(self._session.safe(text) == text for text in column_names(seen)[: seen.width])

    def loaded(self, obj: Any, source: str | None) -> None:
        """A table came into being; a cell that reads one has loaded it, whether or not it keeps it."""
        self._loaded(obj, source, is_cut=True)

    def _loaded(self, obj: Any, source: str | None, *, is_cut: bool) -> None:
        session = self._session
        if session.files.is_reading:
            return
        session.files.expect(None)
        with session.locked():
            session.knowledge.loaded(obj, source)
            if is_cut and (minimised := self._minimised()) is not None:
                minimised.made(session.knowledge.facts(obj))
            run, seen = session.run_of(None), view(obj)
            if source and run is not None and seen is not None:
                if self._queried_from(run, obj, source, seen):
                    session.knowledge.facts(obj).is_told = True
                    return
                name = session.knowledge.facts(obj).name or name_of_source(source)
                run.touch(name, how="loaded", columns=column_names(seen), rows=seen.rows, source=source)

    def _queried_from(self, run: CellRun, obj: Any, source: str, seen: FrameView) -> bool:
        """Whether a database has told of the tables that ``obj`` comes from, which is known then."""
        session, labels = self._session, column_names(seen)[: seen.width]
        columns = session.sinks.databases.columns_of(run, source, labels)
        if not columns:
            return False
        session.uses.made_from(obj, labels, seen.rows, columns)
        for one in session.uses.origins_of(obj) or ():
            one.touch(run, "loaded", seen.rows)
        return True

    def piece(self, obj: Any, source: str) -> None:
        """A piece of ``source`` was read; the cell uses of that what it uses of its pieces."""
        session, seen = self._session, view(obj)
        if seen is None or session.files.is_reading:
            return
        with session.locked():
            if (run := session.run_of(None)) is not None and not self._queried_from(run, obj, source, seen):
                read = DataRead(name_of_source(source), source, column_names(seen), seen.rows)
                session.uses.piece(obj, read)
                run.touch(read.name, how="loaded", columns=read.columns, rows=seen.rows, source=source or None)

    def unpickled(self, obj: Any) -> None:
        """A table was loaded from the file of pickled objects that its thread has opened, if it has any."""
        if (source := self._session.files.unpickled_from()) is not None:
            self._loaded(obj, source, is_cut=False)

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
            self._session.remembered.table(obj, text, render, whole=whole)

    def written(self, obj: Any, target: str, kind: str, *, labels: Sequence[Hashable] | None = None) -> None:
        """A table, or the one that a Styler styles, was written to ``target``."""
        session = self._session
        with session.locked():
            table = obj if (styled := styled_frame(obj)) is None else styled
            session.knowledge.guesses.files.wrote(target, kind)
            run, seen = session.run_of(None), view(table)
            if run is None:
                return
            run.sink(kind, target, place=os.path.realpath(target) if kind == "file" else None)
            if seen is None:
                return
            session.knowledge.classification(table, seen)  # a part of a table learns what it is a part of
            if (origins := session.uses.origins_of(table, labels)) is not None:
                for one in origins:
                    one.touch(run, "exported", seen.rows)
                return
            facts = session.knowledge.facts(table)
            columns = column_names(seen) if labels is None else list(map(str, labels))
            variable = session.knowledge.variable_of(table)
            origin = facts.origin.name if facts.origin is not None else None
            if facts.name is None and variable is None and (near := facts.known_as or origin) is not None:
                run.guess(near, facts.known_source, "exported", columns=columns, rows=seen.rows)
                return
            name = facts.known_as or variable or name_of_source(target)
            run.touch(name, how="exported", columns=columns, rows=seen.rows, source=facts.known_source)
