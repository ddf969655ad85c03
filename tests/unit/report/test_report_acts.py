"""Acts by special rights are listed, refused ones too; those by self are marked and counted apart."""

from __future__ import annotations

import json
import sqlite3

import pytest

from jupyter_privguard.errors import LogError
from jupyter_privguard.model import Principal
from jupyter_privguard.report.acts import acts, by_person
from tests.unit.report.unsigned_page import unsigned_page

OFFICER = Principal("officer", assurance="os")


@pytest.fixture
def told(story):
    """Every kind of act, once."""
    story.begin()
    story.cell(experiment="exp-1")
    story.add("reveal", handle="tok_7f3a0b1c", domain="PERSON_NAME", reason="ticket 7", rule="r", principal=OFFICER)
    story.add("reveal", "refused", handle="tok_11112222", reason="curious", rule="roles")
    story.add("data.unseal", dataset={"name": "claims", "source": "claims.sealed"}, reason="audit", key_id="ab12cd34")
    story.add("key.rotate", key_id="0a0b0c0d", before="01020304", principal=OFFICER)
    story.add("key.destroy", "refused", rule="roles")
    change = {"dataset": "customers", "column": "loyalty_no", "before": "CUSTOMER_ID", "after": "NONE", "saved": False}
    story.add("class.change", **change, direction="lower", said=None)
    story.cell(tier="compliance", outcome="refused", refusal="privguard: tier compliance is not granted to you.")
    story.start(tier="compliance")
    asked = {"approval": "9a8b7c6d", "for": "asha", "tier": "internal", "data_set": "claims", "columns": ["income"]}
    story.add("approval.request", **asked, reason="model", experiment="exp-1")
    story.add("approval.grant", **asked, by="officer", until="2026-11-26T00:00:00Z", experiment="exp-1")
    story.add("approval.expire", **asked, until="2026-11-26T00:00:00Z", experiment="exp-1")
    story.add("policy.change", before="ab" * 32, after="cd" * 32)
    story.add("experiment.close", experiment="exp-1")
    return story


def test_a_cell_that_rests_on_an_approval_is_an_act_at_any_tier_and_names_it(story) -> None:
    story.begin()
    story.cell(tier="internal", approval=["9a8b7c6d"])
    story.cell(tier="compliance", approval=["9a8b7c6d", "11223344"])
    story.cell(tier="internal", approval=[])
    story.cell(tier="compliance", approval=[])

    found = [act.what.partition("] ")[2] for act in acts(story.verified().events) if act.action == "cell.run"]

    assert found == [
        "at tier internal, by approval 9a8b7c6d",
        "at tier compliance, by approval 9a8b7c6d, 11223344",
        "at tier compliance",
    ]


def test_a_prediction_in_clear_is_an_act_and_one_that_is_masked_is_none(story) -> None:
    story.begin()
    about = {"model": "churn.Model", "deployment": "churn-prod"}
    story.add("model.predict", **about, tier="public")
    story.add("model.predict", **about, tier="compliance", reason="complaint 4711", principal=OFFICER)
    story.add("model.predict", "refused", **about, tier="compliance", rule="principals")

    found = [act for act in acts(story.verified().events) if act.action == "model.predict"]

    assert [(act.who, act.outcome, act.reason) for act in found] == [
        ("officer", "ok", "complaint 4711"),
        ("asha", "refused", ""),
    ]
    assert {act.what for act in found} == {"a prediction of churn-prod at tier compliance"}


def test_every_kind_of_act_is_found_once(told) -> None:
    found = acts(told.verified().events)

    assert [(act.action, act.outcome, act.who) for act in found] == [
        ("key.create", "ok", "asha"),
        ("reveal", "ok", "officer"),
        ("reveal", "refused", "asha"),
        ("data.unseal", "ok", "asha"),
        ("key.rotate", "ok", "officer"),
        ("key.destroy", "refused", "asha"),
        ("class.change", "ok", "asha"),
        ("cell.run", "refused", "asha"),
        ("cell.start", "started", "asha"),
        ("approval.request", "ok", "asha"),
        ("approval.grant", "ok", "officer"),
        ("approval.expire", "ok", "asha"),
        ("policy.change", "ok", "asha"),
        ("experiment.close", "ok", "asha"),
    ]
    reveal = found[1]
    assert (reveal.id, reveal.what, reveal.reason, reveal.is_by_self) == (
        "tok_7f3a0b1c",
        "PERSON_NAME",
        "ticket 7",
        False,
    )


def test_what_shows_no_more_is_no_act(story) -> None:
    story.cell(tier="internal")
    story.add("class.change", dataset="c", column="x", before="NONE", after="CITY", direction="raise", saved=False)
    story.load()

    assert acts(story.verified().events) == []


