"""The command line on hostile files, on state of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Run, commands


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """PRIVGUARD_HOME, not made yet; no policy but the built-in one; a work folder beside it."""
    place, work = tmp_path / "home", tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("PRIVGUARD_HOME", str(place))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    return place


@pytest.fixture
def privguard(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; its exit code, stdout and stderr."""
    return commands(capfd)
