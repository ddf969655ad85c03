"""A guarded session gives out and opens nothing under a key that a shell has destroyed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.errors import InputError, KeyStoreError
from jupyter_privguard.frames import view
from jupyter_privguard.guard.cells.cell import CellOptions
from jupyter_privguard.guard.session import Session
from jupyter_privguard.model import Tier
from jupyter_privguard.settings import account_name

NAME = "Asha Kulkarni"
MAIL = "asha.kulkarni77@corp.example"
TABLE = pd.DataFrame({"full_name": [NAME, "Ravi Menon"] * 6, "email": [MAIL, "ravi@corp.example"] * 6})


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        f"version: 1\nprincipals:\n  {account_name()}: {{roles: [officer]}}\n"
        "roles:\n  officer: {tiers: [public, internal], reveal: true, log: all}\n"
    )
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))
    ring, _ = runtime.keyring(runtime.home())
    opened = runtime.open_session(runtime.home(), runtime.policy(), ring, kernel=None)
    yield opened
    opened.close()


def cell(session: Session, key: str) -> tuple[str, str]:
    """What a table and a text look like in a cell at tier internal."""
    run = session.open_run(key, CellOptions(tier=Tier.INTERNAL), "df", execution_count=1, cell_id=None)
    assert not run.refused, run.refused
    shown = session.show(TABLE, run)
    assert shown is not None
    text = session.clean(f"written to {MAIL}", run)
    session.close_run(key, "ok")
    return shown.native["full_name"].iloc[0], text


def renewed(*, and_destroyed: bool) -> str:
    """What another process does; the id of the key that was current."""
    before, home = runtime.existing_keyring(runtime.home()).key_id, runtime.home()
    runtime.rotate_keys(home)
    if and_destroyed:
        runtime.destroy_key(home, before)
    return before


def test_the_next_cell_uses_a_renewed_key_for_tables_and_for_text(session: Session) -> None:
    handle, text = cell(session, "1")
    assert cell(session, "2") == (handle, text)

    renewed(and_destroyed=False)

    new_handle, new_text = cell(session, "3")
    assert new_handle != handle and new_text != text and MAIL not in new_text
    for one in (handle, new_handle):
        assert runtime.reveal(one, reason="r").value == NAME


def test_after_a_destruction_old_handles_open_for_nobody_and_new_ones_do(session: Session) -> None:
    handle, text = cell(session, "1")
    full = pg.mask(TABLE, tier="internal")["full_name"][0]
    old = renewed(and_destroyed=True)

    with pytest.raises(InputError, match="nothing is known"):
        runtime.reveal(handle, reason="r")
    with pytest.raises(InputError, match=f"made under key {old}, which is not here"):
        runtime.reveal(full, reason="r")
    new_handle, new_text = cell(session, "2")
    assert new_handle != handle and new_text != text
    assert runtime.reveal(new_handle, reason="r").value == NAME
    assert old not in pg.mask(TABLE, tier="internal")["full_name"][0]
    verify(runtime.log_reader())


def test_a_running_cell_lets_go_of_the_key_at_its_next_output(session: Session) -> None:
    run = session.open_run("1", CellOptions(), "df", execution_count=1, cell_id=None)
    before = session.show(TABLE, run)
    old = renewed(and_destroyed=True)

    after = session.show(TABLE, run)

    assert before is not None and after is not None
    assert before.native["full_name"].iloc[0] != after.native["full_name"].iloc[0]
    assert old not in session.keyring.key_ids
    session.close_run("1", "ok")
    with pytest.raises(InputError):
        runtime.reveal(before.native["full_name"].iloc[0], reason="r")


def test_a_sealed_file_of_a_destroyed_key_is_not_read_in_the_running_session(session: Session, tmp_path: Path) -> None:
    from jupyter_privguard.guard.files.sealing import seal_file

    TABLE.to_csv(tmp_path / "people.csv", index=False)
    sealed = str(tmp_path / "people.csv.sealed")
    seal_file(
        str(tmp_path / "people.csv"), sealed, keyring=session.keyring, ready=lambda _: None, progress=lambda _: None
    )
    assert len(pg.read_sealed(sealed)) == len(TABLE)
    renewed(and_destroyed=True)

    with pytest.raises(KeyStoreError, match="destroyed"):
        pg.read_sealed(sealed)


def test_where_the_keys_are_gone_the_next_cell_is_refused(session: Session) -> None:
    for path in runtime.home().keys.iterdir():
        path.unlink()

    run = session.open_run("1", CellOptions(), "df", execution_count=1, cell_id=None)

    assert "there are no keys in" in run.refused
    with pytest.raises(KeyStoreError, match="no keys"):
        session.show(TABLE, run)


def test_a_class_saved_under_a_renewed_key_is_read_again(session: Session) -> None:
    """A label that looks like a value is stored as its digest, under the key that is current then."""
    odd = pd.DataFrame({MAIL: ["x", "y"]})
    session.watch_namespace({"odd": odd})
    renewed(and_destroyed=False)
    cell(session, "1")

    seen = view(odd)
    assert seen is not None
    session.classes.set(odd, seen, [0], "PERSON_NAME", save=True)

    assert session.overrides and MAIL not in (runtime.home().root / "overrides.json").read_text()
    renewed(and_destroyed=False)
    cell(session, "2")
    assert len(list(runtime.saved_overrides())) == 1
