"""A scan of many files: one after the other, or over processes; what one file does to its process ends no scan."""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .._files import whole_file
from .baseline import NOTHING, Accepted
from .contents import findings_in, findings_of
from .findings import Finding, Scanned
from .fixing import fixed
from .judging import Judge
from .kinds import NotRead, PassedOver
from .pieces import Unreadable
from .sources import Source
from .texts import long_text

__all__ = ["scan"]

_FEW = 16
_MUCH = 32 * 2**20
_BATCH = 8
_UNFOLDING = (".parquet", ".feather", ".arrow", ".arrows", ".ipc", ".orc", ".duckdb")
"""Endings of files that are unpacked by libraries which ask for as much memory as the file says."""
_MEMORY = 4 * 2**30
"""Bytes that a process may take beyond what it has when it begins."""
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
        if _are_few(files) or jobs < 2 or sys.platform == "win32" or sys.platform == "darwin":
            return list(_here(files, done))
        return _apart(files, jobs, done)
    finally:
        _judge.clear()


def _are_few(files: Sequence[str]) -> bool:
    """Whether processes for them would cost more than they save; a large file, or one that unfolds, may end its own."""
    if len(files) > _FEW or sum(map(_size, files)) >= _MUCH:
        return False
    return not any(path.lower().endswith(_UNFOLDING) for path in files)


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _here(files: Sequence[str], done: Callable[[float], None]) -> Iterator[Scanned]:
    for count, path in enumerate(files, 1):
        yield _one(path)
        done(count / len(files))


def _apart(files: Sequence[str], jobs: int, done: Callable[[float], None]) -> list[Scanned]:
    size = min(_BATCH, max(1, len(files) // (2 * jobs)))
    batches = [list(files[at : at + size]) for at in range(0, len(files), size)]
    found: dict[str, Scanned] = {}
    broken: list[str] = []
    with _pool(jobs) as pool:
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


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork"), initializer=_bounded)


def _bounded() -> None:
    """From here on this process is refused more memory than a file should need, instead of being ended for it.

    And whoever stops the scan ends it without a word: the command itself says so, once.
    """
    import resource

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)

    try:
        has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = has + _MEMORY if hard == resource.RLIM_INFINITY else min(has + _MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (OSError, ValueError, IndexError):  # not told here
        return


def _alone(path: str) -> Scanned:
    with _pool(1) as pool:
        try:
            return pool.submit(_one, path).result()
        except BrokenProcessPool:
            return Scanned(path, problems=("looking at it ended the process, most likely for want of memory",))


def _batch(paths: list[str]) -> list[Scanned]:
    return [_one(path) for path in paths]


def _one(path: str) -> Scanned:
    problems: list[str] = []
    try:
        found, count = _looked_at(path, problems)
        return _told(path, problems, found, count)
    except Unreadable as reason:
        problems.append(str(reason))
    except OSError as error:
        problems.append(f"it cannot be read or written ({error.strerror or 'I/O error'})")
    except (MemoryError, RecursionError):
        problems.append("there is not enough memory to look at it")
    except Exception as error:  # noqa: BLE001 - one file ends no scan; its message could quote a value
        problems.append(f"an unexpected {type(error).__name__} ended looking at it")
    return _told(path, problems)


def _told(path: str, said: list[str], found: Sequence[Finding] = (), count: int = 0) -> Scanned:
    said = list(dict.fromkeys(said))
    passed = sum(isinstance(one, PassedOver) for one in said)
    not_read = tuple(str(one) for one in said if isinstance(one, NotRead))
    problems = tuple(str(one) for one in said if not isinstance(one, (NotRead, PassedOver)))
    return Scanned(path, tuple(found), problems, not_read, passed, count)


def _looked_at(path: str, problems: list[str]) -> tuple[list[Finding], int]:
    """What is left in the file, and how many values were taken out of it."""
    judge, fix, accepted = _judge[0]
    with opened(path) as file:
        before = _state(file)
        source = Source(file=file, size=before[0], path=path)
        found = _counting(findings_of(path, source, judge, problems), accepted)
        count = 0
        if _state(file)[0] < before[0]:
            problems.append("it became shorter while it was looked at; scan it again")
        if fix and any(one.can_be_fixed for one in found) and Path(path).is_symlink():
            problems.append("it is a link, and what it leads to may lie anywhere: nothing was taken out; name that")
        elif fix and any(one.can_be_fixed for one in found):
            count = _fix(path, file, before, source)
        else:
            return found, 0
    with opened(path) as file:
        source = Source(file=file, size=_state(file)[0], path=path)
        return _counting(findings_of(path, source, judge, []), accepted), count


def _fix(path: str, file: BinaryIO, before: tuple[int, ...], source: Source) -> int:
    """Write the file anew without what is found in it and not accepted; how many values that were."""
    judge, _, accepted = _judge[0]
    is_other = False
    with whole_file(Path(os.path.realpath(path))) as out:
        os.fchmod(out.fileno(), stat.S_IMODE(os.fstat(file.fileno()).st_mode))
        if (long := long_text(path, Path(path).name, source, judge, [])) is not None:
            count = long.write_fixed(out, lambda found: _counting(found, accepted))
        else:
            data = source.whole()
            new, count = fixed(data, lambda now: _counting(findings_in(path, now, judge, []), accepted))
            out.write(new)
            is_other |= source.whole() != data
        if is_other or _state(file) != before or Path(path).stat().st_ino != os.fstat(file.fileno()).st_ino:
            raise Unreadable("it changed while it was looked at; scan it again")
    return count


def _counting(found: Sequence[Finding], accepted: Accepted) -> list[Finding]:
    return [left for one in found if (left := accepted.left(one)) is not None]


def _state(file: BinaryIO) -> tuple[int, ...]:
    what = os.fstat(file.fileno())
    return what.st_size, what.st_mtime_ns


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """A regular file, opened for reading; never waits for a pipe. Unreadable for anything else."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise Unreadable("it is not a regular file")
        yield file
