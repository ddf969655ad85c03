"""A finished report goes to its file and into the log: both, or neither."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

from ..errors import InputError
from ..settings import write_atomically

__all__ = ["check_target", "export", "file_name"]


def file_name(experiment: str) -> str:
    """A plain name for the report of ``experiment``, whatever the experiment is called."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", experiment).strip("-.")[:60]
    return f"compliance-{plain or 'experiment'}.html"


def check_target(path: Path) -> None:
    """Raises InputError, before any work is done, when ``path`` cannot become a file."""
    if path.is_dir():
        raise InputError(f"privguard: {path} is a folder; name a file, such as {path / 'report.html'}.")
    if not path.parent.is_dir():
        raise InputError(f"privguard: {path}: the folder {path.parent} is not there; make it first.")
    if not os.access(path.parent, os.W_OK):
        raise InputError(f"privguard: {path}: the folder {path.parent} cannot be written to.")


def export(page: str, path: Path, record: Callable[[str], None]) -> None:
    """Write ``page`` to ``path`` (mode 0600); ``record`` gets its SHA-256 and puts it into the log.

    The file appears under its name after ``record`` returned, so that no report is about that the
    log does not know. When ``record`` raises, or the disk is full, an older file stays as it was.
    """
    data = page.encode()
    staged = path.with_name(f".{path.name}.part")
    try:
        write_atomically(staged, data)
        record(hashlib.sha256(data).hexdigest())
        staged.replace(path)
    except OSError as error:
        raise InputError(f"privguard: {path}: the file cannot be written ({error.strerror}).") from None
    finally:
        staged.unlink(missing_ok=True)
