"""What somebody was let see shows in the browser, and is in no file, conversion or history."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPResponse

from jupyter_privguard.settings import account_name

if TYPE_CHECKING:
    from conftest import Browser, Replies

Start = Callable[..., Awaitable["Browser"]]
Fetch = Callable[..., Awaitable[HTTPResponse]]
Events = Callable[[], list[dict[str, Any]]]

NAME, MAIL = "Asha Kulkarni", "jane.doe.canary@example-bank.com"
TABLE = (
    "%load_ext jupyter_privguard\nimport pandas as pd\n"
    f"df = pd.DataFrame({{'full_name': ['{NAME}', 'Ravi Menon'] * 4, 'mail': ['{MAIL}'] * 8, 'n': [7, 8] * 4}})"
)
POLICY = (
    f"version: 1\nprincipals:\n  {account_name()}: {{roles: [officer]}}\n"
    "roles:\n  officer: {tiers: [public, internal, compliance], reveal: true, log: all}\n"
)


@pytest.fixture(autouse=True)
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(POLICY)
    monkeypatch.setenv("PRIVGUARD_POLICY", str(file))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))


def outputs_of(replies: Replies) -> list[dict[str, Any]]:
    """The outputs as a front end puts them into its notebook."""
    made: list[dict[str, Any]] = []
    for message in replies:
        kind, content = message["header"]["msg_type"], message["content"]
        if kind in ("display_data", "update_display_data"):
            made.append({"output_type": "display_data", "data": content["data"], "metadata": content["metadata"]})
        elif kind == "execute_result":
            kept = {key: content[key] for key in ("data", "metadata", "execution_count")}
            made.append({"output_type": kind, **kept})
        elif kind == "stream":
            made.append({"output_type": kind, "name": content["name"], "text": content["text"]})
    return made


def as_cell(number: int, cell_id: str, source: str, outputs: list[dict[str, Any]]) -> dict[str, Any]:
    made = {"cell_type": "code", "id": cell_id, "metadata": {}, "source": source, "outputs": outputs}
    return {**made, "execution_count": number}


async def worked(browser: Browser) -> tuple[dict[str, Any], str]:
    """A notebook with a masked output, one above public, a revealed one; and all that the browser has seen."""
    # What the first cell is made of stands in its source, which is the person's own text and not an output.
    await browser.run(TABLE, cell="c0")
    masked = await browser.run("df", cell="c1")
    handle = re.search(r"tok_[0-9a-f]{8}", masked.text)
    assert handle is not None
    clear = await browser.run("%%secure --tier compliance --reason audit\ndf[['full_name', 'mail']]", cell="c2")
    revealed = await browser.run(f"%privguard reveal {handle[0]} --reason complaint", cell="c3")
    total = await browser.run("int(df['n'].sum())", cell="c4")
    sources = ["df", "df[['full_name', 'mail']]", "reveal", "total"]
    runs = [masked, clear, revealed, total]
    cells = [
        as_cell(number, f"c{number}", source, outputs_of(run))
        for number, (source, run) in enumerate(zip(sources, runs, strict=True), 1)
    ]
    seen = "".join(run.text for run in (clear, revealed))
    assert NAME not in masked.text
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}, seen


def assert_clean(text: str) -> None:
    assert NAME not in text
    assert "Ravi Menon" not in text
    assert MAIL not in text


async def test_what_was_shown_by_grant_is_in_no_file_conversion_or_history(
    start_kernel: Start, jp_fetch: Fetch, jp_root_dir: Path, tmp_path: Path, server_events: Events
) -> None:
    browser = await start_kernel()
    notebook, seen = await worked(browser)
    assert NAME in seen
    assert MAIL in seen
    model = {"type": "notebook", "format": "json", "content": notebook}

    posted = await jp_fetch("nbconvert", "html", method="POST", body=json.dumps({**model, "name": "demo.ipynb"}))
    await jp_fetch("api/contents/demo.ipynb", method="PUT", body=json.dumps(model))
    await jp_fetch("api/contents/demo.ipynb/checkpoints", method="POST", body="{}")
    (jp_root_dir / "raw.ipynb").write_text(json.dumps(notebook))  # not by the server
    converted = [await jp_fetch("nbconvert", how, "raw.ipynb") for how in ("html", "markdown", "notebook", "slides")]
    asked = browser.send("history_request", {"hist_access_type": "range", "output": True, "raw": True, "session": 0})
    while (history := await browser.read())["parent_header"].get("msg_id") != asked or "history" not in history[
        "content"
    ]:
        pass

    (jp_root_dir / "raw.ipynb").unlink()
    for file in [path for path in jp_root_dir.rglob("*") if path.is_file()]:
        assert_clean(file.read_text())
    assert (jp_root_dir / ".ipynb_checkpoints").exists()
    for response in (posted, *converted):
        text = response.body.decode()
        assert_clean(text)
        assert "60" in text  # what is harmless is there
    # Sources are the person's own; of outputs the history keeps none of these.
    told = [entry[2] for entry in history["content"]["history"]]
    assert_clean(json.dumps([one[1] if isinstance(one, list) else one for one in told if "load_ext" not in str(one)]))
    for file in (tmp_path / "ipython").rglob("history.sqlite"):
        import sqlite3

        with sqlite3.connect(file) as store:
            assert_clean(json.dumps(store.execute("select * from output_history").fetchall()))
    assert [event["outcome"] for event in server_events() if event["action"] == "file.save"].count("redacted") >= 3


@pytest.mark.parametrize("body", ["[]", "{}", '{"content": 5}', '{"content": null, "name": 7}', "{", "null"])
async def test_what_is_no_notebook_is_not_converted(jp_fetch: Fetch, body: str) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("nbconvert", "html", method="POST", body=body)

    assert caught.value.code == 400


async def test_a_conversion_takes_token_and_what_other_sites_lack(
    http_server_client: Any, jp_base_url: str, jp_serverapp: Any, jp_fetch: Fetch
) -> None:
    body = json.dumps({"name": "a.ipynb", "content": {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}})
    with pytest.raises(HTTPClientError) as caught:
        await http_server_client.fetch(f"{jp_base_url}nbconvert/html", method="POST", body=body)

    assert caught.value.code == 403
    answer = await jp_fetch("nbconvert", "html", method="POST", body=body)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
