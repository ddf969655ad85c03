"""Files that come and go through the server, and terminals, are in its record: path, size and digest."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.services.contents.filemanager import FileContentsManager
from tornado.httpclient import HTTPResponse

from jupyter_privguard.settings import account_name

Fetch = Callable[..., Awaitable[HTTPResponse]]
Events = Callable[[], list[dict[str, Any]]]

DATA = b"email,n\njane.doe.canary@example-bank.com,1\n"
DIGEST = hashlib.sha256(DATA).hexdigest()
MANAGERS = pytest.mark.parametrize(
    "jp_server_config", [{}, {"contents_manager_class": FileContentsManager}], indirect=True, ids=["default", "sync"]
)


def of(events: list[dict[str, Any]], action: str) -> list[tuple[Any, ...]]:
    return [(e["path"], e["size"], e["sha256"], e["principal"]["id"]) for e in events if e["action"] == action]


async def put(fetch: Fetch, path: str, model: dict[str, Any]) -> None:
    await fetch("api", "contents", path, method="PUT", body=json.dumps({"type": "file", **model}))


@MANAGERS
async def test_uploads_are_recorded(jp_fetch: Fetch, server_events: Events) -> None:
    await put(jp_fetch, "a.csv", {"format": "text", "content": DATA.decode()})
    await put(jp_fetch, "b.csv", {"format": "base64", "content": base64.b64encode(DATA).decode()})

    assert of(server_events(), "file.upload") == [
        (name, len(DATA), DIGEST, account_name()) for name in ("a.csv", "b.csv")
    ]


async def test_an_upload_in_chunks_is_one(jp_fetch: Fetch, server_events: Events, jp_root_dir: Path) -> None:
    for chunk, part in ((1, DATA[:9]), (2, DATA[9:20]), (-1, DATA[20:])):
        await put(jp_fetch, "c.csv", {"format": "text", "content": part.decode(), "chunk": chunk})

    assert of(server_events(), "file.upload") == [("c.csv", len(DATA), DIGEST, account_name())]
    assert (jp_root_dir / "c.csv").read_bytes() == DATA


@MANAGERS
async def test_downloads_are_recorded_by_interface_and_by_address(
    jp_fetch: Fetch, server_events: Events, jp_root_dir: Path
) -> None:
    (jp_root_dir / "a.csv").write_bytes(DATA)

    by_interface = await jp_fetch("api", "contents", "a.csv")
    by_address = await jp_fetch("files", "a.csv")
    await jp_fetch("api", "contents", "a.csv", params={"content": "0"})
    await jp_fetch("api", "contents", "")

    assert json.loads(by_interface.body)["content"] == DATA.decode()
    assert by_address.body == DATA
    assert of(server_events(), "file.download") == [("a.csv", len(DATA), DIGEST, account_name())] * 2


async def test_a_path_that_shows_a_value_is_masked_in_the_record(
    jp_fetch: Fetch, server_events: Events, jp_root_dir: Path
) -> None:
    (jp_root_dir / "jane.doe.canary@example-bank.com.txt").write_bytes(DATA)

    await jp_fetch("files", "jane.doe.canary@example-bank.com.txt")

    events = server_events()
    assert [event["action"] for event in events if event["action"] == "file.download"] == ["file.download"]
    assert "canary" not in json.dumps(events)


async def test_a_terminal_is_recorded(jp_fetch: Fetch, server_events: Events, jp_serverapp: Any) -> None:
    await asyncio.sleep(0)
    response = await jp_fetch("api", "terminals", method="POST", body="{}")
    name = json.loads(response.body)["name"]
    await jp_fetch("api", "terminals", name, method="DELETE")

    (event,) = [event for event in server_events() if event["action"] == "terminal.start"]

    assert event["principal"]["id"] == account_name()


async def test_a_record_that_cannot_be_written_stops_nobody(
    jp_fetch: Fetch, jp_root_dir: Path, privguard_home: Path, caplog: pytest.LogCaptureFixture, server_events: Events
) -> None:
    privguard_home.mkdir(mode=0o700)
    (privguard_home / "server").write_text("a file where the folder should be")

    await put(jp_fetch, "a.csv", {"format": "text", "content": DATA.decode()})
    await jp_fetch("files", "a.csv")
    (privguard_home / "server").unlink()
    await jp_fetch("files", "a.csv")

    actions = [event["action"] for event in server_events()]
    assert (jp_root_dir / "a.csv").read_bytes() == DATA
    assert "The server's record waits for it." in caplog.text
    assert actions == ["key.create", "file.upload", "file.download", "file.download"]
