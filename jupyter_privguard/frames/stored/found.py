"""What is told of the data in a file: tables and lists, and whether that is all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

__all__ = ["Found", "Kept"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A table or list within a file."""

    owner: str
    """The class of the object that holds it; empty where none does."""
    attribute: str
    """Under which it is held; empty where it is not held under a name of the code."""
    rows: int
    columns: int
    labels: tuple[str, ...] = field(repr=False)
    """Of the columns in ``cells``; empty ones where they have none."""
    cells: tuple[list[Any], ...] = field(repr=False)
    """The values of each column, or as many of the first as were asked for."""
    is_rows: bool = False
    """Whether they are rows of what the object was fitted on."""

    @property
    def where(self) -> str:
        """``KNeighborsClassifier._fit_X``, as it may be told."""
        return ".".join(filter(None, [self.owner, self.attribute])) or "data in it"


class Found(NamedTuple):
    """What is kept, and how far it was told."""

    kept: list[Kept]
    used: set[int]
    """By `id` the texts and bytes of which whole arrays were made."""
    problem: str
    """A half-sentence where there was more than is told of one file, or something that could not be read."""
