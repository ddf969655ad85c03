"""A log with keys, and events to put into it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import jupyter_privguard
from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.model import Principal

PRINCIPAL = Principal("asha", ("analyst",), "os")


@pytest.fixture
def keyring() -> KeyRing:
    return KeyRing(master=bytes(range(32)), seed=bytes(range(32, 64)), origin="privguard/0badcafe")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "log"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def make_event() -> Callable[..., dict[str, Any]]:
    """An event of a session; keyword arguments are further fields."""

    def make(action: str = "data.load", outcome: str = "ok", **fields: object) -> dict[str, Any]:
        return event(action, principal=PRINCIPAL, session="s1", outcome=outcome, policy_sha256="00" * 32, **fields)

    return make


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A minute later at each call."""
    times = iter(range(10**6))
    return lambda: datetime(2026, 11, 25, 12, 0, tzinfo=UTC) + timedelta(minutes=next(times), microseconds=1500)


@pytest.fixture
def log(folder: Path, keyring: KeyRing, clock: Callable[[], datetime]) -> Iterator[AuditLog]:
    with AuditLog.open(folder, keyring, clock=clock) as opened:
        yield opened


@pytest.fixture
def reader(folder: Path, keyring: KeyRing) -> Callable[[], LogReader]:
    return lambda: LogReader.open(folder, keyring.vkey)


@pytest.fixture
def python() -> Callable[..., subprocess.Popen[str]]:
    """A Python process that runs a script with the package on its path; `ring` and `make` are there."""
    before = (
        "import os, sys\nfrom pathlib import Path\n"
        "from jupyter_privguard.audit.event import event\nfrom jupyter_privguard.audit.log import AuditLog\n"
        "from jupyter_privguard.keys.keyring import KeyRing\nfrom jupyter_privguard.model import Principal\n"
        "ring = KeyRing(master=bytes(range(32)), seed=bytes(range(32, 64)), origin='privguard/0badcafe')\n"
        "folder = Path(sys.argv[1])\n"
        "def make(action='data.load', outcome='ok', **more):\n"
        "    return event(action, principal=Principal('asha'), session=sys.argv[2], outcome=outcome,"
        " policy_sha256='0', **more)\n"
    )
    root = str(Path(jupyter_privguard.__file__).parents[1])

    def start(script: str, folder: Path, name: str = "s1", prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        argv = [*prefix, sys.executable, "-c", before + script, str(folder), name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(argv, text=True, env={**os.environ, "PYTHONPATH": root}, **pipes)

    return start


def all_at_once(started: list[subprocess.Popen[str]]) -> list[str]:
    """Let processes go on that wait for a letter; what each of them said of errors."""
    for process in started:
        assert process.stdin is not None
        process.stdin.write("x")
        process.stdin.flush()
    return [process.communicate(timeout=60)[1] for process in started]
