"""The guard of one process: decides, masks and records for every cell, whatever the surface.

No Jupyter in here. A surface opens a run before a cell's body, asks `show` and `clean` about what
leaves, and closes the run exactly once. Threads share one session, so every method takes its lock.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..audit.event import event
from ..audit.log import AuditLog
from ..errors import PrivguardError
from ..frames import FrameView, view
from ..frames.watch import Exact
from ..keys.keyring import KeyRing
from ..model import Principal, Request, Tier
from ..policy.decide import decide
from ..policy.rules import Policy
from . import records
from .cell import CellOptions, CellRun, Rendering
from .datasets import name_of_source
from .experiments import ClosedExperiments
from .knowledge import Knowledge
from .text import TextMasker

if TYPE_CHECKING:
    from .show import Shown

__all__ = ["Session"]

_REMEMBERED_RUNS = 200
_RENDERINGS = 20
_SHORTEST_LINE = 8
"""Characters of a table's line that is looked for on its own."""


class Session:
    """Everything between a cell and the outside world."""

    def __init__(
        self,
        *,
        policy: Policy,
        keyring: KeyRing,
        log: AuditLog,
        closed: ClosedExperiments,
        principal: Principal,
        kernel: str | None = None,
        notebook: str | None = None,
    ) -> None:
        self.id = secrets.token_hex(8)
        self.policy = policy
        self.principal = principal
        self.kernel = kernel
        self.notebook = notebook
        self.purpose: str | None = None
        self.experiment: str | None = None
        self.knowledge = Knowledge(policy)
        self.broken = ""
        """Why no further cell may run: the log failed while a cell was being closed."""
        self._keyring = keyring
        self._log = log
        self._closed = closed
        self._text = TextMasker(policy, keyring)
        self._lock = threading.RLock()
        self._runs: OrderedDict[str, CellRun] = OrderedDict()
        self._open: list[CellRun] = []
        self._rendering = threading.local()

    # --- cells ----------------------------------------------------------------------------------

    def record(self, action: str, outcome: str = "ok", **fields: Any) -> dict[str, Any]:
        """Append one event; LogUnavailable if it cannot be made durable."""
        return self._log.append(self._event(action, outcome, **fields))

    def _event(self, action: str, outcome: str, **fields: Any) -> dict[str, Any]:
        return event(
            action,
            principal=self.principal,
            session=self.id,
            outcome=outcome,
            policy_sha256=self.policy.sha256,
            kernel=self.kernel,
            notebook=self.notebook,
            **fields,
        )

    def open_run(
        self,
        key: str,
        options: CellOptions,
        source: str,
        *,
        execution_count: int,
        cell_id: str | None,
        problem: str = "",
    ) -> CellRun:
        """Log ``cell.start`` and decide; the body of a run with ``refused`` set must not run.

        ``key`` is the surface's name for this run; ``problem`` a mistake in the cell's header.
        """
        with self._lock:
            options = CellOptions(
                options.tier, options.purpose or self.purpose, options.experiment or self.experiment, options.reason
            )
            run = CellRun(key, options, source, execution_count, cell_id)
            for ended in self._runs.values():
                if ended not in self._open:
                    ended.renderings.clear()
            try:
                run.refused = self.broken or problem or self._refusal(options)
                start = self._event("cell.start", "started", **records.start_fields(run, self.safe))
                run.run_id = self._log.start_run(start)
            except PrivguardError as error:
                run.refused = f"{error} This cell did not run."
            self._runs[key] = run
            self._open.append(run)
            while len(self._runs) > _REMEMBERED_RUNS:
                self._runs.popitem(last=False)
            return run

    def _refusal(self, options: CellOptions) -> str:
        if options.experiment is not None:
            if self.safe(options.experiment) != options.experiment:
                return "privguard: the experiment's name looks like somebody's data; give it another one."
            if options.experiment in self._closed.names():
                return f"privguard: experiment {options.experiment} is closed, its record final; name another one."
        request = Request(
            principal=self.principal,
            action="run",
            tier=options.tier,
            purpose=options.purpose,
            experiment=options.experiment,
            reason=options.reason,
        )
        answer = decide(request, self.policy)
        return "" if answer.allowed else answer.reason

    def close_run(self, key: str, outcome: str) -> None:
        """Log the one ``cell.run`` of the newest open run ``key``; nothing if there is none."""
        with self._lock:
            run = next((r for r in reversed(self._open) if r.key == key), None)
            if run is None:
                return
            self._open.remove(run)
            if not run.run_id:
                return
            try:
                self.knowledge.learn()
                for obj, seen in records.note_tables(run, self.knowledge):
                    self.record("data.load", **records.dataset_fields(run, obj, seen, self.knowledge, self.safe))
                fields = records.end_fields(run, self.safe, self._keyring.source_hmac)
                self._log.end_run(run.run_id, self._event("cell.run", "refused" if run.refused else outcome, **fields))
            except Exception as error:  # noqa: BLE001 - whatever it was, an unrecorded cell must be the last
                self.broken = (
                    f"privguard: the end of cell [{run.execution_count}] could not be logged "
                    f"({type(error).__name__}), so no further cell runs; mend the log and restart the kernel."
                )

    def run_of(self, key: str | None) -> CellRun | None:
        """The run ``key``, open or lately closed; without a key the newest open one."""
        if key is not None:
            return self._runs.get(key)
        return self._open[-1] if self._open else None

    def open_runs(self) -> list[str]:
        """Keys of the runs that have not been closed, oldest first."""
        return [run.key for run in self._open]

    # --- what leaves ----------------------------------------------------------------------------

    def show(self, obj: Any, run: CellRun | None, *, whole: bool = False) -> Shown | None:
        """A safe copy of the table ``obj`` to render in its place; None if it is no table.

        ``whole`` for renderers that show all rows. Render the copy inside `rendering`.
        """
        seen = view(obj)
        if seen is None:
            return None
        with self._lock:
            self.knowledge.learn()
            shown = self._masked_copy(obj, seen, run, whole=whole)
            if run is not None:
                classification = self.knowledge.classification(obj, seen)
                records.note_shown(run, obj, seen, classification, shown, self.knowledge, self.safe)
            return shown

    def _masked_copy(self, obj: Any, seen: FrameView, run: CellRun | None, *, whole: bool = False) -> Shown:
        from .show import show_table  # not needed before the first table

        return show_table(
            seen,
            self.knowledge.classification(obj, seen),
            tier=_tier(run),
            policy=self.policy,
            keyring=self._keyring,
            exact=self.knowledge.facts(obj).exact,
            rows=self.knowledge.verdicts_of_rows(obj, seen),
            whole=whole,
            find_spans=self._text.finder(self.knowledge.values),
        )

    @contextmanager
    def rendering(self) -> Iterator[None]:
        """While this thread renders a masked copy, its text is not taken for a raw one."""
        self._rendering.on = True
        try:
            yield
        finally:
            self._rendering.on = False

    def clean(self, text: str, run: CellRun | None) -> str:
        """``text`` without what ``run``'s tier may not see; the same object if nothing is in it."""
        if not text or text.isspace():
            return text
        with self._lock:
            self.knowledge.learn()
            text = self.with_renderings(text, run)
            answer = self._text.mask(text, _tier(run), self.knowledge.values)
            if run is not None:
                run.masked.update(answer.masked)
            return answer.text

    def with_renderings(self, text: str, run: CellRun | None) -> str:
        """``text`` with whole tables in it replaced by their masked renderings, which keep alignment.

        For streams, before they are cut into pieces; `clean` does it too.
        """
        return _with_renderings(text, run) if run is not None and run.renderings else text

    def may_go_on(self, tail: str) -> bool:
        """Whether the end of a stream's text could be the beginning of a known value."""
        with self._lock:
            return self.knowledge.values.may_begin(tail)

    def safe(self, text: str | None) -> str | None:
        """``text`` as it may stand in the log or in a message; always valid Unicode."""
        if text:
            text = text.encode("utf-8", "replace").decode()  # paths may hold bytes that are no text
        return self._text.mask(text, Tier.PUBLIC, self.knowledge.values).text if text else text

    # --- what a watcher of tables reports (frames.watch.Watcher); never raises --------------------

    def loaded(self, obj: Any, source: str | None) -> None:
        """A table came into being."""
        with self._lock:
            self.knowledge.loaded(obj, source)

    def aggregated(self, obj: Any, source: Any, exact: Exact) -> None:
        """A table of statistics came into being."""
        with self._lock:
            self.knowledge.aggregated(obj, source, exact)

    def derived(self, obj: Any, source: Any) -> None:
        """A table came out of another one by rounding, sorting, selecting."""
        with self._lock:
            self.knowledge.derived(obj, source)

    def rendered(self, obj: Any, text: str, render: Callable[[Any], str], *, whole: bool) -> None:
        """A table became text: remember how to render it masked, for the case that the text is shown."""
        if getattr(self._rendering, "on", False):
            return
        with self._lock:
            run = self.run_of(None)
            if run is None:
                self.knowledge.loaded(obj, None)
                return
            run.renderings.append(Rendering(text, lambda: self._render_masked(obj, text, render, run, whole=whole)))
            del run.renderings[:-_RENDERINGS]

    def _render_masked(self, obj: Any, text: str, render: Callable[[Any], str], run: CellRun, *, whole: bool) -> str:
        seen = view(obj)
        if seen is None:
            return text
        try:
            with self.rendering():
                shown = self._masked_copy(obj, seen, run, whole=whole)
                return shown.fix(render(shown.native)) if shown.changed else text
        except Exception as error:  # noqa: BLE001 - a surface: what cannot be masked is withheld
            return f"privguard: a table could not be masked and is withheld ({type(error).__name__})"

    def written(self, obj: Any, target: str) -> None:
        """A table was written to the file ``target``."""
        with self._lock:
            run, seen = self.run_of(None), view(obj)
            if run is None or seen is None:
                return
            run.sinks.append({"kind": "file", "target": target})
            facts = self.knowledge.facts(obj)
            run.touch(
                facts.known_as or self.knowledge.variable_of(obj) or name_of_source(target),
                how="exported",
                columns=[str(label) for label in seen.labels],
                rows=seen.rows,
                source=facts.source,
            )

    # --- end ------------------------------------------------------------------------------------

    def watch_namespace(self, namespace: Mapping[str, Any]) -> None:
        """Tables among the user's variables are known before any text leaves."""
        self.knowledge.watch(namespace)

    def close_runs(self, outcome: str) -> None:
        """Close every run that is still open, newest first."""
        with self._lock:
            for key in reversed(self.open_runs()):
                self.close_run(key, outcome)

    def close(self) -> None:
        """Let go of the log."""
        with self._lock:
            self.close_runs("interrupted")
            self._log.close()


def _tier(run: CellRun | None) -> Tier:
    """What an output of ``run`` may show; outputs of no cell, or of a refused one, get the least."""
    return run.options.tier if run is not None and not run.refused else Tier.PUBLIC


def _with_renderings(text: str, run: CellRun) -> str:
    """Whole tables in ``text`` replaced by their masked renderings, then single lines of them."""
    for rendering in reversed(run.renderings):
        if rendering.raw and rendering.raw in text:
            text = text.replace(rendering.raw, rendering.masked)
            continue
        lines = [line.strip() for line in rendering.raw.splitlines()]
        if not any(len(line) >= _SHORTEST_LINE and line in text for line in lines):
            continue
        masked = [line.strip() for line in rendering.masked.splitlines()]
        if len(lines) == len(masked):
            for before, after in zip(lines, masked, strict=True):
                if before != after and len(before) >= _SHORTEST_LINE:
                    text = text.replace(before, after)
    return text
