"""The command line as a person uses it."""

from __future__ import annotations

import pytest

from tests.command_line import Run, commands


@pytest.fixture
def privguard(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; its exit code, stdout and stderr."""
    return commands(capsys)
