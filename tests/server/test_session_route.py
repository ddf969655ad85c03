"""What the panel is told about a kernel: the log, no more, no less, and no value."""

from __future__ import annotations

import json
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_privguard.audit.stores.sqlite import FILE

if TYPE_CHECKING:
    from conftest import Ask, Browser, FixtureLog

KERNEL = "0f9d1f0e-6d2b-4b8e-9d6e-1f2a3b4c5d6e"


async def test_status_tells_version_and_size_of_the_log(ask: Ask, fixture_log: FixtureLog) -> None:
    fixture_log.load()

    code, answer = await ask("status")

    assert code == 200
    assert answer["version"]
    assert answer["log"] == {
        "readable": True,
        "present": True,
        "size": len(fixture_log.actions()),
        "rewritten": False,
    }


async def test_without_a_log_there_is_no_guard_and_no_error(ask: Ask, privguard_home: Path) -> None:
    assert (await ask("status"))[1]["log"] == {"readable": True, "present": False, "size": 0, "rewritten": False}

    code, answer = await ask("session", KERNEL)

    assert code == 200
    assert answer["guard"]["state"] == "absent"
    assert answer["log"]["present"] is False
    assert not privguard_home.exists()  # looking makes nothing


async def test_a_session_is_told_whole_and_then_by_its_news(ask: Ask, fixture_log: FixtureLog) -> None:
    fixture_log.load()
    fixture_log.data(experiment="exp-1", purpose="churn-model")

    _, whole = await ask("session", KERNEL)
    fixture_log.add("experiment.close", experiment="exp-1")
    _, news = await ask("session", KERNEL, params={"after": whole["next"]})
    _, nothing = await ask("session", KERNEL, params={"after": news["next"]})

    assert whole["guard"] | {"assurance": None} == {
        "state": "on",
        "tier": "public",
        "reason": None,
        "policy": "built-in",
        "assurance": None,
        "person": "analyst-1",
    }
    assert whole["purpose"] == "churn-model"
    assert whole["experiments"] == ["exp-1"]
    assert [event["action"] for event in whole["events"]] == ["guard.load", "data.load"]
    (dataset,) = whole["datasets"]
    assert dataset["columns"][0] | {"confidence": 0} == {
        "label": "email",
        "entity": "EMAIL_ADDRESS",
        "class": "pii",
        "confidence": 0,
        "action": {"public": "partial", "internal": "encrypt", "compliance": "clear"},
    }
    assert [event["action"] for event in news["events"]] == ["experiment.close"]
    assert news["datasets"] == nothing["events"] == nothing["datasets"] == []


async def test_source_and_reach_of_cells_stay_in_the_log(ask: Ask, fixture_log: FixtureLog) -> None:
    fixture_log.load()
    cell = {"execution_count": 1, "id": "c1", "source": "CANARY", "source_hmac": "CANARY"}
    fixture_log.run(cell=cell, sinks=[{"kind": "file", "target": "CANARY"}], masked={"IBAN": 2})

    _, answer = await ask("session", KERNEL)

    assert [event["action"] for event in answer["events"]] == ["guard.load", "cell.run"]
    assert answer["events"][-1]["masked"] == {"IBAN": 2}
    assert "CANARY" not in json.dumps(answer)


@pytest.mark.parametrize(
    "before", ["x" * 41, "0-0-0-0", "..%2f..%2fetc", "a b-c-d-e-f", "<script>-1-2-3-4", "é-1-2-3-4"]
)
async def test_what_is_no_kernel_id_is_refused(ask: Ask, before: str) -> None:
    code, answer = await ask("session", before)

    assert code == 400
    assert answer["code"] == "bad_kernel_id"
    assert before not in json.dumps(answer)


async def test_a_place_in_the_log_is_a_number(ask: Ask, fixture_log: FixtureLog) -> None:
    fixture_log.load()
    for after in ("-1", "1.5", "x", "9" * 16, "9" * 5000, "١", ""):
        code, answer = await ask("session", KERNEL, params={"after": after})

        assert (code, answer["code"]) == (400, "bad_after"), after


async def test_a_client_that_is_ahead_of_the_log_gets_it_whole(ask: Ask, fixture_log: FixtureLog) -> None:
    fixture_log.load()

    _, answer = await ask("session", KERNEL, params={"after": 10_000})

    assert [event["action"] for event in answer["events"]] == ["guard.load"]


@pytest.mark.parametrize("refill", [0, 1, 5])
async def test_a_log_that_was_replaced_is_noticed(ask: Ask, fixture_log: FixtureLog, refill: int) -> None:
    fixture_log.load()
    fixture_log.data(label="old")
    await ask("session", KERNEL)

    shutil.rmtree(fixture_log.home.log)
    fixture_log.home.make()
    for number in range(refill):
        fixture_log.load(session=f"new-{number}")
    _, answer = await ask("session", KERNEL)

    assert answer["log"]["rewritten"] is True
    assert answer["datasets"] == []
    assert answer["session"] == (f"new-{refill - 1}" if refill else None)


async def test_a_log_that_is_no_log_is_a_problem_in_one_sentence(ask: Ask, fixture_log: FixtureLog) -> None:
    fixture_log.load()
    await ask("session", KERNEL)
    for leftover in fixture_log.home.log.glob(f"{FILE}*"):
        leftover.unlink()
    (fixture_log.home.log / FILE).write_bytes(b"not a database " * 500)

    code, answer = await ask("session", KERNEL)
    status = (await ask("status"))[1]

    assert code in (409, 503)
    assert answer["code"] in ("log_damaged", "log_unreadable")
    assert answer["message"].startswith("privguard: ")
    assert status["log"]["readable"] is False
    assert status["log"]["problem"]["code"] == answer["code"]


async def test_other_methods_and_unexpected_failures_are_json_too(
    ask: Ask, fixture_log: FixtureLog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("CANARY")

    assert (await ask("status", method="DELETE"))[1]["code"] == "method_not_allowed"

    monkeypatch.setattr("jupyter_privguard.server.journal.Journal.session", fail)
    code, answer = await ask("session", KERNEL)

    assert code == 500
    assert answer["code"] == "failed"
    assert "CANARY" not in json.dumps(answer)
    assert "CANARY" not in caplog.text
    assert "RuntimeError" in caplog.text


async def test_a_guard_that_was_loaded_a_moment_before_a_restart_is_not_on(
    ask: Ask, start_kernel: Callable[..., Awaitable[Browser]], jp_fetch: Callable[..., Awaitable[Any]]
) -> None:
    browser = await start_kernel()
    await browser.run("%load_ext jupyter_privguard")
    _, before = await ask("session", browser.kernel)

    await jp_fetch("api", "kernels", browser.kernel, "restart", method="POST", body="{}")

    _, after = await ask("session", browser.kernel)
    assert (before["guard"]["state"], after["guard"]["state"]) == ("on", "absent")
