"""A guarded kernel whose log goes to a team's store: cells neither wait for it nor tell of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.audit.feed import send
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.diagnose import _store
from jupyter_privguard.keys.signatures import verifier_key
from jupyter_privguard.settings import Home, account_name
from tests.contract.conftest import RING, connect, entry, eventually
from tests.postgres_server import PostgresServer


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    made = PostgresServer()
    try:
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture
def database(server: PostgresServer) -> str:
    """Where this account's login writes and reads its own."""
    server.start()
    name = server.database()
    if not server.sql(f"select 1 from pg_roles where rolname = '{account_name()}'"):
        server.sql(f'create role "{account_name()}" login')
    server.sql(f'grant privguard_writer, privguard_reader to "{account_name()}"')
    return name


@pytest.fixture
def team(server: PostgresServer, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policy that names the store."""
    policy = tmp_path / "policy.yaml"
    policy.write_text(f"version: 1\naudit: {{store: '{server.url(database, account_name())}'}}\n")
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))
    return policy


def stored(server: PostgresServer, database: str) -> list[str]:
    return [line for (line,) in server.sql("select line from privguard.records order by seq", database=database)]


def test_what_cells_do_is_in_the_store_as_at_home(start, home, server, database, team) -> None:
    kernel = start()
    assert kernel.run("%load_ext jupyter_privguard").ok
    cells = [kernel.run(f"x = {number}\nprint(x + 1)") for number in range(3)]
    written = home.command("audit", "export", "--format", "jsonl").stdout.splitlines()

    eventually(lambda: len(stored(server, database)) >= len(written))

    assert stored(server, database)[: len(written)] == written
    assert [cell.streams for cell in cells] == ["1\n", "2\n", "3\n"]
    runs = home.events("cell.run")
    assert len(runs) == 3
    assert [(event["datasets"], event["sinks"]) for event in runs] == [([], [])] * 3


def test_a_store_that_goes_away_and_comes_back_stops_no_cell(start, home, server, database, team) -> None:
    server.stop()
    kernel = start()
    assert kernel.run("%load_ext jupyter_privguard").ok
    cells = [kernel.run(f"print({number})") for number in range(5)]
    assert all(cell.ok for cell in cells)
    assert [cell.streams for cell in cells] == [f"{number}\n" for number in range(5)]
    said = "".join(cell.streams for cell in cells) + kernel.printed()
    assert said.count("sent later") <= 1

    server.start()
    kernel.close()
    done = home.command("audit", "store", "send")

    assert done.returncode == 0, done.stderr
    assert stored(server, database) == home.command("audit", "export", "--format", "jsonl").stdout.splitlines()


def test_doctor_says_whether_the_store_is_there_and_how_many_records_wait(
    home, server, database, team, monkeypatch
) -> None:
    monkeypatch.setenv("PRIVGUARD_HOME", str(home.folder))

    def said() -> str:
        return str(_store())

    assert "can be reached" in said() and "there is no log yet" in said()
    server.stop()
    assert home.command("keys", "init").returncode == 0
    assert said().startswith("BAD") and "cannot be reached" in said() and "up to 1 record waits" in said()
    server.start()
    before = said()
    assert before.startswith("ok") and "can be reached" in before and "1 record waits" in before
    assert server.sql("select count(*) from privguard.logs", database=database) == [(0,)]  # it only looked

    assert home.command("audit", "store", "send").returncode == 0
    assert "has all of the log" in said()


def test_commands_send_read_and_prove(home, server, database, team) -> None:
    assert home.command("keys", "init").returncode == 0
    name = account_name()

    assert "the store has all of the log already" in home.command("audit", "store", "send").stderr
    records = home.command("audit", "store", "records")
    assert records.returncode == 0 and '\\"key.create\\"' in records.stdout and '"path"' in records.stdout
    refused = home.command("audit", "store", "verify")
    assert (refused.returncode, "privguard_auditor" in refused.stderr) == (3, True)

    server.sql(f'grant privguard_auditor to "{name}"')
    proven = home.command("audit", "store", "verify")
    server.sql(f'revoke privguard_auditor from "{name}"')
    assert proven.returncode == 0 and "the log is whole" in proven.stderr
    assert home.command("audit", "vkey").stdout.strip() in proven.stdout


def test_a_log_signed_by_another_key_than_the_kept_one_and_a_log_that_is_gone_are_named(
    home, server, database, team, tmp_path
) -> None:
    assert home.command("keys", "init").returncode == 0
    assert home.command("audit", "store", "send").returncode == 0
    own = home.command("audit", "vkey").stdout.strip()
    origin, _, _ = own.partition("+")
    exchanged = verifier_key(origin, bytes(32))
    kept = tmp_path / "keys.txt"

    def records(*keys: str) -> tuple[int, str]:
        kept.write_text("\n".join(keys))
        done = home.command("audit", "store", "records", "--vkey", str(kept))
        assert bool(done.stdout) == (done.returncode == 0)
        return done.returncode, done.stderr

    assert records(own) == (0, "")
    code, said = records(exchanged)
    assert (code, f"another key for the log {origin}" in said) == (2, True)
    code, said = records(own, RING.vkey)
    assert (code, f"no log {RING.origin}" in said) == (2, True)
    code, said = records()
    assert (code, "is empty" in said) == (3, True)
    server.sql(f'grant privguard_auditor to "{account_name()}"')
    proven = [home.command("audit", "store", "verify", "--vkey", key).returncode for key in (own, exchanged)]
    server.sql(f'revoke privguard_auditor from "{account_name()}"')
    assert proven == [0, 2]


def test_reading_the_store_takes_the_policys_leave_and_is_an_event(home, server, database, team, tmp_path) -> None:
    name = account_name()
    with AuditLog.open(tmp_path, RING) as log:
        for number, person in enumerate(["asha", name, "ben"]):
            log.append(entry(number, person))
    with connect(server.url(database, "asha")) as store:
        send(tmp_path, RING.origin, RING.vkey, store)
    roles = "{r: {tiers: [public], log: own}, s: {tiers: [public], log: all}}"
    team.write_text(f"{team.read_text()}principals: {{'{name}': {{roles: [r]}}}}\nroles: {roles}\n")
    assert home.command("keys", "init").returncode == 0
    server.sql(f'grant privguard_auditor to "{name}"')

    def numbers() -> list[int]:
        done = home.command("audit", "store", "records")
        assert done.returncode == 0, done.stderr
        found = [json.loads(json.loads(line)["line"]) for line in done.stdout.splitlines()]
        return [event["number"] for event in found if "number" in event]

    assert numbers() == [1]
    team.write_text(team.read_text().replace("roles: [r]", "roles: [s]"))
    assert numbers() == [0, 1, 2]
    server.sql(f'revoke privguard_auditor from "{name}"')
    assert numbers() == [1]

    reads = [(event["what"], event["whose"]) for event in home.events("log.read")]
    assert reads[:3] == [("store", "own"), ("store", "all"), ("store", "all")]


def test_the_jupyter_servers_own_log_goes_there_too(home, server, database, team) -> None:
    at = Home(home.folder).server
    log, ring, _ = runtime.open_server_log(at, runtime.policy())
    log.close()

    assert server.sql("select origin from privguard.logs", database=database) == [(ring.origin,)]
    assert len(stored(server, database)) == LogReader.open(at.log, ring.vkey).size == 1


def test_its_owner_sets_a_store_up_by_command(home, server, tmp_path, monkeypatch) -> None:
    database = server.database(is_migrated=False)
    policy = tmp_path / "policy.yaml"
    policy.write_text(f"version: 1\naudit: {{store: '{server.url(database)}'}}\n")
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))

    first, again = (home.command("audit", "store", "migrate") for _ in range(2))

    assert first.returncode == again.returncode == 0, first.stderr
    assert "0002_readers" in first.stderr and "of this version already" in again.stderr


@pytest.mark.parametrize("command", ["send", "records", "verify", "migrate"])
def test_without_a_store_in_the_policy_it_is_said_how_to_name_one(home, monkeypatch, command: str) -> None:
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    assert home.command("keys", "init").returncode == 0

    done = home.command("audit", "store", command)

    assert done.returncode == 3 and "audit: {store: postgresql://HOST/DATABASE}" in done.stderr
