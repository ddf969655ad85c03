"""The writers' queue: in the order of coming, and nobody can block it for good."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from socket import AF_UNIX, SOCK_DGRAM, socket
from typing import Any

import pytest

from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.stores import queue as queue_module
from jupyter_privguard.audit.stores import sqlite
from jupyter_privguard.audit.stores.queue import Queue
from jupyter_privguard.errors import LogUnavailable
from jupyter_privguard.keys.keyring import KeyRing

Python = Callable[..., "subprocess.Popen[str]"]

HOLD = (
    "from jupyter_privguard.audit.stores.queue import Queue\n"
    "queue = Queue(folder / 'privguard.lock')\n"
    "queue.enter(10); print('in', flush=True); sys.stdin.read(); queue.leave()\n"
)


ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="there are no sockets to knock at")


def drawn(lock: Path) -> int:
    """How many numbers were given out."""
    return int.from_bytes(lock.read_bytes()[:8])


@pytest.mark.parametrize("can_knock", [False, pytest.param(True, marks=ON_LINUX)])
def test_writers_have_their_turn_in_the_order_of_coming(folder: Path, python: Python, can_knock: bool) -> None:
    script = (
        "from jupyter_privguard.audit.stores import queue as module\n"
        "from jupyter_privguard.audit.stores.queue import Queue\n"
        f"module._CAN_KNOCK = {can_knock}\n"
        "queue = Queue(folder / 'lock')\n"
        "queue.enter(10)\n"
        "with open(folder / 'order', 'a') as file: file.write(sys.argv[2])\n"
        "queue.leave()\n"
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

    queue = Queue(lock)
    for _ in range(3):
        assert 0 < queue.enter(5) <= 5
        queue.leave()
    queue.close()


def test_a_writer_killed_in_the_queue_blocks_nobody(folder: Path, python: Python) -> None:
    first = python(HOLD, folder)
    assert first.stdout is not None
    assert first.stdout.readline() == "in\n"
    second = python(HOLD, folder)
    assert second.stdout is not None
    first.kill()

    assert second.stdout.readline() == "in\n"
    second.kill()
    queue = Queue(folder / "privguard.lock")
    assert queue.enter(10) > 0
    queue.leave()
    queue.close()
    first.communicate()
    second.communicate()


def test_whoever_has_the_name_of_a_place_lets_nobody_in(folder: Path, python: Python) -> None:
    holder = python(HOLD, folder)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "in\n"
    queue = Queue(folder / "privguard.lock")
    queue._open()

    with socket(AF_UNIX, SOCK_DGRAM) as stranger, pytest.raises(TimeoutError):
        stranger.bind(queue._door(drawn(folder / "privguard.lock")))
        queue.enter(0.02)

    queue.close()
    holder.communicate()


def test_a_strangers_knock_lets_nobody_in(folder: Path, python: Python) -> None:
    holder = python(HOLD, folder)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "in\n"
    queue = Queue(folder / "privguard.lock")
    queue._open()
    stranger = threading.Thread(target=_knocks, args=(queue._door(drawn(folder / "privguard.lock")),))

    stranger.start()
    with pytest.raises(TimeoutError):
        queue.enter(0.05)

    stranger.join()
    queue.close()
    holder.communicate()


def _knocks(name: str) -> None:
    for _ in range(50):
        with suppress(OSError):
            queue_module._knock(name)


def test_an_interrupt_in_the_queue_keeps_no_place(
    folder: Path, python: Python, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = Queue(folder / "privguard.lock")

    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Queue, "_is_free", interrupted)
        queue.enter(10)
    queue.leave()

    other = python(HOLD, folder)
    assert other.stdout is not None
    assert other.stdout.readline() == "in\n"
    other.communicate()
    queue.close()


def test_a_removed_lock_file_is_begun_anew(folder: Path, python: Python) -> None:
    queue = Queue(folder / "privguard.lock")
    queue.enter(10)
    queue.leave()
    (folder / "privguard.lock").unlink()

    queue.enter(10)

    assert drawn(folder / "privguard.lock") == 1
    queue.leave()
    queue.close()
