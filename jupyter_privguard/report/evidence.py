"""Controls of regulations, and which events of a log support evidence for them. Pure: events in, answers out.

A control is data (``controls/*.yaml``, and files of an organisation's own; `packs` reads them): its number, its title
in our own words, what would be evidence and by which queries over the events it is found, what weakens it, and on what
it depends whether it applies. Nothing here, and nothing in the files, says that anybody keeps a rule: a log can support
evidence for a control, people judge.

==============  ==========================================================================
evidenced       every kind of evidence asked for is there, and nothing weakens it
partial         some of it is there, or all of it and something weakens it
not evidenced   none of it is there
not applicable  the log has nothing that the control could be about
==============  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from .experiments import Event

__all__ = [
    "ABSENT",
    "PRESENT",
    "Control",
    "ControlResult",
    "Finding",
    "Framework",
    "Indexed",
    "Query",
    "Statement",
    "Status",
    "evaluate",
]

PRESENT, ABSENT = "present", "absent"
_Wanted = str | tuple[str | int | bool, ...]


class Status(StrEnum):
    """How far the log goes for a control."""

    EVIDENCED = "evidenced"
    PARTIAL = "partial"
    NOT_EVIDENCED = "not evidenced"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Query:
    """Which events count: by action, by fields, and by what they showed."""

    actions: tuple[str, ...]
    where: tuple[tuple[str, _Wanted], ...] = ()
    """A dotted path, and what must be there: `PRESENT` (something not empty), `ABSENT`, or values of which one must
    occur. Lists on the way are looked through; of a mapping at the end its keys are the values."""
    shown: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Fields of one shown column, which all must have one of the given values."""

    def matches(self, event: Event) -> bool:
        """Whether ``event`` counts."""
        return (
            event["action"] in self.actions
            and all(_holds(list(_values(event, path.split("."))), wanted) for path, wanted in self.where)
            and (not self.shown or any(_has(column, self.shown) for column in _values(event, ["shown", "columns"])))
        )

    def __str__(self) -> str:
        """The query in words that follow its form in the file."""
        text = _either(self.actions)
        tests = [f"{path} is {wanted if isinstance(wanted, str) else _either(wanted)}" for path, wanted in self.where]
        if tests:
            text += f" where {' and '.join(tests)}"
        if self.shown:
            text += f" showing a column whose {' and '.join(f'{name} is {_either(of)}' for name, of in self.shown)}"
        return text


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence and the queries that find what it speaks of; no query: it always holds."""

    says: str
    queries: tuple[Query, ...] = ()
    """An event counts that any of them matches."""
    is_of_unanchored_logs: bool = False
    """Whether it holds only where nobody else keeps checkpoints of the log."""


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a framework."""

    id: str
    title: str
    evidence: tuple[Statement, ...]
    limits: tuple[Statement, ...] = ()
    applies: tuple[Statement, ...] = ()
    """What the log must hold so that there is something that the control is about."""
    source: str = ""
    """Where its number and text can be looked up, if not where those of the framework can."""
    entities: tuple[str, ...] = ()
    """What columns hold that it is about, where it is about one kind of identifier."""


@dataclass(frozen=True, slots=True)
class Framework:
    """A regulation, a standard or an organisation's own rules, and those of its controls on which a log can speak."""

    name: str
    title: str
    source: str
    controls: tuple[Control, ...]
    pack: str = ""
    """The name or the file that it was asked for by."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement and the ``seq`` of the events behind it."""

    says: str
    seqs: tuple[int, ...]
    queries: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlResult:
    """What the log has to say on one control."""

    control: Control
    status: Status
    found: tuple[Finding, ...]
    missing: tuple[Finding, ...]
    """Evidence of which there is no event."""
    weakened: tuple[Finding, ...]
    unmet: tuple[Finding, ...] = ()
    """Why it does not apply: conditions for which there is no event."""


