"""A disk without room, a real one: what cannot be recorded is not done, and goes on once there is room again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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
    code, out, err = privguard("audit", "verify")  # a reader needs some room beside the log, too
    assert code in (0, 3) and out == "" and err.startswith("privguard: ") and "damaged" not in err

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
