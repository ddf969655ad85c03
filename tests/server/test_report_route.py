"""The compliance file through the server: verified first, recorded, refused in one sentence."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.audit.stores.sqlite import FILE
from jupyter_privguard.runtime import planes

if TYPE_CHECKING:
    from conftest import Ask, Browser, FixtureLog


@pytest.fixture
def experiment(fixture_log: FixtureLog) -> str:
    """A small experiment in the log."""
    fixture_log.load()
    fixture_log.data(experiment="exp 1/ü", purpose="churn-model")
    return "exp 1/ü"


async def export(ask: Ask, **body: Any) -> tuple[int, dict[str, Any]]:
    return await ask("report", method="POST", body=json.dumps(body), request_timeout=60)


async def test_the_file_is_whole_and_its_export_is_in_the_log(
    ask: Ask, fixture_log: FixtureLog, experiment: str
) -> None:
    code, answer = await export(ask, experiment=experiment)

    assert code == 200
    assert answer["file_name"] == "compliance-exp-1.html"
    assert answer["html"].startswith("<!DOCTYPE html>")
    assert answer["html"].rstrip().endswith("</html>")
    assert answer["sha256"] == hashlib.sha256(answer["html"].encode()).hexdigest()
    *_, last = runtime.log_reader(fixture_log.home).events()
    assert last["action"] == "report.export"
    assert (last["experiment"], last["sha256"]) == (experiment, answer["sha256"])


async def test_it_tells_of_the_servers_record_whose_it_is_and_of_its_gaps(
    ask: Ask,
    start_kernel: Callable[..., Awaitable[Browser]],
    server_events: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(planes, "_STILL_WRITTEN", -planes._STILL_WRITTEN)
    browser = await start_kernel("early.ipynb")
    for code in ("early = 1", "%load_ext jupyter_privguard", "%%secure --experiment exp-9\n1 + 1"):
        await browser.run(code)
    server_events()

    code, answer = await export(ask, experiment="exp-9")

    assert code == 200
    assert "The second record" in answer["html"]
    assert "On a laptop both are the same person" in answer["html"]
    assert "Ran while the guard was off" in answer["html"]
    assert "early.ipynb" in answer["html"]


async def test_a_notebook_below_the_root_may_be_named(
    ask: Ask, fixture_log: FixtureLog, experiment: str, jp_root_dir: Path
) -> None:
    notebook = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (jp_root_dir / "sub").mkdir()
    (jp_root_dir / "sub" / "demo.ipynb").write_text(json.dumps(notebook))

    code, answer = await export(ask, experiment=experiment, notebook="sub/demo.ipynb")

    assert code == 200
    assert "demo.ipynb" in answer["html"]


async def test_no_file_outside_the_root_is_read(
    ask: Ask, fixture_log: FixtureLog, experiment: str, jp_root_dir: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.ipynb"
    outside.write_text("{}")
    (jp_root_dir / "link.ipynb").symlink_to(outside)
    (jp_root_dir / "plain.txt").write_text("x")
    (jp_root_dir / "folder.ipynb").mkdir()
    paths = ["../outside.ipynb", str(outside), "link.ipynb", "plain.txt", "missing.ipynb", "folder.ipynb", "a\0.ipynb"]

    for path in [*paths, "a/../../outside.ipynb", "x" * 5000 + ".ipynb"]:
        code, answer = await export(ask, experiment=experiment, notebook=path)

        assert (code, answer["code"]) == (400, "bad_notebook"), path
    assert "report.export" not in fixture_log.actions()


async def test_an_unknown_experiment_leaves_no_trace(ask: Ask, fixture_log: FixtureLog, experiment: str) -> None:
    before = fixture_log.actions()

    code, answer = await export(ask, experiment="exp-2")

    assert (code, answer["code"]) == (400, "unusable_input")
    assert answer["message"].startswith("privguard: ")
    assert fixture_log.actions() == before


async def test_without_a_log_there_is_nothing_to_export(ask: Ask, privguard_home: Path) -> None:
    code, answer = await export(ask, experiment="exp-1")

    assert (code, answer["code"]) == (503, "log_unreadable")
    assert not privguard_home.exists()


async def test_a_damaged_log_is_never_exported(ask: Ask, fixture_log: FixtureLog, experiment: str) -> None:
    with sqlite3.connect(fixture_log.home.log / FILE) as database:
        database.execute("drop trigger records_are_not_changed")
        change = "update records set line = replace(line, 'churn', 'other') where line like '%churn%' returning seq"
        ((bad,),) = database.execute(change).fetchall()
    database.close()

    code, answer = await export(ask, experiment=experiment)

    assert (code, answer["code"]) == (409, "log_damaged")
    assert "html" not in answer
    assert re.search(rf"\b{bad}\b", answer["message"])
    assert "report.export" not in fixture_log.actions()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PRIVGUARD_POLICY", "version: [\n"),
        ("PRIVGUARD_POLICY", "version: 1\nunknown_key: 1\n"),
    ],
)
async def test_an_unusable_policy_exports_nothing(
    ask: Ask,
    fixture_log: FixtureLog,
    experiment: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    text: str,
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(text)
    monkeypatch.setenv(name, str(policy))

    code, answer = await export(ask, experiment=experiment)

    assert (code, answer["code"]) == (409, "policy_unusable")
    assert "report.export" not in fixture_log.actions()


async def test_bodies_that_are_no_request_are_refused(ask: Ask) -> None:
    bodies = {
        "bad_body": [
            "",
            "{",
            "[]",
            "1",
            '"x"',
            "null",
            "[" * 20_000,
            "\xff\xfe",
            '{"experiment": "e", "tier": "public"}',
        ],
        "bad_experiment": ["{}", *(json.dumps({"experiment": name}) for name in (None, 1, [], "", "  ", "x" * 201))],
        "bad_notebook": ['{"experiment": "e", "notebook": 1}', '{"experiment": "e", "notebook": ""}'],
    }
    for expected, texts in bodies.items():
        for text in texts:
            code, answer = await ask("report", method="POST", body=text.encode("latin-1"))

            assert (code, answer["code"]) == (400, expected), text[:40]

    code, answer = await ask("report", method="POST", body=json.dumps({"experiment": "x" * 70_000}))
    assert (code, answer["code"]) == (413, "too_large")


async def test_the_server_answers_others_while_a_report_is_made(
    ask: Ask, fixture_log: FixtureLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixture_log.load()
    go_on = threading.Event()

    def slow(experiment: str, **_: Any) -> dict[str, str]:
        assert go_on.wait(timeout=30)
        return {"experiment": experiment}

    monkeypatch.setattr("jupyter_privguard.server.routes.export_report", slow)
    report = asyncio.ensure_future(export(ask, experiment="exp-1"))
    code, _ = await ask("status")
    was_running = not report.done()
    go_on.set()

    assert code == 200
    assert was_running
    assert (await report)[0] == 200
