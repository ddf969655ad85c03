"""A long JSON document in parts, each of whole elements of a list, so that not all of its values are held at once."""

from __future__ import annotations

from collections.abc import Iterator

from .json_texts import Path, Scalar

__all__ = ["parts_of"]

_MANY = 50_000
"""Values of a part."""
_MOST_LABELS = 5_000
_DEEP = 1_000


def parts_of(found: Iterator[Scalar]) -> Iterator[tuple[list[Scalar], list[Scalar]]]:
    """``found`` in parts, cut where an element of the outermost list ends; beside each the labels before it."""
    part: list[Scalar] = []
    labels: list[Scalar] = []
    before = 0
    outermost = _DEEP
    last: Path = ()
    for one in found:
        at = _changed(last, one.path)
        if at < len(last) and at < len(one.path) and isinstance(one.path[at], int):
            outermost = min(outermost, at)
            if at == outermost and len(part) >= _MANY:
                yield labels[:before], part
                part, before, outermost = [], len(labels), _DEEP
        if len(one.path) > 1 and one.path[-2] == "columns" and len(labels) < _MOST_LABELS:
            labels.append(one)
        part.append(one)
        last = one.path
    if part:
        yield labels[:before], part


def _changed(last: Path, now: Path) -> int:
    """At which step two paths part."""
    for at, (one, other) in enumerate(zip(last, now, strict=False)):
        if one != other:
            return at
    return min(len(last), len(now))
