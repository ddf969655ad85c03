"""One canonical JSON object a line: the very leaves of the tree (JSON Lines; RFC 8785)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ["rows"]


def rows(lines: Iterable[str]) -> Iterator[bytes]:
    """Each line of the log as it was hashed, ended by a newline."""
    for line in lines:
        yield line.encode() + b"\n"
