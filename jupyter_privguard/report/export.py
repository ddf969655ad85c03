"""A finished report goes to its file and into the log: both, or neither."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from .._files import check_target, write_atomically
from ..errors import InputError

__all__ = ["check_target", "export", "file_name"]


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
    staged = path.with_name(f".{path.name}.part")
    try:
        write_atomically(staged, data)
        record(hashlib.sha256(data).hexdigest())
        staged.replace(path)
    except OSError as error:
        raise InputError(f"privguard: {path}: the file cannot be written ({error.strerror}).") from None
    finally:
        staged.unlink(missing_ok=True)
