"""The gate holds messages back in order, and lets go of them whatever happens to one."""

from __future__ import annotations

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.server.connection import Gate
from jupyter_privguard.server.passing import Passing
from jupyter_privguard.server.screens import Screens

EMAIL = "jane.doe.canary@example-bank.com"


class Policy:
    patterns = ()

    def __call__(self) -> Any:
        return built_in()


def message(text: str, kind: str = "stream") -> list[bytes]:
    parts = ({"msg_type": kind, "msg_id": "1"}, {"msg_id": "m"}, {}, {"name": "stdout", "text": text})
    return [json.dumps(part).encode() for part in parts]


class Setting:
    def __init__(self) -> None:
        self.sent: list[str] = []
        self.fails_at = ""
        plane = SimpleNamespace(
            passing=Passing(lambda *_: None, lambda *_: None),
            policy=Policy(),
            screens=Screens(),
            threads=ThreadPoolExecutor(2),
            kernels=SimpleNamespace(withheld=lambda entities, **_: entities),
            fingerprints=SimpleNamespace(known_to=lambda _: None),
        )
        connection = SimpleNamespace(kernel_id="k", log=logging.getLogger("test"))
        self.gate = Gate(plane, connection, self.send)  # type: ignore[arg-type]  # of which the gate uses no more

    def send(self, stream: Any, msg_list: Any) -> None:
        text = json.loads(bytes(msg_list[3])).get("text", "?")
        if self.fails_at and self.fails_at in text:
            raise ConnectionError
        self.sent.append(text[:20])

    async def settle(self, count: int) -> None:
        for _ in range(2000):
            if len(self.sent) >= count:
                return
            await asyncio.sleep(0.005)


@pytest.fixture
def setting() -> Setting:
    return Setting()


async def test_what_comes_after_a_message_that_is_looked_at_waits(setting: Setting) -> None:
    texts = ["first", "big " * 20_000, "third", f"mail {EMAIL}", "fifth", "sixth"]
    for text in texts:
        setting.gate.answer("s", message(text))
    assert setting.sent == ["first"]

    await setting.settle(6)

    assert [text[:5] for text in setting.sent] == ["first", "big b", "third", "privg", "fifth", "sixth"]


@pytest.mark.parametrize("fails_at", ["big ", "third"])
async def test_one_that_cannot_be_sent_holds_no_other_back(setting: Setting, fails_at: str) -> None:
    setting.fails_at = fails_at
    for text in ("big " * 20_000, "third", "fourth"):
        setting.gate.answer("s", message(text))

    await setting.settle(2)

    assert [text[:5] for text in setting.sent] == [
        t for t in ("big b", "third", "fourt") if not t.startswith(fails_at[:3])
    ]


async def test_an_output_that_cannot_be_looked_through_is_withheld_and_others_pass(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(EMAIL)

    monkeypatch.setattr("jupyter_privguard.server.connection.entities_in", fail)

    setting.gate.answer("s", message("text"))
    setting.gate.answer("s", message("big " * 20_000))
    setting.gate.answer("s", message("status", kind="status"))
    setting.gate.answer("s", [b"no", b"message", b"", json.dumps({"text": "odd"}).encode()])
    await setting.settle(4)

    assert setting.sent == ["privguard: the serve"] * 2 + ["status", "odd"]


async def test_a_connection_that_is_closed_sends_no_more(setting: Setting) -> None:
    setting.gate.answer("s", message("big " * 20_000))
    setting.gate.answer("s", message("after"))

    setting.gate.leave()
    await asyncio.sleep(0.3)

    assert setting.sent == []
