"""What the panel's own routes answer: the last check of the log, entities, an experiment at a glance, requests."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_privguard.audit.stores.sqlite import FILE
from jupyter_privguard.model import Tier
from jupyter_privguard.policy.approvals import Asked
from jupyter_privguard.runtime.exchange import Exchange
from jupyter_privguard.settings import account_name
from tests.server.identities import Somebody

if TYPE_CHECKING:
    from conftest import Ask, FixtureLog

OTHER = 64_001
EMAIL = "asha.kulkarni77@corp.example"
ASK = {"tier": "compliance", "dataset": "people", "columns": ["email"], "reason": "ticket 4711", "for": "2h"}


# --- verification ---------------------------------------------------------------------------------


async def test_a_check_is_kept_until_the_next_one(ask: Ask, fixture_log: FixtureLog) -> None:
    fixture_log.load()

    _, before = await ask("verification")
    code, checked = await ask("verification", method="POST", body="")
    _, after = await ask("verification")

    assert before == {"checked": None, "whole": None, "size": 0, "anchor": None, "problem": None}
    assert code == 200
    assert (checked["whole"], checked["size"], checked["problem"]) == (True, len(fixture_log.actions()), None)
    assert datetime.fromisoformat(checked["checked"]) <= datetime.now(UTC)
    assert "not anchored" in checked["anchor"]
    assert after == checked


async def test_a_log_that_is_not_whole_is_an_answer(ask: Ask, fixture_log: FixtureLog) -> None:
    fixture_log.load()
    for leftover in fixture_log.home.log.glob(f"{FILE}*"):
        leftover.unlink()
    (fixture_log.home.log / FILE).write_bytes(b"not a database " * 500)

    code, answer = await ask("verification", method="POST", body="")

    assert code == 200
    assert answer["whole"] is False
    assert answer["problem"]["message"].startswith("privguard: ")


# --- entities and experiments ---------------------------------------------------------------------


async def test_entities_are_those_built_in_and_those_of_the_policy(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text('version: 1\npatterns: [{entity: STAFF_NO, class: internal, regex: "ST-[0-9]{6}"}]\n')
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))

    code, answer = await ask("entities")

    assert code == 200
    for entity in ({"entity": "EMAIL_ADDRESS", "class": "pii"}, {"entity": "STAFF_NO", "class": "internal"}):
        assert entity in answer["entities"]


async def test_an_experiment_at_a_glance(ask: Ask, fixture_log: FixtureLog) -> None:
    name = "exp/1 <b>?"
    fixture_log.load()
    fixture_log.data(experiment=name, purpose="churn-model")
    fixture_log.run(experiment=name, purpose="churn-model", tier="public", cell={"source": "CANARY"}, masked={"AGE": 2})

    code, answer = await ask("experiment", params={"name": name})

    assert code == 200
    assert answer["experiment"]["name"] == name
    assert answer["experiment"]["cells"] == {"ok": 1}
    assert answer["experiment"]["people"] == ["analyst-1"]
    statuses = {"evidenced", "partial", "not evidenced", "not applicable"}
    assert {control["status"] for control in answer["controls"]} <= statuses
    assert any(control["framework"] == "GDPR" for control in answer["controls"])
    assert "CANARY" not in json.dumps(answer)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "unknown"])
async def test_an_experiment_that_is_none(ask: Ask, fixture_log: FixtureLog, name: str) -> None:
    fixture_log.load()

    code, answer = await ask("experiment", params={"name": name})

    assert (code, answer["code"]) == (400, "unusable_input")


@pytest.mark.parametrize("name", ["exp-1", "# <script>alert(1)</script> *b* [x](y)"])
async def test_the_report_as_a_notebook_holds_the_sections_of_the_page(
    ask: Ask, fixture_log: FixtureLog, name: str
) -> None:
    fixture_log.load()
    fixture_log.data(experiment=name, purpose="churn-model")
    fixture_log.run(experiment=name, purpose="churn-model", tier="public", cell={"source": "x"}, masked={}, datasets=[])
    body = json.dumps({"experiment": name})

    code, made = await ask("report/notebook", method="POST", body=body)
    _, page = await ask("report", method="POST", body=body)

    notebook = json.loads(made["notebook"])
    sections = [cell["metadata"]["privguard"]["section"] for cell in notebook["cells"] if cell["metadata"]]
    assert code == 200
    assert made["file_name"].endswith(".ipynb")
    assert made["sha256"] == hashlib.sha256(made["notebook"].encode()).hexdigest()
    assert sections == re.findall(r'<section id="([a-z0-9-]+)">', page["html"])
    assert {"summary", "controls", "integrity"} <= set(sections)
    title, opening = notebook["cells"][:2]
    assert "<script" not in "".join(title["source"])
    assert f"evidence({name!r}, size=" in "".join(opening["source"])
    for cell in notebook["cells"][2:]:
        assert cell["cell_type"] == "markdown" or "".join(cell["source"]).startswith("log.section(")
        for output in cell.get("outputs", ()):
            assert "<script" not in "".join(output["data"]["text/html"])
    assert fixture_log.actions().count("report.export") == 2


# --- requests -------------------------------------------------------------------------------------


Exchanged = Callable[[str], Exchange]


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fixture_log: FixtureLog) -> Exchanged:
    """A folder for requests, under a policy that gives this account a role."""
    fixture_log.load()

    def under(role: str) -> Exchange:
        folder = tmp_path / "exchange"
        folder.mkdir()
        folder.chmod(0o1777)
        (tmp_path / "policy.yaml").write_text(
            f'version: 1\nprincipals: {{"{account_name()}": {{roles: [{role}]}}, "{OTHER}": {{roles: [analyst]}}}}\n'
            "roles:\n  analyst: {tiers: [public]}\n"
            "  officer: {tiers: [public, internal, compliance], approve: true}\n"
            f"approvals: {{folder: {folder}}}\n"
        )
        monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "policy.yaml"))
        return Exchange(folder, is_shared=True)

    return under


def asked_by_another(exchange: Exchange) -> str:
    """A request that lies there as another account's; only root can lay one."""
    if os.geteuid() != 0:
        pytest.skip("only root can write as another account")
    now = datetime.now(UTC)
    columns = ("email",)
    asked = Asked("", str(OTHER), Tier.COMPLIANCE, "people", columns, None, None, "a case", timedelta(hours=4), now)
    exchange.ask(asked.named())
    os.chown(exchange.folder / f"{asked.named().id}.request.json", OTHER, OTHER)
    return asked.named().id


