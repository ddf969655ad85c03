"""What was found in texts that masked tables became: the same table, shown again, becomes the same text.

Only such texts are remembered, and for each what was found in it, while nothing else is known than then.
Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .known import Hit

__all__ = ["MadeTexts"]

_KEPT = 40
_LONGEST = 500_000
"""Characters of a text that is worth keeping."""


class MadeTexts:
    """Remembers the last ones."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, tuple[Hashable, list[Hit]] | None] = OrderedDict()

    def expect(self, texts: Iterable[str]) -> None:
        """These ``texts`` are about to leave, perhaps not for the last time."""
        for text in texts:
            if len(text) <= _LONGEST:
                self._found.setdefault(text)
                self._found.move_to_end(text)
        while len(self._found) > _KEPT:
            self._found.popitem(last=False)

    def hits(self, text: str, state: Hashable, find: Callable[[str], list[Hit]]) -> list[Hit]:
        """What ``find`` finds in ``text``; the same in the same ``state`` of all that is known."""
        if len(text) > _LONGEST or text not in self._found:
            return find(text)
        before = self._found[text]
        if before is None or before[0] != state:
            before = self._found[text] = state, find(text)
        return before[1]

    def clear(self) -> None:
        """Remember nothing."""
        self._found.clear()
