"""A guarded notebook with a tracking store."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_privguard.runtime import sessions
from tests.unit.tracking.store_client import Notebook


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("kept")
        patched.setenv("PRIVGUARD_HOME", str(folder / "home"))
        patched.delenv("PRIVGUARD_POLICY", raising=False)
        made = Notebook(folder)
        yield made
        made.close()


@pytest.fixture
def shared(kept: Notebook, monkeypatch: pytest.MonkeyPatch) -> Notebook:
    """One notebook for many tests, each of which sees only what came since it began."""
    monkeypatch.setenv("PRIVGUARD_HOME", str(kept.space["folder"] / "home"))
    monkeypatch.setattr(sessions, "_sessions", [weakref.ref(kept.session)])  # other tests have begun others since
    kept.begin()
    return kept


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notebook]:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    monkeypatch.chdir(tmp_path)
    made = Notebook(tmp_path)
    yield made
    made.close()
