"""Files that appear whole or not at all, paths that can become one, and reading that never waits."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from .errors import InputError, LogError, LogUnavailable, StateError, reason_of, what_now

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be removed anyway
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "LATER",
    "IrregularFile",
    "Mark",
    "Newest",
    "Unsettled",
    "alone",
    "alone_in",
    "check_target",
    "is_later",
    "left_parts",
    "lock_file",
    "read_regular",
    "remove_left_parts",
    "settle",
    "sync_folder",
    "whole_file",
    "write_atomically",
]

_PART = ".privguard-part"
LATER = "was written by a later version of jupyter-privguard; update this one. Nothing in it was changed."
"""What is said of a file in a format that is not known yet, before anything is changed in it."""


def is_later(found: object, known: int) -> bool:
    """Whether ``found``, the version that a file names of its format, came after the one ``known`` here."""
    return type(found) is int and found > known


class IrregularFile(OSError):
    """A folder, a pipe or a device where a file was expected."""


class Unsettled(OSError):
    """A file is whole and has its name, but the disk did not take that for sure: a loss of power may undo it.

    Whoever undoes what goes with a file must not do so then.
    """


def read_regular(path: Path, most: int) -> bytes:
    """At most ``most`` bytes of a regular file, and one more of a longer one; a pipe is never waited for.

    IrregularFile for what is no file, another OSError where it cannot be read, ValueError for no name of a file.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise IrregularFile(errno.EINVAL, "not a regular file", str(path))
    with os.fdopen(handle, "rb") as file:
        data: bytes | None = file.read(most + 1)
    if data is None:  # of some files of the system there is nothing to read until something happens
        raise OSError(errno.EAGAIN, "nothing to read yet")
    return data


def check_target(path: Path) -> None:
    """Raises InputError, before any work is done, when ``path`` cannot become a file."""
    try:
        is_folder = path.is_dir()
    except OSError as error:  # longer than a name may be
        raise InputError(f"privguard: {path} cannot be a file ({error.strerror}); name another one.") from None
    if is_folder:
        raise InputError(f"privguard: {path} is a folder; name a file in it.")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise InputError(f"privguard: {path}: there is no folder {path.parent}; make it first.")
    if not os.access(folder, os.W_OK):
        raise InputError(f"privguard: {path}: the folder {folder} cannot be written to; name another one.")


def write_atomically(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write ``data`` to ``path`` as a `whole_file`: a reader sees the old file or the new one, never half."""
    with whole_file(path, mode=mode) as file:
        file.write(data)


@contextlib.contextmanager
def whole_file(path: Path, *, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A new file that is called ``path`` when the block has ended well and is gone otherwise.

    Until then it lies beside it as ``.<name>.<random>.privguard-part``. One whose process was killed
    is removed by the next call for the same ``path``. OSError passes through, `Unsettled` among them.
    """
    _remove_left_behind(path)
    # 0600 from the start; a short name, because the whole of it must not exceed what a folder takes.
    handle, name = tempfile.mkstemp(prefix=_beginning(path), suffix=_PART, dir=path.parent)
    try:
        with os.fdopen(handle, "w+b") as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX)  # says that somebody is at work on it; ends with the process
            os.fchmod(file.fileno(), mode)
            yield file
            file.flush()
            os.fsync(file.fileno())
            Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    settle(path.parent)


def _beginning(path: Path) -> str:
    """What the names of its parts begin with; systems count a name's bytes."""
    return f".{os.fsencode(path.name)[:180].decode('utf-8', 'ignore')}."


def _remove_left_behind(path: Path) -> None:
    beginning = _beginning(path)
    with contextlib.suppress(OSError):  # a folder that may not be listed
        for left in path.absolute().parent.iterdir():
            # Random names hold no dot: a part of `a.b` is none of `a`.
            middle = left.name.removeprefix(beginning).removesuffix(_PART)
            if left.name == f"{beginning}{middle}{_PART}" and "." not in middle and left.is_file():
                _remove_unless_in_use(left)


def _remove_unless_in_use(part: Path) -> None:
    with contextlib.suppress(OSError), _unused(part):  # in use, or gone in between
        part.unlink()


def remove_left_parts(folder: Path) -> None:
    """Remove what `left_parts` finds in ``folder``."""
    for part in left_parts(folder):
        _remove_unless_in_use(part)


@contextlib.contextmanager
def _unused(part: Path) -> Iterator[None]:
    """OSError for a part that somebody is at work on, or that cannot be opened."""
    if fcntl is None:
        yield
        return
    handle = os.open(part, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise IrregularFile(errno.EINVAL, "not a regular file", str(part))
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def left_parts(folder: Path) -> list[Path]:
    """Files in ``folder`` and two levels below that `whole_file` began and whose process is gone; removes none."""
    found = []
    for level in ("", "*/", "*/*/"):
        for part in sorted(folder.glob(f"{level}.*{_PART}")):
            with contextlib.suppress(OSError), _unused(part):
                found.append(part)
    return found


class Mark(NamedTuple):
    """How often a file was written, as another file tells: one that is missing, or older, is known by that."""

    reached: Callable[[], int]
    reach: Callable[[int], object]
    """Tells that the file was written so often; a lower number than before changes nothing."""


class Newest:
    """Whether what is read of a file is the newest that there was.

    `ask` comes before the file is read: of what is written meanwhile the file is told first.
    """

    def __init__(self, mark: Mark | None = None) -> None:
        """Without a ``mark`` only what this process has seen counts."""
        self._mark = mark
        self._highest: int | None = None

    def ask(self, *, anew: bool = False) -> None:
        """Have the mark tell, once a process and whenever it is to be ``anew``.

        Where it cannot be read for now it is asked again next time; StateError where it is damaged.
        """
        if self._highest is None or anew:
            try:
                told = self._mark.reached() if self._mark is not None else 0
            except LogUnavailable:
                return
            except LogError as error:
                raise StateError(str(error)) from None
            self._highest = max(told, self._highest or 0)

    def is_older(self, generation: int) -> bool:
        """Whether there was a later file than that of ``generation``, 0 for none, which was read since `ask`."""
        if generation < (self._highest or 0):
            return True
        if self._highest is not None:
            self._highest = generation
        return False

    def written(self, generation: int) -> None:
        """The file of ``generation`` is on the disk now. StateError where the mark cannot be set."""
        self._highest = generation
        if self._mark is not None:
            try:
                self._mark.reach(generation)
            except LogError as error:
                raise StateError(str(error)) from None


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable; a file that is forced to the disk may still lack its name."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settle(folder: Path) -> None:
    """`sync_folder`, behind which what was done holds: Unsettled where the disk did not take it."""
    try:
        sync_folder(folder)
    except OSError as error:
        raise Unsettled(error.errno, error.strerror) from error


def lock_file(path: Path) -> int:
    """The handle of a file that holds nothing, made where it is missing; StateError with the cure if that fails."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        return os.open(path, flags, 0o600)
    except OSError as error:
        now = what_now(error, "take it away, and it is made anew")
        raise StateError(
            f"privguard: {path}, by which processes take turns, cannot be used ({reason_of(error)}); {now}."
        ) from None


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """No other process is in here with the same ``path``, a lock file that is made; waits for its turn.

    StateError where that cannot be a lock file.
    """
    handle = lock_file(path)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)  # goes with the handle, also when we die
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """No other process is in here with the same ``folder``, which is there; makes nothing. OSError passes through."""
    if fcntl is None:  # a system whose folders cannot be opened
        yield
        return
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
