"""The two axes of a table: their ends, and labels that are all different."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

__all__ = ["different", "ends"]


def ends(size: int, most: int) -> list[int] | None:
    """Positions of both ends, as many as ``most``; None when everything fits."""
    if size <= most:
        return None
    return [*range(-(-most // 2)), *range(size - most // 2, size)]


def different(labels: Iterable[Hashable]) -> list[str]:
    """The labels as texts that are all different, for libraries that want it so: masked ones may be equal."""
    names: dict[str, None] = {}
    for label in labels:
        name, count = str(label), 1
        while name in names:
            count += 1
            name = f"{label}_{count}"
        names[name] = None
    return list(names)
