"""What was found in the last small tables by themselves: a part that is cut out anew for each look is the same table.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from ...frames import FrameView, shown_content
from ...policy.rules import Policy
from .assess import while_it_lives
from .verdicts import Classification, no_table

__all__ = ["SameTables"]

_KEPT = 8


class _Kept(NamedTuple):
    content: object
    policy: Policy
    found: Classification


class SameTables:
    """Remembers them by all of their cells and labels."""

    def __init__(self) -> None:
        self._kept: deque[_Kept] = deque(maxlen=_KEPT)

    def assessed(self, seen: FrameView, policy: Policy, make: Callable[[], Classification]) -> Classification:
        """What ``make`` finds in ``seen``, a table without a name, or has found in its like."""
        content = shown_content(seen, whole=True)
        for one in self._kept if content is not None else ():
            if one.policy is policy and one.content == content:
                return replace(one.found, table=while_it_lives(seen))
        found = make()
        if content is not None:
            self._kept.appendleft(_Kept(content, policy, replace(found, table=no_table)))
        return found
