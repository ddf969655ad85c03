"""For whom this thread opens a file, connects or starts a program: the program's own code, or a library for itself."""

from __future__ import annotations

import os
import sys
from functools import cache
from types import FrameType

__all__ = [
    "INSTALLED",
    "PACKAGE",
    "SHELLS_OPEN",
    "is_installed",
    "is_of_library",
    "is_of_program",
    "is_of_tracker",
    "is_own",
    "judged_around",
]

PACKAGE = __name__.partition(".")[0]
_LIBRARY = os.path.join(sys.exec_prefix, sys.platlibdir, "python{}.{}".format(*sys.version_info))  # noqa: PTH118
_STANDARD = tuple(os.path.realpath(path) + os.sep for path in {os.path.dirname(os.__file__), _LIBRARY})  # noqa: PTH120
"""Where Python's own modules lie, as `sysconfig` says after a look into a file of a thousand settings."""
INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
"""In the paths of packages that were installed."""
_SHELL = frozenset({"IPython", "ipykernel", "jupyter_client", "jupyter_core", "traitlets", "zmq", "debugpy", "pydevd"})
_FOR_THEMSELVES = frozenset("tempfile platform uuid ctypes webbrowser multiprocessing importlib linecache".split())
"""Modules of Python that write files or start programs of their own accord."""
_LOOKING = frozenset("numpy matplotlib torch psutil cpuinfo threadpoolctl joblib numba llvmlite fontTools".split())
"""Packages that start programs to learn about the machine."""
_TRACKERS = frozenset({"mlflow"})
_ASKED_BY_TRACKERS = frozenset({"git"})
"""Packages that start programs which tell trackers where the code of a run is kept."""
SHELLS_OPEN = "_modified_open"
"""IPython gives the program an `open` of its own."""
_DEPTH = 100


def is_installed(path: str, here: str) -> bool:
    """Whether the file ``path`` lies where packages do: also in a folder of Python's search path with their metadata.

    Both are real paths. The working folder ``here``, and those around it, are the program's whatever was put into them.
    """
    if any(part in path for part in INSTALLED):
        return True
    return any(
        path.startswith(folder) and not here.startswith(folder) and _holds_packages(folder)
        for folder in map(_real_folder, filter(None, sys.path))
    )


@cache
def _real_folder(path: str) -> str:
    return os.path.realpath(path) + os.sep


@cache
def _holds_packages(folder: str) -> bool:
    try:
        return any(name.endswith(".dist-info") for name in os.listdir(folder))  # noqa: PTH208
    except OSError:  # an archive, or not there
        return False


def is_of_program() -> bool:
    """Whether code of the program's own is being run by this thread."""
    return any(_is_programs(frame) for frame in _frames())


def is_own() -> bool:
    """Whether we do it, and not a library that a hook of ours has called."""
    for frame in _frames():
        package = _package(frame)
        if package == PACKAGE:
            return not str(frame.f_globals.get("__name__")).startswith(f"{PACKAGE}.frames.engines.")
        if not _is_standard(frame.f_code.co_filename):
            return False
    return False


def is_of_library(*, starts_program: bool = False) -> bool:
    """Whether a library does it for itself: temporary files, what it imports, what it asks about the machine."""
    for frame in _frames():
        package = _package(frame)
        if package in _FOR_THEMSELVES and not (package == "tempfile" and _is_called_by_program(frame)):
            return True
        if package == "importlib" or frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        if _is_standard(frame.f_code.co_filename):
            continue
        if _is_magic(frame):
            return False
        if starts_program:
            return package in _LOOKING or (package in _ASKED_BY_TRACKERS and is_of_tracker())
        return package in _SHELL
    return False


def is_of_tracker() -> bool:
    """Whether a library that tracks experiments does it for the program: its store is none of the cell's data."""
    for frame in _frames():
        if _package(frame) in _TRACKERS:
            return True
        if _is_programs(frame):
            return False
    return False


def judged_around() -> frozenset[str]:
    """What hooks around this thread's call have judged already: writing, reading, a picture."""
    found = set()
    for frame in _frames():
        name = str(frame.f_globals.get("__name__"))
        if name.startswith(f"{PACKAGE}.plots."):
            found.add("picture")
        elif name == f"{PACKAGE}.frames.engines._hooks":
            before = frame.f_locals.get("before")
            found.add(str(getattr(before, "__name__", "")))
    return frozenset(found)


def _is_called_by_program(frame: FrameType) -> bool:
    outer = frame.f_back
    while outer is not None and _package(outer) == "tempfile":
        outer = outer.f_back
    return outer is not None and _is_programs(outer)


def _frames() -> list[FrameType]:
    """The frames of this thread, the newest first, without those of this module and of what hears the events."""
    frame: FrameType | None = sys._getframe(1)
    found: list[FrameType] = []
    while frame is not None and len(found) < _DEPTH:
        is_heard = not found and str(frame.f_globals.get("__name__")).startswith(f"{PACKAGE}.guard.files.")
        if not is_heard and frame.f_code.co_name != SHELLS_OPEN:
            found.append(frame)
        frame = frame.f_back
    return found


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__") or "").partition(".")[0]


def _is_magic(frame: FrameType) -> bool:
    """Whether a magic does what the program asks for: ``%%writefile``."""
    return str(frame.f_globals.get("__name__")).startswith("IPython.core.magics.")


def _is_programs(frame: FrameType) -> bool:
    if _is_magic(frame):
        return True
    return _is_written_here(frame.f_code.co_filename) and _package(frame) not in (PACKAGE, *_SHELL)


@cache
def _is_written_here(name: str) -> bool:
    """Whether a file of code is neither Python's nor an installed package's."""
    return not (_is_standard(name) or any(part in name for part in INSTALLED))


@cache
def _is_standard(name: str) -> bool:
    if name.startswith("<frozen"):
        return True
    real = os.path.realpath(name) if not name.startswith("<") else name
    return real.startswith(_STANDARD) and not any(part in real for part in INSTALLED)
