"""Log events of one kernel, folded into what the panel shows; pure.

The fold is total: an event with a missing or odd field gives a row with less in it, never an
error, because the panel must also show a log that another version wrote. Only named fields are
copied, so that nothing gets into an answer by being in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from .._json import as_mapping, as_mappings, as_texts, as_whole_number
from ..audit.minimisation import Told
from ..model import TIER_LABELS

__all__ = ["KEPT_EVENTS", "KernelState"]

KEPT_EVENTS = 10_000
"""The newest events of a session that are kept and sent; older ones are in the log."""

_EVENT_TEXTS = ("time", "action", "outcome", "tier", "purpose", "experiment", "run", "reason")
_GUARD_TEXTS = ("tier", "reason", "policy", "assurance", "person")
_NAMED = ("purpose", "experiment", "tier")
_LISTS = ("experiments", "datasets", "usage", "events")
_MOST_COLUMNS = 200
"""Labels that one event is sent with; an event with more says so."""
_ACCESSES = frozenset({"cell.start", "cell.run", "data.load"})


@dataclass(slots=True)
class KernelState:
    """What the log says about one kernel's newest session; feed it events in the log's order."""

    kernel: str
    last: int = 0
    """The highest sequence number that was fed."""
    _session: _Session | None = None

    @property
    def person(self) -> str | None:
        """Whose session it is; None where there is none."""
        return self._session.person if self._session is not None else None

    def feed(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Fold ``events`` in; those at or below ``last`` were fed before and are passed over."""
        for event in events:
            seq = event.get("seq")
            if not isinstance(seq, int) or seq <= self.last:
                continue
            self.last = seq
            session = _text(event, "session") or ""
            if event.get("action") == "guard.load" and event.get("kernel") == self.kernel:
                if self._session is None or self._session.id != session:
                    self._session = _Session(session)
                self._session.load(event)
            if self._session is not None and (self._session.id == session or self._session.is_exported_by(event)):
                self._session.take(seq, event)

    def answer(self, *, after: int = 0, started: datetime | None = None) -> dict[str, Any]:
        """The panel's state, with the data sets and events whose sequence number is above ``after``.

        ``started`` is when the kernel's process began, if that is known: a guard that was loaded
        before belongs to a process that is gone, so the kernel counts as one without a guard.
        """
        session = self._session
        if session is None or session.is_of_an_earlier_process(started):
            absent: dict[str, Any] = {"state": "absent", **dict.fromkeys(_GUARD_TEXTS)}
            nothing: dict[str, Any] = {"purpose": None, "last": dict.fromkeys(_NAMED)}
            known: dict[str, Any] = {"session": None, "guard": absent, **nothing, **{key: [] for key in _LISTS}}
        else:
            known = session.answer(after)
        return {"kernel": self.kernel, "next": self.last, **known}


class _Begun(NamedTuple):
    """A cell that has begun."""

    run: str | None
    before: dict[str, str | None]
    """What held until then."""


