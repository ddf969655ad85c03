"""Servers, and the two kinds of store that a log is kept in."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import jupyter_privguard
from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.feed import Feed, send
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.stores.postgres import PostgresStore
from jupyter_privguard.audit.stores.sqlite import FILE
from jupyter_privguard.audit.team import TeamLogReader, stored_logs
from jupyter_privguard.errors import LogUnavailable
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.model import Principal
from tests.postgres_server import PostgresServer

RING = KeyRing(master=bytes(range(32)), seed=bytes(range(32, 64)), origin="privguard/0badcafe")


def connect(url: str) -> PostgresStore:
    return PostgresStore.open(url, may_reach=lambda *_: False)


def entry(number: int, person: str = "asha", session: str = "s1") -> dict[str, Any]:
    who = Principal(person)
    return event("data.load", principal=who, session=session, outcome="ok", policy_sha256="0" * 64, number=number)


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


class Sqlite:
    """The log in its file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""

    def open(self) -> AuditLog:
        return AuditLog.open(self.folder, RING)

    def settle(self) -> None:
        """Everything that was written is in the store."""

    def reader(self) -> LogReader:
        return LogReader.open(self.folder, RING.vkey)

    def change(self, *, seq: int, line: str | None = None) -> None:
        """Behind the log's back: give a record another line, or take it out with its hash."""
        import sqlite3

        with sqlite3.connect(self.folder / FILE, isolation_level=None) as connection:
            for name in ("records_are_not_changed", "records_are_not_removed"):
                connection.execute(f"drop trigger {name}")
            if line is None:
                connection.execute("delete from records where seq = ?", (seq,))
            else:
                connection.execute("update records set line = ? where seq = ?", (line, seq))
        connection.close()

    def plainly(self, text: str) -> None:
        """An SQL text by somebody who may write the log."""
        import sqlite3

        with sqlite3.connect(self.folder / FILE) as connection:
            connection.execute(text)


class Postgres(Sqlite):
    """The same log in a team's store, with its file as the spool."""

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        super().__init__(folder)
        self.server = server
        self.database = server.database()
        self.url = server.url(self.database, "asha")
        self.told: list[str] = []

    def open(self) -> AuditLog:
        return AuditLog.open(
            self.folder, RING, feed=Feed(self.folder, RING, partial(connect, self.url), self.told.append)
        )

    def settle(self) -> None:
        eventually(self._has_sent)

    def _has_sent(self) -> bool:
        """False where the log's own feed was sending at the same time."""
        with connect(self.url) as store:
            try:
                send(self.folder, RING.origin, RING.vkey, store)
            except LogUnavailable:
                return False
            return True

    def reader(self) -> LogReader:
        store = connect(self.server.url(self.database, "carl"))
        return TeamLogReader(store, stored_logs(store)[0], RING.vkey)

    def change(self, *, seq: int, line: str | None = None) -> None:
        texts = [f"alter table privguard.{table} disable trigger only_appended" for table in ("records", "leaves")]
        if line is None:
            texts += [f"delete from privguard.{table} where seq = {seq}" for table in ("records", "leaves")]
        else:
            texts.append(f"update privguard.records set line = '{line}' where seq = {seq}")
        self.server.sql(";".join(texts), database=self.database)

    def plainly(self, text: str) -> None:
        for login in ("asha", "owner"):
            with pytest.raises(Exception, match=r"append-only|permission denied"):
                self.server.sql(text.replace("records", "privguard.records"), database=self.database, login=login)
        raise PermissionError


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server that runs through all tests."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def _postgres_to_stop() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        yield server
    finally:
        server.remove()


@pytest.fixture
def own_postgres(_postgres_to_stop: PostgresServer) -> PostgresServer:
    """A server that a test may stop; it runs again for the next one."""
    _postgres_to_stop.start()
    return _postgres_to_stop


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "log"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture(params=["sqlite", "postgres"])
def kept(request: pytest.FixtureRequest, folder: Path) -> Sqlite:
    """A log in one kind of store."""
    if request.param == "sqlite":
        return Sqlite(folder)
    return Postgres(folder, request.getfixturevalue("postgres"))


WRITER = """
import sys
from pathlib import Path
from tests.contract.conftest import RING, Postgres, Sqlite, connect, entry
from jupyter_privguard.audit.feed import Feed
from jupyter_privguard.audit.log import AuditLog
folder, url, name, most = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
feed = Feed(folder, RING, lambda: connect(url), print) if url else None
with AuditLog.open(folder, RING, feed=feed) as log:
    for number in range(most):
        print(log.append(entry(number, session=name))["seq"], flush=True)
"""


@pytest.fixture
def writer() -> Callable[..., subprocess.Popen[str]]:
    """Starts a process that appends to a log and prints the number of each record that was acknowledged."""

    def start(kept: Sqlite, name: str, most: int) -> subprocess.Popen[str]:
        argv = [sys.executable, "-c", WRITER, str(kept.folder), kept.url, name, str(most)]
        environment = {**os.environ, "PYTHONPATH": str(Path(jupyter_privguard.__file__).parents[1])}
        return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment)

    return start
