"""A layer more never allows more, approvals cover what they name and no more, and a pack grants nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.model import ENTITIES, Approval, DataClass, Operator, Principal, Request, Tier, Used, class_of
from jupyter_privguard.policy.build import policy_from
from jupyter_privguard.policy.decide import decide
from jupyter_privguard.policy.grants import granting_layers
from jupyter_privguard.policy.masks import operator_for, strictness
from jupyter_privguard.policy.purposes import decide_datasets
from jupyter_privguard.policy.rules import Policy
from jupyter_privguard.policy.shipped import pack, pack_names

NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)
PEOPLE = ("ann", "bob", "cyd")
PLACES = ("dev", "test", "prod", "training")
RIGHTS = ("reveal", "key.rotate", "key.destroy", "approve", "log.read")
ACTIONS = ("run", "mask", "report", "unseal", *RIGHTS)
GROUPS = ("g", "h")

roles = st.fixed_dictionaries(
    {"tiers": st.lists(st.sampled_from([t.label for t in Tier]), min_size=1, max_size=3)},
    optional={
        "reveal": st.booleans(),
        "approve": st.booleans(),
        "log": st.sampled_from(["own", "all"]),
        "classify": st.booleans(),
        "reason": st.sampled_from(["required", "optional"]),
    },
)
purposes = st.fixed_dictionaries(
    {},
    optional={
        "datasets": st.just(["cust*"]),
        "expires": st.sampled_from(["2027-01-14", "2027-01-15", "2027-06-30"]),
        "basis": st.just("consent"),
    },
)
rules = st.fixed_dictionaries(
    {"entity": st.sampled_from(sorted(set(ENTITIES) - {"NONE"}))},
    optional={tier.label: st.sampled_from([o.value for o in Operator]) for tier in Tier},
)
documents = st.fixed_dictionaries(
    {"roles": st.fixed_dictionaries({"r1": roles, "r2": roles})},
    optional={
        "environment": st.sampled_from(PLACES),
        "principals": st.dictionaries(
            st.sampled_from([*PEOPLE, *(f"group:{group}" for group in GROUPS)]),
            st.fixed_dictionaries({"roles": st.lists(st.sampled_from(["r1", "r2"]), max_size=2)}),
        ),
        "purposes": st.dictionaries(st.sampled_from(["churn", "audit"]), purposes),
        "datasets": st.just({"cust*": {}}) | st.sampled_from(PLACES).map(lambda p: {"cust*": {"environment": p}}),
        "rules": st.lists(rules, max_size=4),
        "surrogates": st.sampled_from(["made-up", "random"]),
        "k": st.integers(2, 20),
        "approvals": st.fixed_dictionaries({"two_person": st.booleans()}),
        "files": st.sampled_from(["record", "refuse"]),
    },
)


def built(document: Any) -> Policy:
    return policy_from({"version": 1, **document}, source="p.yaml", sha256="0" * 64, author_is_self=True)


policies = documents.map(built)
packs = st.sampled_from(pack_names()).map(pack)
approvals = st.builds(
    Approval,
    id=st.just("a1"),
    principal=st.sampled_from(PEOPLE),
    tier=st.sampled_from(list(Tier)),
    dataset=st.just("cust*"),
    columns=st.just(()),
    experiment=st.sampled_from([None, "e1"]),
    approvers=st.just(("dan",)),
    expires=st.sampled_from([NOW - timedelta(hours=1), NOW, NOW + timedelta(seconds=1)]),
)
requests = st.builds(
    Request,
    principal=st.builds(
        Principal,
        id=st.sampled_from([*PEOPLE, "group:g"]),
        assurance=st.just("hub"),
        groups=st.lists(st.sampled_from(GROUPS), max_size=2, unique=True).map(tuple),
    ),
    action=st.sampled_from(ACTIONS),
    tier=st.sampled_from(list(Tier)),
    purpose=st.sampled_from([None, "churn", "audit", "other"]),
    experiment=st.sampled_from([None, "e1", "e2"]),
    reason=st.sampled_from([None, "  ", "audit"]),
    datasets=st.sampled_from([(), (Used("customers"),), (Used("orders", "/x/customers.csv"),)]),
    at=st.sampled_from([None, NOW]),
    approvals=st.lists(approvals, max_size=2).map(tuple),
)
property_of = settings(max_examples=100, deadline=None)


@property_of
@given(requests, policies, policies | packs)
def test_another_layer_never_allows_what_was_refused(request: Request, policy: Policy, by: Policy) -> None:
    before, after = decide(request, policy), decide(request, policy.tightened(by))

    assert before.allowed or not after.allowed
    assert after.allowed or after.reason.startswith("privguard: ")
    assert "\n" not in after.reason and after.rule


@property_of
@given(policies, policies | packs, st.sampled_from(sorted(ENTITIES)), st.sampled_from(list(Tier)))
def test_another_layer_never_shows_more(policy: Policy, by: Policy, entity: str, tier: Tier) -> None:
    both = policy.tightened(by)
    before, after = (operator_for(entity, class_of(entity), tier, one)[0] for one in (policy, both))

    assert strictness(after, drawn=both.draws_surrogates) >= strictness(before, drawn=both.draws_surrogates)


@property_of
@given(policies, policies | packs)
def test_another_layer_never_weakens_what_holds_for_all(policy: Policy, by: Policy) -> None:
    both = policy.tightened(by)

    assert both.k >= policy.k
    assert both.needs_two_people >= policy.needs_two_people and both.refuses_files >= policy.refuses_files
    assert both.draws_surrogates >= policy.draws_surrogates


@property_of
@given(requests, policies, packs)
def test_a_pack_neither_grants_nor_refuses_anybody(request: Request, policy: Policy, by: Policy) -> None:
    assert decide(request, policy.tightened(by)) == decide(request, policy)


@property_of
@given(requests, policies, packs)
def test_who_is_allowed_does_not_hang_on_masks(request: Request, policy: Policy, by: Policy) -> None:
    other = replace(policy, rules=by.rules)

    assert decide(request, other) == decide(request, policy)


@property_of
@given(requests, policies)
def test_an_approval_covers_its_person_tier_experiment_and_time(request: Request, policy: Policy) -> None:
    without = decide(request._replace(approvals=()), policy)
    answer = decide(request, policy)

    assert answer.allowed or not without.allowed
    if answer.allowed and not without.allowed:
        assert answer.approvals and request.at is not None
        assert request.action not in RIGHTS, "approvals open columns of tables and give no right"
    for approval in answer.approvals:
        assert approval.principal == request.principal.id and approval.tier >= request.tier
        assert approval.experiment in (None, request.experiment)
        assert request.at is not None and request.at < approval.expires
        assert request.tier is not Tier.COMPLIANCE or (request.reason or "").strip()


@property_of
@given(requests, policies)
def test_a_principal_who_is_not_listed_has_public_alone(request: Request, policy: Policy) -> None:
    listed = replace(policy, principals={"somebody": ("r1", "r2")})

    answer = decide(request._replace(approvals=()), listed)

    allowed_only = request.tier is Tier.PUBLIC and request.action not in RIGHTS
    assert not answer.allowed or allowed_only


@property_of
@given(requests, policies)
def test_a_group_never_takes_anything_from_its_members_but_the_leave_to_give_no_reason(
    request: Request, policy: Policy
) -> None:
    alone = request._replace(principal=request.principal._replace(groups=()))

    if decide(alone, policy).allowed:
        answer = decide(request, policy)
        assert answer.allowed or answer.rule.endswith(".reason")
    if request.principal.id.startswith("group:"):
        nobody = request._replace(principal=request.principal._replace(id="nobody"))
        assert decide(request, policy).rule == decide(nobody, policy).rule


@property_of
@given(requests, policies)
def test_without_principals_nobody_has_compliance(request: Request, policy: Policy) -> None:
    answer = decide(
        request._replace(approvals=(), tier=Tier.COMPLIANCE, action="run"), replace(policy, principals=None)
    )

    assert not answer.allowed


@pytest.mark.parametrize(
    ("day", "allowed"),
    [(date(2027, 6, 29), True), (date(2027, 6, 30), True), (date(2027, 7, 1), False), (date(2028, 1, 1), False)],
)
def test_a_purpose_holds_up_to_its_last_day(day: date, allowed: bool) -> None:
    policy = built({"purposes": {"churn": {"expires": "2027-06-30"}}})
    at = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)

    answer = decide(Request(Principal("ann"), "run", Tier.PUBLIC, purpose="churn", at=at), policy)

    assert answer.allowed is allowed and ("ended" in answer.reason) is not allowed


BOUND: dict[str, Any] = {"datasets": {"cust*": {"environment": "prod"}}}


@pytest.mark.parametrize(
    ("first", "second", "allowed"),
    [
        ({**BOUND, "environment": "prod"}, {}, True),
        ({**BOUND, "environment": "dev"}, {}, False),
        (BOUND, {}, False),
        # Whoever may only tighten cannot say where this is for those who came before.
        (BOUND, {"environment": "prod"}, False),
        ({**BOUND, "environment": "dev"}, {"environment": "prod"}, False),
        # The administrator says where this is, also for what somebody else has bound.
        ({"environment": "prod"}, BOUND, True),
        ({"environment": "dev"}, {**BOUND, "environment": "prod"}, False),
        ({}, {**BOUND, "environment": "prod"}, True),
        ({}, BOUND, False),
    ],
)
def test_a_bound_data_set_is_used_in_its_environment_alone(first: Any, second: Any, allowed: bool) -> None:
    policy = built(first).tightened(built(second))
    request = Request(Principal("ann"), "run", Tier.PUBLIC, datasets=(Used("customers"),), at=NOW)

    answer = decide_datasets(request, policy)

    assert (answer is None) is allowed
    assert decide(request._replace(datasets=(Used("orders"),)), policy).allowed


def test_packs_speak_of_no_people() -> None:
    policy = built({})
    for name in pack_names():
        policy = policy.tightened(pack(name))

    assert len(granting_layers(policy)) == 1
    for layer in policy.layers[1:]:
        assert layer.is_pack and layer.principals is None and not layer.roles and layer.purposes is None
        assert not layer.datasets and not layer.hierarchies and not layer.domains and layer.environment is None


def test_a_pack_has_no_say_where_it_has_no_rule() -> None:
    lax = built({"rules": [{"entity": "EMAIL_ADDRESS", "public": "clear"}]})

    assert (
        operator_for("EMAIL_ADDRESS", DataClass.PII, Tier.PUBLIC, lax.tightened(pack("pci-dss")))[0] is Operator.CLEAR
    )
    assert operator_for("EMAIL_ADDRESS", DataClass.PII, Tier.PUBLIC, lax.tightened(pack("gdpr")))[0] is Operator.TOKEN
    assert (
        operator_for("EMAIL_ADDRESS", DataClass.PII, Tier.PUBLIC, lax.tightened(pack("default")))[0] is Operator.PARTIAL
    )
