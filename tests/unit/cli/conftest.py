"""The command line as a person uses it, on state of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_privguard.cli.main import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """PRIVGUARD_HOME, not made yet, and no policy but the built-in one."""
    place = tmp_path / "home"
    monkeypatch.setenv("PRIVGUARD_HOME", str(place))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    return place


@pytest.fixture
def privguard(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[object, str, str]]:
    """Runs a command; its exit code, stdout and stderr."""

    def run(*args: object) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as left:
            main([str(arg) for arg in args])
        out, err = capsys.readouterr()
        return left.value.code, out, err

    return run
