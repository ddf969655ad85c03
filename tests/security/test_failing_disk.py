"""A disk that fails once, at each step of a command: a sentence, nothing in plain, and the same works again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.audit.stores import sqlite
from tests.command_line import Run

STEPS = ((os, "fsync"), (sqlite, "_fdatasync"), (os, "fchmod"), (Path, "replace"))
COMMANDS = {
    "rotate": ("keys", "rotate"),
    "issue": ("keys", "issue", "ana"),
    "mask": ("mask", "people.csv", "-o", "masked.csv"),
    "ask": ("approval", "request", "-d", "people", "-t", "compliance", "-r", "why"),
}
MOST = 60


class Disk:
    """Fails at one step, counted from when it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = 0
        self.has_failed = False
        for holder, name in STEPS:
            monkeypatch.setattr(holder, name, self._step(getattr(holder, name)))

    def _step(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                self.has_failed = True
                raise OSError(5, "Input/output error")
            return real(*args, **kwargs)

        return taken


@pytest.mark.parametrize("name", COMMANDS)
def test_whatever_step_fails_the_home_is_whole_and_nothing_is_shown(
    privguard: Run, home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    Path("people.csv").write_text("email\n" + "".join(f"zq{n}.canary@corp.example\n" for n in range(9)))
    assert privguard("keys", "init")[0] == 0
    disk, steps = Disk(monkeypatch), 0

    for number in range(1, MOST):
        disk.left, disk.has_failed = number, False
        code, out, err = privguard(*COMMANDS[name])
        disk.left = 0
        if not disk.has_failed:
            break
        steps += 1
        assert code in (0, 3) and "canary" not in out + err
        assert all(line.startswith("privguard: ") for line in err.splitlines()), err
        assert code == 0 or (out == "" and err.count("\n") == 1 and "unexpected" not in err), err
        code, out, err = privguard("audit", "verify")
        assert (code, out) == (0, "") and "the log is whole" in err
        assert not [path for path in home.rglob(".*") if b"canary" in path.read_bytes()]

    assert steps > 4
    assert privguard(*COMMANDS[name])[0] == 0
    assert [path.name for path in home.rglob("*.privguard-part")] == []
