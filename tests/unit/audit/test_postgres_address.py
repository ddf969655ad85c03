"""Where a team's store may be: judged before anything is sent, and without a server."""

from __future__ import annotations

import sys

import pytest

from jupyter_privguard.audit.stores import postgres
from jupyter_privguard.audit.stores.postgres import PostgresStore, migrations
from jupyter_privguard.errors import InputError, LogUnavailable

CANARY = "Kx7-secret"


def checked(url: str, *allowed: tuple[str, bool]) -> tuple[dict[str, str], str]:
    import psycopg

    return postgres._checked(psycopg, url, lambda host, weakly: (host, weakly) in allowed)


def test_over_the_network_the_server_must_prove_its_name() -> None:
    wanted, name = checked("postgresql://db.example.org/log", ("db.example.org", False))

    assert name == "db.example.org/log"
    assert wanted["sslmode"] == "verify-full" and wanted["sslrootcert"] == "system"
    assert wanted["gssencmode"] == "disable" and wanted["hostaddr"] == ""


def test_a_socket_is_no_network() -> None:
    wanted, name = checked("postgresql://asha@/log?host=/run/postgresql")

    assert name == "/run/postgresql/log"
    assert (wanted["sslmode"], wanted["user"], wanted["port"]) == ("disable", "asha", "5432")


def test_of_several_hosts_each_is_judged() -> None:
    assert checked("postgresql://a,b/log", ("a", False), ("b", False))[0]["host"] == "a,b"
    with pytest.raises(InputError, match="let anybody reach b"):
        checked("postgresql://a,b/log", ("a", False))
    with pytest.raises(InputError, match="let anybody reach /run/postgresql"):
        checked("postgresql:///log?host=/run/postgresql,a", ("a", False))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://db.example.org/log", "does not let anybody reach db.example.org; allow it in `network`"),
        ("postgresql://db.example.org/log?sslmode=require", "sslmode=verify-full"),
        ("postgresql://db.example.org/log?sslmode=disable", "sslmode=verify-full"),
        (f"postgresql://asha:{CANARY}@db/log", "holds a password"),
        (f"postgresql://asha@db/log?password={CANARY}", "holds a password"),
        (f"postgresql://asha@db/log?sslpassword={CANARY}", "holds a password"),
        ("postgresql://db/log?hostaddr=192.0.2.1", "cannot say `hostaddr`"),
        ("postgresql://db/log?service=x", "cannot say `service`"),
        ("postgresql://db/log?options=-csynchronous_commit%3Doff", "cannot say `options`"),
        ("postgresql:///log", "postgresql://HOST/DATABASE"),
        ("postgresql://db", "postgresql://HOST/DATABASE"),
        ("postgres://db/log", "postgresql://HOST/DATABASE"),
        ("host=db dbname=log", "postgresql://HOST/DATABASE"),
        (f"postgresql://{CANARY}@[::1/log", "postgresql://HOST/DATABASE"),
        ("", "postgresql://HOST/DATABASE"),
    ],
)
def test_other_addresses_are_refused_in_one_sentence(url: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        checked(url)

    assert said in str(caught.value) and str(caught.value).startswith("privguard: ")
    assert CANARY not in str(caught.value)


def test_a_server_that_is_not_there_is_told_without_the_address(tmp_path: object) -> None:
    with pytest.raises(LogUnavailable) as caught:
        PostgresStore.open(f"postgresql://asha@/log?host={tmp_path}", may_reach=lambda *_: False)

    assert str(caught.value).startswith("privguard: the team store") and "asha" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_without_psycopg_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(InputError, match=r"pip install .jupyter-privguard\[postgres\]"):
        PostgresStore.open("postgresql://db/log", may_reach=lambda *_: True)


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [int(name[:4]) for name, _ in migrations()] == list(range(1, len(migrations()) + 1))
