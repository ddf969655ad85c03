"""Domains and hierarchies: what a policy may say of columns, and what that does."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_privguard.model import ENTITIES, GENERALISED, DataClass, Operator, Tier
from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.policy.columns import domain_for, hierarchy_for, is_coarsened
from jupyter_privguard.policy.load import examine, load
from jupyter_privguard.policy.masks import operator_for
from jupyter_privguard.policy.rules import STRICTNESS, Policy

DOMAINS = "domains: {customer: [customers.customer_id, 'orders*.cust', 'a.b.c']}\n"
HIERARCHIES = "hierarchies: {City: {Pune: Maharashtra}, DIAGNOSIS: {Asthma: lung}, blutgruppe: {A: any}}\n"


def policy(tmp_path: Path, text: str, name: str = "p.yaml") -> Policy:
    file = tmp_path / name
    file.write_text(f"version: 1\n{text}", encoding="utf-8")
    assert not examine(file).problems
    return load(None, file, user_can_write=lambda _: True)


@pytest.mark.parametrize(
    ("dataset", "source", "column", "domain"),
    [
        ("customers", None, "customer_id", "customer"),
        (None, "customers", "customer_id", "customer"),
        ("orders_2024", None, "cust", "customer"),
        ("a", None, "b.c", "customer"),
        ("customers", None, "Customer_Id", None),
        ("customers", None, "cust", None),
        ("customers_old", None, "customer_id", None),
        ("a.b", None, "c", None),
        (None, None, "customer_id", None),
    ],
)
def test_a_domain_is_named_for_columns_of_data_sets(
    tmp_path: Path, dataset: str | None, source: str | None, column: str, domain: str | None
) -> None:
    assert domain_for(policy(tmp_path, DOMAINS), column, dataset=dataset, source=source) == domain


@pytest.mark.parametrize(
    ("entity", "column", "expected"),
    [
        ("CITY", "city", {"Pune": "Maharashtra"}),
        ("CITY", "Ort", {"Pune": "Maharashtra"}),
        ("NATIONALITY", "CITY", {"Pune": "Maharashtra"}),
        ("DIAGNOSIS", None, {"Asthma": "lung"}),
        ("DIAGNOSIS", "Blutgruppe", {"A": "any"}),
        ("MEDICATION", "drug", {}),
    ],
)
def test_a_hierarchy_goes_by_label_then_by_entity(
    tmp_path: Path, entity: str, column: str | None, expected: dict[str, str]
) -> None:
    assert hierarchy_for(policy(tmp_path, HIERARCHIES), entity, column) == expected


def test_a_policy_that_may_only_tighten_is_not_asked(tmp_path: Path) -> None:
    first = policy(tmp_path, "", "admin.yaml")
    both = first.tightened(policy(tmp_path, DOMAINS + HIERARCHIES))

    assert domain_for(both, "customer_id", dataset="customers", source=None) is None
    assert not is_coarsened(both, "DIAGNOSIS", None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("domains: {Customer: [a.b]}\n", "line 2, column 11: `domains` has a name that is not of small letters"),
        ("domains: {customer: []}\n", "`domains, customer` is an empty list"),
        ("domains: {customer: a.b}\n", "`domains, customer` must be a list"),
        (
            "domains: {customer: [customer_id]}\n",
            "must be a data set and a column of it, such as customers.customer_id",
        ),
        ("domains: {customer: [.id]}\n", "must be a data set and a column of it"),
        ("domains: {customer: [a.]}\n", "must be a data set and a column of it"),
        ("hierarchies: {city: {}}\n", "`hierarchies, city` is empty"),
        ("hierarchies: {city: {Pune: 7}}\n", "must be text"),
        ("hierarchies: {city: [Pune]}\n", "`hierarchies, city` must be a block"),
        ("hierarchies: {city: {Pune: ''}}\n", "too short or too long"),
    ],
)
def test_what_is_wrong_with_them_is_said_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(f"version: 1\n{text}", encoding="utf-8")

    problems = examine(file).problems

    assert len(problems) == 1 and words in problems[0], problems


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("domains: {a: [x.id], b: [x.id]}\n", "this column is in domain `a` already, which holds"),
        ("hierarchies: {city: {Pune: ' pune'}}\n", "a value that is its own coarser text is redacted"),
    ],
)
def test_what_works_otherwise_than_meant_is_said(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(f"version: 1\n{text}", encoding="utf-8")

    assert [line.split(": ", 1)[1] for line in examine(file).findings] == [words]


def test_health_data_are_generalised_by_a_hierarchy_else_tokens(tmp_path: Path) -> None:
    by_entity = policy(tmp_path, HIERARCHIES)

    def at(tier: Tier, entity: str, in_force: Policy, column: str | None = None) -> Operator:
        return operator_for(entity, ENTITIES[entity], tier, in_force, column=column)[0]

    assert at(Tier.INTERNAL, "DIAGNOSIS", built_in()) is Operator.TOKEN
    assert at(Tier.INTERNAL, "RELIGION", built_in()) is Operator.TOKEN
    assert at(Tier.INTERNAL, "DIAGNOSIS", by_entity) is Operator.GENERALISE
    assert at(Tier.INTERNAL, "MEDICATION", by_entity) is Operator.TOKEN
    assert at(Tier.INTERNAL, "HEALTH_MEASURE", by_entity, "blutgruppe") is Operator.GENERALISE
    assert at(Tier.PUBLIC, "DIAGNOSIS", by_entity) is Operator.REDACT


def test_generalise_is_as_strict_as_the_token_that_it_is_without_a_hierarchy(tmp_path: Path) -> None:
    rules = "rules: [{entity: CITY, public: generalise}, {entity: CITY, public: encrypt}]\n"

    without = operator_for("CITY", DataClass.PII, Tier.PUBLIC, policy(tmp_path, rules))[0]
    by_label = operator_for("CITY", DataClass.PII, Tier.PUBLIC, policy(tmp_path, rules + HIERARCHIES), column="city")[0]

    assert (without, by_label) == (Operator.TOKEN, Operator.ENCRYPT)


def test_every_operator_has_its_place_and_may_stand_in_a_rule(tmp_path: Path) -> None:
    assert set(STRICTNESS) == set(Operator)
    order = [Operator.SHIFT, Operator.GENERALISE, Operator.FPE, Operator.ENCRYPT, Operator.SURROGATE, Operator.TOKEN]
    assert sorted(order, key=STRICTNESS.__getitem__) == order
    for operator in Operator:
        rules = f"rules: [{{entity: CUSTOMER_ID, public: {operator.value}}}]\n"
        found, _ = operator_for("CUSTOMER_ID", DataClass.PII, Tier.PUBLIC, policy(tmp_path, rules))
        assert found is (Operator.TOKEN if operator is Operator.GENERALISE else operator)
    assert set(ENTITIES) > GENERALISED
