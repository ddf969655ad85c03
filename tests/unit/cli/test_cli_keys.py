"""`privguard keys`: makes keys once, tells what there is, never shows one."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.cli.commands.keys import command
from jupyter_privguard.errors import InputError, KeyStoreError, LogUnavailable, PolicyError, WrongPassphrase
from jupyter_privguard.keys.providers import file
from jupyter_privguard.keys.providers.file import FileKeys


def run(*args: str) -> Result:
    return CliRunner().invoke(command, args)


def test_new_keys_are_named_with_their_folder_and_a_word_on_backup(home: Path) -> None:
    result = run("init")

    assert result.exit_code == 0, result.exception
    assert result.stdout.strip() == FileKeys(home / "keys").load().key_id
    assert str(home / "keys") in result.stderr
    assert "back" in result.stderr
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.rglob("*") if path.is_file()} == {0o600}


def test_making_keys_is_an_event(home: Path) -> None:
    run("init")

    (event,) = LogReader.open(home / "log", None).events()
    assert (event["action"], event["key_id"]) == ("key.create", FileKeys(home / "keys").load().key_id)


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
    assert not FileKeys(home / "keys").exists()


def test_the_list_tells_id_use_and_age_and_no_key(home: Path) -> None:
    run("init")

    result = run("list")

    header, masking, log = result.stdout.splitlines()
    assert header.split() == ["id", "use", "made", "erased", "state"]
    assert masking.split()[:2] == [FileKeys(home / "keys").load().key_id, "masking"]
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


def events(home: Path) -> list[dict[str, object]]:
    return list(LogReader.open(home / "log", None).events())


def test_a_rotation_names_the_new_key_and_is_an_event(home: Path) -> None:
    old = run("init").stdout.strip()

    result = run("rotate")

    new = result.stdout.strip()
    assert new in result.stderr and old in result.stderr and f"back up {home / 'keys'}" in result.stderr
    assert FileKeys(home / "keys").load().key_ids == (new, old)
    assert [(e["action"], e["key_id"], e["before"]) for e in events(home)[1:]] == [("key.rotate", new, old)]


def test_a_destroyed_key_is_gone_listed_and_recorded_and_the_log_still_verifies(home: Path) -> None:
    old = run("init").stdout.strip()
    run("rotate")

    result = run("destroy", old, "--yes")

    assert result.exit_code == 0, result.exception
    assert old not in FileKeys(home / "keys").load().key_ids
    assert f"{home / 'keys'}" in result.stderr, "backups are out of reach, and that is said"
    [row] = [line.split() for line in run("list").stdout.splitlines() if line.startswith(old)]
    assert row[-1] == "destroyed" and row[2].endswith("Z") and row[3].endswith("Z")
    assert "destroyed already" in str(run("destroy", old, "--yes").exception)
    assert (events(home)[-1]["action"], events(home)[-1]["key_id"]) == ("key.destroy", old)
    verify(LogReader.open(home / "log", FileKeys(home / "keys").public_vkey()))


def test_a_key_is_not_destroyed_without_a_yes_nor_while_it_is_current(home: Path) -> None:
    current = run("init").stdout.strip()

    assert "[y/N]" not in CliRunner().invoke(command, ["destroy", current], input="y\n").output
    error = run("destroy", current, "--yes").exception

    assert isinstance(error, KeyStoreError) and "rotate" in str(error)
    assert FileKeys(home / "keys").load().key_id == current
    assert [e["action"] for e in events(home)] == ["key.create"]


def test_who_is_asked_is_told_what_is_lost_first(home: Path) -> None:
    old = run("init").stdout.strip()
    run("rotate")

    asked = CliRunner().invoke(command, ["destroy", old], input="n\n")

    assert asked.exit_code != 0 and "can be opened by nobody then" in asked.output
    assert old in FileKeys(home / "keys").load().key_ids


def test_the_first_line_of_each_help_is_whole_in_the_list_of_commands() -> None:
    assert "..." not in run("--help").stdout.partition("Commands:")[2]


def test_no_key_is_destroyed_that_the_log_cannot_tell_of(home: Path) -> None:
    old = run("init").stdout.strip()
    run("rotate")
    for path in (home / "log").iterdir():
        path.write_bytes(b"damaged")

    assert run("destroy", old, "--yes").exception is not None
    assert old in FileKeys(home / "keys").load().key_ids


@pytest.mark.parametrize(
    ("words", "action"), [(["rotate"], "key.rotate"), (["destroy", "OLD", "--yes"], "key.destroy")]
)
def test_what_was_recorded_and_could_not_be_done_is_recorded_as_failed(
    home: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], action: str
) -> None:
    old = run("init").stdout.strip()
    now = run("rotate").stdout.strip()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(file, "write_atomically", full)
        patch.setattr(file, "write_record", full)
        error = run(*(old if word == "OLD" else word for word in words)).exception

    assert isinstance(error, KeyStoreError) and "No space left" in str(error)
    told = [event for event in events(home) if event["action"] == action][-2:]
    assert [event["outcome"] for event in told] == ["ok", "error"]
    assert told[0]["key_id"] == told[1]["key_id"]
    assert FileKeys(home / "keys").load().key_ids == (now, old)


def test_a_wrong_passphrase_is_refused_and_recorded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = home.parent / "passphrase.txt"
    secret.write_text("correct horse\n")
    monkeypatch.setenv("PRIVGUARD_PASSPHRASE_FILE", str(secret))
    assert run("init", "--passphrase").exit_code == 0
    assert run("rotate").exit_code == 0

    secret.write_text("wrong horse\n")
    error = run("rotate").exception

    assert isinstance(error, WrongPassphrase) and "horse" not in str(error)
    assert [(e["action"], e["outcome"]) for e in events(home)][-1] == ("key.unlock", "refused")


@pytest.mark.parametrize("text", ["", "short", "1234567"])
def test_a_short_passphrase_is_refused_before_keys_are_made(
    home: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (home.parent / "passphrase.txt").write_text(text)
    monkeypatch.setenv("PRIVGUARD_PASSPHRASE_FILE", str(home.parent / "passphrase.txt"))

    assert isinstance(run("init", "--passphrase").exception, InputError if text else KeyStoreError)
    assert not FileKeys(home / "keys").exists()


def test_a_new_passphrase_is_asked_for_twice(home: Path) -> None:
    result = CliRunner().invoke(command, ["init", "--passphrase"], input="correct horse\ncorrect horse\n")

    assert result.exit_code == 0, result.exception
    assert "horse" not in result.output
    assert FileKeys(home / "keys", lambda: "correct horse").load().key_id == result.stdout.strip()


def test_a_key_is_not_destroyed_by_who_cannot_open_the_keys(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = home.parent / "passphrase.txt"
    secret.write_text("correct horse\n")
    monkeypatch.setenv("PRIVGUARD_PASSPHRASE_FILE", str(secret))
    old = run("init", "--passphrase").stdout.strip()
    run("rotate")
    secret.write_text("wrong horse\n")

    assert isinstance(run("destroy", old, "--yes").exception, WrongPassphrase)

    assert (home / "keys" / f"{old}.key").exists()
    assert "key.destroy" not in [e["action"] for e in events(home)]


def test_a_key_that_the_log_cannot_tell_of_is_not_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = run("init").stdout.strip()

    def full(*args: object, **options: object) -> None:
        raise LogUnavailable("privguard: the log cannot be written.")

    monkeypatch.setattr("jupyter_privguard.runtime.events.open_log", full)

    assert isinstance(run("rotate").exception, LogUnavailable)
    assert FileKeys(home / "keys").load().key_ids == (before,)
