"""Which process runs a cell, and whether that process is proven dead.

A process id alone is used again by the system. With the process's time of birth it is one process
of one boot of one machine, as seen in one process namespace. Where one of these does not compare,
nothing is proven and the cell counts as running.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

__all__ = ["ProcessMark"]


class ProcessMark(NamedTuple):
    """A process that nobody else can be taken for."""

    pid: int
    born: str
    """When it started, in a form that only has to be compared."""
    place: str
    """``machine|boot|namespace``."""

    @classmethod
    def own(cls) -> ProcessMark:
        """The mark of this process."""
        pid = os.getpid()
        return cls(pid, _born(pid) or "", _place())

    @property
    def is_elsewhere(self) -> bool:
        """Whether the process runs, or ran, on another machine."""
        return _place().partition("|")[0] != self.place.partition("|")[0]

    def is_proven_dead(self) -> bool:
        """True only when the process cannot be running any more."""
        here, there = _place().split("|"), self.place.split("|")
        if len(there) != len(here) or here[0] != there[0]:
            return False  # another machine shares this folder
        if here[1] != there[1]:
            return True  # this machine was started again since
        if here[2] != there[2]:
            return False  # another container; its processes are not visible from here
        born = _born(self.pid)
        if born is None:
            return True
        return bool(born and self.born) and born != self.born


def _place() -> str:
    machine = _first_line("/etc/machine-id") or _node()
    boot = _first_line("/proc/sys/kernel/random/boot_id") or _boot_time()
    try:
        namespace = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        namespace = ""
    return "|".join(part.replace("|", "") for part in (machine, boot, namespace))


def _node() -> str:
    import platform

    return platform.node()


def _born(pid: int) -> str | None:
    """When the process started; None when it is gone or waits to be reaped, "" when unknown."""
    try:
        # On Linux the ticks since boot: unlike a wall-clock time they survive a corrected clock.
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        return None if fields[0] in "ZX" else fields[19]
    except (OSError, IndexError):
        return _born_elsewhere(pid)


def _born_elsewhere(pid: int) -> str | None:
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
    except psutil.NoSuchProcess:
        return None
    except psutil.Error:
        return ""


def _boot_time() -> str:
    import psutil

    return f"{psutil.boot_time():.0f}"


def _first_line(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""
