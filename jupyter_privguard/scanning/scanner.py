"""A scan of many files: one after the other, or over processes; what one file does to its process ends no scan."""

from __future__ import annotations

import multiprocessing
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from .._files import write_atomically
from .baseline import NOTHING, Accepted
from .contents import LARGEST, findings_in
from .databases import is_database
from .findings import Finding, Scanned
from .fixing import fixed
from .judging import Judge
from .pieces import Unreadable

__all__ = ["scan"]

_FEW = 16
_BATCH = 8
_judge: list[tuple[Judge, bool, Accepted]] = []
"""What a child process works with; it has it from its parent, and nothing of it is sent."""


def scan(
    files: Sequence[str],
    judge: Judge,
    *,
    fix: bool,
    jobs: int,
    done: Callable[[float], None],
    accepted: Accepted = NOTHING,
) -> list[Scanned]:
    """What stands in each of ``files``, in their order. With ``fix`` it is taken out where that can be done.

    ``done`` hears the share of files that are done, ``accepted`` are findings that do not count.
    """
    _judge[:] = [(judge, fix, accepted)]
    try:
        if len(files) <= _FEW or jobs < 2 or sys.platform == "win32" or sys.platform == "darwin":
            return list(_here(files, done))
        return _apart(files, jobs, done)
    finally:
        _judge.clear()


def _here(files: Sequence[str], done: Callable[[float], None]) -> Iterator[Scanned]:
    for count, path in enumerate(files, 1):
        yield _one(path)
        done(count / len(files))


def _apart(files: Sequence[str], jobs: int, done: Callable[[float], None]) -> list[Scanned]:
    batches = [list(files[at : at + _BATCH]) for at in range(0, len(files), _BATCH)]
    found: dict[str, Scanned] = {}
    broken: list[str] = []
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
        work = {pool.submit(_batch, batch): batch for batch in batches}
        for future in as_completed(work):
            try:
                found |= {one.path: one for one in future.result()}
            except BrokenProcessPool:
                broken += work[future]
            done((len(found) + len(broken)) / len(files))
    for path in broken:  # each in a process of its own, so that one tells which it was
        found[path] = _alone(path)
    return [found[path] for path in files]


def _alone(path: str) -> Scanned:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        try:
            return pool.submit(_one, path).result()
        except BrokenProcessPool:
            return Scanned(path, problems=("looking at it ended the process, most likely for want of memory",))


def _batch(paths: list[str]) -> list[Scanned]:
    return [_one(path) for path in paths]


def _one(path: str) -> Scanned:
    judge, fix, accepted = _judge[0]
    problems: list[str] = []
    try:
        data, mode = _read(path)
        found = _counting(findings_in(path, data, judge, problems), accepted)
        count = 0
        if fix and any(one.can_be_fixed for one in found) and Path(path).is_symlink():
            problems.append("it is a link, and what it leads to may lie anywhere: nothing was taken out; name that")
        elif fix and any(one.can_be_fixed for one in found):
            new, count = fixed(data, lambda now: _counting(findings_in(path, now, judge, []), accepted))
            if _read(path)[0] != data:
                raise Unreadable("it changed while it was looked at; scan it again")
            write_atomically(Path(os.path.realpath(path)), new, mode=mode)
            found = _counting(findings_in(path, new, judge, []), accepted)
        return Scanned(path, tuple(found), tuple(problems), count)
    except Unreadable as reason:
        problems.append(str(reason))
    except OSError as error:
        problems.append(f"it cannot be read or written ({error.strerror or 'I/O error'})")
    except (MemoryError, RecursionError):
        problems.append("there is not enough memory to look at it")
    except Exception as error:  # noqa: BLE001 - one file ends no scan; its message could quote a value
        problems.append(f"an unexpected {type(error).__name__} ended looking at it")
    return Scanned(path, problems=tuple(problems))


def _counting(found: Sequence[Finding], accepted: Accepted) -> list[Finding]:
    return [left for one in found if (left := accepted.left(one)) is not None]


def _read(path: str) -> tuple[bytes, int]:
    """All bytes of a regular file and its mode; never waits for a pipe. Unreadable for anything else."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with os.fdopen(handle, "rb") as file:
        what = os.fstat(handle)
        if not stat.S_ISREG(what.st_mode):
            raise Unreadable("it is not a regular file")
        head = file.read(16)
        if is_database(head):
            return head, stat.S_IMODE(what.st_mode)
        if what.st_size > LARGEST:
            raise Unreadable(f"it is larger than {LARGEST >> 20} MB; split it")
        return head + file.read(LARGEST), stat.S_IMODE(what.st_mode)
