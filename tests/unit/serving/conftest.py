"""A deployment for each test of serving."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_privguard import runtime
from tests.unit.serving.serving_client import POLICY


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment of its own, with two people."""
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    (tmp_path / "policy.yaml").write_text(POLICY)
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "policy.yaml"))
    return tmp_path / "home"


@pytest.fixture
def ana() -> str:
    """The key of an analyst."""
    return runtime.issue_serving_key("ana")


@pytest.fixture
def cleo() -> str:
    """The key of an officer."""
    return runtime.issue_serving_key("cleo")
