"""What every command has in common: wrong use, a reader that leaves early, a full disk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import Run

WIDE = ",".join(f"column_{number}" for number in range(400))


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


@pytest.mark.parametrize(
    "words",
    [
        ("audit", "verify"),
        ("audit", "query"),
        ("experiment", "list"),
        ("keys", "list"),
        ("keys", "init"),
        ("mask", "people.csv", "-o", "out.csv"),
        ("report", "exp-1", "-o", "r.html"),
    ],
    ids=" ".join,
)
def test_a_home_that_is_a_file_is_named_and_nothing_is_said_to_be_lost(
    tmp_path, monkeypatch, privguard, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text("email\nana@corp.example\n")
    (tmp_path / "home").write_text("")
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))

    code, _, err = privguard(*words)

    assert code == 3
    assert err == f"privguard: {tmp_path / 'home'} is not a folder; move it away or set PRIVGUARD_HOME.\n"


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("clasify", "a.csv"), "privguard: No such command 'clasify'; did you mean `privguard classify`?\n"),
        (("audit", "verfy"), "privguard: No such command 'verfy'; did you mean `privguard audit verify`?\n"),
        (
            ("mask", "--teir", "public"),
            "privguard: No such option '--teir'. Did you mean '--tier'? `privguard mask --help` says what there is.\n",
        ),
    ],
)
def test_a_slip_of_the_finger_is_told_with_what_was_meant(privguard: Run, args: tuple[str, ...], sentence: str) -> None:
    assert privguard(*args) == (3, "", sentence)


@pytest.mark.parametrize("group", ["", "approval", "audit", "audit store", "experiment", "keys", "model", "policy"])
def test_the_help_of_a_group_cuts_no_sentence(privguard: Run, group: str) -> None:
    code, out, _ = privguard(*group.split(), "--help")

    listed = out.partition("Commands:")[2]
    assert code == 0 and listed.count(".") >= 2 and "..." not in listed
