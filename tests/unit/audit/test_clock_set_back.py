"""A clock that goes back between records is told with the record, and is no tampering: the order is what is signed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.audit import verify as verify_module
from jupyter_privguard.audit.clock import Clock
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.query import Query, accesses
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.verify import prove, verify
from jupyter_privguard.keys.keyring import KeyRing

MakeEvent = Callable[..., dict[str, Any]]
START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def write(folder: Path, keyring: KeyRing, make_event: MakeEvent, *seconds: float) -> None:
    """Records at these seconds after the start, in this order, each by a writer of its own."""
    for second in seconds:
        with AuditLog.open(folder, keyring, clock=lambda second=second: START + timedelta(seconds=second)) as log:
            log.append(make_event(said=str(second)))


@pytest.mark.parametrize(
    ("seconds", "count", "first", "most_s"),
    [
        ((0, 60, 120), 0, None, 0),
        ((0, 60, 60), 0, None, 0),
        ((0, 60, 59.5), 0, None, 0),
        ((0, 3600, 0, 60), 1, 3, 3600),
        ((0, 86400 * 400, 10, 20, 86400, 30), 2, 3, 86400 * 400 - 10),
        ((-5, -10, -3700), 2, 2, 3690),
    ],
)
def test_it_is_told_where_and_by_how_much_and_the_log_is_whole(
    folder: Path,
    keyring: KeyRing,
    make_event: MakeEvent,
    reader: Callable[[], LogReader],
    seconds: tuple[float, ...],
    count: int,
    first: int | None,
    most_s: float,
) -> None:
    write(folder, keyring, make_event, *seconds)

    for found in (verify(reader()), prove(reader())):
        assert found.size == len(seconds)
        assert (found.clock.set_back, found.clock.first) == (count, first)
        assert found.clock.most == timedelta(seconds=most_s)


def test_blocks_are_no_new_beginning(
    folder: Path,
    keyring: KeyRing,
    make_event: MakeEvent,
    reader: Callable[[], LogReader],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verify_module, "_BLOCK", 2)
    write(folder, keyring, make_event, 0, 100, 10, 20)

    assert verify(reader()).clock.first == 3


def test_a_time_that_stands_inside_an_event_is_not_its_own() -> None:
    clock = Clock()
    inner = {"time": "2020-01-01T00:00:00.000Z"}

    for second in range(3):
        event = {"a": inner, "seq": second + 1, "time": f"2026-11-25T12:00:0{second}.000Z", "z": inner}
        clock.take(json.dumps(event, separators=(",", ":")).encode(), second + 1)

    assert clock.set_back == 0


@pytest.mark.parametrize(
    "line", [b"", b"{", b"\xff", b"[]", b'{"time":7}', b'{"time":"yesterday"}', b'{"time":"9999-99"}']
)
def test_a_line_without_a_time_is_passed_over(line: bytes) -> None:
    clock = Clock()
    clock.take(b'{"time":"2026-11-25T12:00:00.000Z"}', 1)

    clock.take(line, 2)

    assert clock.set_back == 0


def test_what_is_newest_is_found_although_one_record_is_dated_back(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, reader: Callable[[], LogReader]
) -> None:
    write(folder, keyring, make_event, 0, 60, -7200, 120)

    assert [event["said"] for event in reader().since(START - timedelta(minutes=1))] == ["120", "60", "0"]
    asked = Query(since=START, until=START + timedelta(hours=1))
    assert [access.seq for access in accesses(reader().events(), asked)] == [1, 2, 4]


def test_a_session_that_goes_on_writes_and_closes_its_cells(
    folder: Path, keyring: KeyRing, make_event: MakeEvent, reader: Callable[[], LogReader]
) -> None:
    times = iter([START, START + timedelta(hours=5), START - timedelta(days=2), START - timedelta(days=1)])
    with AuditLog.open(folder, keyring, clock=lambda: next(times)) as log:
        log.append(make_event())
        run = log.start_run(make_event("cell.start", "started"))
        log.end_run(run, make_event("cell.run"))
        log.append(make_event())

    verified = verify(reader())
    assert [event["action"] for event in verified.events] == ["data.load", "cell.start", "cell.run", "data.load"]
    assert verified.clock.first == 3 and verified.clock.most == timedelta(days=2, hours=5)
