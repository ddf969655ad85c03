"""A PostgreSQL server of the tests' own, from the system's package; it listens on a socket in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

__all__ = ["PostgresServer"]

LOGINS = ("asha", "ben", "carl", "nora")
"""asha and ben write and read their own, carl reads all, nora has no role."""


def _binaries() -> Path | None:
    found = shutil.which("postgres")
    if found and (Path(found).parent / "initdb").exists():
        return Path(found).resolve().parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return places[-1].parent if places else None


class PostgresServer:
    """Started by `start`, asked by `sql`; each test takes a database of its own."""

    def __init__(self) -> None:
        self.binaries = _binaries()
        if self.binaries is None:
            raise RuntimeError("no PostgreSQL server: install the package postgresql; `make test` does on Debian")
        self.place = Path(tempfile.mkdtemp(prefix="pg-"))
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:  # a server refuses to run as root
            names = {entry.pw_name: entry for entry in pwd.getpwall()}
            account = names.get("postgres") or names["nobody"]
            self._as = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            os.chown(self.place, account.pw_uid, account.pw_gid)
        self.place.chmod(0o755)
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self.port = 5432
        self._run("initdb", "-D", str(self.place / "data"), "-A", "trust", "-U", "owner", "-E", "UTF8", "--no-sync")

    def start(self, *settings: str) -> None:
        """Run it unless it runs, with these ``name=value`` settings; returns when it answers."""
        if self._process is not None:
            return
        given = ["listen_addresses=", f"unix_socket_directories={self.place}", "shared_buffers=16MB", "fsync=off"]
        options = [part for setting in [*given, *settings, f"port={self.port}"] for part in ("-c", setting)]
        with (self.place / "server.log").open("ab") as log:
            command = [str(self.binaries / "postgres"), "-D", str(self.place / "data"), *options]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.place, env=_ENV, **self._as)
        deadline = time.monotonic() + 30
        while (
            subprocess.run(
                [str(self.binaries / "pg_isready"), "-q", "-U", "owner", "-h", self.place, "-p", str(self.port)]
            ).returncode
            != 0
        ):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.place / "server.log").read_text()[-2000:])
            time.sleep(0.02)

    def stop(self, how: int = signal.SIGQUIT) -> None:
        """End it at once, as a crash does; its data stays."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.place)

    def give(self, path: Path) -> None:
        """Let the server own a file of its own, such as its key."""
        if self._as:
            os.chown(path, self._as["user"], self._as["group"])

    def database(self, *, is_migrated: bool = True) -> str:
        """The name of a new database, with the tables and the roles of `LOGINS` unless said otherwise."""
        name = f"log{next(self._numbers)}"
        self.sql(f"create database {name}", database="postgres")
        if is_migrated:
            self.migrate(name)
        return name

    def migrate(self, database: str) -> None:
        from jupyter_privguard.audit.stores.postgres import PostgresStore

        with PostgresStore.open(self.url(database), may_reach=lambda *_: False) as store:
            store.migrate()
        self.logins()

    def logins(self) -> None:
        for login in LOGINS:
            if not self.sql(f"select 1 from pg_roles where rolname = '{login}'"):
                self.sql(f"create role {login} login")
        self.sql("grant privguard_writer, privguard_reader to asha, ben; grant privguard_auditor to carl")

    def url(self, database: str, login: str = "owner") -> str:
        return f"postgresql://{login}@/{database}?host={self.place}&port={self.port}"

    def sql(self, text: str, *, database: str = "postgres", login: str = "owner") -> list[tuple[Any, ...]]:
        """What an SQL text answers, by a connection of its own."""
        import psycopg

        with psycopg.connect(self.url(database, login), autocommit=True) as connection:
            found = connection.execute(text)
            return found.fetchall() if found.description else []

    def _run(self, program: str, *args: str) -> None:
        command = [str(self.binaries / program), *args]
        subprocess.run(command, check=True, capture_output=True, cwd=self.place, env=_ENV, **self._as)


_ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
