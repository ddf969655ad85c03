"""Whatever is done to a log is found and the first bad record named; whatever a crash leaves is a log."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.verify import prove, verify
from jupyter_privguard.errors import LogError, LogUnavailable, PrivguardError
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.model import Principal
from tests.fuzzing import fuzz

SIZE = 24
RING = KeyRing(master=bytes(range(32)), seed=bytes(range(32, 64)), origin="privguard/0badcafe")
FREE = (
    "create table loose as select * from records; drop table records; alter table loose rename to records;"
    "create table loose as select * from head; drop table head; alter table loose rename to head;"
)


def made(at: int) -> dict[str, Any]:
    return event(
        "data.load",
        principal=Principal("asha"),
        session="s1",
        outcome="ok",
        policy_sha256="0",
        purpose=f"MARK-{at:04d}",
    )


class Whole(NamedTuple):
    folder: Path
    lines: tuple[str, ...]
    checkpoints: tuple[str, ...]
    """The one after each record."""
    sizes: tuple[int, ...]
    """Of the write-ahead file after each record, which was on the disk before the record was acknowledged."""
    copies: Callable[[], Path]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """A log of some records in its database."""
    folder = tmp_path_factory.mktemp("whole")
    with AuditLog.open(folder, RING) as log:
        for at in range(1, SIZE + 1):
            log.append(made(at))
    return _told(folder, (), tmp_path_factory)


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """A log whose writer did not come to an end: its records are in the write-ahead file."""
    place, folder = tmp_path_factory.mktemp("running"), tmp_path_factory.mktemp("crashed")
    sizes, checkpoints = [], []
    with AuditLog.open(place, RING) as log:
        for at in range(1, SIZE + 1):
            log.append(made(at))
            checkpoints.append(LogReader.open(place, RING.vkey).checkpoint)
            sizes.append(_frames(place / "privguard.db-wal"))
        for name in ("privguard.db", "privguard.db-wal"):
            shutil.copy(place / name, folder / name)
    return _told(folder, tuple(sizes), tmp_path_factory, tuple(checkpoints))


def _frames(wal: Path) -> int:
    """Bytes up to the end of the frames with the salt of the first one: what is behind is older or nothing."""
    data = wal.read_bytes()
    page, salt = int.from_bytes(data[8:12], "big"), data[16:24]
    end = 32
    while data[end + 8 : end + 16] == salt:
        end += 24 + page
    return end


def _told(
    folder: Path, sizes: tuple[int, ...], factory: pytest.TempPathFactory, checkpoints: tuple[str, ...] = ()
) -> Whole:
    place = factory.mktemp("copies")

    def copy() -> Path:
        shutil.rmtree(place)
        shutil.copytree(folder, place)
        return place

    found = verify(LogReader.open(copy(), RING.vkey))
    return Whole(folder, found.lines, checkpoints or (found.checkpoint,), sizes, copy)


# --- damage ---------------------------------------------------------------------------------------

places = st.integers(1, SIZE)
kinds = st.sampled_from(["letter", "longer", "shorter", "leaf", "gone", "empty", "number", "copied", "text"])


def _damaged(connection: sqlite3.Connection, seq: int, kind: str, at: int, lines: tuple[str, ...]) -> None:
    line = lines[seq - 1]
    place = at % len(line)
    changed = {
        "letter": line[:place] + chr((ord(line[place]) + 1) % 128 or 1) + line[place + 1 :],
        "longer": line[:place] + " " + line[place:],
        "shorter": line[:place] + line[place + 1 :],
        "copied": lines[seq % SIZE],
        "text": "\x00{}\ud7ff",
        "empty": "",
    }
    if kind in changed:
        connection.execute("update records set line = ? where seq = ?", (changed[kind], seq))
    elif kind == "leaf":
        (data,) = connection.execute("select leaf_hash from records where seq = ?", (seq,)).fetchone()
        flipped = bytearray(data)
        flipped[at % 32] ^= 1 << at % 8
        connection.execute("update records set leaf_hash = ? where seq = ?", (bytes(flipped), seq))
    elif kind == "number":
        connection.execute("update records set seq = ? where seq = ?", (seq + 1000, seq))
    else:
        connection.execute("delete from records where seq = ?", (seq,))


@fuzz(80)
@given(st.dictionaries(places, st.tuples(kinds, st.integers(0, 10_000)), min_size=1, max_size=4))
def test_the_first_bad_record_is_named(whole: Whole, damage: dict[int, tuple[str, int]]) -> None:
    folder = whole.copies()
    connection = sqlite3.connect(folder / "privguard.db")
    connection.executescript(FREE)
    for seq, (kind, at) in damage.items():
        _damaged(connection, seq, kind, at, whole.lines)
    connection.commit()
    connection.close()

    with pytest.raises(LogError) as error:
        verify(LogReader.open(folder, RING.vkey))

    said = str(error.value)
    found = re.search(r"record (\d+)", said)
    assert found is not None and int(found[1]) == min(damage), said
    assert said.startswith("privguard: ") and "MARK" not in said and "\n" not in said
    with pytest.raises(PrivguardError):
        prove(LogReader.open(folder, RING.vkey))


@fuzz(60)
@given(st.data())
def test_damaged_bytes_never_pass_for_another_log(whole: Whole, data: Any) -> None:
    path = whole.copies() / "privguard.db"
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        new = data.draw(st.binary(min_size=1, max_size=40))
        content[at : at + len(new)] = new
    path.write_bytes(content[: data.draw(st.sampled_from([len(content), len(content) // 2, 0]) | places)])

    try:
        found = verify(LogReader.open(path.parent, RING.vkey), checkpoint=whole.checkpoints[-1])
    except (LogError, LogUnavailable) as error:
        assert str(error).startswith("privguard: ") and "\n" not in str(error) and "MARK" not in str(error)
    else:
        assert found.lines == whole.lines


# --- crashes --------------------------------------------------------------------------------------


@fuzz(40)
@given(st.data())
def test_a_cut_write_ahead_file_keeps_all_that_was_acknowledged(crashed: Whole, data: Any) -> None:
    """The power fails at any byte: what was on the disk by then is there, and the next session goes on."""
    folder = crashed.copies()
    wal = folder / "privguard.db-wal"
    cut = data.draw(st.integers(0, crashed.sizes[-1]) | st.sampled_from(crashed.sizes))
    torn = data.draw(st.binary(max_size=5000))
    wal.write_bytes(wal.read_bytes()[:cut] + torn)
    acknowledged = sum(size <= cut for size in crashed.sizes)

    with AuditLog.open(folder, RING) as log:
        log.append(made(99))
    found = verify(
        LogReader.open(folder, RING.vkey), checkpoint=crashed.checkpoints[acknowledged - 1] if acknowledged else None
    )

    assert found.lines[:acknowledged] == crashed.lines[:acknowledged]
    assert found.lines[:-1] == crashed.lines[: found.size - 1] and "MARK-0099" in found.lines[-1]
    if found.size <= SIZE:
        with pytest.raises(LogError):  # what was lost shows against a checkpoint kept elsewhere
            verify(LogReader.open(folder, RING.vkey), checkpoint=crashed.checkpoints[-1])
