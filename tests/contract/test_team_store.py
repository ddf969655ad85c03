"""Who may do what in a team's store, and what it proves to whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_privguard.audit.checkpoint import open_note
from jupyter_privguard.audit.feed import send
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.merkle import leaf_hash
from jupyter_privguard.audit.proofs import check_inclusion
from jupyter_privguard.audit.stores import postgres as postgres_store
from jupyter_privguard.audit.stores.postgres import Row, migrations
from jupyter_privguard.audit.stores.snapshot import StoredHead
from jupyter_privguard.audit.team import StoredLog, TeamLogReader, own_records, stored_logs
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.errors import InputError, LogError, LogUnavailable
from jupyter_privguard.keys.keyring import KeyRing
from tests.contract.conftest import RING, connect, entry
from tests.postgres_server import PostgresServer

OTHER = KeyRing(master=bytes(32), seed=bytes(range(1, 33)), origin="privguard/00000001")
ROW = Row('{"principal":{"id":"asha"},"seq":1}', leaf_hash(b'{"principal":{"id":"asha"},"seq":1}'), b"r" * 32)


def fill(server: PostgresServer, database: str, place: Path, ring: KeyRing, login: str, people: list[str]) -> None:
    place.mkdir()
    with AuditLog.open(place, ring) as log:
        for number, person in enumerate(people):
            log.append(entry(number, person))
    with connect(server.url(database, login)) as store:
        send(place, ring.origin, ring.vkey, store)


@pytest.fixture
def two_logs(postgres: PostgresServer, tmp_path: Path) -> str:
    """A database with a log of asha, in which ben acts too, and one of ben."""
    database = postgres.database()
    fill(postgres, database, tmp_path / "a", RING, "asha", ["asha", "ben", "asha", "carl", "ben"])
    fill(postgres, database, tmp_path / "b", OTHER, "ben", ["ben"])
    return database


def test_many_logs_lie_side_by_side_and_each_is_whole(postgres: PostgresServer, two_logs: str) -> None:
    with connect(postgres.url(two_logs, "carl")) as store:
        logs = stored_logs(store)
        sizes = {log.origin: verify(TeamLogReader(store, log)).size for log in logs}

    assert [(log.origin, log.account, log.size) for log in logs] == [
        (OTHER.origin, "ben", 1),
        (RING.origin, "asha", 5),
    ]
    assert sizes == {OTHER.origin: 1, RING.origin: 5}


@pytest.mark.parametrize(
    ("login", "numbers"),
    [("asha", {RING.origin: [1, 3]}), ("ben", {OTHER.origin: [1], RING.origin: [2, 5]})],
)
def test_everybody_reads_their_own_records_each_with_its_proof(
    postgres: PostgresServer, two_logs: str, login: str, numbers: dict[str, list[int]]
) -> None:
    with connect(postgres.url(two_logs, login)) as store:
        found = {log.origin: own_records(store, log) for log in stored_logs(store)}
        direct = postgres.sql("select distinct person from privguard.records", database=two_logs, login=login)

    assert {origin: [one.number for one in records] for origin, records in found.items() if records} == numbers
    assert direct == [(login,)]
    for ring in (RING, OTHER):
        for record in found[ring.origin]:
            signed = open_note(record.checkpoint, ring.vkey)
            leaf = leaf_hash(record.line.encode())
            check_inclusion(leaf, record.number - 1, signed.size, record.path, signed.root)


def test_all_records_are_read_by_role_alone(postgres: PostgresServer, two_logs: str) -> None:
    with connect(postgres.url(two_logs, "carl")) as store:
        assert sum(len(own_records(store, log)) for log in stored_logs(store)) == 6
    with connect(postgres.url(two_logs, "ben")) as store, pytest.raises(InputError, match="privguard_auditor"):
        TeamLogReader(store, stored_logs(store)[0])
    with connect(postgres.url(two_logs, "nora")) as store, pytest.raises(LogUnavailable, match="has not the right"):
        stored_logs(store)


def test_a_changed_own_record_is_not_handed_out(postgres: PostgresServer, two_logs: str) -> None:
    postgres.sql(
        "alter table privguard.records disable trigger only_appended;"
        """update privguard.records set line = '{"principal":{"id":"asha"}}' where seq = 3""",
        database=two_logs,
    )

    with connect(postgres.url(two_logs, "asha")) as store, pytest.raises(LogError, match=r"record 3 .* not the one"):
        own_records(store, stored_logs(store)[1])


def test_changed_hashes_and_exchanged_keys_are_seen(postgres: PostgresServer, two_logs: str) -> None:
    with connect(postgres.url(two_logs, "asha")) as store:
        log = stored_logs(store)[1]
        forged = StoredLog(log.number, log.origin, OTHER.vkey, log.account, log.size)
        with pytest.raises(LogError, match="names another key"):
            own_records(store, forged, RING.vkey)
        with pytest.raises(LogError, match="not those that were signed"):
            own_records(store, forged)
    postgres.sql(
        "alter table privguard.leaves disable trigger only_appended;"
        "update privguard.leaves set leaf_hash = root where seq = 2",
        database=two_logs,
    )
    with connect(postgres.url(two_logs, "asha")) as store, pytest.raises(LogError, match="not those that were signed"):
        own_records(store, log, RING.vkey)


def test_one_signer_has_one_log_and_its_login_alone_adds_to_it(postgres: PostgresServer, two_logs: str) -> None:
    head = StoredHead(6, b"r" * 32, b"f" * 32, "note")
    with connect(postgres.url(two_logs, "ben")) as store:
        with pytest.raises(LogError, match="another login or signer"):
            store.standing(RING.origin, RING.vkey)
        with pytest.raises(LogError, match="another login or signer"):
            store.standing(OTHER.origin, RING.vkey)
        with pytest.raises(LogError, match="another login or signer"):
            store.standing("privguard/00000002", OTHER.vkey)
        mine = store.standing(OTHER.origin, OTHER.vkey)
        with pytest.raises(LogError, match="another login or signer"):
            store.add(mine.log - 1, 6, [[ROW]], head)
    with connect(postgres.url(two_logs, "carl")) as store, pytest.raises(LogUnavailable, match="has not the right"):
        store.standing("privguard/00000003", "key")


def test_what_does_not_follow_or_fit_is_not_added(postgres: PostgresServer, two_logs: str) -> None:
    with connect(postgres.url(two_logs, "ben")) as store:
        there = store.standing(OTHER.origin, OTHER.vkey)
        head = StoredHead(2, b"r" * 32, b"", "note")
        for first in (1, 3):
            with pytest.raises(LogUnavailable, match="somebody else meanwhile"):
                store.add(there.log, first, [[ROW]], head)
        with pytest.raises(LogError, match="damaged record"):
            store.add(there.log, 2, [[ROW._replace(leaf_hash=b"x" * 32)]], head)
        for wrong in (head._replace(size=3), head._replace(root=b"x" * 32)):
            with pytest.raises(LogUnavailable, match="somebody else meanwhile"):
                store.add(there.log, 2, [[ROW]], wrong)

        assert store.standing(OTHER.origin, OTHER.vkey) == there


def test_no_role_writes_to_a_table(postgres: PostgresServer, two_logs: str) -> None:
    columns = {"logs": "origin", "leaves": "seq", "records": "seq", "heads": "size", "migrations": "version"}
    acts = ("insert into {0} default values", "update {0} set {1} = {1}", "delete from {0}", "truncate {0}")
    for login in ("asha", "carl"):
        for table, column in columns.items():
            for act in acts:
                with pytest.raises(Exception, match="permission denied"):
                    postgres.sql(act.format(f"privguard.{table}", column), database=two_logs, login=login)


def test_what_is_there_is_not_changed_even_by_its_owner(postgres: PostgresServer, two_logs: str) -> None:
    for table in ("logs", "leaves", "records", "heads"):
        for act in ("update {} set log = default", "delete from {}", "truncate {} cascade"):
            with pytest.raises(Exception, match="append-only"):
                postgres.sql(act.format(f"privguard.{table}"), database=two_logs)


def test_functions_are_called_by_writers_alone(postgres: PostgresServer, two_logs: str) -> None:
    for call in ("open_log('a', 'b')", "append(1, 1, null, null, null)", "sign_head(1, 1, null, null, null)"):
        for login in ("carl", "nora"):
            with pytest.raises(Exception, match="permission denied"):
                postgres.sql(f"select privguard.{call}", database=two_logs, login=login)


def test_migrations_run_once_and_in_order(postgres: PostgresServer) -> None:
    database = postgres.database(is_migrated=False)
    names = [name for name, _ in migrations()]
    with connect(postgres.url(database)) as store:
        with pytest.raises(LogUnavailable, match="audit store migrate"):
            store.standing(RING.origin, RING.vkey)
        assert store.migrate(upto=1) == names[:1]
        with pytest.raises(LogUnavailable, match="audit store migrate"):
            store.standing(RING.origin, RING.vkey)
        assert store.migrate() == names[1:]
        assert store.migrate() == []
        assert store.standing(RING.origin, RING.vkey).size == 0

    found = postgres.sql("select version, name from privguard.migrations order by 1", database=database)
    assert found == list(enumerate(names, start=1))


def test_a_migration_that_fails_leaves_nothing_behind(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = postgres.database()
    good = migrations()
    monkeypatch.setattr(
        postgres_store, "migrations", lambda: [*good, ("0003_bad", "create table privguard.x (); select 1 / 0")]
    )
    with connect(postgres.url(database)) as store, pytest.raises(LogUnavailable):
        store.migrate()
    monkeypatch.undo()

    assert postgres.sql("select to_regclass('privguard.x')", database=database) == [(None,)]
    with connect(postgres.url(database)) as store:
        assert store.migrate() == []


def test_a_later_version_is_left_alone(postgres: PostgresServer) -> None:
    database = postgres.database()
    postgres.sql("insert into privguard.migrations values (99, '0099_later')", database=database)

    with connect(postgres.url(database)) as store:
        for act in (store.migrate, lambda: store.standing(RING.origin, RING.vkey)):
            with pytest.raises(InputError, match="later version"):
                act()


def test_nobody_but_an_owner_migrates(postgres: PostgresServer) -> None:
    postgres.database()
    database = postgres.database(is_migrated=False)

    with connect(postgres.url(database, "asha")) as store, pytest.raises(LogUnavailable, match="has not the right"):
        store.migrate()
