"""A served prediction: through the guard and bare, by eight clients of one process, asked in turns.

The same application, model and JSON; bare, it neither knows who asks nor masks nor records. What the guard adds is
also measured without the durable write, whose time is the disk's.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from typing import Any

from measure import Row, as_text

from jupyter_privguard import prediction_app, runtime
from jupyter_privguard.frames import frame_of
from jupyter_privguard.model import Tier
from jupyter_privguard.serving.plan import Served

_CLIENTS = 8
_REQUESTS = 1000
_ROUNDS = 5
_ALLOWED_S = 0.002


class _Churn:
    def predict(self, inputs: Any) -> list[dict[str, Any]]:
        pairs = zip(inputs["customer_id"], inputs["income"], strict=True)
        return [{"customer_id": one, "churn_probability": (income % 9973) / 9973} for one, income in pairs]


class _Bare:
    """Serves the model as it is."""

    def check(self) -> None: ...

    def close(self) -> None: ...

    def known(self, key: str) -> Any:
        return runtime.principal(_POLICY)

    def predict(self, inputs: Any, *, who: Any, tier: Tier = Tier.PUBLIC, reason: str | None = None) -> Served:
        output = _Churn().predict(inputs)
        return Served(output, tier, output, {})


_POLICY = runtime.policy()


def rows() -> list[Row]:
    """Medians of single requests, one client; then all requests of eight clients together."""
    sample = frame_of(
        {"customer_id": [f"C-{10_000 + n}" for n in range(60)], "income": [20_000 + n * 7 for n in range(60)]}
    )
    key = runtime.issue_serving_key(runtime.principal(_POLICY).id)
    guarded = prediction_app(_Churn(), review_on=sample)
    unwritten = prediction_app(_Churn(), review_on=sample)
    unwritten._model._place().commits.add = lambda _: None
    bare = type(guarded)(_Bare())
    singles: dict[str, list[float]] = {"bare": [], "unwritten": [], "guarded": []}
    apps = {"bare": bare, "unwritten": unwritten, "guarded": guarded}
    for _ in range(_ROUNDS):
        for name, app in apps.items():
            singles[name] += asyncio.run(_timed(app, key, 100))
    peer, masked, ours = (statistics.median(singles[name]) for name in apps)
    added = masked - peer
    began = time.perf_counter()
    asyncio.run(_together(bare, key))
    middle = time.perf_counter()
    asyncio.run(_together(guarded, key))
    end = time.perf_counter()
    guarded._model.close()
    events = sum(event["action"] == "model.predict" for event in runtime.log_reader().events())
    expected = _REQUESTS + 100 * _ROUNDS
    if events != expected:
        raise RuntimeError(f"{events} events of {expected} predictions")
    many = (end - middle) / _REQUESTS, (middle - began) / _REQUESTS
    return [
        Row("a request, recorded", as_text(ours), f"bare {as_text(peer)}", ours / peer),
        Row(
            "of which the guard adds without the durable write",
            as_text(added),
            f"allowed {as_text(_ALLOWED_S)}",
            added / _ALLOWED_S,
            1.0,
        ),
        Row(
            f"a request of {_CLIENTS} clients together, recorded",
            as_text(many[0]),
            f"bare {as_text(many[1])}",
            many[0] / many[1],
        ),
    ]


async def _timed(app: Any, key: str, count: int) -> list[float]:
    taken = []
    for number in range(count):
        began = time.perf_counter()
        await _ask(app, key, number)
        taken.append(time.perf_counter() - began)
    return taken


async def _together(app: Any, key: str) -> None:
    async def client(first: int) -> None:
        for number in range(first, _REQUESTS, _CLIENTS):
            await _ask(app, key, number)

    await asyncio.gather(*(client(number) for number in range(_CLIENTS)))


async def _ask(app: Any, key: str, number: int) -> None:
    record = {"customer_id": f"C-{20_000 + number}", "income": 20_000 + number}
    body = json.dumps({"dataframe_records": [record]}).encode()
    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {key}".encode())]
    scope = {"type": "http", "method": "POST", "path": "/predict", "headers": headers}
    got: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        got.append(message)

    await app(scope, receive, send)
    if got[0]["status"] != 200:
        raise RuntimeError("a request was not served")
