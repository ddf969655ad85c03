"""Reading: never a byte written, on read-only media, beside a writer."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.audit import reader as reader_module
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.errors import LogError, LogUnavailable
from jupyter_privguard.keys.keyring import KeyRing

MakeEvent = Callable[..., dict[str, Any]]
Reader = Callable[[], LogReader]

WITHOUT_ROOT = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")
READ = (
    "from jupyter_privguard.audit.reader import LogReader\n"
    "from jupyter_privguard.audit.verify import verify\n"
    "reader = LogReader.open(folder, ring.vkey)\n"
    "print(verify(reader).size, len(list(reader.lines())), len(reader.checkpoint) > 100)\n"
)


def fill(log: AuditLog, make_event: MakeEvent, count: int) -> None:
    for number in range(count):
        log.append(make_event(number=number))


def content(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_events_come_in_order_from_any_number(log: AuditLog, make_event: MakeEvent, reader: Reader) -> None:
    fill(log, make_event, 12)

    assert [event["seq"] for event in reader().events(after=9)] == [10, 11, 12]
    assert [event["seq"] for event in reader().events(after=3, limit=2)] == [4, 5]
    assert [event["seq"] for event in reader().events(limit=0)] == []
    assert list(reader().events(after=12)) == []


def test_long_logs_are_read_page_by_page(
    log: AuditLog, make_event: MakeEvent, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "_PAGE", 4)
    fill(log, make_event, 8)
    lines = reader().lines()
    first = next(lines)

    log.append(make_event())

    assert len([first, *lines]) == 8
    assert len(list(reader().lines())) == 9
    assert len(list(reader().events(after=2, limit=5))) == 5


def test_reading_changes_no_file(folder: Path, keyring: KeyRing, make_event: MakeEvent, reader: Reader) -> None:
    with AuditLog.open(folder, keyring) as log:
        fill(log, make_event, 3)
    before = content(folder)

    verify(reader())
    list(reader().events())

    assert content(folder) == before


def test_a_log_is_read_while_a_writer_has_it_open(log: AuditLog, make_event: MakeEvent, reader: Reader) -> None:
    for number in range(1, 6):
        log.append(make_event())
        assert verify(reader()).size == reader().size == number


def test_reading_beside_busy_writers_never_sees_half_a_record(
    folder: Path, python: Callable[..., subprocess.Popen[str]], reader: Reader, log: AuditLog
) -> None:
    log.close()
    script = "for number in range(40):\n    with AuditLog.open(folder, ring) as log: log.append(make())\n"
    writers = [python(script, folder) for _ in range(2)]
    sizes = []
    while any(writer.poll() is None for writer in writers):
        sizes.append(verify(reader()).size)

    assert [writer.communicate()[1] for writer in writers] == ["", ""]
    assert sizes == sorted(sizes)
    assert verify(reader()).size == 80


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root ignores permissions")
@pytest.mark.parametrize("state", ["closed", "open", "crashed"])
def test_a_read_only_folder_is_read(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, python: Callable[..., subprocess.Popen[str]], state: str
) -> None:
    log = AuditLog.open(folder, keyring)
    fill(log, make_event, 3)
    if state == "closed":
        log.close()
    read = folder
    if state == "crashed":  # a copy without the shared-memory file
        read = folder.parent / "copy"
        shutil.copytree(folder, read)
        (read / "privguard.db-shm").unlink()
    for path in read.iterdir():
        path.chmod(0o400)
    read.chmod(0o500)
    before = content(read)

    out, err = python(READ, read, prefix=WITHOUT_ROOT if os.geteuid() == 0 else ()).communicate()

    assert (out, err) == ("3 3 True\n", "")
    assert {name: value for name, value in content(read).items() if not name.endswith("-shm")} == {
        name: value for name, value in before.items() if not name.endswith("-shm")
    }
    read.chmod(0o700)
    log.close()


def test_where_there_is_no_log_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(LogUnavailable, match="there is no log"):
        LogReader.open(tmp_path / "nowhere", None)

    assert list(tmp_path.iterdir()) == []


def test_a_log_can_be_read_but_not_verified_without_its_verifier_key(
    folder: Path, log: AuditLog, make_event: MakeEvent
) -> None:
    log.append(make_event())
    reader = LogReader.open(folder, None)

    assert len(list(reader.events())) == 1
    with pytest.raises(LogError, match="verifier key"):
        verify(reader)


@pytest.mark.parametrize("value", ["x'ff00'", "'[]'", "'none'", "'[[[['", "null"])
def test_a_line_that_is_none_is_damage_not_a_crash(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, reader: Reader, value: str
) -> None:
    with AuditLog.open(folder, keyring) as log:
        fill(log, make_event, 2)
    connection = sqlite3.connect(folder / "privguard.db")
    connection.executescript(
        "create table loose as select * from records; drop table records; alter table loose rename to records;"
        f"update records set line = {value} where seq = 1;"
    )
    connection.close()

    with pytest.raises(LogError, match=r"^privguard: .*audit verify"):
        list(reader().events())
