"""Files that are none: nobody waits for a pipe, reads a device without end, or writes through a link."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.command_line import Run

PATIENCE_S = 20
PEOPLE = "email,full_name\n" + "".join(f"asha.k{n}@corp.example,Asha Kulkarni\n" for n in range(30))
COMMANDS = {
    "classify": ["classify", "{}"],
    "mask": ["mask", "{}", "-o", "out.csv"],
    "seal": ["seal", "{}"],
    "unseal": ["unseal", "{}", "-o", "out", "--reason", "r"],
    "scan": ["scan", "--jobs", "1", "{}"],
    "baseline": ["scan", "--jobs", "1", "people.csv", "--baseline", "{}"],
    "report verify": ["report", "verify", "{}"],
    "key of a report": ["report", "verify", "people.csv", "--vkey", "{}"],
    "slice": ["audit", "verify", "{}"],
    "checkpoint": ["audit", "verify", "--checkpoint", "{}"],
    "policy": ["policy", "check", "{}"],
}


@contextmanager
def no_longer_than(seconds: int) -> Iterator[None]:
    """What takes longer fails; the test would hang otherwise."""

    def late(*_: object) -> None:
        raise TimeoutError("it waits")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.skipif(os.name == "nt", reason="there are pipes and devices")
@pytest.mark.parametrize("make", [pipe, device])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_pipe_and_a_device_are_refused_at_once(privguard: Run, command: str, make: Callable[[Path], None]) -> None:
    Path("people.csv").write_text(PEOPLE)
    make(Path("strange.csv"))

    with no_longer_than(PATIENCE_S):
        code, out, err = privguard(*(part.format("strange.csv") for part in COMMANDS[command]))

    assert code in (1, 2, 3) and "unexpected" not in err and "Traceback" not in out + err
    assert any(line.startswith("privguard: ") for line in err.splitlines())


@pytest.mark.parametrize("named", [".", "link.csv"])
def test_fix_changes_nothing_behind_a_link(privguard: Run, tmp_path: Path, named: str) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text(PEOPLE)
    Path("link.csv").symlink_to(outside)

    code, _, err = privguard("scan", "--jobs", "1", "--fix", named)

    assert outside.read_text() == PEOPLE and Path("link.csv").is_symlink()
    assert code == 1 and "link" in err


def test_fix_changes_a_file_however_many_links_lead_to_it(privguard: Run) -> None:
    Path("people.csv").write_text(PEOPLE)
    Path("a-link.csv").symlink_to("people.csv")

    privguard("scan", "--jobs", "1", "--fix", ".")

    assert "asha.k3@" not in Path("people.csv").read_text() and Path("a-link.csv").is_symlink()


@pytest.mark.parametrize(
    "name", ["a\x1b[31mb.csv", "a\x1b]0;own\x07b.csv", "a\nprivguard: all is well.csv", "\u202evsc.a.csv"]
)
@pytest.mark.parametrize("command", ["classify", "mask", "scan"])
def test_no_name_of_a_file_reaches_the_terminal_as_it_is(privguard: Run, command: str, name: str) -> None:
    Path(name).write_text(PEOPLE)

    _, out, err = privguard(*(part.format(name) for part in COMMANDS[command]))

    assert not set("\x1b\x07\u202e") & set(out + err)
    assert not any(line.startswith("privguard: all is well") for line in (out + err).splitlines())
