"""A PostgreSQL database that holds the logs of a team, side by side; the only place that knows psycopg.

Every log is signed where it is written and sent here by its home; the database can lose records or hold them
back, and `verify` shows it. Four roles: the owner of the tables, who runs `migrate`; ``privguard_writer``, which
can add to the logs of its own login and nothing else; ``privguard_reader``, which reads the records of its own
person; ``privguard_auditor``, which reads all. The tables are those of ``migrations/``.

Passwords are found as libpq finds them (``~/.pgpass``, a client certificate), never in the address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.resources import files
from typing import Any, NamedTuple

from ...errors import InputError, LogError, LogUnavailable
from .snapshot import StoredHead
from .tls import Secured
from .unreached import why_unreached

__all__ = ["PostgresStore", "Row", "Standing", "migrations"]

# `Any` in this file is psycopg or what it makes, which need not be there.

_TAKEN = frozenset("host port dbname user sslmode sslrootcert sslcert sslkey passfile".split())
"""What an address may say; all else would move the connection or open it up."""
_SETTINGS = {
    "application_name": "privguard",
    "client_encoding": "utf8",
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "options": "-c statement_timeout=60s -c lock_timeout=10s -c synchronous_commit=on",
}
"""A server that is silent is left after seconds; what it confirms is on its disk."""
_ANOTHERS, _OUT_OF_ORDER, _NOT_THE_HASH = "PV403", "PV409", "PV422"
"""SQLSTATEs of our own functions."""
_NO_SCHEMA = frozenset({"3F000", "42P01", "42883"})
_NO_RIGHT = "42501"
_MIGRATING = 0x70_72_69_76
"""The advisory lock of `migrate`: several at once wait for one another."""
_ROLES = ("privguard_writer", "privguard_reader", "privguard_auditor")


class Row(NamedTuple):
    """A record as it is sent: its canonical JSON line, and 32 bytes each of its hash and the root after it."""

    line: str
    leaf_hash: bytes
    root: bytes


class Standing(NamedTuple):
    """How far the store is with one log."""

    log: int
    """Its number in the store."""
    size: int
    root: bytes | None
    """The root after the last record; None where there is none."""
    is_signed: bool
    """Whether a signed head over exactly these records is there."""


class PostgresStore:
    """One connection; not thread-safe by itself. Use as a context manager or ``close`` it."""

    def __init__(self, connection: Any, name: str) -> None:
        """Wrap a connection of psycopg; use `open`, which judges where it leads."""
        self._connection = connection
        self.name = name
        """Host and database, for messages."""

    def __repr__(self) -> str:
        return f"PostgresStore({self.name!r})"

    @classmethod
    def open(cls, url: str, *, may_reach: Callable[[str, bool], bool]) -> PostgresStore:
        """Connect to ``postgresql://[user@]host/database``; a host with ``/`` in front is a folder of a socket.

        Over the network the server must prove its name by TLS (``sslmode=verify-full``, which is meant where the
        address says nothing); ``may_reach`` judges the host, and whether it is reached in any weaker way.
        InputError for another address, a host that may not be reached, or where psycopg is missing;
        LogUnavailable where the server cannot be used. Nothing is sent before the host was judged.
        """
        psycopg = _psycopg()
        wanted, name = _checked(psycopg, url, may_reach)
        with _translated(psycopg, name):
            return cls(psycopg.connect(**wanted, **_SETTINGS, autocommit=True), name)

    def secured(self) -> Secured:
        """How the connection is protected; a folder of a socket has no TLS. Errors as `check`."""
        with _translated(_psycopg(), self.name), self._connection.cursor() as cursor:
            found = cursor.execute("select version, cipher from pg_stat_ssl where pid = pg_backend_pid()").fetchone()
        version, cipher = found or (None, None)
        return Secured(self.name, "postgresql", version, cipher)

    def migrate(self, upto: int | None = None) -> list[str]:
        """Bring the tables to this version, or to migration ``upto``; the names of the migrations that were run.

        For the login that owns them, which may create roles. Errors as `standing`, InputError for a database that
        is not in UTF-8 or belongs to a later version.
        """
        with self._transaction() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", (_MIGRATING,))
            if cursor.execute("show server_encoding").fetchone() != ("UTF8",):
                raise InputError(f"privguard: {self.name} is not in UTF-8; name a database that is.")
            for role in _ROLES:
                if not cursor.execute("select 1 from pg_roles where rolname = %s", (role,)).fetchone():
                    cursor.execute(f"create role {role} nologin")
            cursor.execute("create schema if not exists privguard")
            cursor.execute(
                "create table if not exists privguard.migrations"
                " (version int primary key, name text not null, made timestamptz not null default now())"
            )
            done = self._version(cursor)
            run = []
            for number, (called, sql) in enumerate(migrations(), start=1):
                if done < number <= (number if upto is None else upto):
                    cursor.execute(sql)
                    cursor.execute("insert into privguard.migrations values (%s, %s)", (number, called))
                    run.append(called)
            return run

    def standing(self, origin: str, vkey: str) -> Standing:
        """The log of this signer, begun if there is none, and how far it is.

        LogError when the name or the key is taken by another login or signer; LogUnavailable when the store is out
        of reach, not migrated, or the login has no right to write.
        """
        with self._transaction() as cursor:
            self._check_version(cursor)
            return Standing(*cursor.execute("select * from privguard.open_log(%s, %s)", (origin, vkey)).fetchone())

    def check(self) -> None:
        """LogUnavailable where the store cannot be used; InputError where it is of a later version."""
        with self._transaction() as cursor:
            self._check_version(cursor)

    def looked_up(self, origin: str, vkey: str) -> Standing:
        """As `standing`, but changes nothing."""
        with (
            _translated(_psycopg(), self.name),
            self._connection.transaction(force_rollback=True),
            self._connection.cursor() as cursor,
        ):
            self._check_version(cursor)
            return Standing(*cursor.execute("select * from privguard.open_log(%s, %s)", (origin, vkey)).fetchone())

    def add(self, log: int, first: int, blocks: Iterable[Sequence[Row]], head: StoredHead) -> None:
        """Add records from number ``first`` on and the signed ``head`` over all: all or nothing, durable on return.

        Errors as `standing`; LogUnavailable also when ``first`` is not the next number by now: ask for the standing
        again. LogError for a record that has not the hash of its line.
        """
        with self._transaction() as cursor:
            for block in blocks:
                lines, hashes, roots = (list(column) for column in zip(*block, strict=True))
                cursor.execute(
                    "select privguard.append(%s, %s, %s::text[], %s::bytea[], %s::bytea[])",
                    (log, first, lines, hashes, roots),
                )
                first += len(block)
            cursor.execute("select privguard.sign_head(%s, %s, %s, %s, %s)", (log, *head))

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """A cursor that sees the store as it stands at one moment; errors as `standing`."""
        with _translated(_psycopg(), self.name), self._connection.transaction():
            self._connection.execute("set transaction isolation level repeatable read, read only")
            with self._connection.cursor() as cursor:
                self._check_version(cursor)
                yield cursor

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> PostgresStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        with _translated(_psycopg(), self.name), self._connection.transaction(), self._connection.cursor() as cursor:
            yield cursor

    def _version(self, cursor: Any) -> int:
        (done,) = cursor.execute("select coalesce(max(version), 0) from privguard.migrations").fetchone()
        if done > len(migrations()):
            raise InputError(f"privguard: {self.name} was set up by a later version; update jupyter-privguard.")
        return int(done)

    def _check_version(self, cursor: Any) -> None:
        if self._version(cursor) < len(migrations()):
            raise _not_set_up(self.name)


def migrations() -> list[tuple[str, str]]:
    """Name and SQL of every step, in order; the n-th makes version n."""
    folder = files(__package__).joinpath("migrations")
    found = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return [(name.removesuffix(".sql"), folder.joinpath(name).read_text(encoding="utf-8")) for name in found]


def _checked(psycopg: Any, url: str, may_reach: Callable[[str, bool], bool]) -> tuple[dict[str, str], str]:
    """What to connect with, every part named so that no variable of the environment takes its place, and a name."""
    try:
        given = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.Error:
        given = {}
    if not url.startswith("postgresql://") or not given.get("host") or not given.get("dbname"):
        raise InputError("privguard: a team store is named as postgresql://HOST/DATABASE; put it right in `audit`.")
    if "password" in given or "sslpassword" in given:
        raise InputError("privguard: the address of the team store holds a password; keep it in ~/.pgpass instead.")
    if unknown := sorted(given.keys() - _TAKEN):
        raise InputError(f"privguard: the address of the team store cannot say `{unknown[0]}`; leave it out.")
    hosts = str(given["host"]).split(",")
    wanted = {"hostaddr": "", "port": "5432"} | {key: str(value) for key, value in given.items()}
    if all(host.startswith("/") for host in hosts):
        wanted |= {"sslmode": "disable", "gssencmode": "disable"}
    else:
        wanted = {"sslmode": "verify-full", "sslrootcert": "system", "gssencmode": "disable"} | wanted
        for host in hosts:
            if not may_reach(host, wanted["sslmode"] != "verify-full"):
                how = "in `network`" if wanted["sslmode"] == "verify-full" else "with `sslmode=verify-full`"
                raise InputError(f"privguard: the policy does not let anybody reach {host}; allow it {how}.")
    return wanted, f"{given['host']}/{given['dbname']}"


@contextmanager
def _translated(psycopg: Any, name: str) -> Iterator[None]:
    """Turn psycopg's errors into one sentence each; the server's own text may quote what was sent."""
    try:
        yield
    except psycopg.Error as error:
        state = getattr(error, "sqlstate", None)
        if state == _ANOTHERS:
            raise LogError(
                f"privguard: {name} holds a log of this name by another login or signer; ask whoever keeps it."
            ) from None
        if state == _NOT_THE_HASH:
            raise LogError(f"privguard: {name} refuses a damaged record; run `privguard audit verify`.") from None
        if state in _NO_SCHEMA:
            raise _not_set_up(name) from None
        if state == _OUT_OF_ORDER:
            raise LogUnavailable(f"privguard: {name} was written by somebody else meanwhile; try again.") from None
        if state == _NO_RIGHT:
            raise LogUnavailable(
                f"privguard: this login has not the right for that in {name}; ask whoever keeps it for a role."
            ) from None
        why = why_unreached("" if state else str(error), state or type(error).__name__)
        raise LogUnavailable(f"privguard: the team store {name} cannot be used {why}.") from None


def _not_set_up(name: str) -> LogUnavailable:
    return LogUnavailable(
        f"privguard: {name} is not set up for this version; its owner runs `privguard audit store migrate`."
    )


def _psycopg() -> Any:
    try:
        return import_module("psycopg")
    except ImportError:
        raise InputError(
            "privguard: PostgreSQL is reached by psycopg, which is missing; "
            'run `pip install "jupyter-privguard[postgres]"`.'
        ) from None
