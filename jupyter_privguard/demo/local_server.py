"""A small HTTP server for an ASGI application, for a notebook to try it out: on this machine alone, a free port.

It speaks the part of HTTP that the standard library's server does, without TLS. To serve others there is uvicorn and
the like.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

__all__ = ["LocalServer"]

_Message = MutableMapping[str, Any]
_App = Callable[[_Message, Callable[[], Awaitable[_Message]], Callable[[_Message], Awaitable[None]]], Awaitable[None]]


class LocalServer:
    """Serves ``app`` from a thread until it is closed; a context manager too."""

    def __init__(self, app: _App) -> None:
        """OSError where this machine has no port left."""
        self._loop = asyncio.new_event_loop()
        self._loop_thread = threading.Thread(target=self._loop.run_forever, name="privguard-app", daemon=True)
        self._loop_thread.start()
        self._lifespan = _Lifespan(app)
        self._run(self._lifespan.start())
        self._server = _Server(("127.0.0.1", 0), _handler(lambda *asked: self._run(_answer(app, *asked))))
        self._thread = threading.Thread(target=self._server.serve_forever, name="privguard-http", daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        """Where it answers, without a slash at the end."""

    def close(self) -> None:
        """Answer nobody any more, and let the application let go of what it holds; again does nothing."""
        if self._loop.is_closed():
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._run(self._lifespan.end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._loop_thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that went away is no news for the notebook."""


class _Lifespan:
    """Tells the application when it begins and when it ends, as ASGI's lifespan protocol does."""

    def __init__(self, app: _App) -> None:
        self._app = app
        self._said: asyncio.Queue[_Message] = asyncio.Queue()
        self._heard: asyncio.Queue[_Message] = asyncio.Queue()
        self._task: asyncio.Future[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.ensure_future(self._app({"type": "lifespan"}, self._said.get, self._heard.put))
        await self._tell("startup")

    async def end(self) -> None:
        await self._tell("shutdown")
        assert self._task is not None  # noqa: S101 - it was started
        await self._task

    async def _tell(self, what: str) -> None:
        await self._said.put({"type": f"lifespan.{what}"})
        await self._heard.get()


async def _answer(
    app: _App, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """What ``app`` says to one request: status, headers, body."""
    target = urlsplit(path)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": target.path,
        "query_string": target.query.encode(),
        "headers": headers,
    }
    got: list[_Message] = []

    async def receive() -> _Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: _Message) -> None:
        got.append(message)

    await app(scope, receive, send)
    return got[0]["status"], list(got[0]["headers"]), b"".join(part.get("body", b"") for part in got[1:])


def _handler(answered: Callable[..., Any]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def answer(self) -> None:
            length = self.headers.get("content-length", "0")
            body = self.rfile.read(int(length)) if length.isdigit() else b""
            headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in self.headers.items()]
            try:
                status, told, text = answered(self.command, self.path, headers, body)
            except Exception:  # noqa: BLE001 - an application of anybody's; its words are not for whoever asks
                status, told, text = 500, [(b"content-length", b"0")], b""
            self.send_response_only(status)
            for name, value in told:
                self.send_header(name.decode(), value.decode())
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = answer  # noqa: N815 - as the standard library looks for them

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the standard library calls it
            """Nothing: what was asked is in the log, and the kernel's terminal is not a place to read."""

    return Handler
