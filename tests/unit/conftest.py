"""State of a test's own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """PRIVGUARD_HOME, not made yet, and no policy but the built-in one."""
    place = tmp_path / "home"
    monkeypatch.setenv("PRIVGUARD_HOME", str(place))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    return place
