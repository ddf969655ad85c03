"""What a session needs from its first cell, table or text on: half of the guard, imported and made when that comes.

A cell runs only when all of it is there, so that nothing is missing when the first output has to be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..policy.builtin import built_in
from .cells import minimise_uses
from .cells.admission import Admission
from .cells.cell import CellRun
from .cells.endings import end_uses, ending
from .cells.uses import CellUses
from .columns.released import ReleasingMasker
from .files.read_files import ReadFiles
from .files.sinks import Sinks
from .knowledge import Knowledge
from .overrides.changes import ClassChanges
from .overrides.deciding import Deciding
from .policies.approved import Leave
from .tables.first_hint import FirstHint
from .tables.shower import TableShower
from .taken.takings import Takings
from .texts.guesses import Guesses
from .texts.outgoing import Outgoing
from .texts.remembered import RememberedTexts
from .texts.table_texts import TableTexts

if TYPE_CHECKING:
    from ..policy.rules import Policy
    from .cells.cell import CellOptions
    from .cells.experiments import ClosedExperiments
    from .columns.pins import DomainPins
    from .files.opened_files import OpenedFiles
    from .files.own_files import OwnFiles
    from .overrides.saved import SavedOverrides
    from .policies.approved import Approvals
    from .session import Session
    from .texts.masker import TextMasker

__all__ = ["Parts", "Sources"]


class Sources(NamedTuple):
    """Where a session learns what it is not told by cells."""

    closed: ClosedExperiments
    saved: SavedOverrides | None
    pins: DomainPins | None
    approvals: Callable[[], Approvals] | None
    opened: OpenedFiles
    """The files that were opened since the guard was loaded."""
    own_files: OwnFiles
    """Those that were written."""


class Parts:
    """The parts of ``session`` that know cells, tables and texts."""

    def __init__(
        self, session: Session, sources: Sources, text: TextMasker, newest: Callable[[], CellRun | None]
    ) -> None:
        """``text`` masks for the log, ``newest`` finds the running cell; ``session`` has no parts yet."""
        policy, keyring = session.policy, session.keyring
        self._session = session
        self._text = text
        text.use(policy)  # it may have been made under another one
        deciding = Deciding(policy, session.principal, session.overrides)
        self.knowledge = Knowledge(policy, deciding, pins=sources.pins)
        self.knowledge.guesses = Guesses(sources.own_files)
        self.files = ReadFiles(self.knowledge, sources.opened)
        self.leave = Leave(sources.approvals() if sources.approvals is not None else None)
        self.admission = Admission(session, sources.closed, self.leave)
        self.classes = ClassChanges(session, deciding, sources.saved)
        self.hint = FirstHint(is_wanted=policy.source == built_in().source)
        self.leaving = ReleasingMasker(policy, keyring, self.knowledge.released)
        """For a cell's outputs, where what stands in a lowered column may be shown."""
        self.texts = TableTexts()
        self.shower = TableShower(policy, keyring, self.knowledge, text)
        self.takings = Takings(self.knowledge, keyring)
        self.uses = CellUses(self.knowledge)
        looked_at = self.files, self.texts, self.shower, self.leaving, self.takings
        self.outgoing = Outgoing(policy, keyring, self.knowledge, *looked_at)
        self.remembered = RememberedTexts(
            self.texts, self.shower, self.knowledge, newest, session.locked, session.withhold
        )
        self.sinks = Sinks(session, newest=newest)  # last, for it puts something in the place of a function of Python's

    def watch(self, namespace: Mapping[str, Any] | None) -> None:
        """Tables among the user's variables are known from now on, if there are any variables."""
        if namespace is not None:
            self.knowledge.watch(namespace)  # looks at tables, whose watchers ask for these parts

    def use(self, policy: Policy) -> None:
        """``policy`` holds from now on."""
        for part in (self._text, self.leaving, self.shower, self.outgoing, self.knowledge):
            part.use(policy)

    def new_run(
        self, key: str, options: CellOptions, source: str, *, execution_count: int, cell_id: str | None
    ) -> CellRun:
        """A cell that is about to be decided on."""
        self.shower.texts.forget()
        return CellRun(key, options, source, execution_count, cell_id)

    def declare(self, run: CellRun) -> None:
        """``run`` is about to begin with the columns that it declares; it is refused where that cannot be kept."""
        minimise_uses.begin(self._session, run)

    def begin(self, run: CellRun) -> None:
        """``run``, which counts as open now, begins."""
        self.takings.begin(run, self._session.policy.k)
        self.uses.begin(run)
        self.sinks.renew(run)

    def end(self, run: CellRun, outer: CellRun | None, outcome: str) -> None:
        """``run`` has ended with ``outcome``, within ``outer`` if there is one."""
        self.takings.end(run, outer)
        end_uses(self._session, run, outer, outcome)

    def ending(self, run: CellRun) -> dict[str, Any]:
        """The fields of the event at the end of ``run``."""
        return ending(self._session, run)
