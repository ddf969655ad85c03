"""A deployment for each test of reviews."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def place(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys and log of its own."""
    home = tmp_path_factory.mktemp("review") / "home"
    monkeypatch.setenv("PRIVGUARD_HOME", str(home))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    return home
