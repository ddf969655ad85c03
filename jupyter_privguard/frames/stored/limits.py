"""Why a file, or a part of one, is not looked at; and how much of one is."""

from __future__ import annotations

__all__ = ["CUT", "MOST_CELLS", "MOST_OPERATIONS", "MOST_TABLES", "Budget", "Unreadable"]

MOST_OPERATIONS = 3_000_000
"""Operations of a pickle, or fields of an ONNX file, that are read one by one."""
MOST_TABLES = 400
"""Tables of one file that are judged."""
MOST_CELLS = 3_000_000
"""Values of one file that are judged, and so of one column."""
CUT = f"it keeps more than the {MOST_CELLS:,} values and {MOST_TABLES} tables that are judged of one file"
"""What is said of a file of which not all could be judged."""


class Unreadable(Exception):
    """A file, or a part of one, that cannot be looked at; its text is a half-sentence that says why."""


class Budget:
    """How many operations may still be read of one file, whatever is nested in it."""

    def __init__(self, most: int = MOST_OPERATIONS) -> None:
        self._most = self._left = most

    def spend(self, count: int = 1) -> None:
        """Unreadable once more was read than is allowed."""
        self._left -= count
        if self._left < 0:
            raise Unreadable(f"only its first {self._most} operations were read one by one")
