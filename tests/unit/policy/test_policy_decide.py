"""Who gets which tier, and which operator: pure decisions over policies given as text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.model import ENTITIES, NATIONAL_IDS, DataClass, Operator, Principal, Request, Tier, class_of
from jupyter_privguard.policy.build import policy_from
from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.policy.decide import decide
from jupyter_privguard.policy.grants import roles_of
from jupyter_privguard.policy.masks import operator_for
from jupyter_privguard.policy.overrides import override_for, stricter_of, words_on
from jupyter_privguard.policy.rules import STRICTNESS, Policy
from jupyter_privguard.policy.yaml12 import parse

ROLES = """
roles:
  analyst: {tiers: [public, internal]}
  dpo: {tiers: [public, internal, compliance]}
  auditor: {tiers: [compliance], reason: optional}
"""


def policy(text: str = "", *, source: str = "p.yaml") -> Policy:
    return policy_from(parse(f"version: 1\n{text}").value, source=source, sha256="0" * 64, author_is_self=True)


def ask(who: str, tier: Tier, under: Policy, *, reason: str | None = None, purpose: str | None = None) -> str:
    answer = decide(Request(Principal(who), "run", tier, reason=reason, purpose=purpose), under)
    if answer.allowed:
        assert answer.reason == ""
        return "yes"
    assert answer.reason.startswith("privguard: ") and answer.reason.endswith(".") and answer.rule
    assert "\n" not in answer.reason
    return answer.reason


@pytest.mark.parametrize("text", ["", ROLES])
def test_without_principals_the_local_user_has_public_and_internal(text: str) -> None:
    under = policy(text)

    assert ask("me", Tier.PUBLIC, under) == ask("me", Tier.INTERNAL, under) == "yes"
    assert "not granted to me" in ask("me", Tier.COMPLIANCE, under, reason="audit")


def test_a_refusal_says_who_can_grant_it() -> None:
    bare = ask("me", Tier.COMPLIANCE, built_in(), reason="r")
    named = ask("me", Tier.COMPLIANCE, policy(ROLES), reason="r")

    assert "an administrator" in bare and "`privguard policy init` writes a commented starter" in bare
    assert "role `auditor` or `dpo`" in named and "`principals`" in named


def test_with_principals_everybody_has_what_their_roles_say() -> None:
    under = policy(ROLES + "principals: {ann: {roles: [analyst]}, dan: {roles: [dpo]}, none: {roles: []}}\n")

    assert ask("ann", Tier.INTERNAL, under) == "yes"
    assert "not granted to ann" in ask("ann", Tier.COMPLIANCE, under, reason="r")
    assert ask("dan", Tier.COMPLIANCE, under, reason="r") == "yes"
    for stranger in ("none", "me", "ANN", ""):
        assert ask(stranger, Tier.PUBLIC, under) == "yes"
        assert "not granted" in ask(stranger, Tier.INTERNAL, under)
    assert roles_of(under, Principal("dan")) == ("dpo",) and roles_of(under, Principal("me")) == ()


def test_compliance_needs_a_reason_unless_every_granting_role_says_otherwise() -> None:
    under = policy(ROLES + "principals: {d: {roles: [dpo]}, a: {roles: [auditor]}, both: {roles: [auditor, dpo]}}\n")

    for who in ("d", "both"):
        for reason in (None, "", "  "):
            assert "needs a reason" in ask(who, Tier.COMPLIANCE, under, reason=reason)
        assert ask(who, Tier.COMPLIANCE, under, reason="complaint 12") == "yes"
        assert ask(who, Tier.INTERNAL, under) == "yes"
    assert ask("a", Tier.COMPLIANCE, under) == "yes"


def test_a_decision_names_its_rule() -> None:
    under = policy(ROLES + "principals: {d: {roles: [dpo]}}\n")

    assert decide(Request(Principal("d"), "run", Tier.COMPLIANCE, reason="r"), under).rule == "roles.dpo.tiers"
    assert decide(Request(Principal("d"), "run", Tier.COMPLIANCE), under).rule == "roles.dpo.reason"
    assert decide(Request(Principal("x"), "run", Tier.INTERNAL), under).rule == "principals"
    assert decide(Request(Principal("x"), "run", Tier.PUBLIC), under).rule == "built-in"


def test_roles_of_the_principal_itself_grant_nothing() -> None:
    request = Request(Principal("me", roles=("dpo",)), "run", Tier.COMPLIANCE, reason="r")

    assert not decide(request, policy(ROLES)).allowed


def test_a_purpose_has_a_length() -> None:
    assert ask("me", Tier.PUBLIC, built_in(), purpose="x" * 200) == "yes"
    assert "at most 200" in ask("me", Tier.PUBLIC, built_in(), purpose="x" * 201)


def operators(entity: str, under: Policy) -> tuple[str, ...]:
    return tuple(operator_for(entity, class_of(entity), tier, under)[0].value for tier in Tier)


DEFAULTS = {
    ("token", "encrypt", "clear"): "PERSON_NAME CUSTOMER_ID EMPLOYEE_ID USERNAME BANK_ACCOUNT IBAN IP_ADDRESS "
    "MAC_ADDRESS DEVICE_ID VEHICLE_PLATE INTERNAL_UNKNOWN",
    ("partial", "encrypt", "clear"): "EMAIL_ADDRESS PHONE_NUMBER CREDIT_CARD NATIONAL_ID "
    "MEDICAL_RECORD_NUMBER PASSPORT DRIVER_LICENSE VOTER_ID TAX_ID FREE_TEXT_WITH_PII " + " ".join(NATIONAL_IDS),
    ("generalise", "clear", "clear"): "DATE_OF_BIRTH AGE POSTCODE GEO_COORDINATE ADDRESS INCOME "
    "ACCOUNT_BALANCE FINANCIAL",
    ("clear", "clear", "clear"): "GENDER MARITAL_STATUS CITY NATIONALITY NONE",
    ("redact", "token", "clear"): "DIAGNOSIS MEDICAL_CODE MEDICATION HEALTH_MEASURE ETHNICITY RELIGION POLITICAL "
    "CRIMINAL_RECORD SEXUAL_ORIENTATION TRADE_UNION",
    ("redact", "redact", "clear"): "IMAGE_OF_PERSON BIOMETRIC",
    ("redact", "redact", "redact"): "CREDENTIAL CARD_CVV",
}  # fmt: skip


def test_every_entity_has_its_default_masks() -> None:
    expected = {entity: masks for masks, names in DEFAULTS.items() for entity in names.split()}

    assert set(expected) == set(ENTITIES)
    assert {entity: operators(entity, built_in()) for entity in ENTITIES} == expected


def test_unknown_entities_are_masked_by_class_or_redacted() -> None:
    assert operator_for("STAFF_NO", DataClass.INTERNAL, Tier.PUBLIC, built_in())[0] is Operator.REDACT
    assert operator_for("STAFF_NO", DataClass.INTERNAL, Tier.INTERNAL, built_in())[0] is Operator.CLEAR
    assert operator_for("NEW", DataClass.PII, Tier.PUBLIC, built_in())[0] is Operator.REDACT


def test_rules_name_themselves() -> None:
    under = policy(
        "rules: [{name: mails out, entity: EMAIL_ADDRESS, public: redact}, {class: health, public: token}]\n"
    )

    assert operator_for("EMAIL_ADDRESS", DataClass.PII, Tier.PUBLIC, under) == (Operator.REDACT, "mails out")
    assert operator_for("DIAGNOSIS", DataClass.HEALTH, Tier.PUBLIC, under) == (
        Operator.TOKEN,
        "rule 2 (health)",
    )
    assert operator_for("AGE", DataClass.PII, Tier.PUBLIC, under)[1].startswith("built-in: ")


def test_the_first_match_wins_and_what_it_leaves_out_the_built_in_rules_decide() -> None:
    under = policy("rules: [{class: pii, public: redact}, {entity: AGE, public: clear, internal: token}]\n")

    assert operators("AGE", under) == ("redact", "token", "clear")
    assert operators("EMAIL_ADDRESS", under) == ("redact", "encrypt", "clear")
    assert operators("INCOME", under) == operators("INCOME", built_in())


@pytest.mark.parametrize("order", [("clear", "redact"), ("redact", "clear")])
def test_of_two_rules_with_one_selector_the_stricter_wins(order: tuple[str, str]) -> None:
    one, two = order
    under = policy(f"rules: [{{entity: AGE, public: {one}}}, {{entity: [CITY, AGE], public: {two}}}]\n")

    assert operators("AGE", under)[0] == "redact"


def test_a_credential_is_redacted_whatever_a_policy_says() -> None:
    under = policy("rules: [{class: credential, public: clear}, {entity: CARD_CVV, compliance: clear}]\n")

    assert operators("CREDENTIAL", under) == operators("CARD_CVV", under) == ("redact",) * 3


def test_a_named_policy_only_tightens_the_administrators() -> None:
    admin = policy(
        ROLES + "principals: {ann: {roles: [dpo]}, bob: {roles: [analyst]}}\nrules: [{entity: AGE, public: token}]\n",
        source="admin.yaml",
    )
    named = policy(
        "roles: {all: {tiers: [public, internal, compliance], reason: optional}, less: {tiers: [public]}}\n"
        "principals: {ann: {roles: [less]}, bob: {roles: [all]}, eve: {roles: [all]}}\n"
        "rules: [{entity: AGE, public: clear, internal: redact}, {entity: CITY, public: redact}]\n"
    )
    both = admin.tightened(named)

    assert ask("ann", Tier.COMPLIANCE, admin, reason="r") == "yes"
    assert "not granted" in ask("ann", Tier.INTERNAL, both)
    assert ask("bob", Tier.INTERNAL, both) == "yes"
    assert "not granted" in ask("bob", Tier.COMPLIANCE, both, reason="r")
    assert "not granted" in ask("eve", Tier.INTERNAL, both)
    assert operators("AGE", both) == ("token", "redact", "clear")
    assert operators("CITY", both) == ("redact", "clear", "clear")
    assert "admin.yaml" in both.source and both.sha256 not in (admin.sha256, named.sha256)


def test_the_built_in_policy_can_be_tightened_but_not_loosened() -> None:
    both = built_in().tightened(
        policy("rules: [{entity: PERSON_NAME, public: clear}, {entity: CITY, public: token}]\n")
    )

    assert operators("PERSON_NAME", both)[0] == "token" and operators("CITY", both)[0] == "token"


DATASETS = (
    'datasets: {"customers*": {columns: {loyalty: CUSTOMER_ID, colour: NONE}}, "*.csv": {columns: {loyalty: AGE}}}\n'
)


@pytest.mark.parametrize(
    ("column", "dataset", "source", "entity"),
    [
        ("loyalty", "customers_2024", None, "CUSTOMER_ID"),
        ("colour", "customers", "x.csv", "NONE"),
        ("loyalty", "orders", "data/x.csv", "AGE"),
        ("loyalty", "orders", None, None),
        ("loyalty", None, None, None),
        ("Loyalty", "customers", None, None),
        ("other", "customers", "x.csv", None),
    ],
)
def test_columns_are_named_by_globs_over_name_and_source(
    column: str, dataset: str | None, source: str | None, entity: str | None
) -> None:
    words = words_on(policy(DATASETS), column, dataset=dataset, source=source)

    assert [word.entity for word in words] == ([entity] if entity is not None else [])


def holds(first: str, other: str, found: str) -> str:
    """What a column counts as that two policies name, or one of them (an empty text: it does not)."""
    one, two = (
        policy(f'datasets: {{"*": {{columns: {{{f"c: {said}" if said else ""}}}}}}}\n') for said in (first, other)
    )
    both = one.tightened(two)
    return override_for(words_on(both, "c", dataset="t", source=None), found=found, policy=both)


@pytest.mark.parametrize(
    ("first", "other", "found", "entity"),
    [
        ("NONE", "", "EMAIL_ADDRESS", "NONE"),  # the first policy may say what it likes
        ("AGE", "", "CREDENTIAL", "AGE"),
        ("", "NONE", "EMAIL_ADDRESS", "EMAIL_ADDRESS"),  # another one may not
        ("", "CITY", "PERSON_NAME", "PERSON_NAME"),
        ("", "CUSTOMER_ID", "CREDENTIAL", "CREDENTIAL"),
        ("", "CUSTOMER_ID", "DIAGNOSIS", "DIAGNOSIS"),
        ("", "NATIONAL_ID", "DIAGNOSIS", "DIAGNOSIS"),
        ("", "CUSTOMER_ID", "NONE", "CUSTOMER_ID"),
        ("", "AGE", "NONE", "AGE"),
        ("", "CREDENTIAL", "EMAIL_ADDRESS", "CREDENTIAL"),
        ("NONE", "EMAIL_ADDRESS", "NONE", "EMAIL_ADDRESS"),  # of two words what hides more
        ("NONE", "CITY", "NONE", "NONE"),
        ("EMAIL_ADDRESS", "NONE", "EMAIL_ADDRESS", "EMAIL_ADDRESS"),
        ("AGE", "CUSTOMER_ID", "NONE", "CUSTOMER_ID"),
        ("CUSTOMER_ID", "PERSON_NAME", "NONE", "CUSTOMER_ID"),  # as much: the first
        ("EMAIL_ADDRESS", "PHONE_NUMBER", "NONE", "EMAIL_ADDRESS"),
        ("DIAGNOSIS", "PERSON_NAME", "NONE", "DIAGNOSIS"),
    ],
)
def test_of_several_policies_the_word_that_hides_more_holds(first: str, other: str, found: str, entity: str) -> None:
    assert holds(first, other, found) == entity


def test_where_each_of_two_words_hides_more_at_some_tier_a_third_holds() -> None:
    rules = (
        "rules: [{entity: CITY, public: redact, internal: clear}, {entity: AGE, public: token, internal: token}]\n"
        'datasets: {"*": {columns: {c: CITY}}}\n'
    )
    both = policy(rules).tightened(policy('datasets: {"*": {columns: {c: AGE}}}\n'))

    assert override_for(words_on(both, "c", dataset="t", source=None), found="CITY", policy=both) == "CREDENTIAL"


@given(one=st.sampled_from(sorted(ENTITIES)), other=st.sampled_from(sorted(ENTITIES)))
def test_the_stricter_of_two_entities_never_shows_more_than_either(one: str, other: str) -> None:
    under = built_in()
    held = stricter_of(one, other, under)

    for tier in Tier:
        least = max(STRICTNESS[operator_for(e, class_of(e), tier, under)[0]] for e in (one, other))
        assert STRICTNESS[operator_for(held, class_of(held), tier, under)[0]] >= least


names = st.sampled_from(sorted(set(ENTITIES) - {"NONE"}))
rule_texts = st.lists(
    st.tuples(names, st.sampled_from(list(Tier)), st.sampled_from(list(Operator))).map(
        lambda t: f"{{entity: {t[0]}, {t[1].label}: {t[2].value}}}"
    ),
    max_size=4,
)


@settings(max_examples=80, deadline=None)
@given(rule_texts, rule_texts, names, st.sampled_from(list(Tier)))
def test_tightening_never_loosens(one: list[str], two: list[str], entity: str, tier: Tier) -> None:
    first, second = (policy(f"rules: [{', '.join(rules)}]\n") for rules in (one, two))

    alone = operator_for(entity, class_of(entity), tier, first)[0]
    together = operator_for(entity, class_of(entity), tier, first.tightened(second))[0]

    assert STRICTNESS[together] >= STRICTNESS[alone]


def test_a_policy_has_no_path_to_the_disk_in_decisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built_in()
    monkeypatch.setattr("builtins.open", lambda *a, **k: pytest.fail("a decision opened a file"))

    assert ask("me", Tier.INTERNAL, policy(ROLES)) == "yes"
