"""The application behind a real server: many clients at once, each with an answer and an event."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import uvicorn

import jupyter_privguard as pg
from jupyter_privguard import runtime
from tests.unit.serving.serving_client import Churn, people, predictions, request_of


@pytest.fixture
def port() -> Iterator[int]:
    """Of uvicorn with the application, as the documentation runs it, but in a thread."""
    app = pg.prediction_app(Churn(), review_on=people(60))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive() and time.monotonic() < until, "the server did not start"
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join(60)
    assert not thread.is_alive()
    assert app._model._at is None  # told by the server that all is over, the model has let go of the log


def test_clients_of_a_real_socket_each_get_their_own_masked_answer(port: int) -> None:
    key = runtime.issue_serving_key("ana")

    def asked(number: int) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
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
