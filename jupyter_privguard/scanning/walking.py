"""Which files a scan looks at."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

__all__ = ["files_under"]

_SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages", "venv", "env"})
_LOOKED_INTO = frozenset({".ipynb_checkpoints", ".ipython"})


def files_under(paths: tuple[str, ...], *, everything: bool, problem: Callable[[str, str], None]) -> Iterator[str]:
    """The files that ``paths`` name or hold, each once, in order of their names; links to files come last.

    Links to folders within a folder are not followed. Without ``everything`` hidden folders are left out, those of
    checkpoints and of IPython apart, and folders of installed packages. ``problem`` hears of what cannot be listed.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if not os.path.lexists(path):
            problem(path, "there is no such file or folder")
        elif Path(path).is_dir():
            yield from _in_folder(path, everything, problem, seen)
        else:
            yield path


def _in_folder(
    top: str, everything: bool, problem: Callable[[str, str], None], seen: set[tuple[int, int]]
) -> Iterator[str]:
    def unlisted(error: OSError) -> None:
        problem(str(error.filename), f"the folder cannot be listed ({error.strerror})")

    links: list[str] = []
    for folder, names, files in os.walk(top, onerror=unlisted):
        names[:] = sorted(name for name in names if everything or _is_looked_into(Path(folder), name))
        for name in sorted(files):
            path = str(Path(folder) / name)
            if Path(path).is_symlink():
                links.append(path)
            elif _is_new(path, seen):
                yield path
    # A link that leads nowhere holds nothing.
    yield from (path for path in links if Path(path).exists() and _is_new(path, seen))


def _is_new(path: str, seen: set[tuple[int, int]]) -> bool:
    try:
        found = Path(path).stat()
    except OSError:
        return True  # whoever reads it says why it cannot be read
    if (found.st_dev, found.st_ino) in seen:
        return False
    seen.add((found.st_dev, found.st_ino))
    return True


def _is_looked_into(folder: Path, name: str) -> bool:
    if name in _LOOKED_INTO:
        return True
    return not name.startswith(".") and name not in _SKIPPED and not (folder / name / "pyvenv.cfg").exists()
