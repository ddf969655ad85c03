"""Requests to approve a model by the panel's routes: listed, approved and signed, refused, and to whom not."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.policy.approvals import Answer, answer_bytes
from jupyter_privguard.registry.approvals import Standing
from jupyter_privguard.registry.asking import ModelAsked, Reviewed
from jupyter_privguard.registry.files import named
from jupyter_privguard.runtime.exchange import Exchange
from jupyter_privguard.runtime.model_log import MODELS, models_in
from jupyter_privguard.settings import account_name
from tests.server.identities import Somebody

if TYPE_CHECKING:
    from conftest import Ask, FixtureLog

OTHER = 64_001
EMAIL = "asha.kulkarni77@corp.example"
DIGEST = "ab" * 32
Shared = Callable[[str], Exchange[ModelAsked]]


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fixture_log: FixtureLog) -> Shared:
    """A folder for requests, under a policy that gives this account a role and the other one that of officers."""
    fixture_log.load()

    def under(role: str) -> Exchange[ModelAsked]:
        folder = tmp_path / "exchange"
        folder.mkdir()
        folder.chmod(0o1777)
        (tmp_path / "policy.yaml").write_text(
            f'version: 1\nprincipals: {{"{account_name()}": {{roles: [{role}]}}, "{OTHER}": {{roles: [officer]}}}}\n'
            "roles:\n  lead: {tiers: [public]}\n  officer: {tiers: [public], approve: true}\n"
            f"approvals: {{folder: {folder}}}\n"
        )
        monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "policy.yaml"))
        return Exchange(folder, is_shared=True, form=MODELS)

    return under


def asked_by_another(exchange: Exchange[ModelAsked], **more: Any) -> str:
    """A request that lies there as another account's; only root can lay one."""
    if os.geteuid() != 0:
        pytest.skip("only root can write as another account")
    said = {"model": "churn", "version": "3", "alias": "champion", "reason": "better", **more}
    bound = {"sha256": DIGEST, "review": None, "review_sha256": None, "reviewed": Reviewed.NONE}
    times = {"term": timedelta(days=90), "at": datetime.now(UTC)}
    asked = named(ModelAsked(id="", by=str(OTHER), **said, **bound, **times))
    exchange.ask(asked)
    os.chown(exchange.folder / f"{asked.id}.model.json", OTHER, OTHER)
    return asked.id


async def test_the_request_of_another_account_is_listed_approved_signed_and_taken_back(
    ask: Ask, shared: Shared, fixture_log: FixtureLog
) -> None:
    request = asked_by_another(shared("officer"), reason=f"case of {EMAIL}")

    code, listed = await ask("models/requests")
    body = {"grant": True, "reason": "low risk", "for": "60d"}
    _, approved = await ask("models/requests", request, method="POST", body=json.dumps(body))
    signed = models_in(fixture_log.home).approvals[request]
    _, over = await ask("models/requests", request, method="POST", body=json.dumps({"grant": False, "reason": "leaks"}))

    (found,) = listed["requests"]
    assert (code, listed["available"]) == (200, True)
    assert found == found | {
        **{"id": request, "state": "pending", "by": str(OTHER), "is_own": False, "may_answer": True, "for": "90d"},
        **{"model": "churn", "version": "3", "alias": "champion", "sha256": DIGEST, "reviewed": "none"},
    }
    assert EMAIL not in json.dumps(listed)
    assert (approved["state"], approved["answered_by"]) == ("granted", [account_name()])
    assert datetime.fromisoformat(approved["until"]) <= datetime.now(UTC) + timedelta(days=60)
    assert signed.standing(datetime.now(UTC)) is Standing.APPROVED
    assert over["state"] == "denied"
    assert fixture_log.actions()[-2:] == ["model.approve", "model.deny"]


async def test_who_may_not_answer_neither_sees_nor_answers(ask: Ask, shared: Shared, fixture_log: FixtureLog) -> None:
    request = asked_by_another(shared("lead"))

    _, listed = await ask("models/requests")
    code, answer = await ask("models/requests", request, method="POST", body='{"grant": true, "reason": "seen"}')

    assert listed["requests"] == []
    assert (code, answer["code"]) == (403, "refused")
    assert models_in(fixture_log.home).approvals == {}


