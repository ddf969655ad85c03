"""Which files the server gives to whom, under a policy that says ``files: refuse``.

A file is classified once a guarded cell has read it: the kernels' log then says what each tier sees of its columns.
It is known again by its name alone, so that a file of the same name in another folder is refused as well.
"""

from __future__ import annotations

from datetime import UTC, datetime

from tornado import web

from ..model import Principal, Request, Tier
from ..policy.decide import decide
from ..policy.rules import Policy
from .plane import Plane

__all__ = ["check_file", "check_terminal"]


def check_file(plane: Plane, path: str, who: Principal) -> None:
    """HTTPError 403 where ``who`` may not see the file at ``path`` in the clear. Blocks."""
    policy = plane.policy()
    name = path.strip("/").rpartition("/")[2]
    if policy.refuses_files and not _may_have(plane.kernels.clear_tiers().get(name), who, policy):
        plane.record.add("file.download", who, lambda keys: {"path": keys.safe(path.strip("/"))}, outcome="refused")
        raise web.HTTPError(
            403,
            "privguard: this file holds columns that your tier does not show in the clear, so the server does not give "
            "it out (`files: refuse`); ask for the tier, or work on it in a guarded notebook.",
        )


def check_terminal(plane: Plane, who: Principal) -> None:
    """HTTPError 403 where a terminal would show ``who`` a classified file that `check_file` refuses. Blocks."""
    policy = plane.policy()
    if policy.refuses_files and not all(_may_have(t, who, policy) for t in plane.kernels.clear_tiers().values()):
        plane.record.add("terminal.start", who, outcome="refused")
        raise web.HTTPError(
            403,
            "privguard: a terminal would show files whose columns your tier does not show in the clear "
            "(`files: refuse`); ask for the tier, or work in a guarded notebook.",
        )


def _may_have(clear: frozenset[str] | None, who: Principal, policy: Policy) -> bool:
    """Whether ``who`` is granted one of the tiers that show all of a file; None: nobody has classified it."""
    if clear is None:
        return True
    now = datetime.now(UTC)
    return any(decide(Request(who, "run", Tier.parse(tier), reason="a file", at=now), policy).allowed for tier in clear)
