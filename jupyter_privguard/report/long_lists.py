"""Long lists of events stand once in a page, however many claims rest on the same events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

__all__ = ["shared"]

_MOST = 40
"""Events that stand where they are named."""


def shared(sections: list[tuple[str, list[dict[str, Any]]]], *, into: str) -> None:
    """Replace long ``more`` marks in the blocks of ``sections`` by links to lists, which go to section ``into``.

    ``sections`` are (id, blocks as `Block.json` gives them), and are changed.
    """
    known: dict[tuple[int, ...], int] = {}
    for _, blocks in sections:
        for mark in _marks(blocks):
            if mark["kind"] == "more" and len(mark["target"]) > _MOST:
                number = known.setdefault(tuple(mark["target"]), len(known) + 1)
                mark.update(kind="list", target=[number])
    if known:
        lists = [
            {"number": number, "count": len(seqs), "text": " ".join(_runs(seqs))} for seqs, number in known.items()
        ]
        next(blocks for name, blocks in sections if name == into).append({"block": "lists", "lists": lists})


def _marks(value: Any) -> Iterator[dict[str, Any]]:
    """All marks within blocks: what has a kind and a target."""
    if isinstance(value, dict):
        if "kind" in value and "target" in value:
            yield value
        else:
            for part in value.values():
                yield from _marks(part)
    elif isinstance(value, list):
        for part in value:
            yield from _marks(part)


def _runs(seqs: Iterable[int]) -> Iterator[str]:
    for _, run in groupby(enumerate(seqs), key=lambda pair: pair[1] - pair[0]):
        found = [seq for _, seq in run]
        yield f"#{found[0]}" if len(found) == 1 else f"#{found[0]}–#{found[-1]}"
