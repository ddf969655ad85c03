"""The writers' queue: in the order of coming, and nobody can block it for good."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.stores import sqlite
from jupyter_privguard.audit.stores.queue import turn
from jupyter_privguard.errors import LogUnavailable
from jupyter_privguard.keys.keyring import KeyRing

Python = Callable[..., "subprocess.Popen[str]"]

HOLD = (
    "from jupyter_privguard.audit.stores.queue import turn\n"
    "with turn(folder / 'privguard.lock', 10): print('in', flush=True); sys.stdin.read()\n"
)


def drawn(lock: Path) -> int:
    """How many numbers were given out."""
    return int.from_bytes(lock.read_bytes()[:8])


def test_writers_have_their_turn_in_the_order_of_coming(folder: Path, python: Python) -> None:
    script = (
        "from jupyter_privguard.audit.stores.queue import turn\n"
        "with turn(folder / 'lock', 10), open(folder / 'order', 'a') as file: file.write(sys.argv[2])\n"
    )
    waiting = []
    holder = python(HOLD.replace("privguard.lock", "lock"), folder)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "in\n"
    for number in range(4):
        waiting.append(python(script, folder, str(number)))
        while drawn(folder / "lock") < number + 2:
            assert waiting[-1].poll() is None
    holder.communicate()

    assert [process.communicate()[1] for process in waiting] == [""] * 4
    assert (folder / "order").read_text() == "0123"


def test_a_writer_gives_up_its_place_and_can_come_again(
    folder: Path,
    keyring: KeyRing,
    make_event: Callable[..., dict[str, Any]],
    python: Python,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with AuditLog.open(folder, keyring) as log:
        holder = python(HOLD, folder)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "in\n"
        monkeypatch.setattr(sqlite, "_TIMEOUT_S", 0.05)

        with pytest.raises(LogUnavailable, match="busy"):
            log.append(make_event())

        holder.communicate()
        monkeypatch.setattr(sqlite, "_TIMEOUT_S", 10)
        assert [log.append(make_event())["seq"] for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("content", [b"", b"x", b"\xff" * 8, b"\xff" * 100])
def test_whatever_the_lock_file_holds_there_is_a_turn(tmp_path: Path, content: bytes) -> None:
    lock = tmp_path / "lock"
    lock.write_bytes(content)

    for _ in range(3):
        with turn(lock, 5) as left_s:
            assert 0 < left_s <= 5


def test_a_writer_killed_in_the_queue_blocks_nobody(folder: Path, python: Python) -> None:
    first = python(HOLD, folder)
    assert first.stdout is not None
    assert first.stdout.readline() == "in\n"
    second = python(HOLD, folder)
    assert second.stdout is not None
    first.kill()

    assert second.stdout.readline() == "in\n"
    second.kill()
    with turn(folder / "privguard.lock", 10) as left_s:
        assert left_s > 0
    first.communicate()
    second.communicate()