def test_who_read_what_others_did_is_an_act(story) -> None:
    story.add("log.read", what="export", whose="own", rule="principals")
    story.add("log.read", what="acts", whose="all", rule="roles.dpo.log")

    (found,) = acts(story.verified().events)
    assert (found.action, found.what) == ("log.read", "everybody's events, for acts")


def test_grants_by_self_are_counted_apart_for_each_person(story) -> None:
    asked = {"for": "asha", "tier": "internal", "data_set": "d", "columns": []}
    story.add("approval.grant", **asked, approval="a1", principal=OFFICER)
    story.add("approval.grant", **asked, approval="a2", principal=Principal("officer", assurance="self"))
    story.add("approval.grant", **asked, approval="a3", principal=Principal("mira", assurance="self"))
    story.add("approval.grant", "refused", **asked, approval="a4", principal=Principal("mira", assurance="os"))

    people = {
        one.who: (one.grants, one.grants_by_self, one.refused) for one in by_person(acts(story.verified().events))
    }

    assert people == {"officer": (2, 1, 0), "mira": (1, 1, 1)}


def test_an_answer_that_a_log_has_twice_counts_once(story) -> None:
    answer = {"approval": "a1", "for": "asha", "tier": "internal", "data_set": "d", "until": "2026-11-26T00:00:00Z"}
    story.add("approval.grant", **answer, principal=OFFICER)
    story.add("approval.grant", **answer, by="officer")
    story.add("approval.grant", **{**answer, "until": "2026-11-27T00:00:00Z"}, by="officer")

    assert [act.seq for act in acts(story.verified().events)] == [1, 3]


def test_the_report_lists_them_with_links(told, now) -> None:
    page = unsigned_page("exp-1", told.verified(), now=now)

    section = page[page.index('<section id="acts">') : page.index('<section id="integrity">')]
    for word in (
        "tok_7f3a0b1c",
        "ticket 7",
        "officer",
        "refused",
        "9a8b7c6d",
        "claims",
        "loyalty_no",
        "0a0b0c0d",
        "self",
    ):
        assert word in section, word
    for act in acts(told.verified().events):
        assert f"id=event-{act.seq}>" in page


def test_acts_that_name_no_experiment_are_listed_too_and_those_of_others_are_not(story, now) -> None:
    story.cell(experiment="exp-1")
    story.cell(experiment=None, tier="compliance", reason="quiet look")
    story.cell(experiment="exp-2", tier="compliance", reason="other work")

    page = unsigned_page("exp-1", story.verified(), now=now)

    assert "quiet look" in page
    assert "other work" not in page
    assert "1 ended: 1 ok" in page  # what the experiment ran is counted without them


def test_a_report_without_acts_says_so(story, now) -> None:
    story.cell(experiment="exp-1")

    assert "Nobody did anything" in unsigned_page("exp-1", story.verified(), now=now)


# --- the command line -----------------------------------------------------------------------------


@pytest.fixture
def run(told):
    from click.testing import CliRunner

    from jupyter_privguard.cli.commands.audit import command

    told.close()
    return lambda *args: CliRunner().invoke(command, ["acts", *args])


def test_a_table_for_people_and_counts_beside_it(run) -> None:
    done = run()

    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["seq", "time", "who", "assurance", "action", "outcome", "id", "what", "reason"]
    assert len(lines) == 15
    assert (
        "privguard: officer: successful acts: 3, 1 of them with assurance self; approvals granted: 1, 1" in done.stderr
    )


def test_json_and_csv_for_programs(run) -> None:
    found = json.loads(run("--format", "json").stdout)
    rows = run("--format", "csv").stdout.splitlines()

    assert [act["action"] for act in found][:2] == ["key.create", "reveal"]
    assert rows[0] == "seq,time,who,assurance,action,outcome,id,what,reason"
    assert len(rows) == len(found) + 1


def test_a_damaged_log_is_no_list(run, told) -> None:
    connection = sqlite3.connect(told.home.log / "privguard.db")
    connection.executescript("drop trigger records_are_not_removed; delete from records where seq = 2")
    connection.close()

    assert isinstance(run().exception, LogError)


def test_what_somebody_said_stands_beside_an_act_that_was_refused(story) -> None:
    story.begin()
    sentence = "privguard: tier compliance is not granted to you."
    story.cell(tier="compliance", outcome="refused", refusal=sentence, reason="ticket 7")
    story.cell(tier="compliance", outcome="refused", refusal=sentence)

    refused = [act.reason for act in acts(story.verified().events) if act.outcome == "refused"]
    assert refused == ["ticket 7", sentence]
