"""What of models is flagged, and what is not: an approval counts for these files, this alias, by a valid signature."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jupyter_privguard.registry.approvals import Standing
from jupyter_privguard.registry.asking import Signed, signed_by
from jupyter_privguard.registry.flags import flags
from tests.unit.registry.model_story import AT, DANA, ERIK, OWN, Log, digest


def problems(log: Log, after: timedelta = timedelta(days=1)) -> list[tuple[str | None, str]]:
    return [(flag.alias, flag.problem) for flag in flags(log.registry, AT + after)]


@pytest.fixture
def log() -> Log:
    return Log()


def test_an_alias_with_a_signed_approval_on_a_review_that_passed_is_not_flagged(log) -> None:
    asked = log.asked(review=log.review())
    grant = log.approve(asked)
    log.move(approval=asked.id)

    assert problems(log) == []
    [model] = log.registry.models.values()
    [approval] = model.versions["3"].approvals
    assert approval.standing(AT + timedelta(days=1)) is Standing.APPROVED
    assert approval.seqs == (2, grant["seq"])


def test_each_way_in_which_an_approval_does_not_stand_has_its_word(log) -> None:
    def story(tell: Any) -> list[tuple[str | None, str]]:
        log.events.clear()
        tell(log.review())
        log.move()
        return problems(log)

    def denied(review: Any) -> None:
        asked = log.asked(review=review)
        log.approve(asked)
        log.add("model.deny", **asked.fields(), by="erik")

    cases: dict[str, Any] = {
        "no approval": lambda review: None,
        "no answer": lambda review: log.asked(review=review),
        "other digest": lambda review: log.approve(log.asked(review=review, sha256=digest("others"))),
        "denied": denied,
        "ended": lambda review: log.approve(log.asked(review=review), until=timedelta(hours=1)),
        "no valid signature": lambda review: log.approve(log.asked(review=review), key=None),
        "no passing review": lambda review: log.approve(log.asked()),
    }
    for word, tell in cases.items():
        assert story(tell) == [("champion", word)], word
    assert story(lambda review: log.approve(log.asked(alias="challenger", review=review))) == [
        ("champion", "no approval")
    ]
    assert story(lambda review: log.approve(log.asked("4", review=review))) == [("champion", "no approval")]


def test_a_blocked_review_is_flagged_and_one_that_is_not_in_the_log_too(log) -> None:
    log.approve(log.asked(review=log.review(blocked=True)))
    log.move()
    assert problems(log) == [("champion", "no passing review")]

    log.events.clear()
    made_up = {**log.review(), "time": "2026-01-01T00:00:00Z"}
    log.approve(log.asked(review=made_up))
    log.move()
    assert problems(log) == [("champion", "other review")]


@pytest.mark.parametrize("field", ["model", "version", "sha256", "alias", "reviewed", "for", "by", "answered", "until"])
def test_a_signature_is_over_all_that_it_approves(log, field) -> None:
    grant = log.approve(log.asked(review=log.review()))
    assert signed_by(grant) is Signed.VALID

    changed = {**grant, field: digest("x") if field == "sha256" else f"{grant[field]}1"}
    assert signed_by(changed) is Signed.INVALID


def test_what_is_no_signature_counts_as_none(log) -> None:
    asked = log.asked(review=log.review())
    grant = log.approve(asked)
    other = log.approve(asked, "erik", ERIK)

    for signature, key in (
        ("", grant["key"]),
        ("not base64!", grant["key"]),
        (grant["signature"], "no key"),
        (3, None),
    ):
        assert signed_by({**grant, "signature": signature, "key": key}) is not Signed.VALID
    assert signed_by({**grant, "key": other["key"]}) is Signed.INVALID


def test_nobody_approves_for_another_with_the_key_of_this_log_or_for_themselves(log) -> None:
    asked = log.asked(review=log.review())
    log.approve(asked, "dana", OWN)
    log.move()
    assert problems(log) == [("champion", "no valid signature")]

    log.events.clear()
    log.approve(log.asked(review=log.review()), "ana", DANA)
    log.move()
    assert problems(log) == [("champion", "no valid signature")]


def test_in_the_log_of_whoever_answers_their_own_key_is_the_right_one(log) -> None:
    grant = log.approve(log.asked(review=log.review()), "dana", OWN, principal={"id": "dana", "assurance": "os"})

    assert signed_by(grant, own_key=OWN.vkey) is Signed.VALID


def test_two_people_are_two_keys(log) -> None:
    asked = log.asked(review=log.review(), needed=2)
    log.approve(asked)
    log.move()
    assert problems(log) == [("champion", "no answer")]
    log.approve(asked, "erik", DANA)
    assert problems(log) == [("champion", "no answer")]
    log.approve(asked, "erik", ERIK)
    assert problems(log) == []


def test_an_answer_to_other_files_under_the_same_id_counts_for_nothing(log) -> None:
    asked = log.asked(review=log.review())
    log.approve(asked._replace(sha256=digest("others")))
    log.move()

    assert problems(log) == [("champion", "no valid signature")]


def test_aliases_follow_their_moves(log) -> None:
    log.move("3")
    log.move("4", before="3")
    assert [key for model in log.registry.models.values() for key in model.aliases] == [("champion", "4")]
    log.move("5", before="4", outcome="refused")
    log.move("6", before="4")
    log.move("6", before="4", outcome="error")
    assert [key for model in log.registry.models.values() for key in model.aliases] == [("champion", "4")]
    log.move(None, before="4")
    log.move("3", "Production", kind="stage")
    log.move("4", "Production", kind="stage")
    log.move("3", "Archived", kind="stage", before="Production")
    assert [key for model in log.registry.models.values() for key in model.aliases] == [("Production", "4")]


def test_what_is_served_without_an_approval_or_with_two_digests_is_flagged_once_the_model_is_managed(log) -> None:
    log.predict()
    assert problems(log) == []

    log.add("model.record", model="churn", version="3", sha256=digest("3"), metrics=[{"name": "f1", "value": "0.8"}])
    assert problems(log) == [(None, "served without approval")]
    log.approve(log.asked(review=log.review()))
    assert problems(log) == []
    log.predict(sha256="another object")
    log.predict(outcome="refused")
    assert problems(log) == [(None, "several digests")]
    served = log.registry.models["churn"].versions["3"].deployments
    assert [(one.name, one.predictions, one.refused) for one in served.values()] == [
        ("churn-prod", 1, 1),
        ("churn-prod", 1, 0),
    ]
    assert log.registry.models["churn"].versions["3"].benchmarks["f1"].value == "0.8"


def test_odd_events_tell_less_and_break_nothing(log) -> None:
    for action in (
        "model.record",
        "model.request",
        "model.approve",
        "model.deny",
        "model.alias",
        "model.predict",
        "alert",
    ):
        log.add(action)
        log.add(action, model="churn")
        log.add(action, model=3, version=[], metrics=[1], sha256={}, until=7, review="x", needed="two")

    assert isinstance(flags(log.registry, AT), list)
