"""The log that kernels write, held against the log that the Jupyter server writes: what one tells and the other not.

Pure: events in, gaps out. A cell is the same in both when kernel and message id are. The server knows what was asked
and what came back, whatever the kernel's process does to itself; the kernel's log knows what the guard saw.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._json import as_mapping
from ._planes import Guarded, Kernels, Served, guarded_cells, served_cells
from ._rewritten import rewritten

__all__ = ["KINDS", "Gap", "reconcile"]

Event = Mapping[str, Any]

KINDS: Mapping[str, tuple[bool, str]] = {
    "unguarded": (False, "ran while the guard was off"),
    "unrecorded": (True, "ran while the guard was on, and the guard's log does not tell of it"),
    "evaluated": (True, "was evaluated beside the cells, by a debugger or as an expression of a request without code"),
    "unseen": (
        True,
        "is in the guard's log, and no such request passed the server: another client, or a made-up record",
    ),
    "forged": (True, "is recorded in a session that never loaded the guard in this kernel"),
    "repeated": (True, "is in the guard's log more often than it was asked for"),
    "different": (True, "is not what was asked for: source or outcome differ between the two logs"),
    "pretended": (True, "is recorded in the name of somebody whom the server never named for this kernel"),
    "borrowed": (False, "was asked for by somebody else than the person whose session and rights it ran with"),
    "unfinished": (True, "was answered, and the guard's log does not tell how it ended"),
    "lost": (False, "ended with its process, so what it did last is not known"),
    "elsewhere": (True, "put out something that no request of this server asked for: another client of the kernel"),
    "shown": (False, "put out, unmasked, a value that its guard had known and that has no form of its own"),
    "rewritten": (True, "the guard's log is not the one any more whose checkpoint the server kept"),
    "missed": (True, "the server could not write some of its own records"),
}
"""Every kind of gap: whether the two logs contradict each other, and what is said of it."""

_ENDED_ALIKE = {"ok": {"ok"}, "error": {"error", "refused", "interrupted"}, "aborted": {"interrupted", "error"}}
"""How the guard may say that a cell ended, by what the reply said."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What one log tells and the other does not; no value in it."""

    kind: str
    kernel: str | None = None
    notebook: str | None = None
    cell: int | None = None
    """Its execution count."""
    cell_id: str | None = None
    person: str | None = None
    time: str | None = None
    kernel_seq: int | None = None
    server_seq: int | None = None

    @property
    def is_contradiction(self) -> bool:
        """Whether the logs contradict each other; else the guard was off, or a process died."""
        return KINDS[self.kind][0]

    @property
    def sentence(self) -> str:
        """One sentence for people: which cell, whose, when, what is wrong."""
        if self.kind in ("rewritten", "missed"):
            return f"privguard: {KINDS[self.kind][1]} (server's record {self.server_seq}, {self.time})."
        number = "a cell" if self.cell is None else f"cell {self.cell}"
        where = self.notebook or f"kernel {self.kernel}"
        return f"privguard: {number} of {where} by {self.person or 'nobody known'}, {self.time}, {KINDS[self.kind][1]}."


def reconcile(kernel_events: Sequence[Event], server_events: Sequence[Event], *, until: str | None = None) -> list[Gap]:
    """The gaps between the two logs, whole and in their order; sorted by time.

    Of kernels that the server did not start nothing is said: they have one record only. Cells after ``until`` are
    left out, where the logs are still being written and were not read at one moment.
    """
    kernels = Kernels(kernel_events, server_events)
    served = served_cells(server_events)
    guarded = guarded_cells(kernel_events)
    renewed = [str(event.get("time")) for event in kernel_events if event.get("action") == "key.rotate"]
    gaps: list[Gap] = []
    for key in {**served, **guarded}:
        asked, told = served.get(key, []), guarded.get(key, [])
        if until is not None and max([one.at for one in asked] + [one.at for one in told]) > until:
            continue
        if kernels.are_known(key[0]):
            gaps += _of_one_message(asked, told, kernels, renewed)
    gaps += _beside_the_cells(server_events, guarded, kernels)
    gaps += [_of_server("rewritten", event) for event in rewritten(kernel_events, server_events)]
    return sorted(gaps, key=lambda gap: (gap.time or "", gap.server_seq or 0, gap.kernel_seq or 0))


