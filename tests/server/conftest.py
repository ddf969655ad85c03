"""A real Jupyter server with the extension on, in the test's own folders."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

# Starred into this folder only: as a plug-in of the whole run they would wrap every other test too.
from pytest_jupyter.jupyter_server import *  # noqa: F403
from tornado.httpclient import HTTPClientError, HTTPResponse

from jupyter_privguard import runtime
from jupyter_privguard.audit.event import event
from jupyter_privguard.model import Principal
from jupyter_privguard.settings import Home

KERNEL = "0f9d1f0e-6d2b-4b8e-9d6e-1f2a3b4c5d6e"

Ask = Callable[..., Awaitable[tuple[int, dict[str, Any]]]]


class FixtureLog:
    """Writes events as the guard of one kernel does."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.ring, _ = runtime.keyring(home)

    def _event(self, action: str, *, outcome: str = "ok", session: str = "s1", **fields: Any) -> dict[str, Any]:
        return event(
            action,
            principal=Principal("analyst-1"),
            session=session,
            outcome=outcome,
            policy_sha256="0" * 64,
            kernel=KERNEL,
            notebook="demo.ipynb",
            **fields,
        )

    def add(self, action: str, **fields: Any) -> dict[str, Any]:
        with runtime.open_log(self.home, self.ring) as log:
            return log.append(self._event(action, **fields))

    def run(self, **fields: Any) -> None:
        with runtime.open_log(self.home, self.ring) as log:
            run = log.start_run(self._event("cell.start", outcome="started", run=""))
            log.end_run(run, self._event("cell.run", **fields))

    def load(self, **fields: Any) -> dict[str, Any]:
        return self.add(
            "guard.load", tier="public", policy="built-in", version="0.1.0", python="3.11", host="kernel", **fields
        )

    def data(self, label: str = "email", **fields: Any) -> dict[str, Any]:
        column = {
            "label": label,
            "entity": "EMAIL_ADDRESS",
            "class": "pii",
            "confidence": 98,
            "action": {"public": "partial", "internal": "encrypt", "compliance": "clear"},
        }
        dataset = {"name": "people", "source": "people.csv", "rows": 30, "columns": [column]}
        return self.add("data.load", dataset=dataset, **fields)

    def actions(self) -> list[str]:
        return [entry["action"] for entry in runtime.log_reader(self.home).events()]


@pytest.fixture(autouse=True)
def privguard_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "privguard"
    monkeypatch.setenv("PRIVGUARD_HOME", str(home))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    return home


@pytest.fixture
def fixture_log(privguard_home: Path) -> FixtureLog:
    return FixtureLog(Home(privguard_home))


@pytest.fixture
def jp_server_config(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The server's settings; tests add to them by indirect parametrisation."""
    added = getattr(request, "param", {})
    return {"ServerApp": {"jpserver_extensions": {"jupyter_privguard": True}, **added}}


@pytest.fixture
def ask(jp_fetch: Callable[..., Awaitable[HTTPResponse]]) -> Ask:
    """Ask a route with the token; the status and the JSON answer, errors too."""

    async def fetch(*parts: str, **options: Any) -> tuple[int, dict[str, Any]]:
        try:
            response = await jp_fetch("privguard", "api", "v1", *parts, **options)
        except HTTPClientError as error:
            assert error.response is not None
            response = error.response
        assert response.headers["Content-Type"].startswith("application/json")
        assert response.headers["Cache-Control"] == "no-store"
        return response.code, json.loads(response.body)

    return fetch
