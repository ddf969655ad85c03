"""The last masked copies: a table that is shown again is not masked again while nothing has changed.

A copy depends on the cells and labels that it shows, on what is known of them, and on policy and keys. All of that is
compared, so that a cell that somebody sets in place is masked like any other. Kept in memory only, and few.
Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .copying import Copied, Copying, Judged

__all__ = ["SameCopies"]

_KEPT = 8


class _Kept(NamedTuple):
    content: object
    judged: Judged
    how: Copying
    key_id: str
    copied: Copied


class SameCopies:
    """Remembers them by all that they depend on."""

    def __init__(self) -> None:
        self._kept: deque[_Kept] = deque(maxlen=_KEPT)

    def find(self, content: object, judged: Judged, how: Copying) -> Copied | None:
        """The copy that was made of the same ``content`` in the same way."""
        for one in self._kept:
            if (
                one.key_id == how.keyring.key_id
                and one.how.is_like(how)
                and one.content == content
                and one.judged == judged
            ):
                # Not the same object: whoever renders it may write into it.
                return replace(one.copied, native=one.copied.native.copy(deep=True))
        return None

    def keep(self, content: object, judged: Judged, how: Copying, copied: Copied) -> None:
        """``copied`` was made of ``content``."""
        kept = replace(copied, native=copied.native.copy(deep=True))
        self._kept.appendleft(_Kept(content, judged, how, how.keyring.key_id, kept))

    def clear(self) -> None:
        """Keep nothing."""
        self._kept.clear()
