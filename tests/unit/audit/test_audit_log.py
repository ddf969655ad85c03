"""The writer: durable, gapless, one writer at a time, refused when anything is wrong."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.audit import _heads as heads_module
from jupyter_privguard.audit import log as log_module
from jupyter_privguard.audit.checkpoint import Checkpoint, sign
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.query import accesses, question
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.stores import snapshot, sqlite
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.errors import LogError, LogUnavailable
from jupyter_privguard.keys.keyring import KeyRing
from tests.unit.audit.conftest import all_at_once

MakeEvent = Callable[..., dict[str, Any]]
Python = Callable[..., "subprocess.Popen[str]"]
Reader = Callable[[], LogReader]


def actions(reader: Reader) -> list[str]:
    return [event["action"] for event in verify(reader()).events]


def test_records_are_numbered_from_one_and_survive_reopening(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, reader: Reader
) -> None:
    for name in ("a", "b"):
        with AuditLog.open(folder, keyring) as log:
            log.append(make_event(note=name))

    assert [(event["seq"], event["note"]) for event in reader().events()] == [(1, "a"), (2, "b")]
    assert verify(reader()).size == 2


def test_an_empty_log_is_whole(log: AuditLog, reader: Reader) -> None:
    assert verify(reader()).size == 0
    assert list(reader().lines()) == []


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
def test_files_are_for_their_owner_alone_whatever_the_umask(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, mask: int
) -> None:
    before = os.umask(mask)
    try:
        with AuditLog.open(folder, keyring) as log:
            log.append(make_event())
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    finally:
        os.umask(before)

    assert modes == dict.fromkeys(("privguard.db", "privguard.db-wal", "privguard.db-shm", "privguard.lock"), 0o600)


@pytest.mark.parametrize("statement", ["update records set line = '{}'", "delete from records where seq = 1"])
def test_the_store_refuses_to_change_or_remove_a_record(
    folder: Path, log: AuditLog, make_event: MakeEvent, statement: str
) -> None:
    log.append(make_event())
    connection = sqlite3.connect(folder / "privguard.db")

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()


def test_a_run_is_a_start_and_one_end(log: AuditLog, make_event: MakeEvent, reader: Reader) -> None:
    run = log.start_run(make_event("cell.start", "started", purpose="p"))
    log.end_run(run, make_event("cell.run", "ok", purpose="p"))

    assert [(event["action"], event["run"]) for event in reader().events()] == [("cell.start", run), ("cell.run", run)]
    with pytest.raises(ValueError, match="not open"):
        log.end_run(run, make_event("cell.run", "ok"))
    with pytest.raises(ValueError, match="not open"):
        log.end_run("0" * 16, make_event("cell.run", "ok"))
    assert verify(reader()).size == 2


def test_cells_cannot_be_logged_unpaired(log: AuditLog, make_event: MakeEvent, reader: Reader) -> None:
    for action in ("cell.start", "cell.run"):
        with pytest.raises(ValueError, match="start_run and end_run"):
            log.append(make_event(action))
    with pytest.raises(ValueError, match=r"cell\.start"):
        log.start_run(make_event("data.load"))
    with pytest.raises(ValueError, match=r"cell\.run"):
        log.end_run("x", make_event("data.load"))
    assert reader().size == 0


def test_an_event_that_cannot_be_hashed_leaves_no_trace(log: AuditLog, make_event: MakeEvent, reader: Reader) -> None:
    with pytest.raises(TypeError):
        log.append({**make_event(), "share": 0.5})
    log.append(make_event())

    assert verify(reader()).size == 1


def test_threads_of_one_log_do_not_mix(log: AuditLog, make_event: MakeEvent, reader: Reader) -> None:
    def work(name: str) -> None:
        for _ in range(10):
            log.end_run(log.start_run(make_event("cell.start", note=name)), make_event("cell.run", note=name))

    threads = [threading.Thread(target=work, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    events = verify(reader()).events
    assert len(events) == 80
    assert all(sum(event["note"] == str(number) for event in events) == 20 for number in range(4))


def test_eight_processes_that_begin_one_log_lose_nothing(folder: Path, python: Python, reader: Reader) -> None:
    script = (
        "sys.stdin.read(1)\n"
        "with AuditLog.open(folder, ring) as log:\n"
        "    for number in range(12):\n"
        "        log.append(make(number=number))\n"
    )
    started = [python(script, folder, f"w{number}") for number in range(8)]

    assert all_at_once(started) == [""] * 8
    events = verify(reader()).events
    assert len(events) == 96
    for name in range(8):
        assert [event["number"] for event in events if event["session"] == f"w{name}"] == list(range(12))
    assert sorted(path.name for path in folder.iterdir()) == ["privguard.db", "privguard.lock"]


def test_what_was_acknowledged_before_sigkill_is_there(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, python: Python, reader: Reader
) -> None:
    script = (
        "log = AuditLog.open(folder, ring)\n"
        "for number in range(100000):\n"
        "    log.append(make(number=number)); print(number, flush=True)\n"
    )
    process = python(script, folder)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline() for _ in range(25)][-1]
    process.kill()
    rest = process.communicate()[0].split()
    last = int(rest[-1] if rest else acknowledged)

    numbers = [event["number"] for event in verify(reader()).events]
    assert numbers[: last + 1] == list(range(last + 1))
    with AuditLog.open(folder, keyring) as log:
        log.append(make_event(number=-1))
    assert verify(reader()).size == len(numbers) + 1


def test_a_cell_whose_process_died_is_closed_as_lost_exactly_once(
    folder: Path, keyring: KeyRing, python: Python, reader: Reader
) -> None:
    script = (
        "log = AuditLog.open(folder, ring)\n"
        "print(log.start_run(make('cell.start', 'started', purpose='churn', experiment='e', tier='public',\n"
        "    notebook='n.ipynb', kernel='k', cell={'execution_count': 3, 'id': 'abc'})), flush=True)\n"
        "os._exit(3)\n"
    )
    process = python(script, folder, "dead")
    run = process.communicate()[0].strip()
    assert [event["action"] for event in reader().events()] == ["cell.start"]
    openers = [python("AuditLog.open(folder, ring).close()", folder, "next") for _ in range(4)]
    assert [opener.communicate()[1] for opener in openers] == [""] * 4

    start, lost = verify(reader()).events
    assert (lost["action"], lost["outcome"], lost["run"]) == ("cell.run", "lost", run)
    for name in (
        "principal",
        "session",
        "policy_sha256",
        "purpose",
        "experiment",
        "tier",
        "notebook",
        "kernel",
        "cell",
    ):
        assert lost[name] == start[name]
    AuditLog.open(folder, keyring).close()
    assert reader().size == 2


def test_a_cell_that_still_runs_is_not_closed(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, python: Python, reader: Reader
) -> None:
    script = (
        "log = AuditLog.open(folder, ring); run = log.start_run(make('cell.start', 'started'))\n"
        "print('started', flush=True); sys.stdin.read(1); log.end_run(run, make('cell.run'))\n"
    )
    process = python(script, folder)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    with AuditLog.open(folder, keyring) as log:
        own = log.start_run(make_event("cell.start", "started"))
        AuditLog.open(folder, keyring).close()
        log.end_run(own, make_event("cell.run"))

    assert process.communicate("x")[1] == ""
    assert actions(reader) == ["cell.start", "cell.start", "cell.run", "cell.run"]
    assert [event["outcome"] for event in reader().events()] == ["started", "started", "ok", "ok"]


def test_a_log_of_another_key_is_refused(folder: Path, log: AuditLog, make_event: MakeEvent) -> None:
    log.append(make_event())
    stranger = KeyRing(master=bytes(range(32)), seed=bytes(range(1, 33)), origin="privguard/feedbeef")

    with pytest.raises(LogError, match="signed by another key"):
        AuditLog.open(folder, stranger)


@pytest.mark.parametrize(
    "damage",
    [
        "drop trigger records_are_not_removed; delete from records where seq = 3",
        "drop trigger records_are_not_removed; delete from records",
        "update head set size = 2",
        "update head set root = zeroblob(32)",
        "update head set frontier = x''",
        "update head set frontier = 'text'",
        "update head set checkpoint = 'none'",
        "update head set checkpoint = x'ff'",
        "delete from head",
        "drop table head",
        "drop table runs",
        "drop table records",
        "pragma user_version = 7",
    ],
)
def test_a_damaged_log_is_not_continued(folder: Path, keyring: KeyRing, make_event: MakeEvent, damage: str) -> None:
    with AuditLog.open(folder, keyring) as log:
        for _ in range(3):
            log.append(make_event())
        connection = sqlite3.connect(folder / "privguard.db")
        connection.executescript(damage)
        connection.close()
        if "runs" not in damage and "user_version" not in damage:
            with pytest.raises(LogError, match=r"^privguard: the log .* is damaged|^privguard: .* damaged"):
                log.append(make_event())

    with pytest.raises(LogError, match=r"^privguard: .*(damaged|not a log)"):
        AuditLog.open(folder, keyring)


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, b"SQLite format 3\x00" + bytes(4096)])
def test_a_file_that_is_no_log_is_refused(folder: Path, keyring: KeyRing, content: bytes) -> None:
    (folder / "privguard.db").write_bytes(content)

    with pytest.raises(LogError, match=r"^privguard: [^\n]*$"):
        AuditLog.open(folder, keyring)


def test_a_new_log_does_not_swallow_the_rest_of_an_old_one(folder: Path, log: AuditLog, make_event: MakeEvent) -> None:
    log.append(make_event())
    (folder / "privguard.db").unlink()

    with pytest.raises(LogError, match="is missing although"):
        AuditLog.open(folder, log._key)


def test_a_log_that_was_removed_while_in_use_takes_no_record(
    folder: Path, log: AuditLog, make_event: MakeEvent
) -> None:
    (folder / "privguard.db").rename(folder / "elsewhere")

    with pytest.raises(LogUnavailable):
        log.append(make_event())
    shutil.copy(folder / "elsewhere", folder / "privguard.db")
    with pytest.raises(LogUnavailable, match="replaced while in use"):
        log.append(make_event())


def test_a_missing_folder_and_a_closed_log_are_unavailable(tmp_path: Path, keyring: KeyRing, log: AuditLog) -> None:
    with pytest.raises(LogUnavailable, match="No such file"):
        AuditLog.open(tmp_path / "nowhere", keyring)
    log.close()
    with pytest.raises(LogUnavailable):
        log.append({"action": "data.load"})


def test_a_log_that_stays_busy_is_unavailable(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sqlite._TIMEOUT_S == 10
    monkeypatch.setattr(sqlite, "_TIMEOUT_S", 0.05)
    with AuditLog.open(folder, keyring) as log:
        other = sqlite3.connect(folder / "privguard.db", isolation_level=None)
        other.execute("begin immediate")

        with pytest.raises(LogUnavailable, match="busy"):
            log.append(make_event())

        other.execute("rollback")
        other.close()
        assert log.append(make_event())["seq"] == 1


class _Failing:
    """A connection on which one statement fails with a given SQLite code."""

    def __init__(self, real: sqlite3.Connection, code: int) -> None:
        self._real, self._code = real, code

    def execute(self, statement: str, *args: object) -> object:
        if statement == "commit":
            error = sqlite3.OperationalError("failed")
            error.sqlite_errorcode = self._code
            raise error
        return self._real.execute(statement, *args)

    def close(self) -> None:
        self._real.close()


@pytest.mark.parametrize(
    ("code", "stops"), [(sqlite3.SQLITE_IOERR_FSYNC, True), (sqlite3.SQLITE_FULL, False), (sqlite3.SQLITE_IOERR, False)]
)
def test_a_writer_stops_for_good_after_a_failed_sync_only(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, reader: Reader, code: int, stops: bool
) -> None:
    log = AuditLog.open(folder, keyring)
    real = log._store._connection
    log._store._connection = _Failing(real, code)  # type: ignore[assignment]
    with pytest.raises(LogUnavailable, match=r"^privguard: "):
        log.append(make_event())
    log._store._connection = real

    if stops:
        with pytest.raises(LogUnavailable, match="failed before"):
            log.append(make_event())
    else:
        assert log.append(make_event())["seq"] == 1
    log.close()
    assert verify(reader()).size == (0 if stops else 1)


def test_a_writer_stops_for_good_when_the_disk_does_not_answer(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    with AuditLog.open(folder, keyring) as log:
        log.append(make_event())
        with monkeypatch.context() as patched:
            patched.setattr(sqlite, "_fdatasync", _fails)
            with pytest.raises(LogUnavailable, match="Input/output error"):
                log.append(make_event())
        with pytest.raises(LogUnavailable, match="failed before"):
            log.append(make_event())


def _fails(_: int) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_nobody_returns_before_the_disk_has_answered_and_the_next_one_is_let_in_before(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, python: Python, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = python(
        "log = AuditLog.open(folder, ring); print('ready', flush=True)\n"
        "sys.stdin.readline(); print(log.append(make())['seq'], flush=True); log.close()\n",
        folder,
    )
    assert other.stdout is not None
    assert other.stdin is not None
    assert other.stdout.readline() == "ready\n"
    seen: list[str] = []
    real = sqlite._fdatasync

    def slow(handle: int) -> None:
        other.stdin.write("\n")  # type: ignore[union-attr]
        other.stdin.flush()  # type: ignore[union-attr]
        seen.append(other.stdout.readline())  # type: ignore[union-attr]
        real(handle)

    with AuditLog.open(folder, keyring) as log:
        monkeypatch.setattr(sqlite, "_fdatasync", slow)
        assert log.append(make_event())["seq"] == 1
    other.communicate()

    assert seen == ["2\n"]


def test_what_a_reader_sees_is_on_the_disk(
    log: AuditLog, make_event: MakeEvent, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.append(make_event())
    synced: list[str] = []
    monkeypatch.setattr(snapshot.os, "fsync", lambda handle: synced.append(Path(f"/dev/fd/{handle}").resolve().name))

    assert reader().size == 1

    assert set(synced) == {"privguard.db-wal"}


def test_the_write_ahead_file_is_folded_and_used_again(
    folder: Path, log: AuditLog, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch, reader: Reader
) -> None:
    monkeypatch.setattr(log_module, "_FOLD_EVERY", 8)
    wal = folder / "privguard.db-wal"
    for _ in range(9):
        log.append(make_event())
    before = len(wal.read_bytes().rstrip(b"\0"))
    for _ in range(40):
        log.append(make_event())

    assert len(wal.read_bytes().rstrip(b"\0")) < 2 * before
    assert verify(reader()).size == 49


def test_a_disk_without_room_for_a_usual_file_takes_records_all_the_same(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch, reader: Reader
) -> None:
    real, refused = os.pwrite, []

    def full(handle: int, data: bytes, place: int) -> int:
        if len(data) == len(sqlite._NOTHING):
            refused.append(place)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle, data, place)

    monkeypatch.setattr(sqlite.os, "pwrite", full)
    with AuditLog.open(folder, keyring) as log:
        log.append(make_event())
        log.append(make_event())

    assert refused
    assert verify(reader()).size == 2


def test_the_write_ahead_file_grows_to_its_usual_size_ahead_of_what_two_writers_write(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch, reader: Reader
) -> None:
    monkeypatch.setattr(sqlite, "_ROOM_BYTES", 6 * len(sqlite._NOTHING))
    wal = folder / "privguard.db-wal"
    with AuditLog.open(folder, keyring) as one, AuditLog.open(folder, keyring) as other:
        sizes = []
        for _ in range(5):
            for log in (one, other):
                log.append(make_event())
                sizes.append(wal.stat().st_size)
        last = one.append(make_event(note="x" * 2 * sqlite._ROOM_BYTES))
        assert wal.stat().st_size > sqlite._ROOM_BYTES

    assert sizes == sorted(sizes)
    assert sizes[-1] == sqlite._ROOM_BYTES
    assert last["seq"] == 11
    assert verify(reader()).size == 11


def test_a_log_that_was_begun_without_seals_goes_on(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, reader: Reader
) -> None:
    with AuditLog.open(folder, keyring) as log:
        log.append(make_event())
    with sqlite3.connect(folder / "privguard.db") as connection:
        connection.execute("alter table head drop column seal")
    connection.close()

    with AuditLog.open(folder, keyring) as log:
        log.append(make_event())

    assert verify(reader()).size == 2


@pytest.mark.parametrize("seal", [None, b"", b"x" * 32, "text", 7])
def test_a_head_is_checked_by_its_signature_where_its_seal_is_not_right(
    folder: Path, log: AuditLog, keyring: KeyRing, make_event: MakeEvent, seal: object
) -> None:
    log.append(make_event())
    with AuditLog.open(folder, keyring) as other:
        other.append(make_event())
    connection = sqlite3.connect(folder / "privguard.db", isolation_level=None)
    connection.execute("update head set seal = ?", (seal,))
    assert log.append(make_event())["seq"] == 3

    stranger = KeyRing(master=bytes(range(32)), seed=bytes(range(1, 33)), origin=keyring.origin)
    (size, root) = connection.execute("select size, root from head").fetchone()
    forged = sign(Checkpoint(keyring.origin, size, root), stranger)
    connection.execute("update head set checkpoint = ?, seal = ?", (forged, seal))
    connection.close()

    with pytest.raises(LogError, match="signed by another key"):
        log.append(make_event())


def test_a_seal_is_of_one_key_and_one_note(log: AuditLog, make_event: MakeEvent, folder: Path) -> None:
    heads = []
    connection = sqlite3.connect(folder / "privguard.db", isolation_level=None)
    for _ in range(2):
        log.append(make_event())
        heads.append(connection.execute("select checkpoint, seal from head").fetchone())
    (_, old_seal), (note, seal) = heads
    assert old_seal != seal
    connection.execute("update head set checkpoint = ?", (note.replace("\n2\n", "\n3\n"),))
    connection.close()

    with pytest.raises(LogError):
        log.append(make_event())


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("size", lambda found: found + 1),
        ("root", lambda found: found[::-1]),
        ("root", lambda found: found + b"\0"),
        ("frontier", lambda found: found[:-1] + bytes([found[-1] ^ 1])),
        ("frontier", lambda found: found[32:]),
        ("checkpoint", lambda found: found.replace("\n3\n", "\n2\n")),
        ("checkpoint", lambda found: "\ud800" * 3),
    ],
)
def test_no_part_of_a_head_can_be_changed_under_its_seal(
    folder: Path,
    log: AuditLog,
    keyring: KeyRing,
    make_event: MakeEvent,
    column: str,
    change: Callable[[Any], Any],
) -> None:
    log.append(make_event())
    with AuditLog.open(folder, keyring) as other:
        other.append_many([make_event(), make_event()])
    connection = sqlite3.connect(folder / "privguard.db", isolation_level=None)
    (found,) = connection.execute(f"select {column} from head").fetchone()
    made = change(found)
    value = made.encode("utf-8", "surrogatepass") if made == "\ud800" * 3 else made
    connection.execute(f"update head set {column} = {'cast(? as text)' if isinstance(made, str) else '?'}", (value,))
    connection.close()

    with pytest.raises(LogError):
        log.append(make_event())


def test_a_forked_child_leaves_the_log_to_its_parent(folder: Path, python: Python, reader: Reader) -> None:
    script = (
        "log = AuditLog.open(folder, ring); log.append(make())\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    try: log.append(make())\n"
        "    except Exception as error: os.write(1, type(error).__name__.encode())\n"
        "    log.close(); os._exit(0)\n"
        "os.waitpid(child, 0); log.append(make()); log.close()\n"
    )

    assert python(script, folder).communicate() == ("LogUnavailable", "")
    assert verify(reader()).size == 2


WITHOUT_ROOT = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")
"""Root without the right to ignore permissions, so that these tests mean the same for root."""


def prefix() -> tuple[str, ...]:
    return WITHOUT_ROOT if os.geteuid() == 0 else ()


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root ignores permissions")
def test_a_log_that_may_not_be_written_is_unavailable_at_once(
    folder: Path, keyring: KeyRing, python: Python, make_event: MakeEvent
) -> None:
    with AuditLog.open(folder, keyring) as log:
        log.append(make_event())
    (folder / "privguard.db").chmod(0o400)
    folder.chmod(0o500)
    script = "try: AuditLog.open(folder, ring)\nexcept Exception as error: print(type(error).__name__, error)\n"

    out, err = python(script, folder, prefix=prefix()).communicate()

    folder.chmod(0o700)
    assert out.startswith("LogUnavailable privguard: the log ")
    assert err == ""


def test_lines_hold_the_stored_event(log: AuditLog, make_event: MakeEvent, reader: Reader) -> None:
    stored = log.append(make_event(columns=["naïve", "पुणे", "\x7f", "a\nb"]))

    (line,) = reader().lines()
    assert json.loads(line) == stored
    assert "\n" not in line


def test_a_clock_that_jumps_changes_neither_order_nor_proof(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, reader: Reader
) -> None:
    hours = [12, 3, 23, 12, 0]
    times = iter(datetime(2026, 10, 25, hour, tzinfo=UTC) for hour in hours)
    with AuditLog.open(folder, keyring, clock=lambda: next(times)) as log:
        for _ in hours:
            log.append(make_event())

    events = verify(reader()).events
    assert [(event["seq"], int(event["time"][11:13])) for event in events] == list(enumerate(hours, 1))
    asked = question({"since": ["2026-10-25T12:00:00Z"]}, datetime(2026, 10, 26, tzinfo=UTC))
    assert [access.seq for access in accesses(events, asked)] == [1, 3, 4]


@pytest.mark.parametrize("step", ["sign", "canonical_json", "leaf_hash"])
def test_a_record_for_which_memory_ran_out_leaves_no_trace(
    log: AuditLog, make_event: MakeEvent, reader: Reader, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    log.append(make_event())

    def exhausted(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched, pytest.raises(MemoryError):
        patched.setattr(heads_module if step == "sign" else log_module, step, exhausted)
        log.append(make_event())
    log.append(make_event())

    assert [event["seq"] for event in verify(reader()).events] == [1, 2]


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.5, 0.8, 0.97, 0.999])
def test_a_torn_tail_ends_the_log_at_a_whole_record(
    folder: Path, log: AuditLog, keyring: KeyRing, make_event: MakeEvent, tmp_path: Path, kept: float
) -> None:
    for _ in range(8):
        log.append(make_event(note="x" * 3000))
    torn = tmp_path / "torn"
    shutil.copytree(folder, torn, ignore=shutil.ignore_patterns("*-shm"))
    wal = torn / "privguard.db-wal"
    with wal.open("r+b") as file:
        file.truncate(int(len(wal.read_bytes().rstrip(b"\0")) * kept))

    before = verify(LogReader.open(torn, keyring.vkey)).size
    with AuditLog.open(torn, keyring) as again:
        again.append(make_event())

    assert 0 <= before < 8
    assert verify(LogReader.open(torn, keyring.vkey)).size == before + 1