class Indexed:
    """Events sorted by action and by what stands in the fields that queries ask for: one for all controls."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._by_action: dict[str, list[Event]] = {}
        for event in events:
            self._by_action.setdefault(event["action"], []).append(event)
        self._known: dict[Query, frozenset[int]] = {}
        self._fields: dict[tuple[str, str], _Field] = {}
        self._shown: dict[str, dict[_Column, set[int]]] = {}

    def seqs(self, queries: Sequence[Query]) -> tuple[int, ...]:
        """The ``seq`` of the events that any of ``queries`` matches, in order."""
        return tuple(sorted(frozenset[int]().union(*map(self._of, queries))))

    def _of(self, query: Query) -> frozenset[int]:
        if query not in self._known:
            self._known[query] = frozenset[int]().union(*(self._matching(query, action) for action in query.actions))
        return self._known[query]

    def _matching(self, query: Query, action: str) -> set[int]:
        """As `Query.matches` over the events with this action, from what is sorted already."""
        found = {event["seq"] for event in self._by_action.get(action, ())}
        for path, wanted in query.where:
            if not found:
                break
            field = self._field(action, path)
            if wanted in (PRESENT, ABSENT):
                found = found & field.present if wanted == PRESENT else found - field.present
            else:
                found &= set[int]().union(*(field.having.get(value, ()) for value in wanted))
        if query.shown and found:
            columns = self._columns(action)
            found &= set[int]().union(*(seqs for column, seqs in columns.items() if _has(dict(column), query.shown)))
        return found

    def _field(self, action: str, path: str) -> _Field:
        if (action, path) not in self._fields:
            field = self._fields[action, path] = _Field(set(), {})
            parts = path.split(".")
            for event in self._by_action.get(action, ()):
                values = list(_values(event, parts))
                if any(map(_is_there, values)):
                    field.present.add(event["seq"])
                for value in set(_keys(values)):
                    field.having.setdefault(value, set()).add(event["seq"])
        return self._fields[action, path]

    def _columns(self, action: str) -> dict[_Column, set[int]]:
        """The columns that events showed: thousands of cells show the same few."""
        if action not in self._shown:
            found = self._shown[action] = {}
            for event in self._by_action.get(action, ()):
                for column in _values(event, ["shown", "columns"]):
                    key = tuple((name, column.get(name)) for name in ("entity", "class", "action", "label"))
                    found.setdefault(key, set()).add(event["seq"])
        return self._shown[action]


class _Field(NamedTuple):
    """What stands in one field of the events with one action, by ``seq``."""

    present: set[int]
    having: dict[Any, set[int]]


_Column = tuple[tuple[str, Any], ...]


def evaluate(control: Control, events: Iterable[Event] | Indexed, *, is_anchored: bool = False) -> ControlResult:
    """The status of ``control`` over ``events`` of a log that is anchored or not, with every event that was counted.

    For many controls hand in one `Indexed`.
    """
    index = events if isinstance(events, Indexed) else Indexed(events)

    def findings(statements: Iterable[Statement]) -> list[Finding]:
        return [Finding(one.says, index.seqs(one.queries), one.queries) for one in statements]

    unmet = tuple(finding for finding in findings(control.applies) if not finding.seqs)
    if unmet:
        return ControlResult(control, Status.NOT_APPLICABLE, (), (), (), unmet)
    evidence = findings(control.evidence)
    found = tuple(finding for finding in evidence if finding.seqs)
    missing = tuple(finding for finding in evidence if not finding.seqs)
    if not found:
        return ControlResult(control, Status.NOT_EVIDENCED, (), missing, ())
    held = [limit for limit in control.limits if not (is_anchored and limit.is_of_unanchored_logs)]
    weakened = tuple(finding for finding in findings(held) if finding.seqs or not finding.queries)
    status = Status.PARTIAL if missing or weakened else Status.EVIDENCED
    return ControlResult(control, status, found, missing, weakened)


def _holds(values: list[Any], wanted: _Wanted) -> bool:
    if wanted in (PRESENT, ABSENT):
        return any(map(_is_there, values)) is (wanted == PRESENT)
    return any(key in wanted for key in _keys(values))


def _is_there(value: Any) -> bool:
    return value not in (None, "", [], {})


def _keys(values: Iterable[Any]) -> Iterator[Any]:
    """The values; of mappings their keys."""
    for value in values:
        if isinstance(value, Mapping):
            yield from value
        else:
            yield value


def _has(column: Mapping[str, Any], wanted: Iterable[tuple[str, tuple[str, ...]]]) -> bool:
    return all(column.get(field) in allowed for field, allowed in wanted)


def _values(value: Any, path: Sequence[str]) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _values(item, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _values(value[path[0]], path[1:])


def _either(values: Sequence[str | int | bool]) -> str:
    texts = [str(value).lower() if isinstance(value, bool) else str(value) for value in values]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"
