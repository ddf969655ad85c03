"""Controls of regulations, and which events of a log support evidence for them.

A control is data (``controls/*.yaml``): its number, its title in our own words, what would be
evidence and by which query over the events it is found, and what weakens it. Nothing here, and
nothing in the files, says that anybody is compliant: a log can support evidence for a control,
people judge.

==============  ==========================================================================
evidenced       every kind of evidence asked for is there, and nothing weakens it
partial         some of it is there, or all of it and something weakens it
not evidenced   none of it is there
==============  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from .experiments import Event

__all__ = ["Control", "ControlResult", "Finding", "Framework", "Query", "Statement", "Status", "evaluate", "frameworks"]

_FOLDER = Path(__file__).parent / "controls"


class Status(StrEnum):
    """How far the log goes for a control."""

    EVIDENCED = "evidenced"
    PARTIAL = "partial"
    NOT_EVIDENCED = "not evidenced"


@dataclass(frozen=True, slots=True)
class Query:
    """Which events count: by action, by fields, and by what they showed.

    ``where`` maps a dotted path to ``present`` (there and not empty), ``absent``, or a list of
    which one value must occur; lists on the way are looked through. ``shown`` asks for one shown
    column whose fields are all in the given lists.
    """

    actions: tuple[str, ...]
    where: Mapping[str, Any]
    shown: Mapping[str, Sequence[str]]

    def matches(self, event: Event) -> bool:
        """Whether ``event`` counts."""
        return (
            event["action"] in self.actions
            and all(_holds(list(_values(event, path.split("."))), wanted) for path, wanted in self.where.items())
            and (not self.shown or any(_has(column, self.shown) for column in _values(event, ["shown", "columns"])))
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence and the query that finds what it speaks of; no query: it always holds."""

    says: str
    query: Query | None
    is_of_unanchored_logs: bool = False
    """Whether it holds only where nobody else keeps checkpoints of the log."""


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a framework."""

    id: str
    title: str
    evidence: tuple[Statement, ...]
    limits: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Framework:
    """A regulation or standard and those of its controls on which a log can speak."""

    name: str
    source: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement and the ``seq`` of the events behind it."""

    says: str
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ControlResult:
    """What the log has to say on one control."""

    control: Control
    status: Status
    found: tuple[Finding, ...]
    missing: tuple[str, ...]
    weakened: tuple[Finding, ...]


def evaluate(control: Control, events: Sequence[Event], *, is_anchored: bool = False) -> ControlResult:
    """The status of ``control`` over ``events`` of a log that is anchored or not, with every event that was counted."""
    findings = [Finding(statement.says, _seqs(statement, events)) for statement in control.evidence]
    found = tuple(finding for finding in findings if finding.seqs)
    weakened = tuple(
        Finding(limit.says, seqs)
        for limit in control.limits
        for seqs in [_seqs(limit, events)]
        if (limit.query is None or seqs) and not (is_anchored and limit.is_of_unanchored_logs)
    )
    if not found:
        status = Status.NOT_EVIDENCED
    elif len(found) < len(findings) or weakened:
        status = Status.PARTIAL
    else:
        status = Status.EVIDENCED
    missing = tuple(finding.says for finding in findings if not finding.seqs)
    return ControlResult(control, status, found, missing, weakened if found else ())


@cache
def frameworks() -> tuple[Framework, ...]:
    """All control files, by file name; a file of the wrong shape raises with its name."""
    import yaml

    found: list[Framework] = []
    for path in sorted(_FOLDER.glob("*.yaml")):
        try:
            found.append(_framework(yaml.safe_load(path.read_text("utf-8"))))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RuntimeError(f"{path.name} is not a file of controls: {error!r}") from error
    return tuple(found)


def _framework(data: Mapping[str, Any]) -> Framework:
    return Framework(
        name=data["name"],
        source=data["source"],
        controls=tuple(
            Control(
                id=entry["id"],
                title=entry["title"],
                evidence=tuple(_statement(item) for item in entry["evidence"]),
                limits=tuple(_statement(item) for item in entry.get("limits", ())),
            )
            for entry in data["controls"]
        ),
    )


def _statement(item: Mapping[str, Any]) -> Statement:
    query = item.get("query")
    unknown = set(item) - {"says", "query", "unless"} or set(query or ()) - {"actions", "where", "shown"}
    if unknown:
        raise ValueError(f"unknown keys {sorted(unknown)}")
    if item.get("unless", "anchored") != "anchored":
        raise ValueError("a statement holds unless the log is anchored, or always")
    asked = None if query is None else Query(tuple(query["actions"]), query.get("where", {}), query.get("shown", {}))
    return Statement(item["says"], asked, is_of_unanchored_logs="unless" in item)


def _seqs(statement: Statement, events: Sequence[Event]) -> tuple[int, ...]:
    query = statement.query
    return tuple(event["seq"] for event in events if query.matches(event)) if query else ()


def _holds(values: list[Any], wanted: Any) -> bool:
    there = any(value not in (None, "", [], {}) for value in values)
    if wanted == "present":
        return there
    if wanted == "absent":
        return not there
    return any(value in wanted for value in values)


def _has(column: Mapping[str, Any], wanted: Mapping[str, Sequence[str]]) -> bool:
    return all(column.get(field) in allowed for field, allowed in wanted.items())


def _values(value: Any, path: Sequence[str]) -> Iterable[Any]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _values(item, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _values(value[path[0]], path[1:])
