"""The section on registered models: who approved what for which alias, what is flagged, each claim with its events."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyter_privguard.keys.keyring import LogKey
from jupyter_privguard.model import Principal
from jupyter_privguard.registry.asking import signature_of
from jupyter_privguard.registry.records import line_digest
from jupyter_privguard.report.concerns import concerns
from jupyter_privguard.report.context import Context, gather
from jupyter_privguard.report.sections.registry import SECTION

DANA = LogKey(seed=b"d" * 32, origin="dana")
SHA = "ab" * 32
SERVER = {"session": "s9", "principal": Principal("service", assurance="os")}


@pytest.fixture
def approved(story) -> dict[str, Any]:
    """Version 3 of churn: reviewed, measured, approved by dana, and the alias is on it; its events by a word."""
    story.begin()
    story.cell(experiment="exp-1")
    told = {"review": story.add("model.review", model="churn", version="3", blocked=False, fields=[], **SERVER)}
    version = {"model": "churn", "version": "3", "sha256": SHA}
    told["record"] = story.add(
        "model.record", **version, metrics=[{"name": "accuracy", "value": "0.91"}], source="hand"
    )
    review = {"review": told["review"]["seq"], "review_sha256": line_digest(told["review"]), "reviewed": "passed"}
    asked = {**version, **review, "approval": "aa11bb22", "for": "asha", "alias": "champion"}
    told["request"] = story.add("model.request", **asked, reason="better", needed=1, minutes=1440)
    answer = {**asked, "by": "dana", "answered": "2026-11-25T21:00:00Z", "until": "2026-12-25T21:00:00Z"}
    signature = signature_of(answer, DANA)
    told["approve"] = story.add("model.approve", **answer, reason="low risk", key=DANA.vkey, signature=signature)
    moved = {"alias": "champion", "kind": "alias", "before": None, "seen": "kernel"}
    told["move"] = story.add("model.alias", **version, **moved, approval="aa11bb22")
    return told


def context_of(story: Any, now: Any) -> Context:
    return gather("exp-1", story.verified(), notebook=None, now=now)


def said(context: Context) -> str:
    return json.dumps([block.json() for block in SECTION.build(context)], ensure_ascii=False)


def test_it_tells_who_approved_what_and_whether_the_signature_is_good(story, approved, now) -> None:
    context = context_of(story, now)
    text = said(context)

    for word in (
        "churn",
        "champion",
        SHA,
        "accuracy",
        "0.91",
        "dana",
        "signature valid",
        "approved",
        "better",
        "low risk",
    ):
        assert word in text, word
    for event in approved.values():
        assert f'"target": [{event["seq"]}' in text or f"{event['seq']}]" in text
    assert "Every alias points to what somebody else has signed" in text
    assert not [one for one in concerns(context) if one.section == "Registered models"]
    assert {event["seq"] for event in approved.values()} <= {event["seq"] for event in context.listed}


def test_an_alias_that_moved_without_an_approval_is_flagged_there_and_in_the_summary(story, approved, now) -> None:
    moved = {"alias": "champion", "kind": "alias", "before": "3", "approval": None, "seen": "registry"}
    move = story.add("model.alias", model="churn", version="4", sha256="cd" * 32, **moved, session="s8")
    review = story.add("model.review", model="churn", version="4", blocked=True, fields=[], **SERVER)
    about = {"about": "a model without a signed approval", "problem": "no approval", "alias": "champion"}
    alert = story.add("alert", model="churn", version="4", move=move["seq"], **about, session="s8")
    context = context_of(story, now)

    assert "Alias champion of churn is on version 4, and nobody has been asked to approve it." in said(context)
    [concern] = [one for one in concerns(context) if one.section == "Registered models"]
    assert concern.seqs == (move["seq"],)
    assert {move["seq"], alert["seq"], review["seq"]} <= {event["seq"] for event in context.listed}


def test_deployments_are_told_from_predictions_of_all_sessions_which_are_no_evidence_of_the_experiment(
    story, approved, now
) -> None:
    served = {"model": "churn", "version": "3", "deployment": "churn-prod", "sha256": "ef" * 32, **SERVER}
    first, middle, last = (story.add("model.predict", outcome, **served) for outcome in ("ok", "refused", "ok"))
    context = context_of(story, now)

    row = said(context).split("churn-prod")[1]
    assert '"text": "2"' in row and '"text": "1"' in row
    listed = {event["seq"] for event in context.listed}
    assert (first["seq"] in listed, middle["seq"] in listed, last["seq"] in listed) == (True, False, True)
    assert not [event for event in context.weighed if event["action"] == "model.predict"]


def test_a_signature_that_does_not_fit_is_said(story, approved, now) -> None:
    story.add(
        "model.alias", model="churn", version="3", sha256="99" * 32, alias="champion", kind="alias", seen="registry"
    )
    assert "other digest" in said(context_of(story, now))

    forged = {name: value for name, value in approved["approve"].items() if name in ("key", "signature", "answered")}
    asked = {name: approved["request"][name] for name in ("for", "review", "review_sha256", "reviewed", "sha256")}
    for action, more in (
        ("model.request", {"needed": 1}),
        ("model.approve", {**forged, "by": "dana", "until": "2027"}),
    ):
        story.add(action, model="churn", version="4", approval="ff00", alias="champion", **asked, **more)
    assert "signature invalid" in said(context_of(story, now))
