"""The small server of notebooks answers as ASGI says, on this machine alone, and leaves nothing behind."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from jupyter_privguard.demo.local_server import LocalServer


class _Echo:
    """Says what it was asked, and remembers what it was told of its life."""

    def __init__(self) -> None:
        self.life: list[str] = []

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while True:
                event = (await receive())["type"]
                self.life.append(event)
                await send({"type": f"{event}.complete"})
                if event == "lifespan.shutdown":
                    return
        body = (await receive())["body"]
        told = {
            "method": scope["method"],
            "path": scope["path"],
            "query": scope["query_string"].decode(),
            "named": dict(scope["headers"]).get(b"x-name", b"").decode(),
            "body": body.decode(),
        }
        text = json.dumps(told).encode()
        headers = [(b"content-length", str(len(text)).encode()), (b"x-echo", b"yes")]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": text[:5], "more_body": True})
        await send({"type": "http.response.body", "body": text[5:]})


def test_requests_come_through_and_answers_go_back() -> None:
    app = _Echo()
    with LocalServer(app) as server:
        request = urllib.request.Request(f"{server.url}/a/b?c=d", b"hello", {"X-Name": "ana"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert (answer.status, answer.headers["x-echo"]) == (201, "yes")
            told = json.load(answer)
        with urllib.request.urlopen(f"{server.url}/", timeout=60) as answer:
            assert json.load(answer)["method"] == "GET"

    assert told == {"method": "POST", "path": "/a/b", "query": "c=d", "named": "ana", "body": "hello"}
    assert app.life == ["lifespan.startup", "lifespan.shutdown"]


def test_once_closed_nobody_answers_and_closing_again_does_nothing() -> None:
    server = LocalServer(_Echo())
    port = urlsplit(server.url).port
    server.close()
    server.close()

    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", port or 0), timeout=5):
        pass


def test_what_an_application_raises_is_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    class Raising(_Echo):
        async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                raise ValueError("no score for C100037")
            await super().__call__(scope, receive, send)

    with LocalServer(Raising()) as server, pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{server.url}/predict", b"{}", timeout=60)

    with caught.value as answer:
        assert (answer.code, answer.read()) == (500, b"")
    assert "C100037" not in "".join(capsys.readouterr())


def test_only_this_machine_is_answered() -> None:
    with LocalServer(_Echo()) as server:
        assert server._server.server_address[0] == "127.0.0.1"