async def test_what_is_asked_is_listed_and_can_be_withdrawn(
    ask: Ask, shared: Exchanged, fixture_log: FixtureLog
) -> None:
    shared("analyst")

    code, made = await ask("requests", method="POST", body=json.dumps({**ASK, "reason": f"case of {EMAIL}"}))
    _, listed = await ask("requests")
    (request,) = listed["requests"]
    body = json.dumps({"grant": False, "reason": "not needed"})
    _, withdrawn = await ask("requests", made["id"], method="POST", body=body)

    assert code == 200
    assert made["message"].startswith("privguard: asked")
    assert listed["available"] is True
    assert {key: request[key] for key in ("id", "state", "by", "is_own", "tier", "dataset", "columns", "for")} == {
        "id": made["id"],
        "state": "pending",
        "by": account_name(),
        "is_own": True,
        "tier": "compliance",
        "dataset": "people",
        "columns": ["email"],
        "for": "2h",
    }
    assert EMAIL not in json.dumps(listed)
    assert withdrawn["state"] == "denied"
    assert {"approval.request", "approval.deny"} <= set(fixture_log.actions())


@pytest.mark.parametrize(("grant", "state"), [(True, "granted"), (False, "denied")])
async def test_the_request_of_another_account_is_answered(
    ask: Ask, shared: Exchanged, fixture_log: FixtureLog, grant: bool, state: str
) -> None:
    request = asked_by_another(shared("officer"))

    _, listed = await ask("requests")
    body = json.dumps({"grant": grant, "reason": "seen", "for": "1h" if grant else None})
    code, answered = await ask("requests", request, method="POST", body=body)

    (found,) = listed["requests"]
    assert (found["is_own"], found["may_answer"], found["state"]) == (False, True, "pending")
    assert (code, answered["state"], answered["answered_by"]) == (200, state, [account_name()])
    if grant:
        assert datetime.fromisoformat(answered["until"]) <= datetime.now(UTC) + timedelta(hours=1)
    assert f"approval.{'grant' if grant else 'deny'}" in fixture_log.actions()


