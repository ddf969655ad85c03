"""Point 3: every access recorded by the platform plane."""

from __future__ import annotations

from .. import runtime
from ..errors import LogError, LogUnavailable
from .deployment import Deployment, Event, seqs
from .points import Found, Status, clause

__all__ = ["platform"]


def platform(at: Deployment) -> list[Found]:
    """Verifies the server's own log and holds it against the kernels' for the last days."""
    try:
        planes = runtime.gaps(at.policy, kernels=at.log, until=at.now)
    except LogUnavailable:
        return [
            Found(Status.PARTIAL, "the server's log is not this account's to read, so nobody compared the two here")
        ]
    except LogError as error:
        return [Found(Status.NOT, clause(error), is_broken=True)]
    if planes is None:
        return [Found(Status.PARTIAL, "only the kernels' log is there: no Jupyter server has kept one")]
    return [
        *_gaps(at, planes),
        *_covered(at, planes.server.events),
        *_accounts(at),
    ]


def _gaps(at: Deployment, planes: runtime.Planes) -> list[Found]:
    recent = [gap for gap in planes.gaps if at.is_recent(gap.time)]
    days = f"of the last {at.limits.days} days"
    told = tuple(gap.kernel_seq for gap in recent if gap.kernel_seq is not None)[-5:]
    if contradictions := sum(gap.is_contradiction for gap in recent) + planes.hidden_contradictions:
        return [Found(Status.NOT, f"the two logs contradict each other in {_cells(contradictions)} {days}", told)]
    if recent:
        return [Found(Status.PARTIAL, f"the guard was off or its process died in {_cells(len(recent))} {days}", told)]
    if planes.hidden:
        return [Found(Status.PARTIAL, f"{_cells(planes.hidden)} of others may not be read by this account")]
    return [
        Found(
            Status.EVIDENCED, f"the server's log ({planes.server.size:,} events) is whole, and no gap is in it {days}"
        )
    ]


def _covered(at: Deployment, server: tuple[Event, ...]) -> list[Found]:
    """Kernels that no server started have one record only: of them the comparison says nothing."""
    known = {event.get("kernel") for event in server}
    cells = [event for event in at.of("cell.run") if at.is_recent(event.get("time"))]
    alone = [event for event in cells if event.get("kernel") not in known]
    if alone:
        return [Found(Status.PARTIAL, f"{_cells(len(alone))} ran where no server stood between", seqs(alone))]
    if not cells:
        return [Found(Status.PARTIAL, "no cell ran in these days, so nothing was compared")]
    return [Found(Status.EVIDENCED, f"{_cells(len(cells))} passed the server", seqs(cells))]


def _accounts(at: Deployment) -> list[Found]:
    if at.home.log.stat().st_uid == at.home.server.log.stat().st_uid:
        return [Found(Status.PARTIAL, "both logs belong to one account, whose owner could change both")]
    return [Found(Status.EVIDENCED, "the server's log belongs to another account")]


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"
