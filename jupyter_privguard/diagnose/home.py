"""Policy, home, keys and log: what would stop the next cell."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .. import runtime
from ..errors import KeyStoreError
from .check import Check, listed

__all__ = ["classes", "clock", "disk", "home", "keys", "log", "policy", "spool", "state", "store"]

_FEWEST_BYTES = 256 << 20
"""Below that a log may stop in the middle of somebody's day."""
_NETWORK = frozenset("nfs nfs4 cifs smb3 smbfs 9p fuse.sshfs afs ceph lustre glusterfs fuse.glusterfs beegfs".split())
_SLACK = timedelta(minutes=2)
"""Clocks that are set by the network differ by less."""


def policy() -> Check:
    """Whether there is one that can be used."""
    found = runtime.policy()
    return Check("policy", True, f"{found.source}, sha256 {found.sha256[:12]}")


def home() -> Check:
    """Whether it can be written, and is nobody else's to read."""
    at = runtime.home()
    at.check()
    if loose := _open_to_others(at.root):
        return Check(
            "home",
            False,
            f"others may read {listed(loose)}",
            f"`chmod -R go-rwx {at.root}`; the next guarded cell does so too, and says it.",
        )
    return Check("home", True, f"{at.root} can be written")


def _open_to_others(root: Path) -> list[str]:
    if os.name == "nt" or not root.is_dir():
        return []
    return [
        str(path) for path in (root, *sorted(root.rglob("*"))) if not path.is_symlink() and path.stat().st_mode & 0o077
    ]


def keys() -> Check:
    """Whether they are there, or will be made."""
    at = runtime.home()
    if not at.root.exists():
        return Check("keys", True, f"none yet; the first guarded cell makes them in {at.keys}")
    try:
        ring = runtime.existing_keyring(at, tighten=False)
    except KeyStoreError as error:
        if runtime.has_log(at) and not (at.keys.is_dir() and any(at.keys.iterdir())):
            return Check(
                "keys",
                False,
                f"there is a log, and its keys are missing from {at.keys}; put them back from a backup",
                "Nothing else continues this log. To begin a new one, move the home away.",
            )
        return Check("keys", False, str(error).removeprefix("privguard: "))
    return Check("keys", True, f"key {ring.key_id} in {at.keys}")


def classes() -> Check:
    """What people have said of columns, and saved."""
    return Check("classes", True, f"{len(list(runtime.saved_overrides())) or 'none'} given by people and saved")


def state() -> Check:
    """Whether the files beside keys and log are the newest that there were."""
    from ..runtime.state_files import lost_files

    at = runtime.home()
    if not runtime.key_provider(at).exists():
        return Check("state", True, "nothing is kept beside keys yet")
    found = [said.removeprefix("privguard: ") for said in lost_files(at, runtime.existing_keyring(at, tighten=False))]
    if found:
        return Check("state", False, " ".join(found))
    return Check("state", True, "what is kept beside keys and log is the newest that there was")


def log() -> Check:
    """Whether it is whole, and written on this machine alone."""
    from ..audit.verify import verify

    at = runtime.home()
    if not runtime.has_log(at):
        runtime.check_not_lost(at)
        return Check("log", True, "none yet; it begins with the first guarded cell")
    reader = runtime.log_reader()
    verified = verify(reader)
    kind = _file_system(at.log)
    if kind in _NETWORK:
        return Check(
            "log",
            False,
            f"{at.log} lies on a network drive ({kind}), where two machines cannot write one log",
            "Set PRIVGUARD_HOME to a folder on a local disk, one for each machine.",
        )
    if elsewhere := reader.open_elsewhere:
        return Check(
            "log",
            False,
            f"{elsewhere} cells that began on another machine have not ended in {at.log}",
            "Machines that share this home need one each (PRIVGUARD_HOME); if it was moved here, work on.",
        )
    return Check("log", True, f"{verified.size} events, all verified")


def _file_system(folder: Path) -> str:
    """The kind of file system that ``folder`` is on, as the machine calls it; an empty text where it does not say."""
    import psutil

    where = folder.resolve()
    mounts = [part for part in psutil.disk_partitions(all=True) if where.is_relative_to(part.mountpoint)]
    return max(mounts, key=lambda part: len(part.mountpoint)).fstype.lower() if mounts else ""


def clock() -> Check:
    """Whether the log ends in the past."""
    if not runtime.has_log(runtime.home()):
        return Check("clock", True, "nothing to compare it with yet")
    reader = runtime.log_reader()
    last = next(iter(reader.events(after=max(0, reader.size - 1))), None)
    written = datetime.fromisoformat(str(last["time"])) if last is not None else datetime.now(UTC)
    if (ahead := written - datetime.now(UTC)) > _SLACK:
        return Check(
            "clock",
            False,
            f"the last event was written {_long(ahead)} ahead of this machine's clock",
            "Set the clock right (`timedatectl`); until then the times of events tell nothing, their order does.",
        )
    return Check("clock", True, "the log's last event is in the past")


def _long(time: timedelta) -> str:
    hours = time.total_seconds() / 3600
    return (
        f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours" if hours >= 2 else f"{hours * 60:.0f} minutes"
    )


def disk() -> Check:
    """Whether there is room for the log to grow."""
    at = runtime.home().root
    nearest = next(path for path in (at, *at.parents) if path.is_dir())
    free = shutil.disk_usage(nearest).free
    if free < _FEWEST_BYTES:
        return Check(
            "disk",
            False,
            f"{free >> 20} MB are free where {at} is",
            "Free some, or set PRIVGUARD_HOME to another disk: cells stop when their record cannot be written.",
        )
    return Check("disk", True, f"{free >> 30} GB are free")


def store() -> Check:
    """How far the team's store is, if there is one."""
    found = runtime.team_store(runtime.policy())
    if found is None:
        return Check("store", True, "no team store in the policy; the log is kept in this home alone")
    waiting = "there is no log yet" if found.waiting is None else _records_wait(found.waiting)
    if found.problem:
        known = f"up to {waiting}" if found.waiting else waiting
        return Check(
            "store",
            False,
            f"the team store cannot be reached ({found.problem.rstrip('.')}); {known}",
            "Cells go on, and what waits is sent when it is back; `privguard audit store send` does so at once.",
        )
    return Check("store", True, f"the team store can be reached; {waiting}")


def _records_wait(count: int) -> str:
    if count == 0:
        return "it has all of the log"
    return "1 record waits to be sent" if count == 1 else f"{count} records wait to be sent"


def spool() -> Check:
    """Whether records of predictions wait for the log."""
    from ..serving.spool import Spool

    folder = runtime.home().root / "spool"
    if Spool(folder, str).holds_any():
        return Check(
            "spool",
            False,
            f"records of predictions wait in {folder}, since the log could not be written",
            "They enter the log when a model is served from this home again; what is amiss above comes first.",
        )
    return Check("spool", True, "no record of a prediction waits for the log")