@dataclass(slots=True)
class _Session:
    """One session of a kernel: from its ``guard.load`` on."""

    id: str
    guard: dict[str, str | None] = field(default_factory=dict)
    is_unloaded: bool = False
    person: str | None = None
    purpose: str | None = None
    last: dict[str, str | None] = field(default_factory=lambda: dict.fromkeys(_NAMED))
    """Of the cell that began last, unless it was refused: nothing was shown under its tier."""
    waiting: _Begun | None = None
    """The cell that began last, while nobody knows whether it is refused."""
    experiments: dict[str, None] = field(default_factory=dict)
    usage: dict[tuple[str, str], _Usage] = field(default_factory=dict)
    told: Told = field(default_factory=Told)
    """Which columns a cell really used, as `privguard audit unused` counts."""
    datasets: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    events: dict[int, dict[str, Any]] = field(default_factory=dict)
    open_runs: dict[str, int] = field(default_factory=dict)

    def load(self, event: Mapping[str, Any]) -> None:
        who = as_mapping(event.get("principal"))
        self.is_unloaded = False
        self.person = _text(who, "id")
        self.guard = {key: _text(event, key) for key in ("outcome", "time", *_GUARD_TEXTS)}
        self.guard["assurance"], self.guard["person"] = _text(who, "assurance"), self.person

    def take(self, seq: int, event: Mapping[str, Any]) -> None:
        action = event.get("action")
        if action == "guard.unload":
            self.is_unloaded = True
        elif action == "guard.changed" and _text(event, "tier"):
            self.guard["tier"] = _text(event, "tier")
            self.last = {key: _text(event, key) for key in _NAMED}
        elif action == "data.load":
            self._take_dataset(seq, event.get("dataset"))
        if action in _ACCESSES:
            self.purpose = _text(event, "purpose")
            self._take_experiment(_text(event, "experiment"))
        if action == "cell.start":
            self.waiting = _Begun(_text(event, "run"), self.last)
            self.last = {key: _text(event, key) for key in _NAMED}
        elif action == "cell.run":
            is_refused = event.get("outcome") == "refused"
            if is_refused and self.waiting is not None and self.waiting.run == _text(event, "run"):
                self.last = self.waiting.before
            self._take_usage(event)
            self.told.take_in(event)
        self._take_row(seq, event)

    def is_exported_by(self, event: Mapping[str, Any]) -> bool:
        """Whether ``event`` says that somebody, anywhere, made a file of what this session did."""
        return event.get("action") == "report.export" and event.get("experiment") in self.experiments

    def answer(self, after: int) -> dict[str, Any]:
        state = "off" if self.is_unloaded else "on" if self.guard["outcome"] == "ok" else "refusing"
        return {
            "session": self.id,
            "guard": {"state": state, **{key: self.guard[key] for key in _GUARD_TEXTS}},
            "purpose": self.purpose,
            "last": self.last,
            "usage": [
                {
                    "name": name,
                    "source": source or None,
                    "variables": list(used.variables),
                    "columns": list(filter(self.told.used(name, source).__contains__, used.columns)),
                }
                for (name, source), used in self.usage.items()
            ],
            "experiments": list(reversed(self.experiments)),
            "datasets": [dataset for dataset in self.datasets.values() if dataset["seq"] > after],
            "events": [row for seq, row in self.events.items() if seq > after],
        }

    def is_of_an_earlier_process(self, started: datetime | None) -> bool:
        if started is None:
            return False
        try:
            loaded = datetime.fromisoformat(self.guard["time"] or "")
        except ValueError:
            return False
        loaded = loaded if loaded.tzinfo else loaded.replace(tzinfo=UTC)
        return loaded < started

    def _take_experiment(self, experiment: str | None) -> None:
        if experiment:
            self.experiments.pop(experiment, None)
            self.experiments[experiment] = None

    def _take_dataset(self, seq: int, dataset: object) -> None:
        if not isinstance(dataset, Mapping):
            return
        name, source = _text(dataset, "name") or "", _text(dataset, "source")
        self.datasets.pop((name, source or ""), None)
        self.datasets[name, source or ""] = {
            "seq": seq,
            "name": name,
            "source": source,
            "rows": as_whole_number(dataset.get("rows")),
            "columns": [_column(column) for column in as_mappings(dataset.get("columns"))],
        }

    def _take_usage(self, event: Mapping[str, Any]) -> None:
        """Note under which variables a data set was met, and which of its columns served for more than loading it."""
        for touched in as_mappings(event.get("datasets")):
            key = (_text(touched, "name") or "", _text(touched, "source") or "")
            used = self.usage.setdefault(key, _Usage())
            used.variables.update(dict.fromkeys(as_texts(touched.get("as"))))
            if set(as_texts(touched.get("how"))) - {"loaded"}:
                used.columns.update(dict.fromkeys(as_texts(touched.get("columns"))))

    def _take_row(self, seq: int, event: Mapping[str, Any]) -> None:
        """Keep the row; the end of a cell takes the place of its start."""
        run = _text(event, "run") or ""
        if event.get("action") == "cell.run":
            self.events.pop(self.open_runs.pop(run, 0), None)
        elif event.get("action") == "cell.start":
            self.open_runs[run] = seq
        self.events[seq] = _row(seq, event)
        while len(self.events) > KEPT_EVENTS:
            del self.events[next(iter(self.events))]


@dataclass(slots=True)
class _Usage:
    """What cells did with one data set."""

    variables: dict[str, None] = field(default_factory=dict)
    columns: dict[str, None] = field(default_factory=dict)


def _row(seq: int, event: Mapping[str, Any]) -> dict[str, Any]:
    cell = as_mapping(event.get("cell"))
    used = as_mappings(event.get("datasets"))
    names = [_text(one, "name") for one in used]
    dataset = event.get("dataset")
    names.append(_text(dataset, "name") if isinstance(dataset, Mapping) else _text(event, "dataset"))
    columns = dict.fromkeys(label for one in used for label in as_texts(one.get("columns")))
    if column := _text(event, "column"):  # whose class was changed
        columns[column] = None
    return {
        "id": f"{_text(event, 'session') or ''}:{seq}",
        "seq": seq,
        **{key: _text(event, key) for key in _EVENT_TEXTS},
        "execution_count": as_whole_number(cell.get("execution_count")),
        "cell_id": _text(cell, "id"),
        "datasets": [name for name in names if name],
        "columns": list(columns)[:_MOST_COLUMNS],
        "has_more_columns": len(columns) > _MOST_COLUMNS,
        "masked": {
            entity: count
            for entity, count in as_mapping(event.get("masked")).items()
            if isinstance(entity, str) and isinstance(count, int)
        },
    }


def _column(column: Mapping[str, Any]) -> dict[str, Any]:
    tiers = as_mapping(column.get("action"))
    return {
        "label": _text(column, "label") or "",
        "entity": _text(column, "entity"),
        "class": _text(column, "class"),
        "confidence": as_whole_number(column.get("confidence")),
        "action": {tier: _text(tiers, tier) for tier in TIER_LABELS},
    }


def _text(told: Mapping[str, Any], key: str) -> str | None:
    value = told.get(key)
    return value if isinstance(value, str) else None
