"""Files that appear whole or not at all, paths that can become one, and reading that never waits."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from .errors import InputError

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be removed anyway
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "LATER",
    "IrregularFile",
    "alone",
    "check_target",
    "is_later",
    "left_parts",
    "read_regular",
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
    if path.is_dir():
        raise InputError(f"privguard: {path} is a folder; name a file in it.")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise InputError(f"privguard: {path}: there is no folder {path.parent}; make it first.")
    if not os.access(folder, os.W_OK):
        raise InputError(f"privguard: {path}: the folder {path.parent} cannot be written to.")


def write_atomically(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write ``data`` to ``path`` so that a reader sees the old file or the new one, never half.

    OSError passes through; nothing is left behind then.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A new file, mode 0600, that is called ``path`` when the block has ended well and is gone otherwise.

    Until then it lies beside it as ``.<name>.<random>.privguard-part``. One whose process was killed
    is removed by the next call for the same ``path``. OSError passes through.
    """
    _remove_left_behind(path)
    # 0600 from the start; a short name, because the whole of it must not exceed what a folder takes.
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:180]}.", suffix=_PART, dir=path.parent)
    try:
        with os.fdopen(handle, "w+b") as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX)  # says that somebody is at work on it; ends with the process
            yield file
            file.flush()
            os.fsync(file.fileno())
            Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _remove_left_behind(path: Path) -> None:
    beginning = f".{path.name[:180]}."
    for left in path.absolute().parent.iterdir():
        # Random names hold no dot: a part of `a.b` is none of `a`.
        middle = left.name.removeprefix(beginning).removesuffix(_PART)
        if left.name == f"{beginning}{middle}{_PART}" and "." not in middle and left.is_file():
            _remove_unless_in_use(left)


def _remove_unless_in_use(part: Path) -> None:
    with contextlib.suppress(OSError), _unused(part):  # in use, or gone in between
        part.unlink()


@contextlib.contextmanager
def _unused(part: Path) -> Iterator[None]:
    """OSError for a part that somebody is at work on, or that cannot be opened."""
    if fcntl is None:
        yield
        return
    with part.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def left_parts(folder: Path) -> list[Path]:
    """Files in ``folder`` and two levels below that `whole_file` began and whose process is gone; removes none."""
    found = []
    for level in ("", "*/", "*/*/"):
        for part in sorted(folder.glob(f"{level}.*{_PART}")):
            with contextlib.suppress(OSError), _unused(part):
                found.append(part)
    return found


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable; a file that is forced to the disk may still lack its name."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """No other process is in here with the same ``path``, a lock file that is made; waits for its turn."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)  # goes with the handle, also when we die
        yield
    finally:
        os.close(handle)
