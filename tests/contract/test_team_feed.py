"""A store that is away stops nobody: the log is written, and sent later, in its order, nothing twice."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from jupyter_privguard.audit import feed as feed_module
from jupyter_privguard.audit.feed import Feed, send
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.stores.postgres import PostgresStore
from jupyter_privguard.audit.team import TeamLogReader, stored_logs
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.errors import LogError, LogUnavailable
from tests.contract.conftest import RING, Postgres, connect, entry, eventually
from tests.postgres_server import PostgresServer


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_FIRST_PAUSE_S", "_LONGEST_PAUSE_S", "_BUSY_S", "_GATHER_S"):
        monkeypatch.setattr(feed_module, name, 0.02)


@pytest.fixture
def team(own_postgres: PostgresServer, folder: Path) -> Postgres:
    """A log with a server that the test may stop."""
    return Postgres(folder, own_postgres)


def numbers(team: Postgres) -> list[int]:
    return [event["number"] for event in verify(team.reader()).events]


def there(team: Postgres) -> int:
    with connect(team.server.url(team.database, "carl")) as store:
        return sum(log.size for log in stored_logs(store))


def test_what_is_written_arrives_beside_the_work(team: Postgres) -> None:
    with team.open() as log:
        for number in range(3):
            log.append(entry(number))
        eventually(lambda: there(team) == 3)
        run = log.start_run({**entry(3), "action": "cell.start"})
        eventually(lambda: there(team) == 4)
        log.end_run(run, {**entry(4), "action": "cell.run"})
        eventually(lambda: there(team) == 5)

    assert numbers(team) == [0, 1, 2, 3, 4]
    assert team.told == []


def test_a_writer_that_closes_leaves_nothing_behind(team: Postgres) -> None:
    with team.open() as log:
        for number in range(30):
            log.append(entry(number))

    assert numbers(team) == list(range(30))


def test_a_server_that_is_away_at_the_start_stops_nobody(team: Postgres) -> None:
    team.server.stop()
    with team.open() as log:
        for number in range(5):
            log.append(entry(number))
        eventually(lambda: log.append(entry(-1)) is not None and len(team.told) == 1)
        said = team.told[0]
        team.server.start()
        eventually(lambda: there(team) >= 5)

    assert said.startswith("privguard: the team store") and "sent later" in said
    assert len(team.told) == 1
    assert numbers(team)[:5] == [0, 1, 2, 3, 4]


def test_a_server_that_dies_in_the_middle_gets_the_rest_when_it_is_back(team: Postgres) -> None:
    with team.open() as log:
        log.append(entry(0))
        eventually(lambda: there(team) == 1)
        team.server.stop()
        for number in range(1, 6):
            log.append(entry(number))
        team.server.start()
        log.append(entry(6))
        eventually(lambda: there(team) == 7)

    assert numbers(team) == list(range(7))


def test_a_log_that_was_closed_while_the_server_was_away_is_sent_by_the_next_one(team: Postgres) -> None:
    team.server.stop()
    with team.open() as log:
        log.append(entry(0))
    team.server.start()

    with team.open():
        eventually(lambda: there(team) == 1)


def test_an_answer_that_gets_lost_repeats_nothing(team: Postgres) -> None:
    """The server has committed, and the writer never learns of it."""

    class Deaf(PostgresStore):
        def add(self, *args: object) -> None:
            super().add(*args)  # type: ignore[arg-type]
            raise LogUnavailable("privguard: the line went dead.")

    deaf = [True, True]

    def open_store() -> PostgresStore:
        store = connect(team.url)
        return Deaf(store._connection, store.name) if deaf and deaf.pop() else store

    with AuditLog.open(team.folder, RING, feed=Feed(team.folder, RING, open_store, team.told.append)) as log:
        for number in range(4):
            log.append(entry(number))
        eventually(lambda: not deaf and there(team) == 4)

    assert numbers(team) == [0, 1, 2, 3]


def test_a_part_that_was_sent_does_not_stay_without_the_rest(team: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "_BLOCK", 2)
    with AuditLog.open(team.folder, RING) as log:
        for number in range(7):
            log.append(entry(number))

    def broken(*args: object) -> list[object]:
        found = page(*args)
        if args[0] == 4:
            team.server.stop()
        return found

    page = feed_module._page
    monkeypatch.setattr(feed_module, "_page", broken)
    with connect(team.url) as store, pytest.raises(LogUnavailable):
        send(team.folder, RING.origin, RING.vkey, store)
    monkeypatch.setattr(feed_module, "_page", page)
    team.server.start()

    assert there(team) == 0
    team.settle()
    assert numbers(team) == list(range(7))


def test_killed_writers_leave_their_records_to_the_next(
    team: Postgres, writer: Callable[..., subprocess.Popen[str]]
) -> None:
    for round_ in range(3):
        process = writer(team, f"w{round_}", 100_000)
        assert process.stdout is not None
        for _ in range(15):
            process.stdout.readline()
        process.kill()
        process.communicate()
    with team.open():
        pass

    events = verify(team.reader()).events
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    for round_ in range(3):
        own = [event["number"] for event in events if event["session"] == f"w{round_}"]
        assert len(own) >= 15 and own == list(range(len(own)))


def test_two_that_send_at_once_repeat_nothing(team: Postgres) -> None:
    with AuditLog.open(team.folder, RING) as log:
        for number in range(600):
            log.append(entry(number))
    failed: list[str] = []

    def sending() -> None:
        try:
            team.settle()
        except LogUnavailable as error:
            failed.append(str(error))

    threads = [threading.Thread(target=sending) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert numbers(team) == list(range(600))
    assert all("meanwhile" in sentence for sentence in failed) and len(failed) < 4


@pytest.mark.parametrize("other", [2, 4])
def test_a_log_of_another_past_is_not_sent(team: Postgres, tmp_path: Path, other: int) -> None:
    """A copy of the home that went on by itself: fewer records than were sent, or as many others."""
    with AuditLog.open(team.folder, RING) as log:
        log.append(entry(0))
    copy = tmp_path / "copy"
    shutil.copytree(team.folder, copy)
    with team.open() as log:
        for number in range(1, 3):
            log.append(entry(number))
    told: list[str] = []

    with AuditLog.open(copy, RING, feed=Feed(copy, RING, partial(connect, team.url), told.append)) as log:
        for number in range(1, other):
            log.append(entry(number + 100))
        eventually(lambda: log.append(entry(100)) is not None and bool(told))

    assert len(told) == 1 and "nothing more is sent" in told[0]
    assert numbers(team) == [0, 1, 2]


def test_a_store_that_lost_records_gets_them_again(team: Postgres) -> None:
    with team.open() as log:
        for number in range(3):
            log.append(entry(number))
    tables = ("records", "leaves", "heads")
    team.server.sql(
        ";".join(
            f"alter table privguard.{table} disable trigger only_appended;"
            f"delete from privguard.{table} where {'size' if table == 'heads' else 'seq'} > 1"
            for table in tables
        ),
        database=team.database,
    )

    team.settle()

    assert numbers(team) == [0, 1, 2]


def test_a_damaged_log_is_not_sent(team: Postgres) -> None:
    with AuditLog.open(team.folder, RING) as log:
        for number in range(3):
            log.append(entry(number))
    super(Postgres, team).change(seq=2, line='{"other":1}')

    with pytest.raises(LogError, match="damaged record"):
        team.settle()

    assert there(team) == 0


def test_an_auditor_keeps_the_key_elsewhere(team: Postgres) -> None:
    with team.open() as log:
        log.append(entry(0))
    with connect(team.server.url(team.database, "carl")) as store:
        log_there = stored_logs(store)[0]
        assert verify(TeamLogReader(store, log_there, RING.vkey)).size == 1
        with pytest.raises(LogError, match="names another key"):
            TeamLogReader(store, log_there._replace(vkey=log_there.vkey.replace("0badcafe", "0badcaff")), RING.vkey)
