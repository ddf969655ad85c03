"""Commands of several real accounts of this machine, each with state of its own."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# How long an example takes is the machine's business.
settings.register_profile("untimed", deadline=None)
settings.register_profile("long", deadline=None, max_examples=2000)
settings.load_profile("untimed")

# Tests start hundreds of processes; each would compile hundreds of modules again where this is set.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Started in the background of a shell, this process and all that it starts would be deaf to interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# jsonschema builds dozens of grammars at import, for a form of addresses that no schema of ours asks for.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as Python says that there is none

ROOT = Path(__file__).parents[1]


_ROUNDS = 60
"""Rounds for one look through everything, which is large: libraries of all sorts are loaded."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: it is not looked through for garbage, neither now nor beside each test."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(*gc.get_threshold()[:2], _ROUNDS)
        gc.enable()


LONG = ("tests/unit/test_diagnose", "tests/unit/tracking/")
"""What takes long of the folder that comes last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nothing long begins at the end, where one process would wait for the other."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def _is_open(path: Path) -> bool:
    """Whether every account can get at ``path``."""
    return all(place.stat().st_mode & 0o001 for place in (path, *path.parents))


class Account:
    """An account by its number, which needs no entry in any list; its name is its number."""

    def __init__(self, number: int, place: Path) -> None:
        self.number, self.name = number, str(number)
        self.home = place / f"home-{number}"
        self._place = place

    def run(self, *args: str, code: int | None = 0, **env: str) -> subprocess.CompletedProcess[str]:
        """``privguard`` with ``args`` in the name of this account; ``code`` is what it must exit with."""
        command = [sys.executable, "-m", "jupyter_privguard", *args]
        given: dict[str, Any] = {"user": self.number, "group": self.number, "extra_groups": []}
        if not _is_open(Path(sys.executable).resolve()) or not _is_open(ROOT):
            # The interpreter lies in somebody's home: it may be read there, and nothing else is allowed more.
            by = [f"--reuid={self.number}", f"--regid={self.number}", "--clear-groups"]
            right = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
            command, given = ["setpriv", *by, *right, *command], {}
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=self._place,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "HOME": str(self._place),
                "PRIVGUARD_HOME": str(self.home),
                "PRIVGUARD_POLICY": str(self._place / "policy.yaml"),
                **env,
            },
            **given,
        )
        assert code is None or done.returncode == code, done.stderr
        return done


class Machine:
    """A place that all accounts reach, with a policy that none of them can write and a folder for approvals."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.policy = place / "policy.yaml"
        self.shared = place / "shared"
        self.shared.mkdir()
        self.shared.chmod(0o1777)

    def account(self, number: int) -> Account:
        """The account of that number."""
        account = Account(number, self.place)
        account.home.mkdir(mode=0o700, exist_ok=True)
        os.chown(account.home, number, number)
        return account


@pytest.fixture
def machine() -> Iterator[Machine]:
    """Real accounts; skipped where nobody can act for another account."""
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("acting for a second account takes root")
    reachable = _is_open(Path(sys.executable).resolve()) and _is_open(ROOT)
    if not reachable and shutil.which("setpriv") is None:
        pytest.skip("a second account cannot reach this interpreter, and there is no setpriv")
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield Machine(place)
    shutil.rmtree(place)


@pytest.fixture
def owned() -> Callable[[Path, int], Path]:
    """Gives a file to an account; skipped where that takes more rights than there are."""
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("giving a file to another account takes root")

    def give(path: Path, number: int) -> Path:
        os.chown(path, number, number)
        return path

    return give
