"""What passes a real server between a browser and a real kernel is recorded, and what shows a value is withheld."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_privguard.settings import account_name

if TYPE_CHECKING:
    from conftest import Browser

Start = Callable[..., Awaitable["Browser"]]
Fetch = Callable[..., Awaitable[Any]]
Events = Callable[[], list[dict[str, Any]]]

SHOW = "from IPython.display import display\ndisplay"
EMAIL = "jane.doe.canary@example-bank.com"
LOAD = "%load_ext jupyter_privguard"
TABLE = f"import pandas as pd\ndf = pd.DataFrame({{'email': ['{EMAIL}'] * 30, 'n': range(30)}})\n"


def cells(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ends of cells, each with what its start said."""
    starts = {event["run"]: event for event in events if event["action"] == "cell.start"}
    return [
        {**event, "cell": {**starts[event["run"]]["cell"], **event["cell"]}}
        for event in events
        if event["action"] == "cell.run"
    ]


@pytest.mark.parametrize("is_v1", [True, False], ids=["v1", "legacy"])
async def test_a_kernel_without_the_guard_is_recorded_and_its_values_withheld(
    start_kernel: Start, server_events: Events, is_v1: bool
) -> None:
    browser = await start_kernel(is_v1=is_v1)

    harmless = await browser.run("print('total', 42)\n'ok'", cell="c1")
    shown = await browser.run(f"print('{EMAIL}')\nraise ValueError('{EMAIL}')", cell="c2")
    silent = await browser.run("secret = 1", silent=True)

    assert "total 42" in harmless.text
    assert "withheld" not in harmless.text
    assert EMAIL not in shown.text
    assert shown.text.count("privguard: the server withheld an output that shows EMAIL_ADDRESS unmasked") >= 2
    assert silent.kinds() == ["status", "execute_reply", "status"] or "execute_reply" in silent.kinds()
    events = server_events()
    first, second, third = cells(events)
    assert [cell["outcome"] for cell in (first, second, third)] == ["ok", "error", "ok"]
    assert first["notebook"] == "demo.ipynb"
    assert first["kernel"] == browser.kernel
    assert first["cell"] | {"source_hmac": ""} == {
        "id": "c1",
        "message": first["cell"]["message"],
        "source_hmac": "",
        "kernel_source_hmac": None,
        "size": first["cell"]["size"],
        "silent": False,
        "store_history": True,
        "expressions": 0,
        "empty": False,
        "loads_guard": False,
        "unloads_guard": False,
        "execution_count": 1,
    }
    assert first["outputs"]["kinds"] == {"stream": 1, "execute_result": 1}
    assert len(first["outputs"]["sha256"]) == 64
    assert second["outputs"]["withheld"] == {"EMAIL_ADDRESS": 3}
    assert third["cell"]["silent"] is True
    assert third["outputs"]["count"] == 0
    assert EMAIL not in json.dumps(events)
    assert {event["action"] for event in events} >= {"kernel.start", "key.create"}


async def test_a_value_in_two_parts_is_found(start_kernel: Start) -> None:
    browser = await start_kernel()
    code = f"import sys, time\nprint('x' * 100, '{EMAIL[:15]}', end='')\nsys.stdout.flush()\nprint('{EMAIL[15:]}')"

    replies = await browser.run(code)

    assert EMAIL[15:] not in replies.text
    assert "withheld" in replies.text


async def test_what_the_guard_masks_passes_unchanged_and_what_it_shows_by_grant_too(
    start_kernel: Start, server_events: Events
) -> None:
    browser = await start_kernel()
    await browser.run(LOAD)
    await browser.run(TABLE)

    masked = await browser.run("print(df.email[0], 'a@b')\ndf.head()")
    internal = await browser.run("%%secure --tier internal --purpose test --reason test\nprint(df.head(2))\ndf.head()")

    for replies in (masked, internal):
        assert EMAIL not in replies.text
        assert "the server withheld" not in replies.text
    assert "***@" in masked.text or "[" in masked.text
    assert all(cell["outputs"]["withheld"] == {} for cell in cells(server_events()))


