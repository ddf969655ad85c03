"""Long work in a cell says how far it is, and short work says nothing."""

from __future__ import annotations

import pytest

from jupyter_privguard.notebook.progress import Progress


def test_each_tenth_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("report")
    for share in (0.0, 0.05, 0.31, 0.32, 1.0):
        progress.say(share)
    progress.end()

    assert capsys.readouterr().out == "".join(f"\rprivguard: report {tenths:3d} %" for tenths in (0, 30, 100)) + "\n"


def test_work_that_ends_in_time_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("report", after_s=3600)
    progress.say(1.0)
    progress.end()

    assert capsys.readouterr().out == ""
