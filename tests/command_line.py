"""Commands in this process, as a person runs them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jupyter_privguard.cli.main import main

Run = Callable[..., tuple[object, str, str]]


def commands(captured: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with these arguments; its exit code, stdout and stderr."""

    def run(*args: object) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as left:
            main([str(arg) for arg in args])
        out, err = captured.readouterr()
        return left.value.code, out, err

    return run
