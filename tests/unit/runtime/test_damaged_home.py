"""Whatever happens to a file of the home: one sentence that names it, or it is mended and said.

Never a traceback, a wait for ever, a new identity over an old history, or a value in clear.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from jupyter_privguard import runtime
from jupyter_privguard.errors import PrivguardError
from jupyter_privguard.guard.cells.cell import CellOptions
from jupyter_privguard.settings import Home, account_name
from tests.command_line import Said, command

NAME = "Asha Kulkarni"
TABLE = pd.DataFrame({"full_name": [NAME, "Ravi Menon"] * 6, "customer_id": [f"C-{n:05d}" for n in range(12)]})
POLICY = f"""version: 1
principals:
  {account_name()}: {{roles: [officer]}}
roles:
  officer: {{tiers: [public], reveal: true, log: all}}
rules:
  - {{entity: CUSTOMER_ID, public: surrogate, internal: encrypt, compliance: clear}}
surrogates: random
"""


def start_and_cell() -> Said:
    """What `%load_ext` and a cell that shows a table do, and what is on the screen."""
    talk = io.StringIO()
    with contextlib.redirect_stderr(talk), contextlib.redirect_stdout(talk):
        try:
            ring, notices = runtime.keyring(runtime.home())
            session = runtime.open_session(runtime.home(), runtime.policy(), ring, kernel=None)
        except PrivguardError as error:
            return Said(error.exit_code, f"{error}\n{talk.getvalue()}")
        try:
            run = session.open_run("k", CellOptions(), "df", execution_count=1, cell_id=None)
            if run.refused:
                return Said(3, run.refused)
            shown = session.show(TABLE, run)
            assert shown is not None
            session.close_run("k", "ok")
            notices.append(str(shown.native))
        except PrivguardError as error:
            return Said(error.exit_code, f"{error}\n{talk.getvalue()}")
        finally:
            session.close()
    return Said(0, "\n".join([*notices, talk.getvalue()]))


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with a past: keys of three generations, log, vault, surrogates, pins, overrides."""
    place = tmp_path_factory.mktemp("before")
    with pytest.MonkeyPatch.context() as setting:
        setting.chdir(place)
        setting.setenv("PRIVGUARD_HOME", str(place / "home"))
        setting.setenv("PRIVGUARD_POLICY", str(place / "policy.yaml"))
        (place / "policy.yaml").write_text(POLICY)
        TABLE.to_csv("people.csv", index=False)
        first = command("keys", "init").text.splitlines()[0]
        assert command("keys", "rotate").code == command("keys", "rotate").code == 0
        assert command("keys", "destroy", first, "--yes").code == 0
        assert command("mask", "people.csv", "-o", "masked.csv").code == 0
        assert start_and_cell().code == 0
        (place / "home" / "overrides.json").write_text('{"overrides":[],"version":1}\n')
        (place / "home" / "overrides.json").chmod(0o600)
        yield place


