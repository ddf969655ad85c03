"""Tables that lie about in plain in the folder where somebody works."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ...classification.classifier import shown_label
from ...classification.context import DIRECT
from ...errors import PrivguardError
from ...frames import FrameView, view
from ...frames.files import SUFFIXES, read_head
from ...policy.rules import Policy
from ..columns.assess import assess
from ..columns.datasets import name_of_source

__all__ = ["PlainCopy", "plain_copies"]

_DEPTH, _FILES, _ENTRIES, _ROWS = 2, 200, 20_000, 200
_FOUND = 20
_MASKED = re.compile(r"(?:tok|enc|sur)[:_]|\*|\[[A-Za-z_]+\]", re.ASCII)
_MOSTLY = 0.9


class PlainCopy(NamedTuple):
    """A file with direct identifiers in it."""

    name: str
    """Its path below the folder, without what looks like a value."""
    entities: tuple[str, ...]
    """What it holds."""


def plain_copies(folder: Path, policy: Policy, *, files: int = _FILES, most: int = _FOUND) -> list[PlainCopy]:
    """CSV, TSV (packed too) and Parquet files in ``folder`` and two levels below that hold direct identifiers in plain.

    Looks at the first 200 rows of as many ``files`` at most, until it has found ``most``; into no hidden folder and
    through no link. A file that is no table is passed over. What ``privguard mask`` made is not plain,
    unless its masks keep the form.
    """
    found = []
    for path in _tables(folder, files):
        try:
            seen = view(read_head(str(path), _ROWS))
            entities = _in_plain(seen, path, policy) if seen is not None else ()
        except (PrivguardError, OSError):
            continue
        if entities:
            found.append(PlainCopy(shown_label(str(path.relative_to(folder)), policy.all_patterns), entities))
        if len(found) == most:
            break
    return found


def _in_plain(seen: FrameView, path: Path, policy: Policy) -> tuple[str, ...]:
    verdicts = assess(seen, policy=policy, dataset=name_of_source(str(path)), source=str(path))
    return tuple(
        dict.fromkeys(
            verdict.entity
            for position, verdict in enumerate(verdicts)
            if verdict.is_sensitive and verdict.entity in DIRECT and not _is_masked(seen, position)
        )
    )


def _is_masked(seen: FrameView, position: int) -> bool:
    values = seen.sample(position)
    return sum(_MASKED.search(str(value)) is not None for value in values) >= _MOSTLY * len(values)


def _tables(folder: Path, files: int) -> Iterator[Path]:
    """The first ``files`` tables in the order of their names, nearer ones first."""
    level, left = [folder], _ENTRIES
    for depth in range(_DEPTH + 1):
        below: list[Path] = []
        for place in level:
            try:
                with os.scandir(place) as entries:
                    listed = sorted(entry.name for entry, _ in zip(entries, range(left), strict=False))
            except OSError:
                continue
            left -= len(listed)
            for name in listed:
                path = place / name
                if name.startswith(".") or path.is_symlink():
                    continue
                if path.is_dir():
                    below.append(path)
                elif Path(name.lower().removesuffix(".gz")).suffix in SUFFIXES and path.is_file() and files:
                    files -= 1
                    yield path
        level = below if depth < _DEPTH else []
