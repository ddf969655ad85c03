"""Files on their way to a tracking store: what stands in them, as `privguard scan` finds it, and their texts."""

from __future__ import annotations

import os
import re
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ..guard.tracked.leaving import FileLook
from ..policy.rules import Policy
from ..scanning.archives import Allowance, is_archive, members
from ..scanning.contents import LARGEST, text_of
from ..scanning.findings import counted
from ..scanning.judging import Judge
from ..scanning.pieces import Unreadable
from ..scanning.scanner import scan
from ..scanning.walking import files_under

__all__ = ["looked_through"]

_LEAST = 70
"""Percent: how sure a finding in a file must be to keep it here."""
_SHORTEST = 5
_MOST_NESTED = 3
_scanning = threading.Lock()
"""MLflow sends files in threads of its own too, and one process scans for one at a time."""


def looked_through(path: str, policy: Policy) -> list[FileLook]:
    """What stands in the file at ``path``, or in those of the folder; nothing where there is none."""
    if not os.path.lexists(path):  # MLflow says so itself
        return []
    problems: list[FileLook] = []
    files = list(
        files_under(
            (path,),
            everything=True,
            problem=lambda where, reason: problems.append(FileLook(where, Counter(), problem=reason)),
        )
    )
    with _scanning:
        scanned = scan(files, Judge(policy, None, _LEAST), fix=False, jobs=1, done=lambda _: None)
    for name, one in zip(files, scanned, strict=True):
        found = [each for each in one.findings if each.severity != "note"]  # rows that point at nobody
        problems.append(FileLook(name, counted(found), _texts(name), "; ".join(one.problems)))
    return problems


def _texts(path: str) -> list[str]:
    """The text of a file, and of each member of an archive; of what is no text, what in it can be read."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST)
    except OSError:
        return []
    return list(_read(data, Allowance(), 0))


def _read(data: bytes, allowed: Allowance, depth: int) -> Iterator[str]:
    if is_archive(data) and depth < _MOST_NESTED:
        try:
            for name, held in members(data, allowed, depth):
                yield name
                if isinstance(held, bytes):
                    yield from _read(held, allowed, depth + 1)
        except Unreadable:  # the scan says so
            return
    elif (found := text_of(data)) is not None:
        yield found[0]
    else:
        parts = re.findall(rb"[\x20-\x7e]{%d,}" % _SHORTEST, data)
        yield b"\n".join(parts).decode("ascii")
