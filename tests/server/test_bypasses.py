"""Ways round the guard, tried in real kernels behind a real server: what `audit verify` and the panel then say."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient

from jupyter_privguard.audit.reconcile import Gap, reconcile
from jupyter_privguard.cli.main import main
from jupyter_privguard.model import Principal
from jupyter_privguard.runtime import has_log, home, log_reader, planes
from jupyter_privguard.settings import account_name

if TYPE_CHECKING:
    from conftest import Ask, Browser

Start = Callable[..., Awaitable["Browser"]]
Events = Callable[[], list[dict[str, Any]]]

LOAD = "%load_ext jupyter_privguard"
UNHOOK = """
from jupyter_privguard.audit.log import AuditLog
AuditLog.start_run = lambda log, event: "run"
AuditLog.end_run = lambda log, run, event: None
"""


def gaps(events: list[dict[str, Any]]) -> list[Gap]:
    kernels = log_reader().events() if has_log(home()) else ()
    return reconcile(list(kernels), events)


def verify(capsys: Any) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(["audit", "verify"])
    assert isinstance(ended.value.code, int)
    return ended.value.code, capsys.readouterr().err


async def test_honest_work_leaves_no_gap(start_kernel: Start, server_events: Events) -> None:
    browser = await start_kernel()
    for code in (
        LOAD,
        "x = 1",
        "1 / 0",
        "%%time\nx + 1",
        "!echo hi",
        "",
        "get_ipython().run_cell('x = 2')",
        "%%secure\nx",
    ):
        await browser.run(code)
    await browser.run("x", silent=True)
    await browser.run("x", store_history=False)
    browser.send("execute_request", {"code": "import time; time.sleep(0.2); raise SystemError", "stop_on_error": True})
    await browser.run("'waits and is not run'")

    assert gaps(server_events()) == []


async def test_cells_before_and_after_the_guard_are_gaps(start_kernel: Start, server_events: Events) -> None:
    browser = await start_kernel()
    for code in ("early = 1", LOAD, "guarded = 1", "%unload_ext jupyter_privguard", "late = 1"):
        await browser.run(code)

    found = gaps(server_events())

    assert [(gap.kind, gap.cell) for gap in found] == [("unguarded", 1), ("unguarded", 5)]
    assert {gap.person for gap in found} == {account_name()}
    assert {gap.notebook for gap in found} == {"demo.ipynb"}


async def test_a_kernel_that_was_restarted_is_without_its_guard(
    start_kernel: Start, server_events: Events, jp_fetch: Any
) -> None:
    browser = await start_kernel()
    for code in (LOAD, "guarded = 1"):
        await browser.run(code)
    await jp_fetch("api", "kernels", browser.kernel, "restart", method="POST", body="{}")
    # The server opens a websocket when the kernel answers it; on an older one the first messages may be lost.
    again = await start_kernel(kernel=browser.kernel)
    await again.run("after = 1")

    (gap,) = gaps(server_events())

    assert (gap.kind, gap.is_contradiction) == ("unguarded", False)


async def test_expressions_and_the_debugger_are_seen_beside_the_cells(
    start_kernel: Start, server_events: Events
) -> None:
    browser = await start_kernel()
    await browser.run("x = 1")
    await browser.run("", user_expressions={"shown": "x"})
    await browser.run(LOAD)
    browser.send(
        "debug_request",
        {"type": "request", "seq": 1, "command": "evaluate", "arguments": {"expression": "x"}},
        channel="control",
    )
    while (await browser.read())["header"]["msg_type"] != "debug_reply":
        pass

    found = gaps(server_events())

    assert [gap.kind for gap in found] == ["unguarded", "unguarded", "evaluated"]


async def test_gaps_of_others_are_counted_and_not_told(
    start_kernel: Start, server_events: Events, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        f"version: 1\nprincipals: {{{account_name()}: {{roles: [analyst]}}}}\n"
        "roles: {analyst: {tiers: [public], log: own}}\n"
    )
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))
    monkeypatch.setattr(planes, "_STILL_WRITTEN", -planes._STILL_WRITTEN)
    monkeypatch.setattr("jupyter_privguard.server.plane.person", lambda handler: Principal("somebody-else"))
    browser = await start_kernel()
    await browser.run("theirs = 1")
    server_events()

    _, answer = await ask("gaps")

    assert (answer["hidden"], answer["total"], answer["gaps"]) == (1, 0, [])


async def test_cells_without_the_guards_hooks_are_gaps(start_kernel: Start, server_events: Events) -> None:
    browser = await start_kernel()
    for code in (LOAD, UNHOOK, "print('unseen')"):
        await browser.run(code)
    await browser.run("silent = 1", silent=True)

    found = gaps(server_events())

    assert [gap.kind for gap in found] == ["unfinished", "unrecorded", "unrecorded"]
    assert all(gap.is_contradiction for gap in found)


async def test_a_second_client_of_the_kernel_is_a_gap(
    start_kernel: Start, server_events: Events, jp_serverapp: Any
) -> None:
    browser = await start_kernel()
    await browser.run(LOAD)
    manager = jp_serverapp.kernel_manager.get_kernel(browser.kernel)
    client = AsyncKernelClient()
    client.load_connection_info(manager.get_connection_info(session=False))
    client.start_channels()
    await client.wait_for_ready(timeout=20)
    asked = client.execute("print('by another way')")
    while (await client.get_shell_msg(timeout=20))["parent_header"].get("msg_id") != asked:
        pass
    client.stop_channels()
    await browser.run("last = 1")

    (gap,) = gaps(server_events())

    assert (gap.kind, gap.person) == ("unseen", account_name())


async def test_a_made_up_record_is_a_gap(start_kernel: Start, server_events: Events) -> None:
    browser = await start_kernel()
    await browser.run(LOAD)
    forge = """
