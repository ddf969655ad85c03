"""Whatever way a notebook takes to the disk, no value in its outputs gets there."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from jupyter_server.services.contents.filemanager import FileContentsManager
from tornado.httpclient import HTTPClientError, HTTPResponse

if TYPE_CHECKING:
    from conftest import FixtureLog

Fetch = Callable[..., Awaitable[HTTPResponse]]
Events = Callable[[], list[dict[str, Any]]]

KERNEL = "0f9d1f0e-6d2b-4b8e-9d6e-1f2a3b4c5d6e"
EMAIL = "jane.doe.canary@example-bank.com"
CARD = "4111 1111 1111 1111"
SYNC = {"contents_manager_class": FileContentsManager}
MANAGERS = pytest.mark.parametrize("jp_server_config", [{}, SYNC], indirect=True, ids=["default", "sync"])


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def shown(text: str, **metadata: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": metadata, "data": {"text/plain": text}}


def cell(*outputs: dict[str, Any], cell_id: str = "c1", number: int = 1) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": cell_id,
        "metadata": {},
        "execution_count": number,
        "source": "df",
        "outputs": list(outputs),
    }


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


LEAKY = notebook(
    cell(stream(f"mail {EMAIL}\nand 42\n"), shown(f"<b>{EMAIL}</b>"), cell_id="c1"),
    cell(
        {"output_type": "error", "ename": "ValueError", "evalue": f"card {CARD}", "traceback": [f"card {CARD}", "x"]},
        cell_id="c2",
    ),
)
CLEAN = notebook(cell(stream("total 42\n"), shown("0.5 of 7 rows"), cell_id="c1"))


async def put(fetch: Fetch, path: str, model: dict[str, Any]) -> HTTPResponse:
    return await fetch("api", "contents", path, method="PUT", body=json.dumps(model))


def as_notebook(content: dict[str, Any]) -> dict[str, Any]:
    return {"type": "notebook", "format": "json", "content": content}


def as_text(content: Any) -> dict[str, Any]:
    return {"type": "file", "format": "text", "content": json.dumps(content)}


def on_disk(root: Path) -> str:
    """All files of the server's folder, checkpoints too."""
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in root.rglob("*") if path.is_file())


async def saved_as_notebook(fetch: Fetch) -> None:
    await put(fetch, "a.ipynb", as_notebook(LEAKY))


async def saved_with_a_checkpoint(fetch: Fetch) -> None:
    await put(fetch, "a.ipynb", as_notebook(LEAKY))
    await fetch("api", "contents", "a.ipynb", "checkpoints", method="POST", body="{}")


async def saved_as_file(fetch: Fetch) -> None:
    await put(fetch, "a.ipynb", as_text(LEAKY))


async def saved_encoded(fetch: Fetch) -> None:
    content = base64.b64encode(json.dumps(LEAKY).encode()).decode()
    await put(fetch, "a.ipynb", {"type": "file", "format": "base64", "content": content})


async def saved_in_capitals(fetch: Fetch) -> None:
    await put(fetch, "a.IPYNB", as_text(LEAKY))


async def saved_in_chunks(fetch: Fetch) -> None:
    await put_chunks(fetch, "a.ipynb", json.dumps(LEAKY))


async def saved_in_encoded_chunks(fetch: Fetch) -> None:
    await put_chunks(fetch, "sub.IPYNB", json.dumps(LEAKY), encode=True)


async def put_chunks(fetch: Fetch, path: str, text: str, *, encode: bool = False) -> None:
    for chunk, part in zip((1, 2, -1), (text[:100], text[100:200], text[200:]), strict=True):
        sent = base64.b64encode(part.encode()).decode() if encode else part
        await put(
            fetch, path, {"type": "file", "format": "base64" if encode else "text", "content": sent, "chunk": chunk}
        )


async def renamed(fetch: Fetch) -> None:
    await put(fetch, "a.txt", as_text(LEAKY))
    await fetch("api", "contents", "a.txt", method="PATCH", body=json.dumps({"path": "a.ipynb"}))


async def copied(fetch: Fetch) -> None:
    await put(fetch, "a.ipynb", as_notebook(LEAKY))
    await fetch("api", "contents", "", method="POST", body=json.dumps({"copy_from": "a.ipynb"}))


