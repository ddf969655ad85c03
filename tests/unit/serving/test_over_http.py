"""The application behind a real socket: many clients at once, each with an answer and an event."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from tests.unit.serving.serving_client import Churn, people, predictions, request_of


class _Server:
    """As much of HTTP/1.1 as an ASGI application needs, on a free port of this machine."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, path, _ = (await reader.readline()).decode().split()
        headers = []
        while (line := (await reader.readline()).strip()) != b"":
            name, _, value = line.partition(b":")
            headers.append((name.strip().lower(), value.strip()))
        body = await reader.readexactly(int(dict(headers).get(b"content-length", b"0")))

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                lines = [b"%s: %s" % pair for pair in message["headers"]]
                writer.write(
                    b"\r\n".join([b"HTTP/1.1 %d x" % message["status"], *lines, b"connection: close", b"", b""])
                )
            else:
                writer.write(message["body"])
                await writer.drain()

        await self._app({"type": "http", "method": method, "path": path, "headers": headers}, receive, send)
        writer.close()

    def close(self) -> None:
        async def end() -> None:
            self._server.close()

        self._run(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)


@pytest.fixture
def server() -> Iterator[_Server]:
    app = pg.prediction_app(Churn(), review_on=people(60))
    made = _Server(app)
    yield made
    made.close()
    app._model.close()


def test_clients_of_a_real_socket_each_get_their_own_masked_answer(server: _Server) -> None:
    key = runtime.issue_serving_key("ana")

    def asked(number: int) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        body = json.dumps(request_of(people(1, start=number)))
        connection.request("POST", "/invocations", body, {"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        found = answer.status, json.loads(answer.read())
        connection.close()
        return found

    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(asked, range(80)))

    assert [status for status, _ in answers] == [200] * 80
    tokens = [body["predictions"][0]["customer_id"] for _, body in answers]
    assert sorted(tokens) == sorted(event["subject"] for event in predictions())
    expected = [round((n % 9973) / 9973, 2) for n in people(80)["income"]]
    assert [body["predictions"][0]["churn_probability"] for _, body in answers] == expected