from jupyter_privguard.guard.cells.cell import CellOptions
from jupyter_privguard.runtime.sessions import running_session
session = running_session()
session.open_run("made-up", CellOptions(), "df.mean()", execution_count=7, cell_id="innocent")
session.close_run("made-up", "ok")
"""
    await browser.run(forge)

    (gap,) = gaps(server_events())

    assert (gap.kind, gap.cell, gap.cell_id) == ("unseen", 7, "innocent")


async def test_a_kernel_that_kills_itself_leaves_a_gap(start_kernel: Start, server_events: Events) -> None:
    browser = await start_kernel()
    await browser.run(LOAD)
    browser.send("execute_request", {"code": "import os; os._exit(1)", "silent": False})
    while (await browser.read())["content"].get("execution_state") != "restarting":
        pass
    again = await start_kernel(kernel=browser.kernel)
    await again.run("after = 1")

    found = gaps(server_events())

    assert [gap.kind for gap in found][:2] == ["lost", "unguarded"]


async def test_a_log_that_was_replaced_is_a_gap_for_command_and_panel(
    start_kernel: Start, server_events: Events, ask: Ask, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(planes, "_STILL_WRITTEN", -planes._STILL_WRITTEN)
    browser = await start_kernel()
    for code in (LOAD, "x = 1"):
        await browser.run(code)
    server_events()
    code_before, said_before = verify(capsys)
    replace = """
import shutil
from jupyter_privguard import runtime
home = runtime.home()
get_ipython().run_line_magic("unload_ext", "jupyter_privguard")
for path in home.root.iterdir():
    if path not in (home.keys, home.server.root):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
home.make()
with runtime.open_log(home, runtime.log_key(home)):
    pass
"""
    await browser.run(replace)
    await browser.run("y = 1")
    server_events()

    code_after, said_after = verify(capsys)
    code, answer = await ask("gaps")

    assert (code_before, code_after) == (0, 2)
    assert "no gap between the two" in said_before
    assert "not the one any more whose checkpoint the server kept" in said_after
    assert code == 200
    assert answer["present"] is True
    assert "rewritten" in [gap["kind"] for gap in answer["gaps"]]
    assert all(gap["sentence"].startswith("privguard: ") for gap in answer["gaps"])
    assert json.dumps(answer)


async def test_without_a_log_of_the_server_there_is_nothing_to_tell(ask: Ask) -> None:
    assert await ask("gaps") == (200, {"present": False, "size": 0, "hidden": 0, "total": 0, "gaps": []})
