"""A model that echoes its customers, and a client that speaks ASGI in this process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from jupyter_privguard import runtime

POLICY = """
version: 1
principals:
  ana: {roles: [analyst]}
  cleo: {roles: [officer]}
roles:
  analyst: {tiers: [public, internal]}
  officer: {tiers: [public, internal, compliance], reason: required}
"""


class Churn:
    """Says for each customer how likely they leave."""

    def predict(self, inputs: Any) -> Any:
        """The customers, with a score that depends on their income alone."""
        return pd.DataFrame(
            {
                "customer_id": list(inputs["customer_id"]),
                "churn_probability": [(n % 9973) / 9973 for n in inputs["income"]],
                "segment": ["high" if n > 50_000 else "low" for n in inputs["income"]],
            }
        )


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        """The JSON in it."""
        return json.loads(self.text)


def people(count: int, *, start: int = 0) -> pd.DataFrame:
    """Customers of no particular order."""
    numbers = [(start + n) * 7919 % 90_000 + 10_000 for n in range(count)]
    return pd.DataFrame(
        {"customer_id": [f"C-{n}" for n in numbers], "income": [n * 3 % 80_000 + 20_000 for n in numbers]}
    )


async def ask(
    app: Any,
    body: Any = None,
    *,
    path: str = "/predict",
    method: str = "POST",
    key: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request."""
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    sent = {"content-type": "application/json", "content-length": str(len(raw)), **(headers or {})}
    if key is not None:
        sent["authorization"] = f"Bearer {key}"
    pairs = [(name.lower().encode(), value.encode()) for name, value in sent.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": pairs, "query_string": b""}
    halves = [raw[: len(raw) // 2], raw[len(raw) // 2 :]]
    waiting = [
        {"type": "http.request", "body": halves[0], "more_body": True},
        {"type": "http.request", "body": halves[1], "more_body": False},
    ]
    got: list[Any] = []

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        got.append(message)

    await app(scope, receive, send)
    told = {name.decode(): value.decode() for name, value in got[0]["headers"]}
    return Answer(got[0]["status"], told, b"".join(part["body"] for part in got[1:]).decode())


def asked(app: Any, body: Any = None, **how: Any) -> Answer:
    """`ask`, to its end."""
    return asyncio.run(ask(app, body, **how))


def request_of(table: pd.DataFrame) -> dict[str, Any]:
    """``table`` as MLflow's protocol has it."""
    return {"dataframe_records": table.to_dict("records")}


def predictions() -> list[dict[str, Any]]:
    """The events of predictions in the log."""
    return [event for event in runtime.log_reader().events() if event["action"] == "model.predict"]
