"""The guard of one process: decides, masks and records for every cell, whatever the surface.

No Jupyter in here. A surface opens a run before a cell's body, asks `show` and `clean` about what
leaves, and closes the run exactly once. Threads share one session, so every method takes its lock.
"""

from __future__ import annotations

import functools
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .._later import Once
from ..errors import KeyStoreError, PrivguardError
from ..frames import view
from ..model import Tier
from .cells import records
from .cells.ends import Ends
from .cells.runs import Runs
from .files.opened_files import OpenedFiles
from .files.own_files import OwnFiles
from .files.process_events import ignore
from .late_parts import LateParts
from .locks import renew_in_children
from .overrides.statements import Names, Overrides, label_digests
from .policies.changes import PolicyChanges
from .policies.in_force import Unwatched
from .sight import PUBLIC
from .withheld import Withholding

if TYPE_CHECKING:
    from ..audit.log import AuditLog
    from ..keys.keyring import KeyRing
    from ..model import Principal
    from ..policy.rules import Policy
    from .cells.cell import CellOptions, CellRun
    from .cells.experiments import ClosedExperiments
    from .columns.pins import DomainPins
    from .overrides.saved import SavedOverrides
    from .parts import Parts
    from .policies.approved import Approvals
    from .policies.in_force import PolicyWatch
    from .sight import Sight
    from .tables.show import Shown
    from .texts.masker import TextMasker

__all__ = ["Session"]