async def broken(fetch: Fetch) -> None:
    await put(fetch, "a.ipynb", {"type": "file", "format": "text", "content": json.dumps(LEAKY)[:-3]})


WAYS = [
    saved_as_notebook,
    saved_with_a_checkpoint,
    saved_as_file,
    saved_encoded,
    saved_in_capitals,
    saved_in_chunks,
    saved_in_encoded_chunks,
    renamed,
    copied,
    broken,
]


@MANAGERS
@pytest.mark.parametrize("way", WAYS)
async def test_no_value_reaches_the_disk(
    jp_fetch: Fetch, jp_root_dir: Path, server_events: Events, way: Callable[[Fetch], Awaitable[None]]
) -> None:
    await way(jp_fetch)

    written = on_disk(jp_root_dir)
    assert EMAIL not in written
    assert CARD not in written
    assert "[redacted]" in written
    assert "and 42" in written
    saves = [event for event in server_events() if event["action"] == "file.save"]
    assert saves[0]["outcome"] == "redacted"
    assert saves[0]["withheld"]["EMAIL_ADDRESS"] >= 2
    assert EMAIL not in json.dumps(server_events())


async def test_between_two_chunks_nothing_is_on_the_disk(jp_fetch: Fetch, jp_root_dir: Path) -> None:
    part = {"type": "file", "format": "text", "content": json.dumps(LEAKY)[:-9], "chunk": 1}
    answer = json.loads((await put(jp_fetch, "a.ipynb", part)).body)

    assert answer["path"] == "a.ipynb"
    assert answer["content"] is None
    assert not (jp_root_dir / "a.ipynb").exists()


async def test_a_notebook_without_values_comes_out_of_its_chunks_as_it_was(
    jp_fetch: Fetch, jp_root_dir: Path, server_events: Events
) -> None:
    text = json.dumps({**CLEAN, "metadata": {"title": "é" * 300}}, ensure_ascii=False, separators=(" , ", ":"))
    await put_chunks(jp_fetch, "a.ipynb", text)

    assert (jp_root_dir / "a.ipynb").read_text() == text
    (upload,) = [event for event in server_events() if event["action"] == "file.upload"]
    assert upload["size"] == len(text.encode())


@pytest.mark.parametrize("chunk", [2, -1, 0, "x"])
async def test_a_chunk_without_its_first_is_refused(jp_fetch: Fetch, jp_root_dir: Path, chunk: Any) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await put(jp_fetch, "a.ipynb", {"type": "file", "format": "text", "content": EMAIL, "chunk": chunk})

    assert caught.value.code == 400
    assert not (jp_root_dir / "a.ipynb").exists()


@MANAGERS
async def test_what_holds_no_value_is_saved_as_it_came(
    jp_fetch: Fetch, jp_root_dir: Path, server_events: Events
) -> None:
    await put(jp_fetch, "a.ipynb", as_notebook(CLEAN))
    text = json.dumps(CLEAN, separators=(", ", " : "))
    await put(jp_fetch, "b.ipynb", {"type": "file", "format": "text", "content": text})
    await put(jp_fetch, "c.csv", {"type": "file", "format": "text", "content": f"email\n{EMAIL}\n"})

    assert nbformat.read(jp_root_dir / "a.ipynb", 4)["cells"] == CLEAN["cells"]
    assert (jp_root_dir / "b.ipynb").read_text() == text
    assert (jp_root_dir / "c.csv").read_text() == f"email\n{EMAIL}\n"
    assert not [event for event in server_events() if event["action"] == "file.save"]


async def test_a_browser_keeps_what_it_shows(jp_fetch: Fetch, jp_root_dir: Path) -> None:
    """The answer to a saving brings no content, so that nothing on the screen is replaced."""
    response = await put(jp_fetch, "a.ipynb", as_notebook(LEAKY))

    assert json.loads(response.body)["content"] is None
    assert response.code in (200, 201)


