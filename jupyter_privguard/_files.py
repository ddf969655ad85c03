"""Files that appear whole or not at all, and paths that can become one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .errors import InputError

__all__ = ["check_target", "sync_folder", "write_atomically"]


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


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable; a file that is forced to the disk may still lack its name."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
