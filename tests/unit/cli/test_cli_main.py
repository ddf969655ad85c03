"""What every command has in common: wrong use, a reader that leaves early, a full disk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import Run

WIDE = "".join(f"column_{number},"[: None if number < 2999 else -1] for number in range(3000))


@pytest.mark.parametrize(
    ("args", "words", "where"),
    [
        (("nosuch",), "No such command 'nosuch'", "privguard --help"),
        (("audit", "nosuch"), "No such command 'nosuch'", "privguard audit --help"),
        (("mask", "--nope"), "No such option '--nope'", "privguard mask --help"),
        (("classify",), "Missing argument 'FILE...'", "privguard classify --help"),
    ],
)
def test_wrong_use_is_one_sentence_that_says_where_to_look(
    args: tuple[str, ...], words: str, where: str, privguard: Run
) -> None:
    code, out, err = privguard(*args)

    assert (code, out, err.count("\n")) == (3, "", 1)
    assert err.startswith("privguard: ") and words in err and f"`{where}`" in err


@pytest.mark.parametrize("args", [(), ("audit",), ("policy",)])
def test_a_group_without_a_command_says_so_before_its_help(args: tuple[str, ...], privguard: Run) -> None:
    code, out, err = privguard(*args)

    assert (code, out) == (3, "") and err.startswith("privguard: name a command.\n\nUsage: privguard")


def command(tmp_path: Path) -> list[str]:
    (tmp_path / "wide.csv").write_text(f"{WIDE}\n")
    return [sys.executable, "-m", "jupyter_privguard", "classify", str(tmp_path / "wide.csv"), "--format", "json"]


def test_a_reader_that_has_had_enough_is_no_error(tmp_path: Path, home: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(command(tmp_path), stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60, check=False)

    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_output_that_cannot_be_written_says_why(tmp_path: Path, home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command(tmp_path), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )

    assert done.returncode == 3 and done.stderr.count("\n") == 1
    assert done.stderr.startswith("privguard: ") and "No space left on device" in done.stderr