@pytest.mark.parametrize("tier", ["internal", "compliance"])
async def test_outputs_above_public_are_not_saved(
    jp_fetch: Fetch, jp_root_dir: Path, fixture_log: FixtureLog, tier: str
) -> None:
    fixture_log.load()
    fixture_log.run(cell={"id": "high", "message": "m1", "execution_count": 1}, tier=tier)
    fixture_log.run(cell={"id": "low", "message": "m2", "execution_count": 2}, tier="public")
    fixture_log.run(cell={"id": None, "message": "m3", "execution_count": 3}, tier=tier)
    nameless = cell(stream("Margarethe Quux\n"), number=3)
    del nameless["id"]

    cells = (cell(stream("Jane Canary\n"), shown("Q"), cell_id="high"), cell(stream("all fine\n"), cell_id="low"))
    await put(jp_fetch, "demo.ipynb", as_notebook(notebook(*cells)))
    await put(jp_fetch, "old.ipynb", as_notebook({**notebook(nameless), "nbformat_minor": 4}))

    written = (jp_root_dir / "demo.ipynb").read_text()
    assert "Jane Canary" not in written
    assert "this output is for the screen and is not saved" in written
    assert "all fine" in written


async def test_a_cell_that_ran_again_at_public_is_saved(
    jp_fetch: Fetch, jp_root_dir: Path, fixture_log: FixtureLog
) -> None:
    fixture_log.load()
    fixture_log.run(cell={"id": "c", "message": "m1", "execution_count": 1}, tier="compliance")
    fixture_log.run(cell={"id": "c", "message": "m2", "execution_count": 2}, tier="public")

    await put(jp_fetch, "demo.ipynb", as_notebook(notebook(cell(stream("now public\n"), cell_id="c"))))

    assert "now public" in (jp_root_dir / "demo.ipynb").read_text()


async def test_a_revealed_record_is_not_saved(jp_fetch: Fetch, jp_root_dir: Path) -> None:
    output = shown("tok_11223344: Jane Canary", privguard="revealed")

    await put(jp_fetch, "demo.ipynb", as_notebook(notebook(cell(output))))

    assert "Jane Canary" not in on_disk(jp_root_dir)


async def test_what_a_cell_above_public_puts_into_the_output_of_another_is_not_saved(
    jp_fetch: Fetch, jp_root_dir: Path, fixture_log: FixtureLog, jp_serverapp: Any
) -> None:
    fixture_log.load()
    fixture_log.run(cell={"id": "low", "message": "m1", "execution_count": 1}, tier="public")
    fixture_log.run(cell={"id": "high", "message": "m2", "execution_count": 2}, tier="compliance")
    plane = jp_serverapp.web_app.settings["privguard_plane"]
    plane.screens.note({"data": {"text/plain": "Jane Canary"}}, KERNEL, "m2")
    plane.screens.note({"data": {"text/plain": "harmless"}}, KERNEL, "m1")

    outputs = [shown("Jane Canary"), shown("harmless")]
    await put(jp_fetch, "demo.ipynb", as_notebook(notebook(cell(*outputs, cell_id="low"))))

    written = on_disk(jp_root_dir)
    assert "Jane Canary" not in written
    assert "harmless" in written


@pytest.mark.parametrize(("save", "code"), [("refuse", 403), ("record", 201)])
async def test_the_policy_says_what_a_saving_keeps(
    jp_fetch: Fetch,
    jp_root_dir: Path,
    server_events: Events,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    save: str,
    code: int,
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(f"version: 1\nsave: {save}\n")
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))

    try:
        answer = (await put(jp_fetch, "a.ipynb", as_notebook(LEAKY))).code
    except HTTPClientError as error:
        assert error.response is not None
        answer = error.code
        assert json.loads(error.response.body)["message"].startswith("privguard: the notebook was not saved")

    assert answer == code
    assert (EMAIL in on_disk(jp_root_dir)) == (save == "record")
    (event,) = [event for event in server_events() if event["action"] == "file.save"]
    assert event["outcome"] == {"refuse": "refused", "record": "recorded"}[save]


async def test_what_cannot_be_looked_through_is_not_saved(
    jp_fetch: Fetch, jp_root_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(EMAIL)

    monkeypatch.setattr("jupyter_privguard.server.save_guard.cleaned_notebook", fail)

    with pytest.raises(HTTPClientError) as caught:
        await put(jp_fetch, "a.ipynb", as_notebook(LEAKY))

    assert caught.value.code == 500
    assert caught.value.response is not None
    assert EMAIL.encode() not in caught.value.response.body
    assert not (jp_root_dir / "a.ipynb").exists()
