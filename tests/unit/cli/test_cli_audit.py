"""`privguard audit`: exit codes, what goes where, and that nothing is written."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jupyter_privguard import runtime
from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.cli.commands.audit import command
from jupyter_privguard.errors import InputError, KeyStoreError, LogError, LogUnavailable, PrivguardError
from jupyter_privguard.keys.providers.file import FileKeys
from jupyter_privguard.model import Principal


@pytest.fixture
def filled(home: Path) -> Path:
    home.mkdir(mode=0o700)
    append(home, 3)
    return home


def append(home: Path, count: int) -> None:
    (home / "log").mkdir(mode=0o700, exist_ok=True)
    keys = FileKeys(home / "keys")
    ring = keys.load() if keys.exists() else keys.create()
    with AuditLog.open(home / "log", ring) as log:
        for number in range(count):
            log.append(
                event(
                    "data.load",
                    principal=Principal("asha"),
                    session="s",
                    outcome="ok",
                    policy_sha256="0",
                    purpose=f"=MARK-{number}",
                )
            )


def run(*args: str) -> Result:
    return CliRunner().invoke(command, args)


def refusal(*args: str) -> PrivguardError:
    error = run(*args).exception
    assert isinstance(error, PrivguardError), error
    assert str(error).startswith("privguard: ")
    assert "\n" not in str(error)
    return error


def test_a_whole_log_verifies_and_says_so_on_stderr(filled: Path) -> None:
    result = run("verify")

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.splitlines()[0] == "privguard: 3 records, the log is whole."


def test_a_damaged_log_names_the_record_and_ends_with_2(filled: Path) -> None:
    connection = sqlite3.connect(filled / "log" / "privguard.db")
    connection.executescript("drop trigger records_are_not_removed; delete from records where seq = 2")
    connection.close()

    error = refusal("verify")

    assert (type(error), error.exit_code) == (LogError, 2)
    assert "record 2 of 3 is missing" in str(error)


def test_a_kept_checkpoint_is_checked(filled: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text(run("checkpoint").stdout)
    append(filled, 2)

    result = run("verify", "--checkpoint", str(kept))

    assert result.exit_code == 0
    assert result.stderr.startswith(f"privguard: 5 records, the log is whole and extends the checkpoint in {kept}.\n")
    kept.write_text(run("checkpoint").stdout.replace("\n5\n", "\n6\n"))
    assert refusal("verify", "--checkpoint", str(kept)).exit_code == 2


@pytest.mark.parametrize("content", [None, b"", b"none", b"\xff\xfe\x00", b"\n\n\n" * 100])
def test_a_checkpoint_file_that_cannot_be_used_ends_with_3(filled: Path, tmp_path: Path, content: bytes | None) -> None:
    kept = tmp_path / "kept"
    if content is not None:
        kept.write_bytes(content)

    error = refusal("verify", "--checkpoint", str(kept))

    assert (type(error), error.exit_code) == (InputError, 3)


@pytest.mark.parametrize("args", [["verify"], ["export"], ["export", "--format", "csv"], ["checkpoint"], ["vkey"]])
def test_without_a_log_nothing_is_made_and_the_exit_code_is_3(home: Path, args: list[str]) -> None:
    error = refusal(*args)

    assert isinstance(error, KeyStoreError if args == ["vkey"] else LogUnavailable)
    assert error.exit_code == 3
    assert not home.exists()


def test_json_lines_are_the_stored_lines(filled: Path) -> None:
    result = run("export", "--format", "jsonl")
    connection = sqlite3.connect(filled / "log" / "privguard.db")
    lines = [line for (line,) in connection.execute("select line from records order by seq")]
    connection.close()

    assert result.stdout_bytes == "".join(f"{line}\n" for line in lines).encode()
    assert [json.loads(line)["seq"] for line in lines] == [1, 2, 3]
    assert run("export").stdout_bytes == result.stdout_bytes


def test_a_table_is_defused_and_parses(filled: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("export", "--format", "csv").stdout_bytes.decode(), newline="")))

    assert [row["purpose"] for row in rows] == ["'=MARK-0", "'=MARK-1", "'=MARK-2"]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_file_holds_what_the_screen_shows_and_is_for_its_owner(filled: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / "out"
    before = os.umask(0)
    try:
        result = run("export", "--format", form, "-o", str(out))
    finally:
        os.umask(before)

    assert (result.exit_code, result.stdout) == (0, "")
    assert out.read_bytes() == run("export", "--format", form).stdout_bytes
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_an_output_that_cannot_be_written_ends_with_3(filled: Path, tmp_path: Path) -> None:
    error = refusal("export", "-o", str(tmp_path / "nowhere" / "out"))

    assert (type(error), error.exit_code) == (InputError, 3)


def test_checkpoint_and_verifier_key_belong_together(filled: Path) -> None:
    vkey, note = run("vkey").stdout, run("checkpoint").stdout
    origin, size, _, empty, signature = note.split("\n")[:5]

    assert (size, empty) == ("3", "")
    assert vkey.startswith(f"{origin}+")
    assert signature.startswith(f"\u2014 {origin} ")
    assert vkey.count("\n") == 1


def test_nothing_is_written_to_the_log(filled: Path) -> None:
    def state() -> dict[str, tuple[bytes, int]]:
        return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in filled.rglob("*") if p.is_file()}

    before = state()
    for args in (["verify"], ["export"], ["export", "--format", "csv"], ["checkpoint"], ["vkey"]):
        assert run(*args).exit_code == 0

    assert state() == before


def test_a_missing_verifier_key_is_reported(filled: Path) -> None:
    (filled / "keys" / "log.vkey").unlink()

    for args in (["verify"], ["vkey"]):
        assert isinstance(refusal(*args), KeyStoreError)


@pytest.mark.parametrize("args", [[], ["verify"], ["export"], ["checkpoint"], ["vkey"]])
def test_each_command_has_help_with_an_example(args: list[str]) -> None:
    result = run(*args, "--help")

    assert result.exit_code == 0
    assert "Example: privguard audit" in result.stdout


def test_a_clock_that_went_back_is_told_and_is_no_damage(
    home: Path, privguard: Callable[..., tuple[object, str, str]]
) -> None:
    assert privguard("keys", "init")[0] == 0
    place = runtime.home()
    early = datetime.now(UTC) - timedelta(days=2)
    with AuditLog.open(place.log, runtime.log_key(place), clock=lambda: early) as log:
        log.append(event("alert", principal=Principal("me"), session="s", outcome="ok", policy_sha256="0" * 64))

    code, out, err = privguard("audit", "verify")

    assert (code, out) == (0, "")
    assert "2 records, the log is whole" in err
    assert "the clock went back at 1 record, first at record 2, by up to 2 days" in err and "no damage" in err
