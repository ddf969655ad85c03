"""What the database of a log has lost beside its records: verification names it, and so does whoever writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.verify import prove, verify
from jupyter_privguard.errors import LogError, LogUnavailable
from jupyter_privguard.keys.keyring import KeyRing

RECORDS = 3


@pytest.fixture
def whole(folder: Path, keyring: KeyRing, make_event: Callable[..., dict[str, Any]]) -> Path:
    """A log of some records, closed."""
    with AuditLog.open(folder, keyring) as log:
        for _ in range(RECORDS):
            log.append(make_event())
    return folder / "privguard.db"


def change(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


def said(error: LogError) -> str:
    message = str(error)
    assert message.startswith("privguard: ") and message.count("\n") == 0
    assert error.exit_code == 2 and not isinstance(error, LogUnavailable)
    return message


LOST = {
    "drop table runs": "(runs)",
    "alter table runs rename to kept; create view runs as select * from kept": "(runs)",
    "alter table runs drop column place": "(runs.place)",
    "alter table runs rename column born to begun": "(runs.born)",
    "drop table runs; create table runs (a)": "(runs.run, runs.seq, runs.pid, runs.born, runs.place)",
    "drop table head": "(head)",
    "drop table head; drop table runs": "(head, runs)",
}


@pytest.mark.parametrize("script", LOST)
def test_what_is_lost_is_named_by_verification_and_by_who_would_write(
    whole: Path, reader: Callable[[], LogReader], keyring: KeyRing, script: str
) -> None:
    change(whole, script)

    for use in (
        lambda: verify(reader()),
        lambda: prove(reader()),
        lambda: AuditLog.open(whole.parent, keyring).close(),
    ):
        with pytest.raises(LogError) as caught:
            use()
        assert LOST[script] in said(caught.value) and str(whole) in said(caught.value)


def test_where_the_records_are_whole_that_is_said_too(whole: Path, reader: Callable[[], LogReader]) -> None:
    change(whole, "drop table runs")

    with pytest.raises(LogError, match=f"although all {RECORDS} records are whole"):
        verify(reader())
    assert len(list(reader().lines())) == RECORDS, "what is whole can still be read"


def test_a_bad_record_is_named_before_a_lost_table(whole: Path, reader: Callable[[], LogReader]) -> None:
    change(whole, "drop trigger records_are_not_removed; delete from records where seq = 2; drop table runs")

    with pytest.raises(LogError, match=f"record 2 of {RECORDS} is missing"):
        verify(reader())


@pytest.mark.parametrize(
    "script",
    [
        "create table notes (a)",
        "alter table runs add column more text",
        "drop trigger records_are_not_changed",
        "delete from runs",
    ],
)
def test_what_is_there_beside_what_is_needed_is_no_loss(
    whole: Path, reader: Callable[[], LogReader], script: str
) -> None:
    change(whole, script)

    assert verify(reader()).size == RECORDS
