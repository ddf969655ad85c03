"""Pictures of persons: those that stand in columns of them, by their bytes, their points and their paths.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any

from ...frames import FrameView, view
from ...model import Tier
from ...policy.rules import Policy
from ..columns.column_masks import mask_at
from ..knowledge import Knowledge

__all__ = ["PersonPictures", "digest_of"]

_ENTITIES = frozenset({"IMAGE_OF_PERSON", "BIOMETRIC"})
_MOST = 100_000
"""Cells of a column that are looked at."""


def digest_of(picture: bytes) -> bytes:
    """What a picture is known by."""
    return hashlib.sha256(picture).digest()


class PersonPictures:
    """What is known of pictures of persons; it stays known when the tables are gone."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._looked: dict[tuple[int, int], object] = {}
        """By table and position what the table looked like when its column was read."""
        self._digests: set[bytes] = set()
        self._paths: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._digests)

    def look(self, tier: Tier, policy: Policy) -> None:
        """Learn from the tables that live now; only columns count that ``tier`` does not see."""
        datasets = self._knowledge.names.datasets
        for table in datasets.tables():
            found, seen = datasets.of(table).classification, view(table)
            if found is None or seen is None:
                continue
            for at, verdict in enumerate(found):
                if verdict.entity not in _ENTITIES or mask_at(verdict, tier, policy) is None:
                    continue
                state = seen.state()
                if self._looked.get((id(table), at)) != state:
                    self._looked[id(table), at] = state
                    self._learn(seen, at)

    def _learn(self, seen: FrameView, at: int) -> None:
        for value in seen.distinct(at)[:_MOST]:
            if isinstance(value, (bytes, bytearray, memoryview)):
                self._digests.add(digest_of(bytes(value)))
            elif isinstance(value, str):
                self._paths.add(_place(value))
            elif (points := _points(value)) is not None:
                self._digests.add(digest_of(points))

    def has(self, source: Any) -> bool:
        """Whether ``source`` (bytes, a path or URL, or a picture as an object) is one of them."""
        if isinstance(source, (str, os.PathLike)):
            return bool(self._paths) and _place(os.fspath(source)) in self._paths
        if not self._digests:
            return False
        known = source if isinstance(source, bytes) else _points(source)
        return known is not None and digest_of(known) in self._digests


def _place(path: Any) -> str:
    """The same for all ways to write a path; a URL as it is."""
    text = os.fsdecode(path)
    return text if "://" in text or text.startswith("data:") else os.path.realpath(text)


def _points(picture: Any) -> bytes | None:
    """The points of a picture of PIL; None if it is none, or cannot be read."""
    if not any(base.__module__ == "PIL.Image" for base in type(picture).__mro__):
        return None
    try:
        return bytes(picture.tobytes())
    except Exception:  # noqa: BLE001 - a file that is gone or broken, in the words of another library
        return None
