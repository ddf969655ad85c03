"""What each of the two logs says of a cell and of a kernel, read without trust in any field."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._json import as_mapping, as_whole_number

__all__ = ["Guarded", "Kernels", "Served", "guarded_cells", "served_cells"]

Event = Mapping[str, Any]
Key = tuple[str, str]
"""Kernel and message id."""

_BY_SERVER = ("server", "hub")


@dataclass(slots=True)
class Served:
    """A request to run code, as the server's log has it."""

    seq: int
    kernel: str
    message: str
    at: str
    notebook: str | None
    cell_id: str | None
    person: str | None
    is_named: bool
    """Whether the server's identity provider named the person."""
    source: str | None
    """Digest of the source under the kernels' key; None where the server has no such key."""
    is_silent: bool
    is_empty: bool
    loads_guard: bool
    """Whether its code does nothing but load the guard."""
    unloads_guard: bool
    """Whether its code does nothing but unload it."""
    expressions: int
    outcome: str | None = None
    """How it ended; None while it runs."""
    began: str | None = None
    """When the kernel began with it."""
    ended: str | None = None
    number: int | None = None

    @property
    def may_have_run(self) -> bool:
        """Whether the kernel began with it, or nobody can tell; what waits, or was never begun with, has not."""
        return self.began is not None or self.outcome in ("ok", "error")


@dataclass(slots=True)
class Guarded:
    """A run of a cell, as the guard's log has it."""

    seq: int
    kernel: str
    session: str
    at: str
    notebook: str | None
    cell_id: str | None
    person: str | None
    is_named: bool
    """Whether it says that a server's identity provider named the person."""
    number: int | None
    is_nested: bool
    """Whether another run of the same message was open when it began."""
    outcome: str | None = None
    source: str | None = None


class Kernels:
    """Which kernels the server knows, and when the guard was on in them."""

    def __init__(self, kernel_events: Sequence[Event], server_events: Sequence[Event]) -> None:
        """Read both logs, each whole and in its order."""
        self._first: dict[str, str] = {}
        changes: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        self._loads: set[Key] = set()
        self._unloads: dict[str, list[str]] = defaultdict(list)
        self._granted: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
        for event in server_events:
            kernel = _text(event, "kernel")
            if kernel is not None:
                if event.get("action") == "identity.grant":
                    granted = _text(event, "at") or "", _text(as_mapping(event.get("principal")), "id")
                    self._granted[kernel].append(granted)
                self._first.setdefault(kernel, _text(event, "at") or "")
                if event.get("action") in ("kernel.restart", "kernel.stop"):
                    changes[kernel].append((_text(event, "at") or "", False))
        for event in kernel_events:
            kernel, action = _text(event, "kernel"), event.get("action")
            if kernel is not None and action in ("guard.load", "guard.unload"):
                changes[kernel].append((_text(event, "time") or "", action == "guard.load"))
                if action == "guard.load":
                    self._loads.add((kernel, _text(event, "session") or ""))
                elif event.get("reason") != "exit":
                    self._unloads[kernel].append(_text(event, "time") or "")
        self._changes = {kernel: sorted(found) for kernel, found in changes.items()}

    def are_known(self, kernel: str) -> bool:
        """Whether the server's log tells of ``kernel``."""
        return kernel in self._first

    def is_watched(self, one: Guarded) -> bool:
        """Whether the server watched the kernel already when this run began."""
        return self._first.get(one.kernel, "\uffff") <= one.at

    def was_loaded(self, one: Guarded) -> bool:
        """Whether the guard was ever loaded in the session and kernel that this run is recorded in."""
        return (one.kernel, one.session) in self._loads

    def granted_by(self, kernel: str, time: str) -> set[str | None]:
        """Whom the server had named as running ``kernel`` by ``time``."""
        return {person for at, person in self._granted.get(kernel, ()) if at <= time}

    def is_guarded(self, kernel: str, time: str) -> bool:
        """Whether the guard was on in ``kernel`` at ``time``."""
        found = self._changes.get(kernel, [])
        place = bisect_right(found, time, key=lambda change: change[0])
        return place > 0 and found[place - 1][1]

    def was_unloaded_by(self, cell: Served) -> bool:
        """Whether somebody took the guard out while ``cell`` ran."""
        begin, end = cell.began or cell.at, cell.ended or ""
        return any(begin <= time <= end for time in self._unloads.get(cell.kernel, ()))


def served_cells(events: Sequence[Event]) -> dict[Key, list[Served]]:
    """The requests in the server's log by kernel and message, in the order in which they passed."""
    found: dict[Key, list[Served]] = defaultdict(list)
    runs: dict[str, Served] = {}
    for event in events:
        run = _text(event, "run") or ""
        if event.get("action") == "cell.start":
            cell = as_mapping(event.get("cell"))
            one = runs[run] = Served(
                seq=as_whole_number(event.get("seq")) or 0,
                kernel=_text(event, "kernel") or "",
                message=_text(cell, "message") or "",
                at=_text(event, "at") or "",
                notebook=_text(event, "notebook"),
                cell_id=_text(cell, "id"),
                person=_text(as_mapping(event.get("principal")), "id"),
                is_named=_text(as_mapping(event.get("principal")), "assurance") in _BY_SERVER,
                source=None,
                is_silent=cell.get("silent") is True,
                is_empty=cell.get("empty") is True,
                loads_guard=cell.get("loads_guard") is True,
                unloads_guard=cell.get("unloads_guard") is True,
                expressions=as_whole_number(cell.get("expressions")) or 0,
            )
            one.source = _text(cell, "kernel_source_hmac")
            found[one.kernel, one.message].append(one)
        elif event.get("action") == "cell.run" and run in runs:
            one, cell = runs[run], as_mapping(event.get("cell"))
            one.outcome = _text(event, "outcome") or ""
            one.began = _text(event, "began")
            one.ended = _text(event, "at")
            one.number = as_whole_number(cell.get("execution_count"))
    return dict(found)


def guarded_cells(events: Sequence[Event]) -> dict[Key, list[Guarded]]:
    """The runs in the guard's log by kernel and message, in the order in which they began."""
    found: dict[Key, list[Guarded]] = defaultdict(list)
    runs: dict[str, Guarded] = {}
    for event in events:
        action, run, kernel = event.get("action"), _text(event, "run") or "", _text(event, "kernel")
        if action == "cell.start" and kernel is not None:
            cell = as_mapping(event.get("cell"))
            key = kernel, _text(cell, "message") or ""
            session = _text(event, "session") or ""
            runs[run] = Guarded(
                seq=as_whole_number(event.get("seq")) or 0,
                kernel=kernel,
                session=session,
                at=_text(event, "time") or "",
                notebook=_text(event, "notebook"),
                cell_id=_text(cell, "id"),
                person=_text(as_mapping(event.get("principal")), "id"),
                is_named=_text(as_mapping(event.get("principal")), "assurance") in _BY_SERVER,
                number=as_whole_number(cell.get("execution_count")),
                is_nested=any(one.outcome is None and one.session == session for one in found[key]),
            )
            found[key].append(runs[run])
        elif action == "cell.run" and run in runs:
            runs[run].outcome = _text(event, "outcome") or ""
            runs[run].source = _text(as_mapping(event.get("cell")), "source_hmac")
    return dict(found)


def _text(event: Event, key: str) -> str | None:
    found = event.get(key)
    return found if isinstance(found, str) else None
