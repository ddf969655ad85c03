"""Somebody says what a column holds, or takes it back: decided, logged, kept, and in force at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ...errors import InputError, Refused, StateError
from ...frames import FrameView
from ...model import ColumnVerdict, Decision
from ...policy.decide import decide_override
from ...policy.masks import hides_as_much
from ...policy.rules import Policy
from ..columns.assess import Classification, acting, column_names, is_clear
from ..columns.verdicts import entity_of
from .change_events import applied_fields, change_fields, is_by_self
from .deciding import Applied, Deciding, Fact, fact, said
from .saved import SavedOverrides
from .statements import Column, Override

if TYPE_CHECKING:
    from ..session import Session

__all__ = ["Change", "ClassChanges"]

_LONGEST = 200


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
        self._said_here: set[Fact] = set()
        """What this session's log has already: what was said here, and stored overrides that were met."""

    def in_force(self) -> list[Override]:
        """What was said of columns, by anybody; those of other sessions as far as this one knows of them."""
        with self._session.locked():
            return list(self._deciding.overrides)

    def renew(self) -> None:
        """What other sessions have stored by now is in force here too. StateError if it cannot be read."""
        with self._session.locked():
            if self._store is not None and self._deciding.overrides.renew(self._store.read()):
                self._session.knowledge.renew()
                self._session.forget_texts()

    def set(self, obj: Any, seen: FrameView, positions: Sequence[int], entity: str, *, save: bool) -> Change:
        """The columns of ``obj`` at ``positions``, all of one label, hold ``entity``.

        Refused where the policy lets this person not lower the column; StateError or LogError where it
        cannot be stored or logged. The attempt is one event either way.
        """
        with self._session.locked():
            if save:
                self.renew()
            column, found = self._looked_up(obj, seen, positions[0])
            by, policy, overrides = self._session.principal.id, self._session.policy, self._deciding.overrides
            now = {at: found[at] for at in positions}
            alone = {at: found.replaced.get(at, found[at]) for at in positions}
            after = {at: said(verdict, entity, policy, by=by) for at, verdict in alone.items()}
            asked = _Asked(column, now, after, saved=save)
            answer = self._allowed(asked)
            since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            override = overrides.made(column, entity, by=by, since=since, saved=save)
            before = overrides.own(column)
            with self._stored(asked, answer, put=[override] if save else [], take=before if save else []):
                self._record(asked, answer)
            for one in before:
                if save or not one.saved:
                    overrides.take(one)
            overrides.put(override)
            self._said_here |= {fact(override, is_allowed=answer) for answer in (True, False)}
            hidden = not any(is_clear(found.alone.get(at, found[at])) for at in positions)
            is_released = hidden and all(map(is_clear, after.values()))
            return self._in_force_now(obj, seen, asked, is_released=is_released)

    def take_back(self, obj: Any, seen: FrameView, positions: Sequence[int]) -> Change | None:
        """The columns of ``obj`` at ``positions`` are what is found on their own; None if nobody said otherwise.

        A stored override is taken back for all sessions. Raises as `set`; InputError where the word is one on
        another data set of the same name.
        """
        with self._session.locked():
            self.renew()
            column, found = self._looked_up(obj, seen, positions[0])
            overrides = self._deciding.overrides
            own = overrides.own(column)
            if not own:
                self._check_not_elsewhere(column)
                return None
            now = {at: found[at] for at in positions}
            after = {at: found.replaced.get(at, found[at]) for at in positions}
            asked = _Asked(column, now, after, saved=any(map(overrides.is_saved, own)))
            # Who has hidden a column in this session alone may show it as it was.
            is_free = not asked.saved and all(
                hides_as_much(entity_of(verdict), own[-1].entity, self._session.policy) for verdict in after.values()
            )
            answer = Decision(allowed=True, rule="own") if is_free else self._allowed(asked)
            with self._stored(asked, answer, put=[], take=own if asked.saved else []):
                self._record(asked, answer)
            for one in own:
                overrides.take(one)
                self._said_here = {key for key in self._said_here if key[: len(one.key)] != one.key}
            return self._in_force_now(obj, seen, asked, is_released=False, taken_back=own[-1].entity)

    def _check_not_elsewhere(self, column: Column) -> None:
        others = [one for one, _ in self._deciding.overrides.on(column)]
        if not others:
            return
        place = others[0].notebook or others[0].source
        where = self._session.safe(place.shown[:_LONGEST]) if place is not None and place.shown else "another place"
        raise InputError(
            f"privguard: that class was given to another data set of this name, in {where}; take it back there, "
            "or give this column a class of its own."
        )

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

    def _looked_up(self, obj: Any, seen: FrameView, position: int) -> tuple[Column, Classification]:
        knowledge = self._session.knowledge
        knowledge.learn()
        knowledge.keep_names()
        found = knowledge.classification(obj, seen)
        dataset = knowledge.data_set(obj)
        if dataset is None:
            raise InputError("privguard: this table has no name that a class could stick to; give it a variable.")
        return Column(dataset, column_names(seen)[position]), found

    def _allowed(self, asked: _Asked) -> Decision:
        """Why it may be; Refused, and logged, if it may not."""
        who, policy = self._session.principal, self._session.policy
        answers = [decide_override(who, before, after, policy) for before, after in asked.entities]
        # The one that weighs most: refused before granted, granted before free.
        answer = min(answers, key=lambda one: (one.allowed, one.rule == "raise"))
        if not answer.allowed:
            self._record(asked, answer)
            raise Refused(f"privguard: {answer.reason.removeprefix('privguard: ')}", answer.rule)
        return answer

    @contextmanager
    def _stored(
        self, asked: _Asked, answer: Decision, *, put: Sequence[Override], take: Sequence[Override]
    ) -> Iterator[None]:
        """Store before it is logged, and not at all if the log refuses."""
        if not put and not take:
            yield
            return
        gone = [override for override in take if self._deciding.overrides.is_saved(override)]
        try:
            if self._store is None:
                raise StateError("privguard: this session has no place to keep classes in; leave --save out.")
            stored = self._store.put(*put, instead_of=take)
        except StateError as error:
            self._record(asked, answer._replace(reason=str(error)), outcome="error")
            raise
        try:
            yield
        except BaseException:  # an interrupt too
            self._store.put(*gone, instead_of=put)
            raise
        self._deciding.overrides.renew(stored)

    def _in_force_now(
        self, obj: Any, seen: FrameView, asked: _Asked, *, is_released: bool, taken_back: str | None = None
    ) -> Change:
        session, is_raised = self._session, self._is_raise(asked)
        session.knowledge.changed(
            obj, seen, asked.after, is_raised=is_raised, is_released=is_released, before=taken_back
        )
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
        self.note(applied)

    def note(self, applied: Mapping[Fact, Applied]) -> None:
        """Log those of ``applied`` that this session's log does not have yet."""
        with self._session.locked():
            new = {key: one for key, one in applied.items() if key not in self._said_here}
            self._session.record_many(
                "class.change",
                [
                    self._fields(one.answer, applied_fields(one, self._session.policy, self._session.safe))
                    for one in new.values()
                ],
            )
            self._said_here.update(new)

    def _record(self, asked: _Asked, answer: Decision, *, outcome: str = "") -> None:
        before, after = asked.entities[0]
        safe, column = self._session.safe, asked.column
        fields = change_fields(column, before, after, answer, safe, is_raise=self._is_raise(asked), saved=asked.saved)
        self._session.record("class.change", **self._fields(answer, fields, outcome=outcome))

    def _fields(self, answer: Decision, fields: Mapping[str, Any], *, outcome: str = "") -> dict[str, Any]:
        session = self._session
        run = session.run_of(None)
        return {
            "outcome": outcome or ("ok" if answer.allowed else "refused"),
            "principal": session.principal._replace(assurance="self") if is_by_self(answer) else session.principal,
            **fields,
            "cell": {"execution_count": run.execution_count, "id": run.cell_id} if run is not None else None,
            "purpose": session.safe(run.options.purpose if run is not None else session.purpose),
            "experiment": session.safe(run.options.experiment if run is not None else session.experiment),
        }


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
