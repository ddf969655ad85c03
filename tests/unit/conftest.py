"""State of a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.errors import PrivguardError
from jupyter_privguard.guard.session import Session


@pytest.fixture(autouse=True)
def no_session_outlives_its_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A guard that nobody closes would be told of the files of all tests that follow, and take longer with each."""
    opened: list[Session] = []
    make = Session.__init__

    def remembered(self: Session, **given: Any) -> None:
        make(self, **given)
        opened.append(self)

    monkeypatch.setattr(Session, "__init__", remembered)
    yield
    for session in reversed(opened):
        if not session.is_closed:
            with suppress(PrivguardError):
                session.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """PRIVGUARD_HOME, not made yet, and no policy but the built-in one."""
    place = tmp_path / "home"
    monkeypatch.setenv("PRIVGUARD_HOME", str(place))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    return place
