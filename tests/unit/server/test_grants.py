"""The server's word on who runs a kernel: renewed while it is used, for whoever asks, and gone with the kernel."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.model import Principal
from jupyter_privguard.runtime.identity import bound, grant_file
from jupyter_privguard.server.grants import Grants
from jupyter_privguard.settings import Home

ALICE = Principal("alice", assurance="server", groups=("risk",))
BOB = Principal("bob", assurance="hub")


class Record:
    """What is recorded of grants."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    def add(self, action: str, who: Principal, fields: Any) -> None:
        self.told.append((who.id, fields(None)["groups"]))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_SERVER_HOME", raising=False)
    monkeypatch.setattr("jupyter_privguard.runtime.identity.policy_paths", lambda: (None, None))
    return tmp_path


@pytest.fixture
def record() -> Record:
    return Record()


@pytest.fixture
def grants(place: Path, record: Record) -> Grants:
    return Grants(Home(place / "home"), record, lambda: place / "run")  # type: ignore[arg-type]  # all it needs


def person(place: Path) -> str | None:
    found = bound(Home(place / "home"), "k", folder=lambda: place / "run")
    return found.person if found is not None else None


def test_the_kernel_believes_it_and_it_goes_with_the_kernel(grants: Grants, place: Path) -> None:
    grants.give("k", ALICE)
    assert person(place) == "alice"
    assert (grants.groups_of("k", "alice"), grants.groups_of("k", "bob")) == (("risk",), ())
    assert stat.S_IMODE(grant_file(place / "run", "k").stat().st_mode) == 0o600

    grants.take("k")

    assert person(place) is None
    assert grants.groups_of("k", "alice") == ()
    assert list((place / "run").iterdir()) == []


def test_nothing_is_written_for_the_servers_account(grants: Grants, place: Path, record: Record) -> None:
    grants.give("k", Principal("jupyter", assurance="os"))
    grants.renew("k", Principal("jupyter", assurance="os"))

    assert not (place / "run").exists()
    assert record.told == []
    assert not (place / "home").exists()  # and no keys are made for it


def test_it_is_written_anew_when_it_is_old_or_somebody_else_asks(
    grants: Grants, place: Path, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = grant_file(place / "run", "k")
    grants.give("k", ALICE)
    first = file.read_text()
    grants.renew("k", ALICE)
    assert file.read_text() == first

    monkeypatch.setattr("jupyter_privguard.server.grants._OLD", timedelta(0))
    grants.renew("k", ALICE)
    assert file.read_text() != first
    grants.renew("k", BOB)
    assert person(place) == "bob"
    grants.again("k")
    assert person(place) == "bob"
    grants.again("unknown")

    assert record.told == [("alice", ["risk"]), ("bob", [])]  # a renewal is no event


def test_it_may_be_read_by_whoever_may_read_the_connection_file(grants: Grants, place: Path) -> None:
    (place / "run").mkdir()
    connection = place / "run" / "kernel-k.json"
    connection.write_text("{}")
    for mode, wanted in ((0o600, 0o600), (0o640, 0o640), (0o666, 0o640)):
        connection.chmod(mode)
        grants.give("k", ALICE)

        found = grant_file(place / "run", "k").stat()
        assert stat.S_IMODE(found.st_mode) == wanted
        assert (found.st_uid, found.st_gid) == (os.geteuid(), connection.stat().st_gid)


def test_each_is_signed_by_the_servers_own_key(grants: Grants, place: Path) -> None:
    grants.give("k", ALICE)

    assert runtime.keyring(Home(place / "home").server)[0].origin in grant_file(place / "run", "k").read_text()
    assert not (place / "home" / "keys").exists()
