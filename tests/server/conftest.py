"""A real Jupyter server with the extension on, in the test's own folders."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1

# Starred into this folder only: as a plug-in of the whole run they would wrap every other test too.
from pytest_jupyter.jupyter_server import *  # noqa: F403
from tornado.httpclient import HTTPClientError, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

from jupyter_privguard import runtime
from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.verify import verify
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
            about = {name: fields[name] for name in ("cell", "tier") if name in fields}
            run = log.start_run(self._event("cell.start", outcome="started", run="", **about))
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


_PATIENCE_S = 120
"""Seconds after which a message that does not come is a failure, and not a run without an end."""
V1 = "v1.kernel.websocket.jupyter.org"
Message = dict[str, Any]


class Replies(list[Message]):
    """What came back for one request, in order."""

    @property
    def text(self) -> str:
        """Everything that a person would see, as one text."""
        return json.dumps([message["content"] for message in self if message["header"]["msg_type"] != "execute_input"])

    def kinds(self) -> list[str]:
        return [message["header"]["msg_type"] for message in self]


class Browser:
    """One open websocket of one kernel."""

    def __init__(self, socket: WebSocketClientConnection, kernel: str, *, is_v1: bool) -> None:
        self.socket = socket
        self.kernel = kernel
        self.session = uuid.uuid4().hex
        self.last = ""
        self._is_v1 = is_v1

    @classmethod
    async def open(cls, url: str, headers: dict[str, str], kernel: str, *, is_v1: bool = True) -> Browser:
        request = HTTPRequest(f"{url}api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}", headers=headers)
        socket = await websocket_connect(request, subprotocols=[V1] if is_v1 else None)
        return cls(socket, kernel, is_v1=is_v1)

    def send(self, kind: str, content: dict[str, Any], *, channel: str = "shell", metadata: Any = None) -> str:
        self.last = uuid.uuid4().hex
        header = {
            "msg_id": self.last,
            "msg_type": kind,
            "session": self.session,
            "username": "u",
            "date": "2026-01-01T00:00:00Z",
            "version": "5.3",
        }
        message = {"header": header, "parent_header": {}, "metadata": metadata or {}, "content": content}
        if self._is_v1:
            pack = lambda part: json.dumps(part).encode()  # noqa: E731
            self.socket.write_message(serialize_msg_to_ws_v1(message, channel, pack), binary=True)
        else:
            self.socket.write_message(json.dumps({**message, "channel": channel, "buffers": []}))
        return self.last

    async def read(self) -> Message:
        raw = await asyncio.wait_for(self.socket.read_message(), _PATIENCE_S)
        assert raw is not None, "the server closed the websocket"
        if not self._is_v1:
            found: Message = json.loads(raw)
            return found
        channel, parts = deserialize_msg_from_ws_v1(raw)
        names = ("header", "parent_header", "metadata", "content")
        return {"channel": channel, **{name: json.loads(part) for name, part in zip(names, parts, strict=False)}}

    async def is_answered(self) -> bool:
        """Whether the kernel answers this websocket on all channels, as one that began anew a moment ago may not."""
        asked, waits = self.send("kernel_info_request", {}), {"kernel_info_reply", "idle"}
        try:
            async with asyncio.timeout(_PATIENCE_S / 24):
                while waits:
                    message = await self.read()
                    if message["parent_header"].get("msg_id") == asked:
                        waits.discard(message["header"]["msg_type"])
                        waits.discard(message["content"].get("execution_state"))
        except TimeoutError:
            return False
        return True

    async def run(self, code: str, *, cell: str | None = None, **options: Any) -> Replies:
        """Run ``code``; what came back, up to its reply and the end of its outputs."""
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
            **options,
        }
        asked = self.send("execute_request", content, metadata={"cellId": cell} if cell else {})
        replies, waits = Replies(), {"execute_reply", "idle"}
        while waits:
            message = await self.read()
            if message["parent_header"].get("msg_id") != asked:
                continue
            replies.append(message)
            waits.discard(message["header"]["msg_type"])
            waits.discard(message["content"].get("execution_state"))
        return replies


@pytest.fixture(autouse=True)
def privguard_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "privguard"
    monkeypatch.setenv("PRIVGUARD_HOME", str(home))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    return home


@pytest.fixture
def fixture_log(privguard_home: Path) -> FixtureLog:
    return FixtureLog(Home(privguard_home))


@pytest.fixture(autouse=True)
def jp_server_cleanup(jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Ends the server; its kernels too, at once, for a second of waiting for each is seen by nobody."""
    yield
    if not ServerApp.initialized():
        return
    app = ServerApp.instance()
    processes = _taken_from(getattr(app, "kernel_manager", None))
    jp_asyncio_loop.run_until_complete(app._cleanup())
    if hasattr(app, "kernel_manager"):
        app.kernel_manager.context.destroy()  # while they live: what is on its way to a dead one is waited for
    ServerApp.clear_instance()
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=_PATIENCE_S)


