"""A log of the benchmark's own, and the least that a durable record can cost."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.keys.providers.file import FileKeys
from jupyter_privguard.model import Principal

_RECORD = b"x" * 600
"""About as long as a record of the log."""


def entry() -> dict[str, Any]:
    """An event of usual length."""
    return event(
        "data.load",
        principal=Principal(id="somebody"),
        session="0" * 16,
        outcome="ok",
        policy_sha256="0" * 64,
        dataset={"name": "customers", "columns": [{"label": f"column_{n}", "entity": "NONE"} for n in range(8)]},
    )


@contextmanager
def own_log() -> Iterator[tuple[Path, KeyRing, Callable[[], Any]]]:
    """Folder and keys of a new log, and a function that appends a record of usual length to it."""
    with tempfile.TemporaryDirectory(dir=_place()) as folder:
        keys, log = Path(folder) / "keys", Path(folder) / "log"
        for made in (keys, log):
            made.mkdir(mode=0o700)
        ring = FileKeys(keys).create()
        made = entry()
        with AuditLog.open(log, ring) as writer:
            yield log, ring, lambda: writer.append(made)


@contextmanager
def forced_append() -> Iterator[Callable[[], None]]:
    """A function that appends as many bytes to a file and forces them to the disk."""
    with tempfile.NamedTemporaryFile(dir=_place()) as file:

        def append() -> None:
            file.write(_RECORD)
            file.flush()
            os.fsync(file.fileno())

        yield append


def _place() -> Path:
    """Beside the guard's own log, so that it is the same disk."""
    return Path(os.environ["PRIVGUARD_HOME"]).parent
