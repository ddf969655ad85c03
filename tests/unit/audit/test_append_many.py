"""Several records at once: in order, side by side, all or none, one durable write."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_privguard.audit import _heads as heads_module
from jupyter_privguard.audit import log as log_module
from jupyter_privguard.audit.anchor import EVERY, Anchors, kept_in
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.stores import sqlite
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.errors import LogUnavailable
from jupyter_privguard.keys.keyring import KeyRing
from tests.unit.audit.conftest import all_at_once

MakeEvent = Callable[..., dict[str, Any]]
Python = Callable[..., "subprocess.Popen[str]"]
Reader = Callable[[], LogReader]


def group(make_event: MakeEvent, count: int, name: str = "g") -> list[dict[str, Any]]:
    return [make_event(group=name, number=number) for number in range(count)]


def numbers(reader: Reader, name: str = "g") -> list[int]:
    return [event["number"] for event in verify(reader()).events if event.get("group") == name]


def test_the_stored_events_come_back_in_their_order(log: AuditLog, make_event: MakeEvent, reader: Reader) -> None:
    log.append(make_event(number=-1))

    stored = log.append_many(group(make_event, 5))

    assert [(event["seq"], event["number"]) for event in stored] == [(2 + n, n) for n in range(5)]
    assert list(reader().events(after=1)) == stored
    assert verify(reader()).size == 6


def test_many_at_once_make_the_same_log_as_one_after_the_other(
    tmp_path: Path, keyring: KeyRing, make_event: MakeEvent
) -> None:
    def made(name: str, write: Callable[[AuditLog, list[dict[str, Any]]], object]) -> tuple[list[str], str]:
        folder = tmp_path / name
        folder.mkdir(mode=0o700)
        seconds = iter(range(60))
        clock = lambda: datetime(2026, 11, 26, 12, 0, next(seconds), tzinfo=UTC)  # noqa: E731
        with AuditLog.open(folder, keyring, clock=clock) as log:
            for count in (1, 3, 7, 2):
                write(log, group(make_event, count))
        found = LogReader.open(folder, keyring.vkey)
        return list(found.lines()), found.checkpoint

    assert made("one", lambda log, events: [log.append(event) for event in events]) == made(
        "many", AuditLog.append_many
    )


def test_nothing_is_nothing(log: AuditLog, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_fdatasync", _fails)

    assert log.append_many([]) == []
    assert reader().size == 0


@pytest.mark.parametrize("count", [1, 2, 40])
def test_a_group_is_signed_once_and_one_durable_write(
    log: AuditLog, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    log.append(make_event())
    counted = {"sync": 0, "sign": 0}
    real_sync, real_sign = sqlite._fdatasync, getattr(heads_module, "sign")  # noqa: B009

    def sync(handle: int) -> None:
        counted["sync"] += 1
        real_sync(handle)

    def sign(*args: Any) -> Any:
        counted["sign"] += 1
        return real_sign(*args)

    monkeypatch.setattr(sqlite, "_fdatasync", sync)
    monkeypatch.setattr(heads_module, "sign", sign)

    log.append_many(group(make_event, count))

    assert counted == {"sync": 1, "sign": 1}


@pytest.mark.parametrize("action", ["cell.start", "cell.run"])
def test_a_cells_events_are_no_part_of_a_group(
    log: AuditLog, make_event: MakeEvent, reader: Reader, action: str
) -> None:
    with pytest.raises(ValueError, match="start_run and end_run"):
        log.append_many([make_event(), make_event(action)])
    assert reader().size == 0


@pytest.mark.parametrize("place", [0, 2, 4])
def test_one_that_cannot_be_hashed_takes_all_with_it(
    log: AuditLog, make_event: MakeEvent, reader: Reader, place: int
) -> None:
    log.append(make_event())
    events = group(make_event, 5)
    events[place]["share"] = 0.5

    with pytest.raises(TypeError):
        log.append_many(events)
    log.append(make_event())

    assert numbers(reader) == []
    assert verify(reader()).size == 2


@pytest.mark.parametrize("step", ["sign", "canonical_json", "leaf_hash"])
@pytest.mark.parametrize("at", [0, 3])
def test_a_group_for_which_memory_ran_out_leaves_no_trace(
    log: AuditLog, make_event: MakeEvent, reader: Reader, monkeypatch: pytest.MonkeyPatch, step: str, at: int
) -> None:
    log.append(make_event())
    where = heads_module if step == "sign" else log_module
    real, calls = getattr(where, step), iter(range(100))

    def exhausted(*args: Any) -> Any:
        if step == "sign" or next(calls) == at:
            raise MemoryError
        return real(*args)

    with monkeypatch.context() as patched, pytest.raises(MemoryError):
        patched.setattr(where, step, exhausted)
        log.append_many(group(make_event, 5))
    log.append_many(group(make_event, 2, "next"))

    assert numbers(reader) == []
    assert numbers(reader, "next") == [0, 1]


class _Failing:
    """A connection on which the statement after so many of its kind fails as on a full disk."""

    def __init__(self, real: sqlite3.Connection, start: str, after: int) -> None:
        self._real, self._start, self._left = real, start, after

    def execute(self, statement: str, *args: Any) -> object:
        if statement.startswith(self._start):
            self._left -= 1
            if self._left < 0:
                error = sqlite3.OperationalError("failed")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
        return self._real.execute(statement, *args)

    def close(self) -> None:
        self._real.close()


@pytest.mark.parametrize(
    ("statement", "after"), [("insert", 0), ("insert", 4), ("update head", 0), ("commit", 0), ("begin", 0)]
)
def test_a_full_disk_at_any_step_leaves_none_of_them(
    log: AuditLog, make_event: MakeEvent, reader: Reader, statement: str, after: int
) -> None:
    log.append(make_event())
    real = log._store._connection
    log._store._connection = _Failing(real, statement, after)  # type: ignore[assignment]
    with pytest.raises(LogUnavailable, match="no space left"):
        log.append_many(group(make_event, 5))
    log._store._connection = real

    log.append_many(group(make_event, 3, "next"))

    assert numbers(reader) == []
    assert numbers(reader, "next") == [0, 1, 2]


def _fails(_: int) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_none_is_acknowledged_when_the_disk_does_not_answer(
    log: AuditLog, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.append(make_event())
    with monkeypatch.context() as patched, pytest.raises(LogUnavailable, match="Input/output error"):
        patched.setattr(sqlite, "_fdatasync", _fails)
        log.append_many(group(make_event, 3))

    with pytest.raises(LogUnavailable, match="failed before"):
        log.append_many(group(make_event, 3))


@pytest.mark.parametrize("step", ["update head", "commit"])
def test_a_writer_that_is_killed_in_the_middle_leaves_none(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, python: Python, reader: Reader, step: str
) -> None:
    script = (
        "log = AuditLog.open(folder, ring)\n"
        "log.append_many([make(group='whole', number=number) for number in range(3)])\n"
        "real = log._store._connection\n"
        "class Dies:\n"
        "    def execute(self, statement, *args):\n"
        f"        if statement.startswith({step!r}): os.kill(os.getpid(), 9)\n"
        "        return real.execute(statement, *args)\n"
        "log._store._connection = Dies()\n"
        "log.append_many([make(group='g', number=number) for number in range(200)])\n"
    )
    process = python(script, folder)
    process.communicate(timeout=60)
    assert process.returncode == -9

    with AuditLog.open(folder, keyring) as log:
        log.append(make_event())

    assert numbers(reader, "whole") == [0, 1, 2]
    assert numbers(reader) == []


def test_groups_are_whole_or_missing_whenever_the_writer_is_killed(
    folder: Path, python: Python, reader: Reader
) -> None:
    script = (
        "log = AuditLog.open(folder, ring)\n"
        "for one in range(100000):\n"
        "    log.append_many([make(group=str(one), number=number) for number in range(7)]); print(one, flush=True)\n"
    )
    process = python(script, folder)
    assert process.stdout is not None
    seen = [int(process.stdout.readline()) for _ in range(12)]
    process.kill()
    seen += map(int, process.stdout.read().split())
    process.communicate(timeout=60)

    events = verify(reader()).events

    assert len(events) % 7 == 0
    assert len(events) // 7 in (len(seen), len(seen) + 1)
    assert [(int(event["group"]), event["number"]) for event in events] == [divmod(n, 7) for n in range(len(events))]


def test_groups_of_several_processes_stay_together(folder: Path, python: Python, reader: Reader) -> None:
    script = (
        "sys.stdin.read(1)\n"
        "with AuditLog.open(folder, ring) as log:\n"
        "    for one in range(8):\n"
        "        log.append_many([make(group=one, number=number) for number in range(6)])\n"
        "        log.append(make(group=one, number=6))\n"
    )
    started = [python(script, folder, f"w{number}") for number in range(4)]

    assert all_at_once(started) == [""] * 4

    events = verify(reader()).events

    assert len(events) == 4 * 8 * 7
    for place, event in enumerate(events):
        if event["number"] == 0:
            together = [(other["session"], other["group"], other["number"]) for other in events[place : place + 6]]
            assert together == [(event["session"], event["group"], number) for number in range(6)]


@pytest.mark.parametrize("kept", [0.0, 0.4, 0.8, 0.95, 0.999])
def test_a_torn_tail_takes_whole_groups(
    folder: Path, log: AuditLog, keyring: KeyRing, make_event: MakeEvent, tmp_path: Path, kept: float
) -> None:
    for _ in range(4):
        log.append_many([make_event(note="x" * 3000) for _ in range(5)])
    torn = tmp_path / "torn"
    shutil.copytree(folder, torn, ignore=shutil.ignore_patterns("*-shm"))
    wal = torn / "privguard.db-wal"
    with wal.open("r+b") as file:
        file.truncate(int(len(wal.read_bytes().rstrip(b"\0")) * kept))

    before = verify(LogReader.open(torn, keyring.vkey)).size
    with AuditLog.open(torn, keyring) as again:
        again.append_many(group(make_event, 2))

    assert before in (0, 5, 10, 15)
    assert verify(LogReader.open(torn, keyring.vkey)).size == before + 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(0, 9), max_size=8))
def test_groups_of_any_size_make_a_whole_log(
    tmp_path_factory: pytest.TempPathFactory, keyring: KeyRing, make_event: MakeEvent, sizes: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("log")
    with AuditLog.open(folder, keyring) as log:
        for size in sizes:
            log.append_many(group(make_event, size))

    events = verify(LogReader.open(folder, keyring.vkey)).events

    assert [event["number"] for event in events] == [number for size in sizes for number in range(size)]


def test_folding_is_not_missed_by_groups(
    folder: Path, log: AuditLog, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_module, "_FOLD_EVERY", 8)
    wal = folder / "privguard.db-wal"
    for _ in range(4):
        log.append_many(group(make_event, 3))
    before = len(wal.read_bytes().rstrip(b"\0"))
    for _ in range(30):
        log.append_many(group(make_event, 3))

    assert len(wal.read_bytes().rstrip(b"\0")) < 2 * before


def test_anchors_keep_what_a_group_has_made(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, tmp_path: Path
) -> None:
    anchor = tmp_path / "anchor"
    with AuditLog.open(folder, keyring, anchors=Anchors([anchor])) as log:
        log.append_many(group(make_event, EVERY + 3))

        assert [one.size for one in kept_in(anchor, keyring.vkey)] == [EVERY + 3]
