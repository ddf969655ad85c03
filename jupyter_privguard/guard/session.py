"""The guard of one process: decides, masks and records for every cell, whatever the surface.

No Jupyter in here. A surface opens a run before a cell's body, asks `show` and `clean` about what
leaves, and closes the run exactly once. Threads share one session, so every method takes its lock.
"""

from __future__ import annotations

import functools
import os
import secrets
import sys
import threading
import weakref
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from ..audit.event import event
from ..audit.log import AuditLog
from ..errors import KeyStoreError, PrivguardError, StateError
from ..frames import styled_frame, view
from ..keys.keyring import KeyRing
from ..model import Principal, Request, Tier
from ..policy.decide import decide
from ..policy.rules import Policy
from . import records
from .cell import CellOptions, CellRun
from .changes import ClassChanges
from .deciding import Deciding
from .experiments import ClosedExperiments
from .knowledge import Knowledge
from .overrides import Names, Overrides, label_digests
from .pins import DomainPins
from .released import ReleasingMasker
from .renderings import Rendering
from .runs import Runs
from .saved_overrides import SavedOverrides
from .shower import TableShower
from .table_texts import TableTexts
from .text import TextMasker

if TYPE_CHECKING:
    from .show import Shown

__all__ = ["Session"]

_MANY_GUESSES = 1000
"""Values typed in rather than loaded: so many handles of them may be somebody's attempt to learn whose is which."""


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
        saved: SavedOverrides | None = None,
        pins: DomainPins | None = None,
    ) -> None:
        """StateError if the ``saved`` overrides cannot be read: what they hide must not be shown."""
        self.id = secrets.token_hex(8)
        self.policy = policy
        self.principal = principal
        self.kernel = kernel
        self.notebook = notebook
        self.purpose: str | None = None
        self.experiment: str | None = None
        names = Names(lambda text: self.safe(text) or "", functools.partial(label_digests, keyring))
        self._text = TextMasker(policy, keyring)
        """For the log and messages, where a value stays masked whatever a person has said of its column."""
        stored = saved.read() if saved is not None else []
        self.overrides = Overrides(names, notebook=notebook, saved=stored)
        deciding = Deciding(policy, principal, self.overrides)
        self.knowledge = Knowledge(policy, deciding, pins=pins)
        self.classes = ClassChanges(self, deciding, saved)
        """What people say that columns hold."""
        self.is_closed = False
        """Whether it has let go of the log."""
        self.broken = ""
        """Why no further cell may run: the log failed while a cell was being closed."""
        self._keyring = keyring
        self._log = log
        self._closed = closed
        self._leaving = ReleasingMasker(policy, keyring, self.knowledge.released)
        """For a cell's outputs, where what stands in a lowered column may be shown."""
        self._lock = threading.RLock()
        self._runs = Runs()
        self._texts = TableTexts()
        self._shower = TableShower(policy, keyring, self.knowledge, self._text)
        _renew_lock_in_children(weakref.ref(self))

    @property
    def keyring(self) -> KeyRing:
        """The keys of this session, with the vault of what it gave out."""
        return self._keyring

    def follow_keys(self) -> None:
        """Use the keys as they are kept by now: what a shell renewed or destroyed is so here as well.

        KeyStoreError when they cannot be used any more; then nothing may be shown or run.
        """
        with self._lock:
            if self._keyring.refresh():
                self.overrides.forget_digests()

    # --- cells ----------------------------------------------------------------------------------

    def record(self, action: str, outcome: str = "ok", **fields: Any) -> dict[str, Any]:
        """Append one event; LogUnavailable if it cannot be made durable."""
        with self._lock:
            return self._log.append(self._event(action, outcome, **fields))

    def _event(self, action: str, outcome: str, *, principal: Principal | None = None, **fields: Any) -> dict[str, Any]:
        return event(
            action,
            principal=principal or self.principal,
            session=self.id,
            outcome=outcome,
            policy_sha256=self.policy.sha256,
            kernel=self.kernel,
            notebook=self.safe(self.notebook),
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
            try:
                self.follow_keys()
                self._texts.settle(self.open_runs())
                run.refused = self.broken or problem or self._refusal(options)
                start = self._event("cell.start", "started", **records.start_fields(run, self.safe))
                run.run_id = self._log.start_run(start)
            except PrivguardError as error:
                run.refused = f"{error} This cell did not run."
            self._runs.begin(run)
            return run

    def _refusal(self, options: CellOptions) -> str:
        if options.experiment is not None and (problem := self.problem_of_experiment(options.experiment)):
            return f"{problem} %privguard experiment NAME sets it for the notebook, --off ends it."
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

    def problem_of_experiment(self, name: str) -> str:
        """Why no cell can belong to the experiment ``name``; empty if one can."""
        if self.safe(name) != name:
            return "privguard: the experiment's name looks like somebody's data; give it another one."
        if name in self._closed.names():
            return f"privguard: experiment {name} is closed, its record final; name another one."
        return ""

    def close_run(self, key: str, outcome: str) -> None:
        """Log the one ``cell.run`` of the newest open run ``key``; nothing if there is none."""
        with self._lock:
            run = self._runs.end(key)
            if run is None or not run.run_id:
                return
            try:
                self.knowledge.learn()
                self.classes.note_applied()
                for obj, seen in records.note_tables(run, self.knowledge):
                    self.record("data.load", **records.dataset_fields(run, obj, seen, self.knowledge, self.safe))
                self._keep_handles()
                fields = records.end_fields(run, self.safe, self._keyring.source_hmac)
                self._log.end_run(run.run_id, self._event("cell.run", "refused" if run.refused else outcome, **fields))
            except Exception as error:  # noqa: BLE001 - whatever it was, an unrecorded cell must be the last
                self.broken = (
                    f"privguard: the end of cell [{run.execution_count}] could not be logged "
                    f"({type(error).__name__}), so no further cell runs; mend the log and restart the kernel."
                )

    def _keep_handles(self) -> None:
        """Write what the shown handles stand for; that they cannot be looked up later stops no cell."""
        vault = self._keyring.vault
        if vault is None:
            return
        if guesses := self.knowledge.guesses.take(_MANY_GUESSES):
            self._alert(guesses)
        try:
            vault.flush()
        except StateError as error:
            print(f"{error} Handles shown since then cannot be looked up.", file=sys.stderr)

    def _alert(self, guesses: Mapping[str, int]) -> None:
        count = sum(guesses.values())
        self.record(
            "alert", about="handles of values that come from no known data set", values=count, domains=dict(guesses)
        )
        print(
            f"privguard: {count} values that stand in nothing this session has read got handles, which is in the log "
            "as an alert; load them from where they are kept, not by hand.",
            file=sys.stderr,
        )

    def run_of(self, key: str | None) -> CellRun | None:
        """The run ``key``, open or lately closed; without a key the newest open one."""
        with self._lock:
            return self._runs.newest() if key is None else self._runs.of(key)

    def open_runs(self) -> list[str]:
        """Keys of the runs that have not been closed, oldest first."""
        with self._lock:
            return self._runs.open_keys()

    # --- what leaves ----------------------------------------------------------------------------

    def show(self, obj: Any, run: CellRun | None) -> Shown | None:
        """A safe copy of the table or Styler ``obj`` to render in its place; None if it is neither.

        Render the copy inside `rendering`.
        """
        with self._lock:
            self.follow_keys()
            self.knowledge.learn()
            shown = self._shower.masked_copy(obj, _tier(run))
            if run is not None and shown is not None:
                table = obj if (styled := styled_frame(obj)) is None else styled
                if (seen := view(table)) is not None:
                    classification = self.knowledge.classification(table, seen)
                    records.note_shown(run, table, seen, classification, shown, self.knowledge, self.safe)
            return shown

    def rendering(self) -> AbstractContextManager[None]:
        """While this thread renders a masked copy, its text is not taken for a raw one."""
        return self._shower.rendering()

    def clean(self, text: str, run: CellRun | None) -> str:
        """``text`` without what ``run``'s tier may not see; the same object if nothing is in it."""
        if not text or text.isspace():
            return text
        with self._lock:
            unusable = self._unusable_keys()
            self.knowledge.learn()
            answer = self._leaving.mask(self.with_renderings(text, run), _tier(run), self.knowledge.values)
            if unusable is not None and answer.text != text:
                raise unusable  # nothing is given out under keys that may be dead; what needs none may be read
            if run is not None:
                run.masked.update(answer.masked)
            return answer.text

    def _unusable_keys(self) -> KeyStoreError | None:
        try:
            self.follow_keys()
        except KeyStoreError as error:
            return error
        return None

    def with_renderings(self, text: str, run: CellRun | None) -> str:
        """``text`` with whole tables in it replaced by their masked renderings, which keep alignment.

        For streams, before they are cut into pieces; `clean` does it too.
        """
        with self._lock:
            self.knowledge.learn()  # a table that was only just read may have a word said of it
            return self._texts.exchanged(text, _tier(run))

    def forget_texts(self) -> None:
        """A column's class was changed: tables that are printed from now on are masked as they are now."""
        with self._lock:
            self._texts.changed()

    def may_go_on(self, tail: str) -> bool:
        """Whether the end of a stream's text could be the beginning of a known value."""
        with self._lock:
            return self.knowledge.values.may_begin(tail)

    def safe(self, text: str | None) -> str | None:
        """``text`` as it may stand in the log or in a message; always valid Unicode."""
        if not text:
            return text
        text = text.encode("utf-8", "replace").decode()  # paths may hold bytes that are no text
        with self._lock:
            return self._text.mask(text, Tier.PUBLIC, self.knowledge.values).text

    # --- what happens to tables: `tables.TableWatcher` reports it ---------------------------------

    def locked(self) -> threading.RLock:
        """The lock under which knowledge and runs are looked at and changed."""
        return self._lock

    def remember_rendering(self, obj: Any, text: str, render: Callable[[Any], str], *, whole: bool) -> None:
        """``obj`` became ``text``: keep how to render it masked, for the case that the text is shown."""
        if self._shower.is_rendering:
            return
        run = self.run_of(None)
        if run is None:
            self.knowledge.loaded(obj, None)
        else:
            self._texts.add(Rendering(text, run.key, self._shower.renderer(obj, text, render, whole=whole)))

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
            self.is_closed = True
            self.close_runs("interrupted")
            self._log.close()


def _renew_lock_in_children(session: weakref.ref[Session]) -> None:
    """A forked child has only the thread that forked: a lock that another one held would stay held."""

    def renew() -> None:
        if (mine := session()) is not None:
            mine._lock = threading.RLock()

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=renew)


def _tier(run: CellRun | None) -> Tier:
    """What an output of ``run`` may show; outputs of no cell, or of a refused one, get the least."""
    return run.options.tier if run is not None and not run.refused else Tier.PUBLIC
