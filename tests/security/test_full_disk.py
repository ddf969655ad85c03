"""A disk without room, a real one: what cannot be recorded is not done, and goes on once there is room again."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jupyter_privguard import diagnose
from jupyter_privguard.diagnose import home as home_checks

Run = Callable[..., tuple[object, str, str]]

TRIES = 5


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A disk of 2 MiB that holds the home."""
    place = tmp_path / "disk"
    place.mkdir()
    try:
        mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
        done = subprocess.run(mount, capture_output=True, timeout=30, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode != 0:
        pytest.skip("this account may not mount")
    try:
        monkeypatch.setenv("PRIVGUARD_HOME", str(place / "home"))
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], capture_output=True, timeout=30, check=True)


def fill(disk: Path) -> Path:
    """A file that takes all that is left."""
    path = disk / "fill"
    handle = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        for size in (4096, 1):
            try:
                while True:
                    os.write(handle, b"x" * size)
            except OSError:
                continue
    finally:
        os.close(handle)
    return path


def test_what_the_log_has_no_room_for_is_not_done(privguard: Run, disk: Path) -> None:
    Path("people.csv").write_text("email\n" + "".join(f"zq{n}.canary@corp.example\n" for n in range(9)))
    for name in ("keys", "log"):
        assert privguard("mask", "people.csv", "-o", f"{name}.csv")[0] == 0
    filled = fill(disk)

    results = [privguard("mask", "people.csv", "-o", f"m{number}.csv") for number in range(TRIES)]

    done = [number for number, (code, _, _) in enumerate(results) if code == 0]
    assert len(done) < TRIES and done == list(range(len(done))), "what was folded in leaves room for a few at most"
    for number, (code, out, err) in enumerate(results[len(done) :], len(done)):
        assert (code, out) == (3, "") and err.startswith("privguard: ") and err.count("\n") == 1
        assert "canary" not in err and not Path(f"m{number}.csv").exists()
    code, out, err = privguard("audit", "verify")
    assert (code, out) == (0, "") and "the log is whole" in err

    filled.unlink()
    assert privguard("audit", "verify")[0] == 0
    lines = privguard("audit", "export", "--format", "jsonl")[1]
    assert lines.count('"action":"data.load"') == 2 + len(done)
    assert privguard("mask", "people.csv", "-o", "again.csv")[0] == 0
    assert privguard("audit", "verify")[0] == 0


def test_keys_that_find_no_room_are_none(privguard: Run, disk: Path) -> None:
    filled = fill(disk)

    code, out, err = privguard("keys", "init")
    assert (code, out) == (3, "") and err.startswith("privguard: ") and "no space left" in err.lower()
    filled.unlink()

    assert privguard("keys", "init")[0] == 0 and privguard("audit", "verify")[0] == 0


def no_temporary_folder(monkeypatch: pytest.MonkeyPatch, disk: Path) -> None:
    """Folders for copies lie on the disk as well."""
    real = tempfile.mkdtemp
    monkeypatch.setattr(tempfile, "mkdtemp", lambda *_, **more: real(**{**more, "dir": str(disk)}))


READING = {
    ("audit", "verify"): 0,
    ("audit", "query"): 0,
    ("audit", "lineage", "people"): 0,
    ("audit", "export"): 0,
    ("audit", "export", "--format", "csv"): 0,
    ("audit", "export", "--format", "openlineage"): 0,
    ("audit", "checkpoint"): 0,
    ("audit", "vkey"): 0,
    ("audit", "acts"): 0,
    ("audit", "unused"): 0,
    ("experiment", "list"): 0,
    ("model", "list"): 0,
    ("approval", "list"): 0,
    ("keys", "list"): 0,
    ("classify", "people.csv"): 0,
    ("policy", "check", "policy.yaml"): 0,
    ("policy", "explain", "people.csv", "--column", "email"): 0,
    ("scan", "people.csv"): 1,
    ("checklist",): 1,
}
"""Commands that tell, and the code of their verdict."""
RECORDED = {"scan": "This scan is not in the log.", "checklist": "what it found is not in the log"}


@pytest.mark.parametrize("how", ["full", "read-only"])
def test_what_only_tells_gives_its_verdict_without_writing(
    privguard: Run, disk: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    Path("people.csv").write_text("email\n" + "".join(f"zq{n}.canary@corp.example\n" for n in range(9)))
    Path("policy.yaml").write_text("version: 1\n")
    assert privguard("mask", "people.csv", "-o", "masked.csv")[0] == 0
    fill(disk)
    for number in range(TRIES):  # a writer that fails leaves its files beside the log
        privguard("mask", "people.csv", "-o", f"{number}.csv")
    if how == "read-only":
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], timeout=30, check=True)
    else:
        no_temporary_folder(monkeypatch, disk)

    for command, verdict in READING.items():
        if command == ("checklist",) and how != "full":  # it takes long
            continue
        code, _, err = privguard(*command)
        assert code == verdict, (command, err)
        assert all(line.startswith("privguard: ") for line in err.splitlines()), err
        if command[0] in RECORDED:
            assert RECORDED[command[0]] in err and str(disk) in err
        elif command != ("audit", "verify"):
            assert "privguard.db" not in err


def test_the_doctor_names_a_full_disk_and_no_other_trouble(
    privguard: Run, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert privguard("keys", "init")[0] == 0
    fill(disk)
    assert privguard("mask", "people.csv", "-o", "masked.csv")[0] == 3
    no_temporary_folder(monkeypatch, disk)

    found = {check.name: check for check in diagnose.diagnose(quick=True)} | {"log": home_checks.log()}

    assert [name for name, check in found.items() if not check.good] == ["disk"]
    assert "0 MB are free" in found["disk"].state and "Free some" in found["disk"].cure


WRITING = (
    ("keys", "rotate"),
    ("seal", "people.csv"),
    ("mask", "people.csv", "-o", "masked.csv"),
    ("experiment", "close", "exp"),
    ("approval", "request", "-d", "people", "-t", "internal", "-r", "why"),
)
UNMET = ("no keys", "no experiment", "there is no log")
"""What a command may want first."""


@pytest.mark.parametrize("in_use", [True, False])
def test_what_must_be_written_says_what_is_full_and_where_and_what_to_do(
    privguard: Run, disk: Path, in_use: bool
) -> None:
    Path("people.csv").write_text("email\n" + "".join(f"zq{n}.canary@corp.example\n" for n in range(9)))
    if in_use:
        assert privguard("keys", "init")[0] == 0
    fill(disk)

    for command in WRITING:
        code, _, err = privguard(*command)
        assert code == 3 and err.startswith("privguard: ") and err.count("\n") == 1, (command, err)
        if not any(unmet in err for unmet in UNMET):
            assert "no space left" in err.lower() and str(disk) in err and "free some" in err, (command, err)
    if not in_use:
        code, _, err = privguard("keys", "init")
        assert code == 3 and "No space left" in err and "free some space" in err and str(disk) in err
    (disk / "fill").unlink()
    assert privguard("keys", "init" if not in_use else "list")[0] == 0
    fill(disk)
    code, _, err = privguard("classify", "people.csv", "--format", "json")
    assert code == 0 and err == ""
