"""Showing less of a column is free, showing more needs the right: pure decisions over policies given as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.model import ENTITIES, Decision, Principal, Tier, class_of
from jupyter_privguard.policy.build import policy_from
from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.policy.decide import decide_override
from jupyter_privguard.policy.grants import SELF
from jupyter_privguard.policy.masks import hides_as_much, operator_for
from jupyter_privguard.policy.rules import STRICTNESS, Policy
from jupyter_privguard.policy.yaml12 import parse

ROLES = """
principals: {ann: {roles: [analyst]}, dan: {roles: [dpo]}, nobody: {roles: []}}
roles:
  analyst: {tiers: [public, internal]}
  dpo: {tiers: [public], classify: true}
"""


def policy(text: str = "") -> Policy:
    document = parse(f"version: 1\n{text}").value
    return policy_from(document, source="p.yaml", sha256="0" * 64, author_is_self=True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("NONE", "CUSTOMER_ID"),
        ("NONE", "FREE_TEXT_WITH_PII"),
        ("EMAIL_ADDRESS", "CUSTOMER_ID"),
        ("EMAIL_ADDRESS", "CREDENTIAL"),
        ("CITY", "NONE"),  # seen by everybody as it is
        ("INCOME", "INCOME"),
        ("CUSTOMER_ID", "PERSON_NAME"),
    ],
)
def test_hiding_as_much_is_free_for_everybody(before: str, after: str) -> None:
    answer = decide_override(Principal("nobody"), before, after, policy(ROLES))

    assert answer.allowed and answer.rule == "raise"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("EMAIL_ADDRESS", "NONE"),
        ("CREDENTIAL", "PERSON_NAME"),
        ("PERSON_NAME", "EMAIL_ADDRESS"),
        ("INCOME", "CITY"),
        ("DIAGNOSIS", "CUSTOMER_ID"),  # the same to the public, less inside
        ("POSTCODE", "FREE_TEXT_WITH_PII"),  # what stands outside of spans is kept
        ("INCOME", "POSTCODE"),  # the first digits of an amount say more than its band
        ("INCOME", "GEO_COORDINATE"),
        ("EMAIL_ADDRESS", "PHONE_NUMBER"),
    ],
)
def test_hiding_less_at_any_tier_needs_the_right(before: str, after: str) -> None:
    under = policy(ROLES)

    assert not decide_override(Principal("ann"), before, after, under).allowed
    assert decide_override(Principal("dan"), before, after, under) == Decision(allowed=True, rule="roles.dpo.classify")
    assert decide_override(Principal("ann"), before, after, built_in()).rule == SELF


def test_a_refusal_says_who_can_grant_it() -> None:
    named = decide_override(Principal("ann"), "EMAIL_ADDRESS", "NONE", policy(ROLES))
    bare = decide_override(Principal("ann"), "EMAIL_ADDRESS", "NONE", policy("principals: {ann: {roles: []}}\n"))

    assert "`dpo`" in named.reason and "`classify: true`" in bare.reason
    assert all(a.reason.startswith("privguard: ") and a.reason.endswith(".") for a in (named, bare))


def test_every_layer_that_names_principals_must_agree() -> None:
    ours, theirs = policy(ROLES), policy("principals: {dan: {roles: []}}\n")
    wish = (Principal("dan"), "EMAIL_ADDRESS", "NONE")

    assert decide_override(*wish, ours.tightened(policy())).rule == "roles.dpo.classify"
    assert not decide_override(*wish, ours.tightened(theirs)).allowed
    assert not decide_override(*wish, theirs.tightened(ours)).allowed
    # A grant from a file of one's own is worth as much as its author.
    assert decide_override(*wish, policy().tightened(ours)).rule == SELF


def test_an_entity_that_the_policy_no_longer_knows_counts_as_internal() -> None:
    assert hides_as_much("NONE", "STAFF_NO", built_in())
    assert not hides_as_much("CREDENTIAL", "STAFF_NO", built_in())


@given(st.sampled_from(sorted(ENTITIES)), st.sampled_from(sorted(ENTITIES)))
def test_what_is_free_hides_no_less_by_any_operator(before: str, after: str) -> None:
    if hides_as_much(before, after, built_in()):
        for tier in Tier:
            one, other = (operator_for(e, class_of(e), tier, built_in())[0] for e in (before, after))
            assert STRICTNESS[other] >= STRICTNESS[one]
