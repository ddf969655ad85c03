"""Who could have written a file: whoever can write it, or put another one in its place."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

__all__ = ["could_write"]

_MOST_LINKS = 40


def could_write(path: Path) -> bool:
    """Whether this account can write ``path``, give itself the right to, or have the name mean another file.

    So it can if it is the administrator, owns the file, a link or a folder on the way to it, or can write any of
    these folders; in a sticky one others' entries are safe. What cannot be looked at counts as its own.
    """
    if os.name != "posix":
        return os.access(path, os.W_OK) or os.access(path.parent, os.W_OK)
    if os.geteuid() == 0:
        return True
    try:
        return any(_could_change(folder, entry) for folder, entry in _steps(path)) or _may_write(path)
    except (OSError, ValueError):
        return True


def _steps(path: Path) -> Iterator[tuple[Path, Path]]:
    """Each entry on the way to a file, with the folder that it stands in; links are followed one by one."""
    rest = list(reversed(path.absolute().parts[1:]))
    folder, links = Path("/"), 0
    while rest:
        name = rest.pop()
        if name == "..":
            folder = folder.parent
            continue
        entry = folder / name
        yield folder, entry
        if entry.is_symlink():
            links += 1
            if links > _MOST_LINKS:
                raise OSError("too many links")
            target = entry.readlink()
            folder = Path("/") if target.is_absolute() else folder
            rest += reversed(target.parts[1:] if target.is_absolute() else target.parts)
        else:
            folder = entry


def _could_change(folder: Path, entry: Path) -> bool:
    """Whether this account owns ``entry`` or can have its name mean something else."""
    me, found, around = os.geteuid(), entry.lstat(), folder.stat()
    if found.st_uid == me or around.st_uid == me:
        return True
    return _may_write(folder) and not around.st_mode & stat.S_ISVTX


def _may_write(path: Path) -> bool:
    is_effective = os.access in os.supports_effective_ids
    return os.access(path, os.W_OK, effective_ids=True) if is_effective else os.access(path, os.W_OK)
