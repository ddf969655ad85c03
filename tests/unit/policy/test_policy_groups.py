"""Groups of the server's identity provider under `principals`: who gets a role by one, and who only looks like it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jupyter_privguard.model import ColumnVerdict, DataClass, Principal, Request, Tier, Used
from jupyter_privguard.policy.approvals import approvers
from jupyter_privguard.policy.decide import decide, decide_override
from jupyter_privguard.policy.explain import explain
from jupyter_privguard.policy.grants import roles_of
from jupyter_privguard.policy.load import examine, load
from jupyter_privguard.policy.rules import Policy
from jupyter_privguard.policy.schema import published, schema

TEXT = """\
version: 1
principals:
  "group:risk": {roles: [analyst]}
  "group:officers": {roles: [officer]}
  bob: {roles: [reader]}
roles:
  reader: {tiers: [public]}
  analyst: {tiers: [public, internal]}
  officer: {tiers: [public, internal, compliance], reveal: true, classify: true, log: all}
"""
Written = Callable[[str], Policy]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(text: str) -> Policy:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.yaml"
        path.write_text(text)
        return load(path, None, user_can_write=lambda _: False)

    return write


def may(who: Principal, tier: Tier, policy: Policy) -> bool:
    return decide(Request(who, "run", tier, reason="r"), policy).allowed


@pytest.mark.parametrize(
    ("who", "roles"),
    [
        (Principal("alice", groups=("risk",)), ("analyst",)),
        (Principal("alice", groups=("officers", "risk")), ("analyst", "officer")),  # in the order of the policy
        (Principal("bob", groups=("risk",)), ("reader", "analyst")),
        (Principal("bob"), ("reader",)),
        (Principal("alice"), ()),
        (Principal("alice", groups=("Risk", "group:risk", "risk ", "")), ()),
        (Principal("risk"), ()),  # a person called like a group
        (Principal("group:officers"), ()),  # and one called like the key
        (Principal("alice", groups=("bob",)), ()),  # a group called like a person
    ],
)
def test_a_group_gives_its_roles_to_its_members_alone(who: Principal, roles: tuple[str, ...], written: Written) -> None:
    policy = written(TEXT)

    assert roles_of(policy, who) == roles
    assert may(who, Tier.INTERNAL, policy) is bool({"analyst", "officer"} & set(roles))
    assert may(who, Tier.COMPLIANCE, policy) is ("officer" in roles)
    assert may(who, Tier.PUBLIC, policy)


def test_rights_go_with_groups_like_tiers(written: Written) -> None:
    policy = written(TEXT)
    officer, analyst = Principal("a", groups=("officers",)), Principal("b", groups=("risk",))

    for action in ("reveal", "log.read", "key.rotate", "key.destroy"):
        asked = Request(officer, action, Tier.COMPLIANCE, reason="r")
        assert decide(asked, policy).allowed
        assert not decide(asked._replace(principal=analyst), policy).allowed
    assert decide_override(officer, "PERSON_NAME", "NONE", policy).rule == "roles.officer.classify"
    assert not decide_override(analyst, "PERSON_NAME", "NONE", policy).allowed


def test_of_a_group_and_ones_own_entry_the_stricter_says_whether_a_reason_is_asked(written: Written) -> None:
    policy = written(
        'version: 1\nprincipals: {eve: {roles: [free]}, "group:g": {roles: [asked]}}\n'
        "roles: {free: {tiers: [compliance], reason: optional}, asked: {tiers: [compliance]}}\n"
    )

    assert decide(Request(Principal("eve"), "run", Tier.COMPLIANCE), policy).allowed
    assert not decide(Request(Principal("eve", groups=("g",)), "run", Tier.COMPLIANCE), policy).allowed


def test_every_layer_must_grant_it(written: Written) -> None:
    whole = written(TEXT).tightened(
        written('version: 1\nprincipals: {"group:staff": {roles: [a]}}\nroles: {a: {tiers: [public, internal]}}\n')
    )

    assert may(Principal("alice", groups=("risk", "staff")), Tier.INTERNAL, whole)
    assert not may(Principal("alice", groups=("risk",)), Tier.INTERNAL, whole)
    assert not may(Principal("alice", groups=("officers", "staff")), Tier.COMPLIANCE, whole)


def test_who_answers_requests_is_an_account_and_no_group(written: Written) -> None:
    policy = written(TEXT.replace("bob: {roles: [reader]}", "bob: {roles: [officer]}"))

    assert approvers(policy, tier=Tier.COMPLIANCE, besides="asha") == {"bob": "officer"}


def test_the_reasons_name_the_group(written: Written) -> None:
    verdict = ColumnVerdict("email", "EMAIL_ADDRESS", DataClass.PII, 1.0)
    used = Used("customers", "customers.csv")
    member = Principal("alice", groups=("risk",))

    told = explain(verdict, written(TEXT), member, used=used, at=datetime(2026, 1, 1, tzinfo=UTC))

    internal, compliance = told.tiers[1].grants, told.tiers[2].grants
    assert internal.you and not compliance.you
    assert internal.people == ("group:risk", "group:officers")
    assert compliance.people == ("group:officers",)


@pytest.mark.parametrize(
    ("key", "is_taken"),
    [
        ("group:risk", True),
        ("group:Risk & Co/EU", True),
        ("groupie", True),
        ("group", True),
        ("auth0|group:1", True),
        ("group:", False),
        ("group: risk", False),
        ("group:risk ", False),
        ("Group:risk", False),
        ("groups:risk", False),
        ("GROUP:risk", False),
    ],
)
def test_what_only_looks_like_a_group_is_a_problem_and_no_persons_name(
    tmp_path: Path, key: str, is_taken: bool
) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(f'version: 1\nprincipals:\n  "{key}": {{roles: [a]}}\nroles: {{a: {{tiers: [public]}}}}\n')

    problems = examine(path).problems

    assert (problems == ()) is is_taken
    if not is_taken:
        assert problems == (
            "line 3, column 3: a group under `principals` is written `group:NAME`, without blanks around",
        )


def test_editors_hear_of_groups() -> None:
    for one in (schema(), published()):
        assert "group:" in one["properties"]["principals"]["description"]
