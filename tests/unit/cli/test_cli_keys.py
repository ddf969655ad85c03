"""`privguard keys`: makes keys once, tells what there is, never shows one."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jupyter_privguard.cli.commands.keys import command
from jupyter_privguard.errors import KeyStoreError, PolicyError
from jupyter_privguard.keys.providers import file


def run(*args: str) -> Result:
    return CliRunner().invoke(command, args)


def test_new_keys_are_named_with_their_folder_and_a_word_on_backup(home: Path) -> None:
    result = run("init")

    assert result.exit_code == 0, result.exception
    assert result.stdout.strip() == file.load(home / "keys").key_id
    assert str(home / "keys") in result.stderr
    assert "back" in result.stderr
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.rglob("*") if path.is_file()} == {0o600}


def test_making_keys_is_an_event(home: Path) -> None:
    from jupyter_privguard.audit.reader import LogReader

    run("init")

    (event,) = LogReader.open(home / "log", None).events()
    assert (event["action"], event["key_id"]) == ("key.create", file.load(home / "keys").key_id)


def test_keys_that_are_there_are_left_alone(home: Path) -> None:
    run("init")
    before = {path.name: path.read_bytes() for path in (home / "keys").iterdir()}

    error = run("init").exception

    assert isinstance(error, KeyStoreError)
    assert error.exit_code == 3
    assert {path.name: path.read_bytes() for path in (home / "keys").iterdir()} == before


def test_under_an_unusable_policy_no_keys_are_made(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVGUARD_POLICY", str(home / "missing.yaml"))

    assert isinstance(run("init").exception, PolicyError)
    assert not file.exists(home / "keys")


def test_the_list_tells_id_use_and_age_and_no_key(home: Path) -> None:
    run("init")

    result = run("list")

    header, masking, log = result.stdout.splitlines()
    assert header.split() == ["id", "use", "made", "current"]
    assert masking.split()[:2] == [file.load(home / "keys").key_id, "masking"]
    assert log.split()[1] == "log"
    for path in (home / "keys").glob("*.key"):
        assert json.loads(path.read_text())["key"] not in result.output


def test_without_keys_the_list_says_what_makes_them_and_makes_none(home: Path) -> None:
    error = run("list").exception

    assert isinstance(error, KeyStoreError)
    assert "privguard keys init" in str(error)
    assert not home.exists()


@pytest.mark.parametrize("args", [[], ["init"], ["list"]])
def test_each_command_has_help_with_an_example(args: list[str]) -> None:
    result = run(*args, "--help")

    assert result.exit_code == 0
    assert "Example: privguard keys" in result.stdout
