"""The files that the policy of a session comes from, looked at again at each cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..errors import PolicyError
from ..policy.rules import Policy
from ..settings import policy_paths
from .place import policy_at

__all__ = ["PolicyFiles"]

_Look = tuple[tuple[Path | None, Path | None], tuple[tuple[int, ...] | None, ...]]


class PolicyFiles:
    """A `guard.in_force.PolicyWatch`: the administrator's file, and the one that PRIVGUARD_POLICY names by then.

    A relative name is taken from the folder in which the session began.
    """

    def __init__(self, in_use: Callable[[Policy], object]) -> None:
        self._in_use = in_use
        self._folder = Path.cwd()
        self._seen: _Look | None = None  # the first look compares with the policy that the session began with
        self._problem: PolicyError | None = None

    def changed(self) -> Policy | None:
        """What the files say now, if they were touched since the last look; else None.

        PolicyError as long as they cannot be used.
        """
        now = self._look()
        if now == self._seen:
            if self._problem is not None:
                raise self._problem.with_traceback(None)
            return None
        self._seen = now
        try:
            found = policy_at(*self._paths())
        except PolicyError as problem:
            self._problem = problem
            raise
        self._problem = None
        return found

    def in_use(self, policy: Policy) -> None:
        """``policy`` holds from now on."""
        self._in_use(policy)

    def _paths(self) -> tuple[Path | None, Path | None]:
        admin, named = policy_paths()
        return admin, self._folder / named if named is not None else None

    def _look(self) -> _Look:
        paths = self._paths()
        return paths, tuple(map(_state, paths))


def _state(path: Path | None) -> tuple[int, ...] | None:
    """What changes with a file's bytes, its owner or its place; None where there is none."""
    if path is None:
        return None
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
