"""Values of columns that a person or the policy has lowered: which may be shown, and whose part a table is.

A pattern finds an e-mail address in any text, also that of a column about which somebody said that it holds
nothing. And a part of a lowered column is shown as it is only if its values prove where it is from: another
table may have a column of the same name. Kept in memory only, never written anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from ..._later import later
from ...keys.keyring import KeyRing
from ...model import ColumnVerdict
from ...policy.rules import Policy
from ..overrides.statements import Column
from ..texts.known import Hit, KnownValues, as_text
from ..texts.masker import TextMasker

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
        self._by_policy: dict[Column, ColumnVerdict] = {}

    def __bool__(self) -> bool:
        return bool(self._values)

    def __repr__(self) -> str:
        return f"<Released: {len(self._values)} columns>"

    def use(self, find_spans: FindSpans) -> None:
        """``find_spans`` finds what patterns do from now on."""
        self._find_spans = find_spans

    def learn(
        self, column: Column, values: Sequence[Any], *, is_for_all: bool, by_policy: ColumnVerdict | None = None
    ) -> None:
        """Remember the distinct ``values`` of a lowered column; ``is_for_all`` if everybody may see them.

        ``by_policy`` is what the policy says of it, if that lowers it.
        """
        if by_policy is not None:
            self._by_policy[column] = by_policy
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
        self._by_policy.pop(column, None)
        return list(self._values.pop(column, ()))

    def clear(self) -> None:
        """Release nothing any more."""
        self._values, self._clear, self._by_policy = {}, {}, {}

    def by_policy(self, column: Column) -> ColumnVerdict | None:
        """What the policy says of ``column``, if that lowers it."""
        return self._by_policy.get(column)

    def is_for_all(self, column: Column | None) -> bool:
        """Whether everybody may see ``column``; of none, no."""
        return column in self._clear

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
    """Masks text but for what patterns find in it and somebody has released; what hidden columns hold is masked."""

    def __init__(self, policy: Policy, keyring: KeyRing, released: Released) -> None:
        super().__init__(policy, keyring)
        self._released = released

    def finder(self, known: KnownValues) -> Callable[[str], list[Hit]]:
        """What is to be masked within a text that leaves."""
        find = super().finder(known)

        def found(text: str) -> list[Hit]:
            if not self._released:
                return find(text)
            return [hidden for hit in find(text) for hidden in left(hit, text[hit.start : hit.end])]

        def left(hit: Hit, part: str) -> list[Hit]:
            """What of ``hit``, which is ``part`` of a text, is to be masked."""
            place = self._place_in(part, hit.entity, known, find)
            if place is None:
                return [hit]
            rest = ((0, part[: place[0]]), (place[1], part[place[1] :]))
            return [_moved(one, hit.start + at) for at, piece in rest for one in found(piece)]

        return found

    def _place_in(
        self, text: str, entity: str, known: KnownValues, find: Callable[[str], list[Hit]]
    ) -> tuple[int, int] | None:
        """Where a released value stands in ``text``, which was taken for one ``entity``.

        In a rendered table a pattern may take a number in the next column for the end of a telephone number.
        """
        if self._released.holds(text):
            return None if _is_held(text, entity, known) else (0, len(text))
        words = [*_WORDS.finditer(text)]
        if not 1 < len(words) <= _MOST_WORDS:
            return None
        hits = known.find(text)
        for start, end in _longest_first([word.span() for word in words]):
            value = text[start:end]
            is_whole = self._released.holds(value) and [(h.entity, h.value) for h in find(value)] == [(entity, value)]
            # What a hidden column holds may begin in one value and end in the next.
            is_cut = any(h.start < end and h.end > start and not (start <= h.start and h.end <= end) for h in hits)
            if is_whole and not is_cut and not _is_held(value, entity, known):
                return start, end
        return None


_WORDS = later(r"\S+")
_WORD = later(r"\w")
_MOST_WORDS = 12


def _longest_first(words: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """From where to where sequences of ``words`` are, but for all of them."""
    for count in range(len(words) - 1, 0, -1):
        yield from ((words[at][0], words[at + count - 1][1]) for at in range(len(words) - count + 1))


def _is_held(value: str, entity: str, known: KnownValues) -> bool:
    """Whether a hidden column holds ``value``, or what is one ``entity`` with it.

    Of an address in clear a name may be read that is hidden where it stands alone: whoever shows the one shows it.
    """
    hits = known.find(value)
    return any(hit.entity == entity or not _WORD.search(value[: hit.start] + value[hit.end :]) for hit in hits)


def _moved(hit: Hit, by: int) -> Hit:
    return hit._replace(start=hit.start + by, end=hit.end + by)