def _taken_from(kernels: Any) -> list[Any]:
    """The processes of the kernels that a server has, which knows them no more."""
    found = []
    for kernel in [] if kernels is None else kernels.list_kernel_ids():
        found.append(kernels.get_kernel(kernel).provisioner.process)
        kernels.stop_watching_activity(kernel)
        kernels.remove_kernel(kernel)
    return [process for process in found if process is not None]


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


@pytest.fixture
def start_kernel(
    jp_fetch: Callable[..., Awaitable[HTTPResponse]],
    jp_serverapp: Any,
    jp_base_url: str,
    jp_http_port: int,
    jp_auth_header: dict[str, str],
) -> Callable[..., Awaitable[Browser]]:
    """Start a real kernel for a notebook and open a websocket of it; with ``kernel`` another one of that."""

    async def start(
        notebook: str = "demo.ipynb", *, is_v1: bool = True, headers: dict[str, str] | None = None, kernel: str = ""
    ) -> Browser:
        body = {"path": notebook, "name": notebook, "type": "notebook", "kernel": {"name": "python3"}}
        sent = {**jp_auth_header, **(headers or {})}
        url = f"ws://127.0.0.1:{jp_http_port}{jp_base_url}"
        if not kernel:
            response = await jp_fetch("api", "sessions", method="POST", body=json.dumps(body), headers=dict(sent))
            kernel = json.loads(response.body)["kernel"]["id"]
            return await Browser.open(url, sent, kernel, is_v1=is_v1)
        for _ in range(24):
            again = await Browser.open(url, sent, kernel, is_v1=is_v1)
            if await again.is_answered():
                return again
        raise AssertionError("the kernel that began anew answers no websocket")

    return start


@pytest.fixture
def server_events(jp_serverapp: Any, privguard_home: Path) -> Callable[[], list[dict[str, Any]]]:
    """What the server has recorded by now, its log verified."""

    def read() -> list[dict[str, Any]]:
        jp_serverapp.web_app.settings["privguard_plane"].record.flush()
        reader = runtime.server_log(Home(privguard_home))
        return [] if reader is None else list(verify(reader).events)

    return read


@pytest.fixture
def settled_events(
    jp_serverapp: Any, server_events: Callable[[], list[dict[str, Any]]]
) -> Callable[[], Awaitable[list[dict[str, Any]]]]:
    """As ``server_events``, once everything has been judged that the server does beside its loop."""

    async def read() -> list[dict[str, Any]]:
        threads = jp_serverapp.web_app.settings["privguard_plane"].threads
        # Each thread waits for all others: so each has ended what it had to do before.
        together = threading.Barrier(threads._max_workers, timeout=_PATIENCE_S)
        waiting = [asyncio.wrap_future(threads.submit(together.wait)) for _ in range(threads._max_workers)]
        await asyncio.gather(*waiting)
        await asyncio.sleep(0)  # what they told the loop was told before
        return server_events()

    return read
