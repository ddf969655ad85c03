"""Somebody says what a column holds, or takes it back: decided, logged, kept, and in force at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..errors import InputError, Refused, StateError
from ..frames import FrameView
from ..model import ColumnVerdict, Decision
from ..policy.decide import SELF, decide_override, hides_as_much
from ..policy.rules import Policy
from .assess import Classification, acting, column_names, is_clear
from .deciding import Deciding, entity_of, said
from .overrides import Column, Override
from .saved_overrides import SavedOverrides

if TYPE_CHECKING:
    from .session import Session

__all__ = ["Change", "ClassChanges"]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a column, as it may be shown."""

    dataset: str
    column: str
    before: str
    verdict: ColumnVerdict
    """What the column counts as now; its first one where several have its label."""
    is_saved: bool


class ClassChanges:
    """The overrides of one session."""

    def __init__(self, session: Session, deciding: Deciding, store: SavedOverrides | None) -> None:
        self._session = session
        self._deciding = deciding
        self._store = store
        self._said_here: set[tuple[object, ...]] = set()
        """What this session's log has already: what was said here, and stored overrides that were met."""

    def in_force(self) -> list[Override]:
        """What was said of columns, by anybody; those of other sessions as far as they are stored by now."""
        with self._session.locked():
            self._renew()
            return list(self._deciding.overrides)

    def set(self, obj: Any, seen: FrameView, positions: Sequence[int], entity: str, *, save: bool) -> Change:
        """The columns of ``obj`` at ``positions``, all of one label, hold ``entity``.

        Refused where the policy lets this person not lower the column; StateError or LogError where it
        cannot be stored or logged. The attempt is an event either way.
        """
        with self._session.locked():
            if save:
                self._renew()
            column, found = self._looked_up(obj, seen, positions[0])
            by, policy = self._session.principal.id, self._session.policy
            now = {at: found[at] for at in positions}
            after = {at: said(verdict, entity, policy, by=by) for at, verdict in now.items()}
            asked = _Asked(column, now, after, saved=save)
            self._decide(asked)
            since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            override = self._deciding.overrides.made(column, entity, by=by, since=since, saved=save)
            if save:
                self._store_by(lambda store: store.put(override), asked)
            self._deciding.overrides.put(override)
            self._said_here |= {(*override.key, True), (*override.key, False)}
            alone = (found.replaced.get(at, found[at]) for at in positions)
            is_released = not any(map(is_clear, alone)) and all(map(is_clear, after.values()))
            return self._in_force_now(obj, seen, asked, is_released=is_released)

    def take_back(self, obj: Any, seen: FrameView, positions: Sequence[int]) -> Change | None:
        """The columns of ``obj`` at ``positions`` are what is found on their own; None if nobody said otherwise.

        A stored override is taken back for all sessions. Raises as `set`.
        """
        with self._session.locked():
            self._renew()
            column, found = self._looked_up(obj, seen, positions[0])
            override = next((o for o, is_own in self._deciding.overrides.on(column) if is_own), None)
            if override is None:
                return None
            now = {at: found[at] for at in positions}
            after = {at: found.replaced.get(at, found[at]) for at in positions}
            asked = _Asked(column, now, after, saved=self._deciding.overrides.is_saved(override))
            self._decide(asked)
            if asked.saved:
                self._store_by(lambda store: store.take(override), asked)
            self._deciding.overrides.take(override)
            return self._in_force_now(obj, seen, asked, is_released=False)

    def applied_to(self, found: Classification, obj: Any, seen: FrameView, policy: Policy) -> Classification:
        """``found``, made under ``policy``, with what holds in this session for the columns of ``obj``."""
        with self._session.locked():
            here = self._session.knowledge.classification(obj, seen)
            columns, replaced = list(found), dict(found.replaced)
            for at in here.replaced:
                entity = here[at].entity
                answer = decide_override(self._session.principal, entity_of(columns[at]), entity, policy)
                if answer.allowed:
                    replaced.setdefault(at, columns[at])
                    columns[at] = acting(here[at], policy)
            return replace(found, columns=tuple(columns), replaced=replaced)

    def _renew(self) -> None:
        if self._store is not None:
            self._deciding.overrides.renew(self._store.read())

    def _looked_up(self, obj: Any, seen: FrameView, position: int) -> tuple[Column, Classification]:
        knowledge = self._session.knowledge
        knowledge.learn()
        knowledge.keep_names()
        found = knowledge.classification(obj, seen)
        dataset = knowledge.data_set(obj)
        if dataset is None:
            raise InputError("privguard: this table has no name that a class could stick to; give it a variable.")
        return Column(dataset, column_names(seen)[position]), found

    def _decide(self, asked: _Asked) -> None:
        """Log whether it may be; Refused if not."""
        who, policy = self._session.principal, self._session.policy
        answers = [decide_override(who, before, after, policy) for before, after in asked.entities]
        # The one that weighs most: refused before granted, granted before free.
        answer = min(answers, key=lambda one: (one.allowed, one.rule == "raise"))
        self._record(asked, answer)
        if not answer.allowed:
            raise Refused(f"privguard: {answer.reason.removeprefix('privguard: ')}", answer.rule)

    def _store_by(self, write: Callable[[SavedOverrides], list[Override]], asked: _Asked) -> None:
        try:
            if self._store is None:
                raise StateError("privguard: this session has no place to keep classes in; leave --save out.")
            self._deciding.overrides.renew(write(self._store))
        except StateError as error:
            self._record(asked, Decision(allowed=True, rule="", reason=str(error)), outcome="error")
            raise

    def _in_force_now(self, obj: Any, seen: FrameView, asked: _Asked, *, is_released: bool) -> Change:
        session, is_raised = self._session, self._is_raise(asked)
        session.knowledge.changed(obj, seen, asked.after, is_raised=is_raised, is_released=is_released)
        session.forget_texts()
        first = min(asked.after)
        assert asked.column.dataset is not None  # noqa: S101 - it was looked up with one
        return Change(
            dataset=session.safe(asked.column.dataset.name) or "",
            column=session.safe(asked.column.label) or "",
            before=entity_of(asked.now[first]),
            verdict=session.knowledge.classification(obj, seen)[first],
            is_saved=asked.saved,
        )

    def _is_raise(self, asked: _Asked) -> bool:
        return all(hides_as_much(before, after, self._session.policy) for before, after in asked.entities)

    # --- the log --------------------------------------------------------------------------------

    def note_applied(self) -> None:
        """Log each stored override that was met with its column for the first time in this session."""
        applied, self._deciding.applied = self._deciding.applied, {}
        for key, one in applied.items():
            if key in self._said_here:
                continue
            self._said_here.add(key)
            is_raise = hides_as_much(one.before, one.override.entity, self._session.policy)
            said_then = {"by": self._session.safe(one.override.by) or "", "since": one.override.since}
            self._log(
                one.column, one.before, one.override.entity, one.answer, is_raise=is_raise, saved=True, said=said_then
            )

    def _record(self, asked: _Asked, answer: Decision, *, outcome: str = "") -> None:
        before, after = asked.entities[0]
        is_raise = self._is_raise(asked)
        self._log(asked.column, before, after, answer, is_raise=is_raise, saved=asked.saved, outcome=outcome)

    def _log(
        self,
        column: Column,
        before: str,
        after: str,
        answer: Decision,
        *,
        is_raise: bool,
        saved: bool,
        said: dict[str, str] | None = None,
        outcome: str = "",
    ) -> None:
        """``said``: who said it and when, where a stored override is applied."""
        session = self._session
        run = session.run_of(None)
        # What nobody granted the person could have granted to themselves, whoever wrote the policy.
        is_self = answer.allowed and answer.rule == SELF
        principal = session.principal._replace(assurance="self") if is_self else session.principal
        session.record(
            "class.change",
            outcome or ("ok" if answer.allowed else "refused"),
            principal=principal,
            dataset=session.safe(column.dataset.name if column.dataset else None),
            column=session.safe(column.label),
            before=before,
            after=after,
            direction="raise" if is_raise else "lower",
            saved=saved,
            said=said,
            reason=session.safe(answer.reason) or None,
            cell={"execution_count": run.execution_count, "id": run.cell_id} if run is not None else None,
            purpose=session.safe(run.options.purpose if run is not None else session.purpose),
            experiment=session.safe(run.options.experiment if run is not None else session.experiment),
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A change that somebody asks for: what the columns of one label count as before and after it."""

    column: Column
    now: dict[int, ColumnVerdict]
    after: dict[int, ColumnVerdict]
    saved: bool

    @property
    def entities(self) -> list[tuple[str, str]]:
        """Before and after, column by column."""
        return [(entity_of(self.now[at]), entity_of(self.after[at])) for at in self.now]
