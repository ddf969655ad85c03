"""The file by which writers queue holds nothing: whatever it is, it serves, or one sentence says to remove it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.stores.queue import Queue
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.errors import LogUnavailable
from jupyter_privguard.keys.keyring import KeyRing

MakeEvent = Callable[..., dict[str, Any]]


def folder_there(lock: Path) -> None:
    lock.unlink()
    lock.mkdir()


def link_to_nowhere(lock: Path) -> None:
    lock.unlink()
    lock.symlink_to("/nowhere/at/all")


def link_to_a_file(lock: Path) -> None:
    (lock.parent.parent / "letter.txt").write_text("Dear all, this is mine.")
    lock.unlink()
    lock.symlink_to(lock.parent.parent / "letter.txt")


def pipe(lock: Path) -> None:
    lock.unlink()
    os.mkfifo(lock)


@pytest.fixture
def lock(folder: Path, keyring: KeyRing, make_event: MakeEvent) -> Path:
    """That of a log with one record."""
    with AuditLog.open(folder, keyring) as log:
        log.append(make_event())
    return folder / "privguard.lock"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01",
        b"\x18\xab\xf0\xd4T'\x9bD",
        b"\xff" * 8,
        b"\xff" * 9000,
        b'{"version": 1, "numb',
        b"[1, 2]",
        b"none\n",
    ],
)
def test_whatever_stands_in_it_writers_queue(
    lock: Path, keyring: KeyRing, make_event: MakeEvent, reader: Callable[[], LogReader], content: bytes
) -> None:
    lock.write_bytes(content)

    with AuditLog.open(lock.parent, keyring) as log:
        log.append(make_event())

    assert verify(reader()).size == 2


@pytest.mark.parametrize("harm", [folder_there, link_to_nowhere, link_to_a_file, pipe])
def test_what_is_no_file_is_named_with_its_cure(
    lock: Path, keyring: KeyRing, make_event: MakeEvent, reader: Callable[[], LogReader], harm: Callable[[Path], None]
) -> None:
    harm(lock)

    with pytest.raises(LogUnavailable) as found:
        AuditLog.open(lock.parent, keyring)

    said = str(found.value)
    assert said.startswith(f"privguard: {lock}, by which") and said.endswith("; take it away, and it is made anew.")
    assert "Error" not in said and said.count("\n") == 0
    assert verify(reader()).size == 1
    if harm is link_to_a_file:
        assert lock.read_text() == "Dear all, this is mine.", "nothing is written through a link"

    lock.rmdir() if harm is folder_there else lock.unlink()
    with AuditLog.open(lock.parent, keyring) as log:
        log.append(make_event())
    assert verify(reader()).size == 2


@pytest.mark.parametrize(
    ("number", "cure"),
    [
        (errno.EACCES, "take it away, and it is made anew"),
        (errno.EPERM, "take it away, and it is made anew"),
        (errno.ENOSPC, "free some space on that disk and try again"),
    ],
)
def test_what_the_system_refuses_is_named_too(
    lock: Path, keyring: KeyRing, monkeypatch: pytest.MonkeyPatch, number: int, cure: str
) -> None:
    real = os.open

    def refused(path: Any, *rest: Any, **more: Any) -> int:
        if str(path) == str(lock):
            raise OSError(number, os.strerror(number), path)
        return real(path, *rest, **more)

    monkeypatch.setattr(os, "open", refused)

    with pytest.raises(LogUnavailable) as found:
        AuditLog.open(lock.parent, keyring)
    said = str(found.value)
    assert str(lock) in said and f"({os.strerror(number)}); {cure}." in said


def test_one_that_becomes_unusable_in_a_session_is_named_at_the_next_record(
    lock: Path, keyring: KeyRing, make_event: MakeEvent
) -> None:
    with AuditLog.open(lock.parent, keyring) as log:
        folder_there(lock)
        with pytest.raises(LogUnavailable, match="take it away"):
            log.append(make_event())
        lock.rmdir()
        assert log.append(make_event())["seq"] == 2


def test_leaving_a_queue_that_could_not_be_entered_is_no_error(tmp_path: Path) -> None:
    queue = Queue(tmp_path)

    with pytest.raises(OSError, match="directory"):
        queue.enter(1)
    queue.leave()
    queue.close()
