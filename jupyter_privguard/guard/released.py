"""Values of columns that a person has lowered: which of them may be shown, and whose part a table is.

A pattern finds an e-mail address in any text, also that of a column about which somebody said that it holds
nothing. And a part of a lowered column is shown as it is only if its values prove where it is from: another
table may have a column of the same name. Kept in memory only, never written anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from ..keys.keyring import KeyRing
from ..policy.rules import Policy
from .known import Hit, KnownValues, as_text
from .overrides import Column
from .text import TextMasker

__all__ = ["Released", "ReleasingMasker"]

_MOST_SEARCHED = 20_000
"""Distinct values of a column in which patterns are looked for; of a longer one only whole values are released."""


FindSpans = Callable[[str], Sequence[Any]]
"""What patterns find in a text, as objects with ``start`` and ``end``."""


class Released:
    """The values of lowered columns. Not thread-safe: the session holds the lock."""

    def __init__(self, find_spans: FindSpans) -> None:
        self._find_spans = find_spans
        self._values: dict[Column, set[Any]] = {}
        self._clear: dict[Column, set[str]] = {}

    def __bool__(self) -> bool:
        return bool(self._values)

    def __repr__(self) -> str:
        return f"<Released: {len(self._values)} columns>"

    def use(self, find_spans: FindSpans) -> None:
        """``find_spans`` finds what patterns do from now on."""
        self._find_spans = find_spans

    def learn(self, column: Column, values: Sequence[Any], *, is_for_all: bool) -> None:
        """Remember the distinct ``values`` of a lowered column; ``is_for_all`` if everybody may see them."""
        self._values.setdefault(column, set()).update(filter(_can_be_hashed, values))
        if is_for_all:
            texts = self._clear.setdefault(column, set())
            new = [text for text in map(as_text, values) if text is not None and text not in texts]
            texts.update(new)
            if len(new) <= _MOST_SEARCHED:
                texts.update(text[span.start : span.end] for text in new for span in self._find_spans(text))

    def forget(self, column: Column) -> list[Any]:
        """Release ``column`` no longer; the values that were released."""
        self._clear.pop(column, None)
        return list(self._values.pop(column, ()))

    def clear(self) -> None:
        """Release nothing any more."""
        self._values, self._clear = {}, {}

    def holds(self, text: str) -> bool:
        """Whether ``text`` stands in a column that everybody may see."""
        return any(text in texts for texts in self._clear.values())

    def has(self, label: str) -> bool:
        """Whether a column called ``label`` was lowered."""
        return any(column.label == label for column in self._values)

    def columns_of(self, label: str, values: Collection[Any]) -> list[Column]:
        """The lowered columns called ``label`` that hold all of ``values``; none for no values."""
        if not values or not all(map(_can_be_hashed, values)):
            return []
        return [c for c, held in self._values.items() if c.label == label and held.issuperset(values)]


def _can_be_hashed(value: Any) -> bool:
    try:
        hash(value)
    except Exception:  # noqa: BLE001 - a cell may be any object, whose own code may raise anything
        return False
    return True


class ReleasingMasker(TextMasker):
    """Masks text but for what patterns find in it and a person has released; known values are masked always."""

    def __init__(self, policy: Policy, keyring: KeyRing, released: Released) -> None:
        super().__init__(policy, keyring)
        self._released = released

    def finder(self, known: KnownValues) -> Callable[[str], list[Hit]]:
        """What is to be masked within a text that leaves."""
        find = super().finder(known)
        return lambda text: [hit for hit in find(text) if not self._is_released(text[hit.start : hit.end], known)]

    def _is_released(self, text: str, known: KnownValues) -> bool:
        return self._released.holds(text) and not known.find(text)
