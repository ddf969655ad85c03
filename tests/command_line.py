"""Commands in this process, as a person runs them."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import NamedTuple

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


class Said(NamedTuple):
    """What a command, or another surface, answered."""

    code: int
    text: str


def command(*args: str) -> Said:
    """The exit code of a command with these arguments, and all that it printed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as left:
        main(list(args))
    return Said(int(str(left.value.code)), out.getvalue() + err.getvalue())
