"""What a request amounts to: who may answer, what counts, until when. And files that are no requests."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard._canonical import canonical_json
from jupyter_privguard.model import Principal, Tier
from jupyter_privguard.policy.approvals import (
    LARGEST,
    OPEN_FOR,
    Answer,
    Asked,
    State,
    answer_bytes,
    approvers,
    as_approval,
    asked_bytes,
    covers,
    decide_answer,
    judged,
    parse_answer,
    parse_asked,
    parse_term,
)
from jupyter_privguard.policy.rules import Policy, Role

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALL = frozenset(Tier)


def policy(*, two_person: bool = False, **principals: str) -> Policy:
    named = principals or {"ana": "analyst", "dana": "officer", "erik": "officer", "low": "lead", "blind": "auditor"}
    return Policy(
        source="p.yaml",
        sha256="0" * 64,
        principals={name: (role,) for name, role in named.items()},
        roles={
            "analyst": Role(frozenset({Tier.PUBLIC})),
            "officer": Role(ALL, approve=True),
            "lead": Role(frozenset({Tier.PUBLIC, Tier.INTERNAL}), approve=True),
            "auditor": Role(ALL),
        },
        two_person=two_person,
    )


ASKED = Asked("", "ana", Tier.COMPLIANCE, "customers", ("email",), None, None, "ticket", 8 * HOUR, AT).named()


def grant(by: str = "dana", *, at: datetime = AT, until: datetime | None = None, request: str = ASKED.id) -> Answer:
    return Answer(request, by, is_grant=True, at=at, until=until or at + ASKED.term)


def deny(by: str = "dana", *, at: datetime = AT) -> Answer:
    return Answer(ASKED.id, by, is_grant=False, at=at, until=None)


@pytest.mark.parametrize(
    ("answers", "after", "state", "by"),
    [
        ([], HOUR, State.PENDING, ()),
        ([], OPEN_FOR, State.EXPIRED, ()),
        ([grant()], HOUR, State.GRANTED, ("dana",)),
        ([grant()], 8 * HOUR - timedelta(seconds=1), State.GRANTED, ("dana",)),
        ([grant()], 8 * HOUR, State.EXPIRED, ("dana",)),
        ([grant(), deny()], HOUR, State.DENIED, ("dana",)),
        ([deny("erik"), grant()], HOUR, State.DENIED, ("erik",)),
        ([grant(), deny("ana")], HOUR, State.DENIED, ("ana",)),  # taken back by whoever asked
        ([grant(), deny("stranger")], HOUR, State.GRANTED, ("dana",)),
        ([grant("ana")], HOUR, State.PENDING, ()),  # one's own
        ([grant("low")], HOUR, State.PENDING, ()),  # may not see that tier itself
        ([grant("blind")], HOUR, State.PENDING, ()),  # sees it and may not approve
        ([grant("stranger")], HOUR, State.PENDING, ()),
        ([grant(request="0" * 24)], HOUR, State.PENDING, ()),  # of another request
        ([grant(until=AT + 9 * HOUR)], HOUR, State.PENDING, ()),  # longer than was asked for
        ([grant(until=AT)], HOUR, State.PENDING, ()),
        ([grant(at=AT + 2 * HOUR)], HOUR, State.PENDING, ()),  # a clock that was set back
        ([grant(at=AT - HOUR)], HOUR, State.PENDING, ()),  # before it was asked
        ([grant(at=AT + OPEN_FOR + HOUR)], OPEN_FOR + 2 * HOUR, State.EXPIRED, ()),
        ([grant(), grant(until=AT + HOUR)], 2 * HOUR, State.EXPIRED, ("dana",)),  # shortened
        ([grant(), grant(at=AT + 4 * HOUR)], 9 * HOUR, State.EXPIRED, ("dana",)),  # not lengthened
        ([grant(until=AT + HOUR), grant("erik")], 2 * HOUR, State.GRANTED, ("erik",)),
    ],
)
def test_what_a_request_amounts_to(answers, after, state, by) -> None:
    standing = judged(ASKED, answers, policy(), AT + after)

    assert (standing.state, standing.answered_by) == (state, by)
    approval = as_approval(ASKED, standing)
    assert (approval is not None and AT + after < approval.expires) is (state is State.GRANTED)


@pytest.mark.parametrize(
    ("answers", "after", "state", "missing"),
    [
        ([], HOUR, State.PENDING, 2),
        ([grant()], HOUR, State.PENDING, 1),
        ([grant(), grant()], HOUR, State.PENDING, 1),
        ([grant(), grant("ana")], HOUR, State.PENDING, 1),
        ([grant(), grant("erik")], HOUR, State.GRANTED, 0),
        ([grant(until=AT + HOUR), grant("erik")], 2 * HOUR, State.EXPIRED, 0),
        ([grant()], 9 * HOUR, State.EXPIRED, 0),
        ([grant(), grant("erik"), deny("erik")], HOUR, State.DENIED, 0),
    ],
)
def test_two_people_where_the_policy_wants_them(answers, after, state, missing) -> None:
    standing = judged(ASKED, answers, policy(two_person=True), AT + after)

    assert (standing.state, standing.missing) == (state, missing)


def test_who_lost_the_role_has_approved_nothing() -> None:
    without = policy(ana="analyst", dana="analyst", erik="officer")

    assert judged(ASKED, [grant()], without, AT + HOUR).state is State.PENDING
    assert judged(ASKED, [grant(), grant("erik")], without, AT + HOUR).answered_by == ("erik",)


def test_a_policy_that_somebody_adds_takes_no_refusal_back_and_gives_no_right() -> None:
    own = policy(ana="officer", erik="officer", friend="officer")
    both = policy().tightened(own)

    assert judged(ASKED, [grant("erik"), deny("dana")], both, AT + HOUR).state is State.DENIED
    assert judged(ASKED, [grant("friend")], both, AT + HOUR).state is State.PENDING
    assert judged(ASKED, [grant("dana")], both, AT + HOUR).state is State.PENDING
    assert judged(ASKED, [grant("erik")], both, AT + HOUR).state is State.GRANTED


def test_nobody_answers_where_the_policy_names_nobody() -> None:
    nobody = Policy(source="built-in", sha256="0" * 64)

    assert not decide_answer(Principal("dana"), ASKED, nobody).allowed
    assert judged(ASKED, [grant()], nobody, AT + HOUR).state is State.PENDING
    assert approvers(nobody, tier=Tier.COMPLIANCE, besides="ana") == {}


def test_who_may_answer_is_named_with_the_role() -> None:
    assert approvers(policy(), tier=Tier.COMPLIANCE, besides="erik") == {"dana": "officer"}
    assert approvers(policy(), tier=Tier.INTERNAL, besides="ana") == {
        "dana": "officer",
        "erik": "officer",
        "low": "lead",
    }


def test_ones_own_request_is_for_others() -> None:
    answer = decide_answer(Principal("dana"), ASKED._replace(by="dana"), policy())

    assert (answer.allowed, answer.rule) == (False, "approval.self")
    assert answer.reason.startswith("privguard: ")


@pytest.mark.parametrize(
    ("dataset", "columns", "label", "is_covered"),
    [
        ("customers", (), "email", True),
        ("customers", ("email",), "email", True),
        ("customers", ("email",), "Email", False),
        ("cust*", ("email",), "email", True),
        ("/data/customers.csv", (), "email", True),
        ("customer", (), "email", False),
        ("data [1]", (), "email", False),
    ],
)
def test_what_an_approval_covers(dataset, columns, label, is_covered) -> None:
    asked = ASKED._replace(dataset=dataset, columns=columns)
    approval = as_approval(asked, judged(ASKED, [grant()], policy(), AT + HOUR))

    assert covers(approval, ("customers", "/data/customers.csv", None), label) is is_covered


def test_a_name_that_looks_like_a_glob_means_itself() -> None:
    approval = as_approval(ASKED._replace(dataset="data [1]"), judged(ASKED, [grant()], policy(), AT + HOUR))

    assert covers(approval, ("data [1]",), "email")


@pytest.mark.parametrize(
    ("text", "hours"), [("30m", 0.5), ("8h", 8), ("2d", 48), ("30d", 720), (" 8h ", 8), ("720h", 720)]
)
def test_a_time(text, hours) -> None:
    assert parse_term(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "8", "h", "0h", "-1h", "8 h", "8h30m", "31d", "721h", "1e3h", "99999999d", "٣h"])
def test_no_time(text) -> None:
    with pytest.raises(ValueError, match="as in 8h"):
        parse_term(text)


# --- files ----------------------------------------------------------------------------------------

TEXTS = st.text(min_size=1, max_size=60).filter(lambda text: text.isprintable() and text.strip())


@given(TEXTS, st.lists(TEXTS, max_size=5), st.none() | TEXTS, TEXTS, st.integers(1, 30 * 24 * 60))
def test_what_is_written_is_read(dataset, columns, experiment, reason, minutes) -> None:
    term = timedelta(minutes=minutes)
    asked = Asked("", "ana", Tier.INTERNAL, dataset, tuple(columns), experiment, None, reason, term, AT).named()

    assert parse_asked(asked_bytes(asked), by="ana") == asked
    answer = Answer(asked.id, "dana", is_grant=True, at=AT, until=AT + term, reason=reason)
    assert parse_answer(answer_bytes(answer), by="dana") == answer


def changed(data: bytes, **fields: object) -> bytes:
    return canonical_json(json.loads(data) | fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"version": 2},
        {"version": True},
        {"tier": "public"},
        {"tier": "all"},
        {"tier": None},
        {"dataset": ""},
        {"dataset": " "},
        {"dataset": "a\nb"},
        {"dataset": "\x1b[31mx"},
        {"dataset": "x" * 501},
        {"dataset": ["customers"]},
        {"columns": "email"},
        {"columns": [1]},
        {"columns": ["email"] * 101},
        {"reason": None},
        {"minutes": 0},
        {"minutes": -5},
        {"minutes": 43_201},
        {"minutes": 2**53 - 1},
        {"minutes": True},
        {"minutes": "60"},
        {"at": "2026-11-26"},
        {"at": "2026-13-26T12:00:00Z"},
        {"at": 7},
        {"by": "dana"},
    ],
    ids=str,
)
def test_no_request(fields) -> None:
    with pytest.raises(ValueError):
        parse_asked(changed(asked_bytes(ASKED), **fields), by="ana")


@pytest.mark.parametrize(
    "fields",
    [
        {"request": "../../etc/passwd"},
        {"request": ""},
        {"request": 1},
        {"answer": "yes"},
        {"answer": ["grant"]},
        {"until": None},
        {"until": "soon"},
        {"answer": "deny"},
        {"reason": "x\ny"},
        {"reason": 5},
        {"more": 1},
    ],
    ids=str,
)
def test_no_answer(fields) -> None:
    with pytest.raises(ValueError):
        parse_answer(changed(answer_bytes(grant()), **fields), by="dana")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b"[" * 5000,
        b'{"a":' * 2000,
        b" " + asked_bytes(ASKED),
        asked_bytes(ASKED) + b"\n",
        asked_bytes(ASKED).replace(b'{"at"', b'{"version":1,"at"'),
        asked_bytes(ASKED).replace(b'"minutes":480', b'"minutes":480.0'),
        asked_bytes(ASKED).replace(b'"minutes":480', b'"minutes":NaN'),
        asked_bytes(ASKED).replace(b"customers", b"\\u0063ustomers"),
        b"9" * 5000,
        b"x" * (LARGEST + 1),
    ],
    ids=lambda data: str(data[:20]),
)
def test_bytes_that_are_neither(data) -> None:
    for parse in (parse_asked, parse_answer):
        with pytest.raises(ValueError):
            parse(data, by="ana")


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_in_one_way(data) -> None:
    for parse in (parse_asked, parse_answer):
        with pytest.raises(ValueError):
            parse(data, by="ana")