async def test_without_the_role_a_request_is_neither_seen_nor_answered(ask: Ask, shared: Exchanged) -> None:
    request = asked_by_another(shared("analyst"))

    _, listed = await ask("requests")
    body = json.dumps({"grant": True, "reason": "seen"})
    code, answer = await ask("requests", request, method="POST", body=body)

    assert listed["requests"] == []
    assert (code, answer["code"]) == (403, "refused")


async def test_nobody_approves_what_they_asked_for_themselves(ask: Ask, shared: Exchanged) -> None:
    shared("officer")
    _, made = await ask("requests", method="POST", body=json.dumps(ASK))

    code, answer = await ask("requests", made["id"], method="POST", body=json.dumps({"grant": True, "reason": "me"}))

    assert (code, answer["code"]) == (403, "refused")


@pytest.mark.parametrize("jp_server_config", [{"identity_provider_class": Somebody}], indirect=True)
async def test_the_account_of_a_shared_server_is_lent_to_nobody(ask: Ask, shared: Exchanged) -> None:
    request = asked_by_another(shared("officer"))

    _, listed = await ask("requests")
    for path, body in ((("requests",), ASK), (("requests", request), {"grant": True, "reason": "seen"})):
        code, answer = await ask(*path, method="POST", body=json.dumps(body))
        assert (code, answer["code"]) == (403, "refused")

    assert listed == {"available": False, "requests": []}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "nonsense",
        "[" * 100_000,
        json.dumps({**ASK, "more": 1}),
        json.dumps({**ASK, "tier": "public"}),
        json.dumps({**ASK, "tier": ["compliance"]}),
        json.dumps({**ASK, "for": "a day"}),
        json.dumps({**ASK, "for": 8}),
        json.dumps({**ASK, "reason": " "}),
        json.dumps({**ASK, "reason": "two\nlines"}),
        json.dumps({**ASK, "columns": "email"}),
        json.dumps({**ASK, "columns": [1]}),
        json.dumps({**ASK, "columns": ["c"] * 101}),
        json.dumps({**ASK, "reason": "x" * 70_000}),
    ],
)
async def test_a_body_that_asks_for_nothing_is_refused_in_a_sentence(ask: Ask, shared: Exchanged, body: str) -> None:
    shared("analyst")

    code, answer = await ask("requests", method="POST", body=body)

    assert (code, answer["code"]) in ((400, "unusable_input"), (413, "too_large"))
    assert answer["message"].startswith("privguard: ")
    assert (await ask("requests"))[1]["requests"] == []


@pytest.mark.parametrize(
    "body",
    [{}, {"grant": "yes", "reason": "r"}, {"grant": True}, {"grant": True, "reason": "r", "for": "x"}, {"grant": 1}],
)
async def test_an_answer_that_is_none_is_refused(ask: Ask, shared: Exchanged, body: dict[str, Any]) -> None:
    shared("officer")

    code, answer = await ask("requests", "0" * 24, method="POST", body=json.dumps(body))

    assert (code, answer["code"]) == (400, "unusable_input")
