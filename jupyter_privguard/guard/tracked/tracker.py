"""A `tracking.RunWatcher` for one session: what leaves is masked or refused, and every run is in the log."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ...errors import PrivguardError
from ...tracking.algorithms import algorithm_of, is_fitted
from ..cells.cell import CellRun
from ..cells.lineage import names_run
from ..columns.datasets import local_path
from ..session import Session
from .digests import Digests
from .leaving import Leaving
from .run_state import RunState
from .sending import Sending

__all__ = ["RunTracker"]

_ENDED = {"FINISHED": "ok", "FAILED": "error", "KILLED": "interrupted"}
_LONGEST_TAG = 4000


class RunTracker(Sending):
    """Knows the runs of this session. Threads may call it."""

    def __init__(
        self, session: Session, leaving: Leaving, *, picture: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> None:
        """``picture`` is a context: what is drawn in it is masked as for tier public."""
        super().__init__(session, leaving, picture)
        self._digests = Digests(session)
        self._runs: dict[str, RunState] = {}
        session.uses.heard.append(self._cell_ended)

    # --- tracking.RunWatcher: runs --------------------------------------------------------------------

    def marks(self) -> Mapping[str, str]:
        """The tags by which a new run is found in the log."""
        run = self._session.run_of(None)
        marks = {"privguard.session": self._session.id}
        if run is not None:
            marks["privguard.cell"] = run.run_id
        experiment = self._experiment(run)
        return marks | ({"privguard.experiment": experiment} if experiment else {})

    def _experiment(self, run: CellRun | None) -> str | None:
        named = run.options.experiment if run is not None else None
        return self._session.safe(named or self._session.experiment)

    def began(self, run: str, *, server: str, name: str, experiment: str) -> None:
        """A run came into being: an event of its own, so that none is lost with this process."""
        with self._session.locked():
            state = self._known(run, server)
            state.name, state.experiment_id = self._session.safe(name) or "", experiment
            self._start(state, "started")

    def noted(
        self,
        run: str,
        *,
        server: str,
        params: Mapping[str, Any] | None = None,
        metrics: Sequence[tuple[str, Any]] = (),
        tags: Mapping[str, Any] | None = None,
        files: Sequence[str] = (),
    ) -> None:
        """This is about to be sent."""
        safe = self._session.safe
        with self._session.locked():
            new = run not in self._runs
            state = self._known(run, server)
            if new:
                self._start(state, "started")
            state.params |= {name: safe(str(value)) or "" for name, value in (params or {}).items()}
            state.metrics |= {name: safe(str(value)) or "" for name, value in metrics}
            state.tags |= {name: safe(str(value)) or "" for name, value in (tags or {}).items()}
            state.files |= dict.fromkeys(
                safe(one.replace("\\", "/").rstrip("/").rpartition("/")[2]) or "" for one in files
            )
            self._take(state)

    def modelled(self, run: str | None, models: Sequence[Any]) -> None:
        """Models are about to be sent."""
        with self._session.locked():
            state = self._runs.get(run) if run is not None else self._active()
            if state is None:
                self._counted.models += models
            else:
                state.algorithms |= {algorithm_of(one): None for one in models}
                state.is_new = True

    def ending(self, run: str) -> Mapping[str, str]:
        """The tags of its data sets, as far as they are known before its cell has ended."""
        with self._session.locked():
            state, cell = self._runs.get(run), self._session.run_of(None)
            if state is None:
                return {}
            if cell is not None:
                self._use_so_far(state, cell)
            told = [f"{one['name']}={one['digest'] or 'none'}" for one in self._data_sets(state)]
        return {"privguard.datasets": "; ".join(told)[:_LONGEST_TAG]} if told else {}

    def ended(self, run: str, status: str) -> None:
        """It is in the log when its cell has ended, with all that this used; at once where no cell runs."""
        with self._session.locked():
            state = self._runs.get(run)
            if state is None:
                return
            state.status, state.is_new = status, True
            self._take(state)
            if self._session.run_of(None) is None:
                self._end(state)

    @contextmanager
    def sending(self, run: str | None, *, server: str) -> Iterator[None]:
        """What is sent meanwhile may not arrive: then the log says so, and one sentence tells."""
        try:
            yield
        except PrivguardError:
            raise
        except Exception as error:
            with self._session.locked():
                state = self._runs.get(run) if run is not None else None
                if state is not None:
                    state.failed, state.is_new = state.failed + 1, True
                elif run is None:
                    unborn = self._new("", server)
                    self._start(unborn, "error")
            if _is_of_network(error):
                print(
                    f"privguard: the tracking server at {self._address(server)} cannot be reached "
                    f"({type(error).__name__}); what the cell did is in the log: run it again once the server is up.",
                    file=sys.stderr,
                )
            raise

    # --- states ---------------------------------------------------------------------------------------

    def _known(self, run: str, server: str) -> RunState:
        if run not in self._runs:
            self._runs[run] = self._new(run, server)
        return self._runs[run]

    def _new(self, run: str, server: str) -> RunState:
        state, cell = RunState(run, self._address(server)), self._session.run_of(None)
        state.experiment, state.purpose = self._session.experiment, self._session.purpose
        if cell is not None:
            state.ran_in(cell)
        return state

    def _active(self) -> RunState | None:
        """The newest run that has not ended."""
        return next((state for state in reversed(self._runs.values()) if not state.status), None)

    def _take(self, state: RunState | None) -> None:
        """``state`` gets what was cleaned and refused in this thread; the cell that runs is one of its own."""
        if state is None:
            return
        state.cleaned.update(self._counted.now)
        state.refused += self._counted.refused
        state.algorithms |= {algorithm_of(one): None for one in self._counted.models}
        self._counted.forget()
        state.is_new = True
        if (cell := self._session.run_of(None)) is not None:
            state.ran_in(cell)

    def _address(self, server: str) -> str:
        """Where the store is, without a name and password in it."""
        parts = urlsplit(server)
        host = parts.netloc.rpartition("@")[2]
        return self._session.safe(urlunsplit(parts._replace(netloc=host, query="")) if parts.netloc else server) or ""

    # --- the log --------------------------------------------------------------------------------------

    def _start(self, state: RunState, outcome: str) -> None:
        self._take(state)
        names = ("run_id", "run_name", "server", "tracking_experiment", "experiment", "purpose", "cells", "refused")
        fields = state.fields([])
        self._session.record("run.start", outcome, **{name: self._safe(fields[name]) for name in names})

    def _safe(self, value: Any) -> Any:
        return self._session.safe(value) if isinstance(value, str) else value

    def _end(self, state: RunState, outcome: str | None = None) -> None:
        fields = state.fields(self._data_sets(state))
        fields |= {name: self._safe(fields[name]) for name in ("experiment", "purpose")}
        self._session.record("run.end", outcome or _ENDED.get(state.status, "error"), **fields)
        state.is_new = False

    def _data_sets(self, state: RunState) -> list[dict[str, Any]]:
        safe = self._session.safe
        return [
            {
                "name": safe(name),
                "source": safe(source),
                "columns": [safe(label) for label in columns],
                "rows": rows,
                "how": sorted(how),
                "digest": self._digests.of(name, source),
            }
            for name, (source, columns, rows, how) in state.touched.items()
            if not _was_temporary(source)
        ]

    def _use_so_far(self, state: RunState, cell: CellRun) -> None:
        """What ``cell``, which still runs, has used by now."""
        for used in cell.uses.so_far():
            name = self._session.uses.name_of(used.owner) if hasattr(used.owner, "known_source") else None
            if name is not None:
                source, columns, rows, how = state.touched.get(name, (None, {}, 0, set()))
                columns = columns | dict.fromkeys(str(label) for label in used.labels if label is not None)
                source = source or used.owner.known_source
                state.touched[name] = (source, columns, max(rows, used.rows), how | {"computed"})

    def _cell_ended(self, run: CellRun) -> None:
        """A cell has ended, and what it used is known."""
        self._digests.note(run)
        for state in list(self._runs.values()):
            is_own = run.run_id in state.cells
            if not is_own and state.status:
                continue
            if not is_own and run.touched:
                state.ran_in(run)
            state.used(run.touched.values())
            self._know_models(state, run)
            if state.status and state.is_new:
                self._end(state)
        self._counted.forget()

    def _know_models(self, state: RunState, run: CellRun) -> None:
        """Without a model that was logged, those that the cell's code names."""
        if state.algorithms:
            return
        space = self._session.knowledge.names.namespace
        named = (space.get(name) for name in dict.fromkeys(names_run(run.code)))
        state.algorithms |= {algorithm_of(one): None for one in named if one is not None and is_fitted(one)}

    def close(self) -> None:
        """The guard lets go: runs that go on are told of as they are now."""
        with self._session.locked():
            for state in self._runs.values():
                if state.is_new or not state.status:
                    self._end(state, None if state.status else "interrupted")
            self._runs.clear()
            if self._cell_ended in self._session.uses.heard:
                self._session.uses.heard.remove(self._cell_ended)


def _was_temporary(source: str | None) -> bool:
    """Whether it is a file that a library wrote for itself, read, and took away again."""
    path = local_path(source) if source else None
    if path is None or not os.path.isabs(path):  # noqa: PTH117 - a text that may be no path
        return False
    return path.startswith(tempfile.gettempdir() + os.sep) and not os.path.lexists(path)


def _is_of_network(error: BaseException) -> bool:
    """Whether it, or what it came of, is an error of a connection or a disk."""
    seen: BaseException | None = error
    for _ in range(20):
        if seen is None:
            return False
        if isinstance(seen, OSError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
