"""When a process is proven dead, and when nothing is proven."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jupyter_privguard.audit import _process
from jupyter_privguard.audit._process import ProcessMark


def mark_of(pid: int) -> ProcessMark:
    born = _process._born(pid)
    assert born
    return ProcessMark.own()._replace(pid=pid, born=born)


def test_a_running_process_is_not_dead() -> None:
    assert not ProcessMark.own().is_proven_dead()


def test_a_process_that_ended_is_dead_even_before_it_is_reaped() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    mark = mark_of(process.pid)
    assert not mark.is_proven_dead()

    process.kill()
    assert process.stdout is not None
    process.stdout.read()  # returns when the system has closed the dead process's files
    while _process._born(process.pid) is not None:
        pass
    assert mark.is_proven_dead()
    process.communicate()
    assert mark.is_proven_dead()


def test_a_process_id_that_is_used_again_is_another_process() -> None:
    assert ProcessMark.own()._replace(born="1").is_proven_dead()


@pytest.mark.parametrize(
    ("part", "dead"), [(0, False), (1, True), (2, False)], ids=["other machine", "other boot", "other container"]
)
def test_what_cannot_be_compared_proves_nothing(part: int, dead: bool) -> None:
    own = ProcessMark.own()
    place = own.place.split("|")
    place[part] = "another"

    assert own._replace(place="|".join(place), pid=2**22 + 1).is_proven_dead() is dead
    assert not own._replace(place="garbage", pid=2**22 + 1).is_proven_dead()


def test_systems_without_proc_are_asked_through_psutil(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_process, "_first_line", lambda path: "")
    own = ProcessMark.own()
    born = _process._born_elsewhere(own.pid)

    assert own.place.split("|")[0]
    assert int(own.place.split("|")[1]) > 0
    assert born
    assert _process._born_elsewhere(2**22 + 1) is None