@pytest.fixture
def home(before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to be harmed."""
    shutil.copytree(before / "home", tmp_path / "home")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PRIVGUARD_POLICY", str(before / "policy.yaml"))
    shutil.copy(before / "people.csv", tmp_path)
    return tmp_path / "home"


def identity(home: Path) -> dict[str, bytes]:
    keys = home / "keys"
    files = list(keys.iterdir()) if keys.is_dir() else []
    return {path.name: path.read_bytes() for path in files if path.is_file()}


def taken_away(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def garbage(path: Path) -> None:
    path.write_bytes(b"\xff\xfe[[[{" * 60)


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir(mode=0o700)


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def link_to_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("/nowhere/at/all")


SPOILT = [emptied, zeros, garbage, half, folder, pipe]
NEEDED_TO_START = {
    "current": "keys/current",
    "the key": "keys/*.key",
    "log key": "keys/log.key",
    "verifier key": "keys/log.vkey",
    "log": "log/privguard.db",
}
KEPT_BESIDE = {
    "pins": "domains.json",
    "overrides": "overrides.json",
    "surrogates": "vault/surrogates/vault.db",
    "vault": "vault/vault.db",
}


def find(home: Path, what: str) -> Path:
    if what == "keys/*.key":
        return home / "keys" / f"{(home / 'keys' / 'current').read_text().strip()}.key"
    return home / what


def check_sentence(said: Said, path: Path) -> None:
    assert str(path) in said.text, said
    assert all(line.startswith("privguard: ") for line in said.text.splitlines() if line), said
    assert NAME not in said.text


@pytest.mark.parametrize("harm", [*SPOILT, taken_away, link_to_nowhere])
@pytest.mark.parametrize("what", NEEDED_TO_START)
def test_without_it_nothing_starts_and_the_sentence_names_it(
    home: Path, what: str, harm: Callable[[Path], None]
) -> None:
    path = find(home, NEEDED_TO_START[what])
    harm(path)
    left = identity(home)
    named = path if what != "log" or harm in SPOILT else path.parent

    for said in (start_and_cell(), command("reveal", "tok_00000000", "--reason", "r")):
        assert said.code in (2, 3)
        check_sentence(said, named)
    if what != "log":
        check_sentence(command("keys", "list"), path)
    if what in ("log", "verifier key"):
        assert command("audit", "verify").code in (2, 3)
    else:
        assert command("audit", "verify").code == 0, "reading the log needs no secret"
    assert identity(home) == left


@pytest.mark.parametrize("harm", SPOILT)
@pytest.mark.parametrize("what", KEPT_BESIDE)
def test_what_is_kept_beside_the_keys_is_named_when_it_is_spoilt(
    home: Path, what: str, harm: Callable[[Path], None]
) -> None:
    path = find(home, KEPT_BESIDE[what])
    harm(path)
    left = identity(home)

    cell = start_and_cell()

    assert str(path) in cell.text and NAME not in cell.text
    assert (cell.code == 0) == (what == "vault"), "a broken vault is said; what cannot be looked up is no leak"
    assert command("audit", "verify").code == 0
    assert command("keys", "list").code == 0
    assert identity(home) == left


@pytest.mark.parametrize("harm", [emptied, pipe, taken_away])
def test_a_lost_vault_is_named_by_who_asks_for_what_was_in_it(
    home: Path, before: Path, harm: Callable[[Path], None]
) -> None:
    token = pd.read_csv(before / "masked.csv")["full_name"][0]
    assert command("reveal", token, "--reason", "r").text == f"{NAME}\n"
    harm(home / "vault" / "vault.db")

    said = command("reveal", token, "--reason", "r")

    assert said.code == 3
    check_sentence(said, home / "vault" / "vault.db")


@pytest.mark.parametrize("what", [*NEEDED_TO_START.values(), *KEPT_BESIDE.values(), "", "keys", "log", "vault"])
def test_what_is_open_to_others_is_tightened_and_said_by_whoever_comes_first(home: Path, what: str) -> None:
    path = find(home, what)
    mode = 0o755 if path.is_dir() else 0o644
    commands = (
        ("keys", "list"),
        ("keys", "rotate"),
        ("keys", "destroy", "00000000", "--yes"),
        ("reveal", "tok_00000000", "--reason", "r"),
    )
    for args in commands:
        path.chmod(mode)
        said = command(*args)
        assert said.text.count("privguard: tightened") == 1
        assert f"privguard: tightened {path} to {0o700 if path.is_dir() else 0o600:04o}\n" in said.text
        assert path.stat().st_mode & 0o077 == 0
    path.chmod(mode)
    assert f"tightened {path}" in start_and_cell().text


@pytest.mark.parametrize("left", ["vault", "domains.json", "overrides.json", "log"])
@pytest.mark.parametrize("keys", ["no folder", "empty folder"])
def test_whatever_is_left_of_an_old_history_no_new_keys_are_made_over_it(home: Path, left: str, keys: str) -> None:
    for path in home.iterdir():
        if path.name != left:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if keys == "empty folder":
        (home / "keys").mkdir(mode=0o700)

    for said in (
        start_and_cell(),
        command("keys", "init"),
        command("keys", "list"),
        command("keys", "rotate"),
        command("mask", "people.csv", "-o", "o.csv"),
        command("seal", "people.csv"),
        command("reveal", "tok_00000000", "--reason", "r"),
    ):
        assert said.code == 3
        check_sentence(said, home / "keys")
        assert str(home / left) in said.text
    assert identity(home) == {}


def test_a_first_start_in_an_empty_home_is_no_old_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    for empty in ("keys", "log", "vault"):
        (tmp_path / "home" / empty).mkdir(mode=0o700, parents=True)

    assert command("keys", "init").code == 0
    assert Home(tmp_path / "home").log.exists()


def test_folders_are_made_for_their_owner_alone(before: Path) -> None:
    loose = [path for path in (before / "home").rglob("*") if path.stat().st_mode & 0o077]

    assert loose == []
