"""A finished report goes to its file and into the log: both, or neither."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from .._files import Unsettled, check_target, whole_file
from ..errors import InputError, what_now

__all__ = ["check_folder", "check_target", "export", "file_name", "make_folder"]


def file_name(experiment: str) -> str:
    """A plain name for the report of ``experiment``, whatever the experiment is called."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", experiment).strip("-.")[:60]
    return f"compliance-{plain or 'experiment'}.html"


def export(page: str, path: Path, record: Callable[[str], None]) -> None:
    """Write ``page`` to ``path`` (mode 0600); ``record`` gets its SHA-256 and puts it into the log.

    The file appears under its name after ``record`` returned, so that no report is about that the
    log does not know. When ``record`` raises, or the disk is full, an older file stays as it was.
    """
    data = page.encode()
    try:
        with whole_file(path) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # a disk that is full is known before the log tells of a file
            record(hashlib.sha256(data).hexdigest())
    except Unsettled as error:
        raise InputError(
            f"privguard: {path} was written, but a loss of power may undo that ({error.strerror}); check the disk."
        ) from None
    except OSError as error:
        now = what_now(error, "name another file")
        raise InputError(f"privguard: {path}: the file cannot be written ({error.strerror}); {now}.") from None


def check_folder(folder: Path) -> None:
    """Raises InputError, before any work is done, when ``folder`` is none and cannot become one, or not be written."""
    try:
        nearest = next(place for place in _upwards(folder) if place.exists() or place.is_symlink())
        is_folder = nearest.is_dir()
    except OSError as error:
        raise _no_folder(folder, error) from None
    if not is_folder:
        raise InputError(f"privguard: {folder}: {nearest} is no folder; name another one.")
    if not os.access(nearest, os.W_OK):
        raise InputError(f"privguard: {folder}: the folder {nearest} cannot be written to; name another one.")


def make_folder(folder: Path) -> None:
    """Make ``folder`` and what lacks above it, for this account alone; one that is there stays as it is. InputError."""
    try:
        for place in [place for place in _upwards(folder) if not place.is_dir()][::-1]:
            place.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _no_folder(folder, error) from None


def _upwards(folder: Path) -> Sequence[Path]:
    absolute = folder.absolute()
    return absolute, *absolute.parents


def _no_folder(folder: Path, error: OSError) -> InputError:
    now = what_now(error, "name another one")
    return InputError(f"privguard: {folder}: the folder cannot be made ({error.strerror}); {now}.")
