"""One file of the keys is gone: it is named, nothing is masked, and no new identity goes on with the old log."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from tests.command_line import Run

KEYS = {"current": "current", "key for masking": "????????.key", "key of the log": "log.key", "verifier": "log.vkey"}
COMMANDS = (
    ("mask", "people.csv", "-o", "masked.csv"),
    ("seal", "people.csv"),
    ("keys", "rotate"),
    ("keys", "init"),
)


@pytest.fixture
def used(privguard: Run, home: Path) -> Path:
    """A home with a log, of which a table was masked."""
    Path("people.csv").write_text("email\n" + "".join(f"zq{n}.canary@corp.example\n" for n in range(9)))
    assert privguard("mask", "people.csv", "-o", "before.csv")[0] == 0
    assert {path.name for path in (home / "keys").iterdir()} >= {"current", "log.key", "log.vkey"}
    return home


def held(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


@pytest.mark.parametrize("which", KEYS)
def test_nothing_goes_on_without_it_and_all_does_once_it_is_back(privguard: Run, used: Path, which: str) -> None:
    names = [path for path in (used / "keys").glob(KEYS[which]) if len(path.stem) == 8 or path.name == KEYS[which]]
    assert len(names) == 1
    lost, kept = names[0], names[0].read_bytes()
    lost.unlink()
    before = held(used)

    for command in COMMANDS:
        code, out, err = privguard(*command)
        assert (code, out) == (3, "") and err.startswith("privguard: ") and "canary" not in err
        assert lost.name in err or command == ("keys", "init")
    code, _, err = privguard("audit", "verify")
    assert code == (3 if lost.name == "log.vkey" else 0) and "Traceback" not in err

    assert held(used) == before
    assert not Path("masked.csv").exists() and not list(Path().glob("*.sealed"))

    lost.write_bytes(kept)
    lost.chmod(0o600)
    assert privguard("mask", "people.csv", "-o", "after.csv")[0] == 0
    assert Path("after.csv").read_text() == Path("before.csv").read_text()
    assert privguard("audit", "verify")[0] == 0


def test_without_any_key_the_old_log_gets_no_new_one(privguard: Run, used: Path) -> None:
    for path in (used / "keys").iterdir():
        path.unlink()
    log = (used / "log" / "privguard.db").read_bytes()

    for command in COMMANDS:
        code, _, err = privguard(*command)
        assert code == 3 and err.startswith("privguard: ")

    assert list((used / "keys").iterdir()) == [] and (used / "log" / "privguard.db").read_bytes() == log


def test_a_log_that_is_gone_is_said_by_whoever_begins_another_under_its_keys(privguard: Run, home: Path) -> None:
    assert "begins anew" not in privguard("keys", "init")[2]
    an_hour_ago = time.time() - 3600
    for path in (home / "keys").iterdir():
        os.utime(path, (an_hour_ago, an_hour_ago))
    assert "begins anew" not in privguard("keys", "rotate")[2]
    shutil.rmtree(home / "log")

    code, _, err = privguard("keys", "rotate")

    assert code == 0
    assert f"privguard: the log begins anew in {home / 'log'}, and its keys are older; if there was one" in err
    assert "begins anew" not in privguard("keys", "rotate")[2]