class Session(LateParts):
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
        watch: PolicyWatch | None = None,
        approvals: Callable[[], Approvals] | None = None,
    ) -> None:
        """StateError if the ``saved`` overrides cannot be read: what they hide must not be shown."""
        self.id = secrets.token_hex(8)
        self.principal = principal
        self.kernel = kernel
        self.notebook = notebook
        self.purpose: str | None = None
        self.experiment: str | None = None
        self.tier = Tier.PUBLIC
        """What cells see that ask for no tier."""
        self._policies = PolicyChanges(self, policy, watch or Unwatched())
        names = Names(lambda text: self.safe(text) or "", functools.partial(label_digests, keyring))
        stored = saved.read() if saved is not None else []
        self.overrides = Overrides(names, notebook=notebook, saved=stored)
        self.is_closed = False
        """Whether it has let go of the log."""
        self.broken = ""
        """Why no further cell may run: what a cell did could not be put together for the log."""
        self._keyring = keyring
        self._log = log
        self._ends = Ends(log)
        self._lock = threading.RLock()
        self._runs = Runs()
        self._namespace: Mapping[str, Any] | None = None
        # Files are told of from now on.
        self._files = OpenedFiles(), OwnFiles()
        sources = closed, saved, pins, approvals, *self._files
        make = functools.partial(self._new_parts, sources)
        self._parts = Once(make, self.locked, begin=lambda made: made.watch(self._namespace))
        self.withhold = Withholding(self)
        """Says what stands in place of an output that cannot be masked."""
        renew_in_children(self, "_lock", threading.RLock)

    @property
    def keyring(self) -> KeyRing:
        """The keys of this session, with the vault of what it gave out."""
        return self._keyring

    def _new_parts(self, sources: tuple[Any, ...]) -> Parts:
        from .parts import Parts, Sources

        return Parts(self, Sources(*sources), self._text, self._runs.newest)

    @functools.cached_property
    def _text(self) -> TextMasker:
        """For the log and messages, where a value stays masked whatever a person has said of its column."""
        from .texts.masker import TextMasker  # a start may have no text to mask

        return TextMasker(self.policy, self._keyring)

    # --- policy and keys ------------------------------------------------------------------------

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self._policies.policy

    @property
    def policy_problem(self) -> str:
        """Why the policy's files cannot be used now, so that no cell runs; empty if they can."""
        return self._policies.problem

    def renew_policy(self) -> None:
        """What the policy's files say by now has a say too. LogUnavailable if that cannot be recorded."""
        with self._lock:
            self._policies.renew(self._parts)

    def follow_keys(self) -> None:
        """Use the keys as they are kept by now: what a shell renewed or destroyed is so here as well.

        KeyStoreError when they cannot be used any more; then nothing may be shown or run.
        """
        with self._lock:
            if self._keyring.refresh():
                self.overrides.forget_digests()

    def _unusable_keys(self) -> KeyStoreError | None:
        try:
            self.follow_keys()
        except KeyStoreError as error:
            return error
        return None

    # --- cells ----------------------------------------------------------------------------------

    def record(self, action: str, outcome: str = "ok", **fields: Any) -> dict[str, Any]:
        """Append one event; LogUnavailable if it cannot be made durable."""
        return self.record_many(action, [{"outcome": outcome, **fields}])[0]

    def record_many(self, action: str, each: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Append an event for each of these fields, ``outcome`` among them; all or none, errors as `record`."""
        with self._lock:
            return self._log.append_many([records.event_of(self, action, **fields) for fields in each])

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
            options = options.within(tier=self.tier, purpose=self.purpose, experiment=self.experiment)
            parts = self._parts()
            run = parts.new_run(key, options, source, execution_count=execution_count, cell_id=cell_id)
            try:
                self.follow_keys()
                parts.texts.settle(self.open_runs())
                self.renew_policy()
                self.broken = self._ends.catch_up() or self.broken
                run.refused = self.broken or self.policy_problem or problem
                if not run.refused:
                    parts.admission.decide(run)
                start = records.event_of(self, "cell.start", "started", **records.start_fields(run, self.safe))
                run.run_id = self._log.start_run(start)
            except PrivguardError as error:
                run.refused = f"{error} This cell did not run."
            parts.declare(run)
            self._runs.begin(run)
            parts.begin(run)
            return run

    def holds_hidden(self, text: str, run: CellRun) -> bool:
        """Whether ``text`` holds anything that ``run``'s tier may not see; nothing is counted as shown."""
        with self._lock:
            self._learn(run)
            return self._parts().outgoing.cleaned(text, run, self._sight(run), Counter[str]()) != text

    def goes_on(self, run: CellRun, source: str) -> None:
        """The open ``run`` evaluates the expressions ``source`` as well."""
        with self._lock:
            run.expressions = "\n".join(filter(None, (run.expressions, source)))
            self.takings.goes_on(run)

    def close_run(self, key: str, outcome: str) -> None:
        """Log the one ``cell.run`` of the newest open run ``key``; nothing if there is none."""
        with self._lock:
            run = self._runs.end(key)
            if run is not None:
                self._parts().end(run, self._runs.newest(), outcome)
            if run is None or not run.run_id:
                return
            self.broken = self._ends.end(run, functools.partial(self._ended, run, outcome)) or self.broken

    def _ended(self, run: CellRun, outcome: str) -> dict[str, Any]:
        return records.event_of(self, "cell.run", run.ended(outcome), **self._parts().ending(run))

    def run_of(self, key: str | None) -> CellRun | None:
        """The run ``key``, open or lately closed; without a key the newest open one."""
        with self._lock:
            return self._runs.newest() if key is None else self._runs.of(key)

    def open_runs(self) -> list[str]:
        """Keys of the runs that have not been closed, oldest first."""
        with self._lock:
            return self._runs.open_keys()

    def tier_of(self, run: CellRun | None) -> Tier:
        """What an output of ``run`` may show; outputs of no cell, or of a refused one, get the least."""
        return self._sight(run).tier

    def _sight(self, run: CellRun | None) -> Sight:
        return self._leave.sight(run, self.policy)

    # --- what leaves ----------------------------------------------------------------------------

    def show(self, obj: Any, run: CellRun | None) -> Shown | None:
        """A safe copy of the table or Styler ``obj`` to render in its place; None if it is neither.

        Render the copy inside `rendering`. Refused where the cell has declared its columns and these are others.
        """
        with self._lock:
            self.follow_keys()
            self.knowledge.learn()
            if run is not None and run.minimised is not None:
                run.minimised.check_table(obj)
            sight = self._sight(run)
            shown = self._shower.masked_copy(obj, sight)
            if shown is not None and shown.opened:
                # Rendering is done without the lock, while another thread may send what was printed.
                shown = replace(shown, fix=functools.partial(self._fixed, shown.fix))
            if run is not None and shown is not None:
                records.note_shown(run, obj, shown, self, self._shower, sight)
            return None if shown is None else self._parts().hint.beside(shown, sight.tier)

    def _fixed(self, fix: Callable[[str], str], text: str) -> str:
        with self._lock:
            return fix(text)

    def rendering(self) -> AbstractContextManager[None]:
        """While this thread renders a masked copy, its text is not taken for a raw one."""
        return self._shower.rendering()

    def rendered(self, texts: Iterable[str]) -> None:
        """Masked copies became ``texts``, which are about to leave: they are not searched anew each time they do."""
        with self._lock:
            self._parts().leaving.made.expect(texts)

    def clean(self, text: str, run: CellRun | None) -> str:
        """``text`` without what ``run``'s tier may not see; the same object if nothing is in it."""
        return self.cleaner(run)(text)

    def cleaner(self, run: CellRun | None, others: Counter[str] | None = None) -> Callable[[str], str]:
        """`clean` for the texts of one message: keys and tables are looked at once, when the first text comes.

        With ``others``, which counts what is masked, it is for people who may see no more than tier public.
        """
        looked: list[KeyStoreError | None] = []

        def cleaned(text: str) -> str:
            if not text or text.isspace():
                return text
            with self._lock:
                if not looked:
                    unusable = self._unusable_keys()
                    self._learn(run)
                    looked.append(unusable)
                sight, masked = self._sight(run) if others is None else PUBLIC, Counter[str]()
                safe = self._parts().outgoing.cleaned(text, run, sight, masked)
                if looked[0] is not None and safe != text:
                    raise looked[0]  # nothing is given out under keys that may be dead; what needs none may be read
                if (counted := run.masked if run is not None and others is None else others) is not None:
                    counted.update(masked)
                return safe

        return cleaned

    def with_renderings(self, text: str, run: CellRun | None) -> str:
        """``text`` with whole tables in it replaced by their masked renderings, which keep alignment.

        For streams, before they are cut into pieces; `clean` does it too.
        """
        if self._parts.made is None and not text.strip():
            return text
        with self._lock:
            self._learn(run)  # a table that was only just read may have a word said of it
            return self._parts().texts.exchanged(text, self._sight(run))

    def _learn(self, run: CellRun | None) -> None:
        self.files.look(run, self._runs.newest(), self.knowledge.names.namespace)
        self.knowledge.learn()
        if self.knowledge.unreadable:
            self.knowledge.unreadable.check(run, self.knowledge.names.namespace)
        self.takings.look(run)

    def numbers_rounded(self, data: bytes, run: CellRun | None) -> bytes | None:
        """Binary ``data`` with the numbers of columns rounded that ``run``'s tier may not see; see `packed`."""
        with self._lock:
            self._learn(run)
            return self._parts().outgoing.numbers_rounded(data, self._sight(run))

    def withheld(self, run: CellRun | None) -> str | None:
        """What stands in place of the outputs of ``run`` when its commands read what is too long to be known.

        At first a sentence, then nothing; None if its outputs may leave.
        """
        if self._parts.made is None and run is None:  # commands are those of a cell
            return None
        with self._lock:
            self.files.look(run, self._runs.newest(), self.knowledge.names.namespace)
            return self.files.withheld(run)

    def forget_texts(self) -> None:
        """A column's class was changed: tables that are printed from now on are masked as they are now."""
        with self._lock:
            self._parts().texts.changed()

    def may_go_on(self, tail: str) -> bool:
        """Whether the end of a stream's text could be the beginning of a known value."""
        with self._lock:
            return self.knowledge.values.may_begin(tail)

    def places_in(self, text: str) -> list[tuple[int, int]]:
        """Where in ``text`` known values and what has the form of one stand."""
        with self._lock:
            return [(hit.start, hit.end) for hit in self._text.finder(self.knowledge.values)(text)]

    def row_may_go_on(self, line: str) -> bool:
        """Whether a stream's open line could be the beginning of a known file's line."""
        with self._lock:
            return self.files.may_go_on(line)

    def safe(self, text: str | None) -> str | None:
        """``text`` as it may stand in the log or in a message; always valid Unicode."""
        if not text:
            return text
        text = text.encode("utf-8", "replace").decode()  # paths may hold bytes that are no text
        with self._lock:
            return self._text.mask(text, Tier.PUBLIC, self._values()).text

    def locked(self) -> threading.RLock:
        """The lock under which knowledge and runs are looked at and changed."""
        return self._lock

    # --- end ------------------------------------------------------------------------------------

    def watch_namespace(self, namespace: Mapping[str, Any]) -> None:
        """Tables among the user's variables are known before any text leaves."""
        with self._lock:
            self._namespace = namespace
            if self._parts.made is not None:
                self._parts.made.watch(namespace)
            elif any(view(obj) is not None for obj in list(namespace.values())):
                self._parts()

    def close_runs(self, outcome: str) -> None:
        """Close every run that is still open, newest first."""
        with self._lock:
            for key in reversed(self.open_runs()):
                self.close_run(key, outcome)
            self._ends.caught_up()

    def close(self) -> None:
        """Let go of the log."""
        with self._lock:
            self.is_closed = True
            self.close_runs("interrupted")
            if self._parts.made is not None:
                self._parts.made.sinks.close()
            ignore(*self._files)
            self._log.close()