async def test_what_a_grant_shows_passes_and_is_not_saved(
    start_kernel: Start,
    jp_fetch: Fetch,
    jp_root_dir: Path,
    server_events: Events,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "version: 1\n"
        f"principals: {{{account_name()}: {{roles: [compliance]}}}}\n"
        "roles: {compliance: {tiers: [public, internal, compliance], reveal: true, reason: required, log: all}}\n"
        "rules: [{entity: EMAIL_ADDRESS, public: token, internal: token, compliance: clear}]\n"
    )
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))
    browser = await start_kernel()
    await browser.run(LOAD)
    await browser.run(TABLE, cell="c1")
    handle = re.search(r"tok_[0-9a-f]{8}", (await browser.run("df.head(1)", cell="c2")).text)
    assert handle is not None

    clear = await browser.run("%%secure --tier compliance --purpose test --reason test\ndf.head(1)", cell="c3")
    revealed = await browser.run(f"%privguard reveal {handle[0]} --reason test", cell="c4")
    cells_of = [
        {
            "cell_type": "code",
            "id": name,
            "metadata": {},
            "execution_count": 1,
            "source": "",
            "outputs": [
                {"output_type": kind, "data": content["data"], "metadata": content["metadata"]}
                | ({"execution_count": 1} if kind == "execute_result" else {})
                for message in replies
                for kind, content in [(message["header"]["msg_type"], message["content"])]
                if kind in ("display_data", "execute_result")
            ],
        }
        for name, replies in (("c3", clear), ("c4", revealed))
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells_of}
    body = json.dumps({"type": "notebook", "format": "json", "content": notebook})
    await jp_fetch("api", "contents", "demo.ipynb", method="PUT", body=body)

    assert EMAIL in clear.text
    assert EMAIL in revealed.text
    assert EMAIL not in (jp_root_dir / "demo.ipynb").read_text()
    assert [event["outputs"] for event in server_events() if event["action"] == "file.save"] == [2]


async def test_the_server_withholds_what_a_patched_kernel_sends(start_kernel: Start) -> None:
    browser = await start_kernel()
    await browser.run(LOAD)
    await browser.run(TABLE)
    await browser.run("s = get_ipython().kernel.session; s.__dict__.pop('send', None); None")

    replies = await browser.run("print(df.email[0])")

    assert EMAIL not in replies.text


async def test_a_huge_output_arrives_whole_in_order_and_blocks_no_other_kernel(start_kernel: Start) -> None:
    slow, quick = await start_kernel("slow.ipynb"), await start_kernel("quick.ipynb")
    big = f"{SHOW}({{'text/plain': 'harmless text 12 ' * 200_000}}, raw=True)\nprint('after')"

    asked = asyncio.ensure_future(slow.run(big))
    during = [await quick.run("1 + 1") for _ in range(3)]
    replies = await asked

    assert all("execute_result" in one.kinds() for one in during)
    assert [kind for kind in replies.kinds() if kind in ("display_data", "stream")] == ["display_data", "stream"]
    (shown,) = [message for message in replies if message["header"]["msg_type"] == "display_data"]
    assert shown["content"]["data"]["text/plain"] == "harmless text 12 " * 200_000


async def test_a_value_deep_in_a_huge_output_is_found(start_kernel: Start) -> None:
    browser = await start_kernel()
    text = f"'harmless text 12 ' * 100_000 + ' {EMAIL} ' + 'more ' * 1000"

    replies = await browser.run(f"from IPython.display import display\ndisplay({{'text/plain': {text}}}, raw=True)")

    assert EMAIL not in replies.text
    assert "the server withheld" in replies.text


async def test_pictures_are_no_text(start_kernel: Start) -> None:
    browser = await start_kernel()
    picture = "AKIAIOSFODNN7EXAMPLE" * 1000

    replies = await browser.run(
        f"from IPython.display import display\ndisplay({{'image/png': '{picture[:20]}' * 1000}}, raw=True)"
    )

    (shown,) = [message for message in replies if message["header"]["msg_type"] == "display_data"]
    assert shown["content"]["data"] == {"image/png": picture}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("display_data", "display({'image/png': email, 'text/plain': 'a picture'}, raw=True)"),
        ("comm_close", "send('comm_close', {'comm_id': 'c', 'data': {'v': email}}, parent)"),
        ("comm_msg", "send('comm_msg', {'comm_id': 'c', 'data': {}}, parent, None, [email.encode()])"),
        ("made_up", "send('made_up', {'v': email}, parent)"),
    ],
)
async def test_no_kind_of_message_is_a_way_round(
    start_kernel: Start, server_events: Events, kind: str, code: str
) -> None:
    browser = await start_kernel()
    made = f"import functools\n{SHOW}\nkernel = get_ipython().kernel\nparent = kernel.get_parent()\nemail = '{EMAIL}'\n"

    replies = await browser.run(
        f"{made}send = functools.partial(kernel.session.send, kernel.iopub_socket)\n{code}; None"
    )

    assert EMAIL not in replies.text
    assert kind in replies.kinds()
    (cell,) = cells(server_events())
    assert cell["outputs"]["withheld"] == {"EMAIL_ADDRESS": 1}


async def test_what_is_no_message_reaches_the_kernel_as_without_the_gate(start_kernel: Start) -> None:
    browser = await start_kernel()

    browser.send("made_up_request", {"any": ["thing", None, 1.5]})
    browser.send("comm_info_request", {}, metadata={"cellId": 5})
    replies = await browser.run("2 + 2", cell="c1")

    assert "execute_result" in replies.kinds()
