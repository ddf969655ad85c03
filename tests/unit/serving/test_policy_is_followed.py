"""A service follows its policy: what is stricter holds from the next request on, and a broken policy serves nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from tests.unit.serving.serving_client import POLICY, Churn, asked, people, predictions, request_of

GIVEN = request_of(people(2, start=500))
INTERNAL = {"X-Privguard-Tier": "internal"}
Write = Callable[[str], None]


@pytest.fixture
def app() -> Iterator[Any]:
    made = pg.prediction_app(Churn(), review_on=people(60))
    yield made
    made._model.close()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return lambda text: (tmp_path / "policy.yaml").write_text(text) and None


def _changes() -> list[dict[str, Any]]:
    return [event for event in runtime.log_reader().events() if event["action"] == "policy.change"]


def test_a_role_that_is_taken_away_opens_nothing_from_the_next_request_on(app: Any, ana: str, write: Write) -> None:
    assert asked(app, GIVEN, key=ana, headers=INTERNAL).status == 200

    write(POLICY.replace("ana: {roles: [analyst]}", "ana: {roles: []}"))

    refused = asked(app, GIVEN, key=ana, headers=INTERNAL)
    assert (refused.status, refused.body["code"]) == (403, "refused")
    assert asked(app, GIVEN, key=ana).status == 200
    assert [one["outcome"] for one in predictions()] == ["ok", "ok", "refused", "ok", "ok"]
    (change,) = _changes()
    assert change["outcome"] == "ok" and change["before"] != change["after"]
    assert predictions()[-1]["policy_sha256"] != predictions()[0]["policy_sha256"]


def test_a_mask_that_becomes_stricter_holds_at_once(app: Any, ana: str, write: Write) -> None:
    before = asked(app, GIVEN, key=ana).body["predictions"]

    write(f"{POLICY}rules:\n  - {{entity: CUSTOMER_ID, public: redact, internal: redact, compliance: redact}}\n")

    after = asked(app, GIVEN, key=ana).body["predictions"]
    assert all(row["customer_id"].startswith("tok:") for row in before)
    assert [row["customer_id"] for row in after] == ["[redacted]"] * 2


def test_what_becomes_laxer_holds_once_the_service_is_started_anew(app: Any, ana: str, write: Write) -> None:
    assert asked(app, GIVEN, key=ana).status == 200
    lax = POLICY.replace("ana: {roles: [analyst]}", "ana: {roles: [officer]}")
    wanted = {"X-Privguard-Tier": "compliance", "X-Privguard-Reason": "audit"}

    write(lax)

    assert asked(app, GIVEN, key=ana, headers=wanted).status == 403
    again = pg.prediction_app(Churn(), review_on=people(60))
    assert asked(again, GIVEN, key=ana, headers=wanted).status == 200
    again._model.close()


@pytest.mark.parametrize("broken", ["version: 9\n", "roles: [", "version: 1\nprincipals: {ana: {roles: [nobody]}}\n"])
def test_a_policy_that_cannot_be_used_serves_nobody_until_it_is_mended(
    app: Any, ana: str, write: Write, broken: str, tmp_path: Path
) -> None:
    assert asked(app, GIVEN, key=ana).status == 200

    write(broken)

    for _ in range(2):
        got = asked(app, GIVEN, key=ana)
        assert got.status == 503
        assert got.body["message"].startswith("privguard: ") and got.body["message"].count(".") == 1
        assert str(tmp_path) not in got.text
    assert asked(app, path="/health", method="GET").status == 503
    assert len(predictions()) == 2
    write(POLICY)
    assert asked(app, GIVEN, key=ana).status == 200
    assert [one["outcome"] for one in _changes()] == ["error", "ok"]


def test_a_policy_file_that_is_gone_serves_nobody(app: Any, ana: str, tmp_path: Path) -> None:
    assert asked(app, GIVEN, key=ana).status == 200

    (tmp_path / "policy.yaml").unlink()

    assert asked(app, GIVEN, key=ana).status == 503


def test_a_change_is_recorded_although_the_log_is_away(app: Any, ana: str, write: Write, place: Path) -> None:
    assert asked(app, GIVEN, key=ana).status == 200
    app._model._at._writer.close()
    (place / "log").rename(place / "elsewhere")
    (place / "log").write_text("not a folder")

    write(POLICY.replace("ana: {roles: [analyst]}", "ana: {roles: []}"))

    assert asked(app, GIVEN, key=ana, headers=INTERNAL).status == 403
    (place / "log").unlink()
    (place / "elsewhere").rename(place / "log")
    app._model.close()
    assert len(_changes()) == 1
    assert pg.audit.verify() > 3