def _of_one_message(
    asked: Sequence[Served], told: Sequence[Guarded], kernels: Kernels, renewed: Sequence[str]
) -> Iterable[Gap]:
    yield from _of_record(asked, told, kernels)
    outer = [one for one in told if not one.is_nested]
    for place, cell in enumerate(asked):
        if place >= len(outer):
            if kind := _missing(cell, kernels):
                yield _of_served(kind, cell)
        elif kernels.was_unloaded_by(cell) and not cell.unloads_guard:
            yield _of_served("unguarded", cell, kernel_seq=outer[place].seq)
        elif kind := _differs(cell, outer[place], told, renewed) or _of_other_person(cell, outer[place], kernels):
            yield _of_served(kind, cell, kernel_seq=outer[place].seq)


def _of_record(asked: Sequence[Served], told: Sequence[Guarded], kernels: Kernels) -> Iterable[Gap]:
    for one in told:
        if not kernels.was_loaded(one):
            yield _of_guarded("forged", one)
    outer = [one for one in told if not one.is_nested]
    for one in outer[len(asked) :]:
        if kernels.is_watched(one):
            yield _of_guarded("repeated" if asked else "unseen", one)


def _missing(cell: Served, kernels: Kernels) -> str | None:
    """What it is called that the guard does not tell of ``cell``; None where there is nothing to tell."""
    if not cell.may_have_run or cell.loads_guard or (cell.is_empty and not cell.expressions):
        return None
    if not kernels.is_guarded(cell.kernel, cell.began or cell.at):
        return "unguarded"
    return "evaluated" if cell.is_empty else "unrecorded"


def _differs(cell: Served, outer: Guarded, told: Sequence[Guarded], renewed: Sequence[str]) -> str | None:
    if cell.outcome is None:
        return None  # it runs
    if outer.outcome in (None, "lost"):
        return "lost" if cell.outcome in ("died", "lost") else "unfinished"
    if cell.outcome in _ENDED_ALIKE and outer.outcome not in _ENDED_ALIKE[cell.outcome]:
        return "different"
    sources = [one.source for one in told if one.source is not None]
    # A silent cell is recorded as Python reads it, and under renewed keys another digest says the same.
    if cell.is_silent or cell.is_empty or cell.source is None or not sources or _was_renewed(cell, renewed):
        return None
    return None if cell.source in sources else "different"


def _of_other_person(cell: Served, outer: Guarded, kernels: Kernels) -> str | None:
    """What it is called that the two records name different people, where the server knows people at all."""
    granted = kernels.granted_by(cell.kernel, outer.at)
    if outer.person == cell.person or not (cell.is_named or outer.is_named):
        return None
    if not granted and not outer.is_named:
        return None  # the kernel was never told, for it runs elsewhere
    return "borrowed" if outer.person in granted else "pretended"


def _was_renewed(cell: Served, renewed: Sequence[str]) -> bool:
    return any(cell.at <= time <= (cell.ended or time) for time in renewed)


def _beside_the_cells(
    server_events: Sequence[Event], guarded: Mapping[tuple[str, str], Sequence[Guarded]], kernels: Kernels
) -> Iterable[Gap]:
    for event in server_events:
        action, kernel = event.get("action"), str(event.get("kernel"))
        is_guarded = kernels.is_guarded(kernel, str(event.get("at")))
        if action == "code.evaluate":
            yield _of_server("evaluated" if is_guarded else "unguarded", event)
        elif action == "output" and event.get("outcome") == "elsewhere":
            if (kernel, str(event.get("message"))) not in guarded:
                yield _of_server("elsewhere" if is_guarded else "unguarded", event)
        elif action == "alert" and event.get("missed"):
            yield _of_server("missed", event)
        elif action == "alert" and event.get("shown"):
            yield _of_server("shown", event)


def _of_served(kind: str, cell: Served, *, kernel_seq: int | None = None) -> Gap:
    return Gap(kind, cell.kernel, cell.notebook, cell.number, cell.cell_id, cell.person, cell.at, kernel_seq, cell.seq)


def _of_guarded(kind: str, one: Guarded) -> Gap:
    return Gap(kind, one.kernel, one.notebook, one.number, one.cell_id, one.person, one.at, one.seq)


def _of_server(kind: str, event: Event) -> Gap:
    cell = as_mapping(event.get("cell"))
    return Gap(
        kind,
        event.get("kernel"),
        event.get("notebook"),
        cell.get("execution_count"),
        cell.get("id"),
        person=as_mapping(event.get("principal")).get("id"),
        time=str(event.get("at")),
        server_seq=event.get("seq"),
    )