async def test_an_own_request_is_seen_and_withdrawn_and_never_approved(
    ask: Ask, shared: Shared, tmp_path: Path
) -> None:
    shared("officer")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "MLmodel").write_text("flavors: {}")
    term = timedelta(days=1)
    own = runtime.request_model("churn", "3", alias="champion", reason="x", term=term, files=tmp_path / "model").asked

    code, answer = await ask("models/requests", own.id, method="POST", body='{"grant": true, "reason": "me"}')
    _, withdrawn = await ask("models/requests", own.id, method="POST", body='{"grant": false, "reason": "no"}')
    _, listed = await ask("models/requests")

    assert (code, answer["code"]) == (403, "refused")
    assert (withdrawn["state"], withdrawn["is_own"]) == ("denied", True)
    assert [one["state"] for one in listed["requests"]] == ["denied"]


async def test_an_answer_to_an_own_request_is_recorded_once_when_it_is_seen(
    ask: Ask, shared: Shared, tmp_path: Path, fixture_log: FixtureLog
) -> None:
    exchange = shared("lead")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "MLmodel").write_text("flavors: {}")
    term = timedelta(days=1)
    own = runtime.request_model("churn", "3", alias="champion", reason="x", term=term, files=tmp_path / "model").asked
    if os.geteuid() != 0:
        pytest.skip("only root can write as another account")
    answer = Answer(own.id, str(OTHER), is_grant=False, at=datetime.now(UTC), until=None, reason="leaks")
    file = exchange.folder / f"{own.id}.deny.{'ab' * 8}.json"
    file.write_bytes(answer_bytes(answer, is_signed=True))
    os.chown(file, OTHER, OTHER)

    told = [(await ask("models/requests"))[1]["requests"] for _ in range(3)]

    assert [[(one["state"], one["answered_by"]) for one in requests] for requests in told] == [
        [("denied", [str(OTHER)])]
    ] * 3
    assert fixture_log.actions().count("model.deny") == 1


@pytest.mark.parametrize("field", ["model", "version", "alias"])
async def test_a_name_that_is_somebodys_data_is_neither_shown_nor_logged_nor_signed(
    ask: Ask, shared: Shared, fixture_log: FixtureLog, field: str
) -> None:
    request = asked_by_another(shared("officer"), **{field: EMAIL})

    _, listed = await ask("models/requests")
    code, answer = await ask("models/requests", request, method="POST", body='{"grant": true, "reason": "seen"}')
    _, denied = await ask("models/requests", request, method="POST", body='{"grant": false, "reason": "no"}')

    assert (code, answer["code"], denied["state"]) == (400, "unusable_input", "denied")
    assert "under another name" in answer["message"]
    events = list(runtime.log_reader(fixture_log.home).events())
    assert [event["action"] for event in events if event["action"].startswith("model.")] == ["model.deny"]
    assert EMAIL not in json.dumps([listed, answer, denied, events])


@pytest.mark.parametrize("jp_server_config", [{"identity_provider_class": Somebody}], indirect=True)
async def test_the_account_of_a_shared_server_signs_for_nobody(ask: Ask, shared: Shared) -> None:
    request = asked_by_another(shared("officer"))

    _, listed = await ask("models/requests")
    code, answer = await ask("models/requests", request, method="POST", body='{"grant": true, "reason": "seen"}')

    assert listed == {"available": False, "requests": []}
    assert (code, answer["code"]) == (403, "refused")
    assert "use `privguard model` in a terminal of your own account" in answer["message"]


@pytest.mark.parametrize(
    "body",
    [{}, {"grant": "yes", "reason": "r"}, {"grant": True}, {"grant": True, "reason": "r", "for": "367d"}, {"grant": 1}],
)
async def test_an_answer_that_is_none_is_refused(ask: Ask, shared: Shared, body: dict[str, Any]) -> None:
    request = asked_by_another(shared("officer"))

    code, answer = await ask("models/requests", request, method="POST", body=json.dumps(body))

    assert (code, answer["code"]) == (400, "unusable_input")
    assert [one["state"] for one in (await ask("models/requests"))[1]["requests"]] == ["pending"]


async def test_an_id_of_no_request_is_said_with_the_command_that_lists_them(ask: Ask, shared: Shared) -> None:
    shared("officer")

    code, answer = await ask("models/requests", "0" * 24, method="POST", body='{"grant": true, "reason": "r"}')

    assert (code, answer["code"]) == (400, "unusable_input")
    assert "privguard model list" in answer["message"] and "experiment" not in answer["hint"]
