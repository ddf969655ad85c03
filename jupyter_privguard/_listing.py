"""Names in a sentence: the first ones, and how many more there are."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["first_of"]


def first_of(names: Sequence[str], most: int) -> str:
    """The first ``most`` of ``names`` with commas between, as ``email, income and 3 more``; empty for none."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
