"""Reading a log where nothing can be written: neither beside the log nor in any folder for temporary files."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.stores import snapshot
from jupyter_privguard.audit.stores.folding import folded
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.errors import LogError, LogUnavailable
from jupyter_privguard.keys.keyring import KeyRing

MakeEvent = Callable[..., dict[str, Any]]
_SIZE = 1024


def no_shared_memory(monkeypatch: pytest.MonkeyPatch, code: int = sqlite3.SQLITE_IOERR_SHMSIZE) -> None:
    """As on a full disk: whatever needs a file beside the log fails."""
    real = snapshot.sqlite3.connect

    def connect(name: str, **more: Any) -> sqlite3.Connection:
        if str(name).endswith("mode=ro"):
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = code
            raise error
        return real(name, **more)

    monkeypatch.setattr(snapshot.sqlite3, "connect", connect)


def no_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)


def open_log(folder: Path, keyring: KeyRing, make_event: MakeEvent, at: Path, count: int = 7) -> Path:
    """A copy of a log that a writer still has open: its last records stand in the write-ahead file only."""
    with AuditLog.open(folder, keyring) as log:
        for number in range(count):
            log.append(make_event(number=number))
        at.mkdir()
        for name in ("privguard.db", "privguard.db-wal"):
            shutil.copyfile(folder / name, at / name)
    return at


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN])
@pytest.mark.parametrize("temporary", [True, False])
def test_a_log_is_verified_where_nothing_can_be_written(
    folder: Path, tmp_path: Path, keyring: KeyRing, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch,
    code: int, temporary: bool,
) -> None:  # fmt: skip
    read = open_log(folder, keyring, make_event, tmp_path / "copy")
    before = {path.name: path.read_bytes() for path in read.iterdir()}
    no_shared_memory(monkeypatch, code)
    if not temporary:
        no_temporary_files(monkeypatch)

    reader = LogReader.open(read, keyring.vkey)

    assert verify(reader).size == 7
    assert [event["number"] for event in reader.events()] == list(range(7))
    assert {path.name: path.read_bytes() for path in read.iterdir()} == before


def test_a_damaged_log_is_no_whole_one_there_either(
    folder: Path, tmp_path: Path, keyring: KeyRing, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = open_log(folder, keyring, make_event, tmp_path / "copy")
    with closing(sqlite3.connect(read / "privguard.db", isolation_level=None)) as database:
        database.execute("drop trigger records_are_not_changed")
        database.execute("""update records set line = replace(line, '"number":3', '"number":8') where seq = 4""")
        for name in ("privguard.db", "privguard.db-wal"):
            shutil.copyfile(read / name, tmp_path / name)
    for name in ("privguard.db", "privguard.db-wal"):
        shutil.copyfile(tmp_path / name, read / name)
    no_shared_memory(monkeypatch)
    no_temporary_files(monkeypatch)

    with pytest.raises(LogError, match="record 4 of 7") as found:
        verify(LogReader.open(read, keyring.vkey))
    assert not isinstance(found.value, LogUnavailable)


def test_an_empty_write_ahead_file_needs_nothing_beside(
    folder: Path, tmp_path: Path, keyring: KeyRing, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    with AuditLog.open(folder, keyring) as log:
        log.append(make_event())
    (folder / "privguard.db-wal").touch()
    no_shared_memory(monkeypatch)
    monkeypatch.setattr(snapshot, "folded", None)
    no_temporary_files(monkeypatch)

    assert verify(LogReader.open(folder, keyring.vkey)).size == 1


def test_a_log_that_a_writer_goes_on_with_meanwhile_is_read_once_more(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    with AuditLog.open(folder, keyring) as log:
        log.append(make_event(number=0))
        os.utime(folder / "privguard.db-wal", ns=(0, 0))
        reader = LogReader.open(folder, keyring.vkey)
        no_shared_memory(monkeypatch)
        no_temporary_files(monkeypatch)
        looks = []

        def work(seen: snapshot.Snapshot) -> int:
            looks.append(1)
            if len(looks) == 1:
                log.append(make_event(number=1))
            return len(list(seen.rows()))

        assert reader.snapshot(work) == 2
        assert len(looks) == 2


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, bytes]:
    """A folder, and a database with its write-ahead file, which was begun anew once: some of its frames are old."""
    place = tmp_path_factory.mktemp("wal")
    with closing(sqlite3.connect(place / "x.db", isolation_level=None)) as writer:
        writer.execute(f"pragma page_size = {_SIZE}")
        writer.execute("pragma journal_mode = wal")
        writer.execute("create table t (n integer, x blob)")
        for number in range(30):
            writer.execute("insert into t values (?, ?)", (number, bytes([number]) * 700))
        writer.execute("pragma wal_checkpoint(restart)")
        writer.execute("delete from t where n % 3 = 0")
        writer.execute("insert into t values (99, 'new')")
        return place, (place / "x.db").read_bytes(), (place / "x.db-wal").read_bytes()


def rows(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    with closing(connection):
        return connection.execute("select * from t order by rowid").fetchall()


def by_sqlite(place: Path, database: bytes, wal: bytes) -> list[tuple[Any, ...]]:
    for path in place.iterdir():
        path.unlink()
    (place / "x.db").write_bytes(database)
    (place / "x.db-wal").write_bytes(wal)
    return rows(sqlite3.connect(place / "x.db"))


def by_folding(database: bytes, wal: bytes) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(folded(database, wal))
    return rows(connection)


@given(cut=st.integers(0, 60_000), harmed=st.one_of(st.none(), st.integers(0, 60_000)))
def test_folding_sees_what_sqlite_sees(parts: tuple[Path, bytes, bytes], cut: int, harmed: int | None) -> None:
    place, database, whole = parts
    wal = bytearray(whole[: cut % (len(whole) + 1)])
    if harmed is not None and wal:
        wal[harmed % len(wal)] ^= 0x55

    assert by_folding(database, bytes(wal)) == by_sqlite(place, database, bytes(wal))


def test_the_whole_of_it_is_taken_in(parts: tuple[Path, bytes, bytes]) -> None:
    place, database, wal = parts

    assert by_folding(database, wal) == by_sqlite(place, database, wal)
    assert by_folding(database, wal) != by_folding(database, b"")
    assert by_folding(database, b"") == by_sqlite(place, database, b"")
