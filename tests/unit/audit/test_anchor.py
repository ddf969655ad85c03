"""Anchors: the log keeps its checkpoints with somebody else by itself, and cannot take them back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.audit import anchor
from jupyter_privguard.audit.anchor import Anchors, check_anchored, kept_in
from jupyter_privguard.audit.checkpoint import Checkpoint, sign
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.errors import LogError, LogUnavailable
from jupyter_privguard.keys.keyring import KeyRing

MakeEvent = Callable[..., dict[str, Any]]
Reader = Callable[[], LogReader]
Write = Callable[..., None]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "witness" / "privguard.checkpoints"


@pytest.fixture
def write(folder: Path, file: Path, keyring: KeyRing, make_event: MakeEvent) -> Write:
    """A session that appends some records, and is anchored."""
    file.parent.mkdir()

    def session(count: int, at: Path = folder, ring: KeyRing = keyring) -> None:
        with AuditLog.open(at, ring, anchors=Anchors([file])) as log:
            for _ in range(count):
                log.append(make_event())

    return session


def sizes(file: Path, keyring: KeyRing) -> list[int]:
    return [checkpoint.size for checkpoint in kept_in(file, keyring.vkey)]


def test_a_session_is_anchored_when_it_begins_and_ends(
    file: Path, write: Write, reader: Reader, keyring: KeyRing
) -> None:
    write(3)
    write(0)
    write(2)

    assert sizes(file, keyring) == [3, 3, 3, 5]
    assert file.stat().st_mode & 0o777 == 0o600
    check_anchored(reader(), kept_in(file, keyring.vkey))


def test_a_long_session_is_anchored_on_its_way(
    file: Path, write: Write, keyring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anchor, "EVERY", 4)

    write(10)

    assert sizes(file, keyring) == [4, 8, 10]


def test_a_record_that_was_not_committed_is_never_anchored(
    folder: Path, file: Path, write: Write, keyring: KeyRing, make_event: MakeEvent
) -> None:
    write(1)
    log = AuditLog.open(folder, keyring, anchors=Anchors([file]))

    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    connection = log._store._connection

    class Failing:
        def __getattr__(self, name: str) -> object:
            return getattr(connection, name)

        def execute(self, statement: str, *rest: object) -> object:
            return broken() if statement == "commit" else connection.execute(statement, *rest)

    log._store._connection = Failing()  # type: ignore[assignment]
    with pytest.raises(LogUnavailable):
        log.append(make_event())
    log.close()

    assert sizes(file, keyring) == [1, 1]


def test_records_and_head_cut_back_together_are_noticed(
    folder: Path, file: Path, write: Write, reader: Reader, keyring: KeyRing, tmp_path: Path
) -> None:
    write(4)
    shutil.copytree(folder, tmp_path / "old")
    write(3)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "old", folder)

    with pytest.raises(LogError, match="4 records now, 7 then"):
        check_anchored(reader(), kept_in(file, keyring.vkey))


@pytest.mark.parametrize("later", [False, True])
def test_a_second_history_is_noticed_even_if_it_was_anchored_too(
    folder: Path, file: Path, write: Write, reader: Reader, keyring: KeyRing, later: bool
) -> None:
    write(4)
    shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    if later:
        write(9)
    else:
        with AuditLog.open(folder, keyring) as log:
            for number in range(9):
                log.append({"action": "alert", "n": number})

    with pytest.raises(LogError, match="its first 4 records are not the ones"):
        check_anchored(reader(), kept_in(file, keyring.vkey))


def test_an_exchanged_key_is_noticed(file: Path, write: Write, keyring: KeyRing) -> None:
    write(2)
    stranger = KeyRing(master=bytes(32), seed=bytes(range(1, 33)), origin=keyring.origin)

    with pytest.raises(LogError, match="another key has signed"):
        kept_in(file, stranger.vkey)


def test_other_logs_and_other_words_in_it_count_nothing(file: Path, write: Write, keyring: KeyRing) -> None:
    write(2)
    other = KeyRing(master=bytes(32), seed=bytes(range(1, 33)), origin="privguard/feedbeef")
    note = sign(Checkpoint(other.origin, 9, bytes(32)), other)
    file.write_bytes(f"hello\n\n{note}\n".encode() + file.read_bytes() + b"\xff\n\n\xe2\x80\x94 x\n\nmore")
    write(1)

    assert sizes(file, keyring) == [2, 2, 3]


def test_a_note_that_a_full_disk_cut_accuses_nobody_and_hides_no_other(tmp_path: Path, keyring: KeyRing) -> None:
    first, second = (f"\n{sign(Checkpoint(keyring.origin, size, bytes(32)), keyring)}".encode() for size in (5, 9))
    kept = tmp_path / "kept"

    for end in range(len(first) + 1):
        kept.write_bytes(first[:end] + second)
        assert sizes(kept, keyring) in ([9], [5, 9])

    assert sizes(kept, keyring) == [5, 9]


def test_a_note_of_which_only_a_part_could_be_written_is_told(
    folder: Path, file: Path, keyring: KeyRing, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.parent.mkdir()
    told: list[str] = []
    whole = os.write
    monkeypatch.setattr(anchor.os, "write", lambda handle, data: whole(handle, data[: len(data) // 2]))

    with AuditLog.open(folder, keyring, anchors=Anchors([file], told.append)) as log:
        log.append(make_event())

    assert len(told) == 1 and "not anchored" in told[0] and "No space left" in told[0]


def test_an_anchor_that_cannot_be_written_is_told_once_and_stops_nothing(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anchor, "EVERY", 1)
    os.mkfifo(tmp_path / "pipe")
    told: list[str] = []
    paths = [tmp_path / "nowhere" / "file", tmp_path / "pipe"]

    with AuditLog.open(folder, keyring, anchors=Anchors(paths, told.append)) as log:
        stored = [log.append(make_event())["seq"] for _ in range(3)]

    assert stored == [1, 2, 3]
    assert [sentence.startswith("privguard: the log is not anchored: ") for sentence in told] == [True, True]


def test_an_anchor_that_cannot_be_read_is_said(file: Path, keyring: KeyRing) -> None:
    with pytest.raises(LogUnavailable, match="cannot be read"):
        kept_in(file, keyring.vkey)


@pytest.mark.parametrize("what", ["pipe", "folder", "device", "large"])
def test_what_is_no_anchor_keeps_nobody_waiting(
    tmp_path: Path, keyring: KeyRing, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    path = tmp_path / what
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    elif what == "device":
        path.symlink_to("/dev/zero")
    else:
        monkeypatch.setattr(anchor, "_LARGEST_BYTES", 10)
        path.write_bytes(b"eleven byte")

    with pytest.raises(LogUnavailable, match=r"^privguard: the anchor [^\n]*ask whoever keeps it[^\n]*$"):
        kept_in(path, keyring.vkey)


def test_an_empty_log_and_no_checkpoint_agree(log: AuditLog, reader: Reader) -> None:
    check_anchored(reader(), [])
