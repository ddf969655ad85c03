"""The command line on hostile files, on state of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_privguard.cli.main import main


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
def privguard(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[object, str, str]]:
    """Runs a command; its exit code, stdout and stderr."""

    def run(*args: object) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as left:
            main([str(arg) for arg in args])
        out, err = capfd.readouterr()
        return left.value.code, out, err

    return run
