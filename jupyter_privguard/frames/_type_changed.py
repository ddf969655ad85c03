"""What a writer says when a column has to become text."""

from __future__ import annotations

__all__ = ["TypeChanged"]


class TypeChanged(Exception):
    """A chunk does not fit the type that the chunks before it gave to the column at ``place``."""

    def __init__(self, place: int) -> None:
        super().__init__("a column changes its type")
        self.place = place
