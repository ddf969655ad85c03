"""The chain of reasons: it says what the deciding functions say, layer by layer, and grants nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from jupyter_privguard.model import ENTITIES, ColumnVerdict, DataClass, Operator, Principal, Tier, Used, class_of
from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.policy.explain import Explanation, explain
from jupyter_privguard.policy.load import load
from jupyter_privguard.policy.masks import operator_for
from jupyter_privguard.policy.rules import Policy

NOW = datetime(2027, 1, 15, tzinfo=UTC)
TEAM = """
environment: dev
include: [gdpr]
principals: {ann: {roles: [analyst]}, dan: {roles: [dpo]}}
roles:
  analyst: {tiers: [public, internal]}
  dpo: {tiers: [public, internal, compliance]}
purposes:
  churn: {basis: consent, datasets: ["cust*"], expires: 2027-06-30}
  old: {expires: 2026-12-31}
  other: {datasets: [orders]}
datasets: {"cust*": {columns: {nick: PERSON_NAME}}, secret: {environment: prod}}
rules: [{entity: EMAIL_ADDRESS, public: partial, compliance: clear, source: House rule 7}]
"""


def policy(tmp_path: Path, text: str = TEAM, *, admin: str | None = None) -> Policy:
    files: list[Path | None] = [None, None]
    for place, written in enumerate((admin, text)):
        if written is not None:
            file = files[place] = tmp_path / f"{('admin', 'team')[place]}.yaml"
            file.write_text(f"version: 1\n{written}", encoding="utf-8")
    return load(files[0], files[1], user_can_write=lambda _: False)


def told(
    in_force: Policy,
    entity: str = "EMAIL_ADDRESS",
    *,
    who: str = "ann",
    column: str = "c",
    dataset: str = "customers",
    confidence: float = 0.95,
) -> Explanation:
    verdict = ColumnVerdict(column, entity, class_of(entity), confidence, ("header",))
    return explain(verdict, in_force, Principal(who), used=Used(dataset, f"{dataset}.csv"), at=NOW)


def test_it_names_the_rule_that_holds_with_its_source_and_those_that_lost(tmp_path: Path) -> None:
    public, internal, compliance = told(policy(tmp_path)).tiers

    assert (public.holds.where, public.holds.rule) == ("pack gdpr", "gdpr: direct identifier")
    assert public.holds.operator is Operator.TOKEN and (public.holds.source or "").startswith("GDPR article 4(5)")
    (lost,) = public.others
    assert (lost.where, lost.operator, lost.source) == (str(tmp_path / "team.yaml"), Operator.PARTIAL, "House rule 7")
    assert internal.holds.is_fallback and internal.holds.rule.startswith("built-in: ")
    assert compliance.holds.operator is Operator.CLEAR and compliance.others == ()


def test_each_layer_is_called_by_its_own_file(tmp_path: Path) -> None:
    in_force = policy(tmp_path, admin="rules: [{entity: EMAIL_ADDRESS, public: token}]\n")

    public = told(in_force).tiers[0]

    assert [Path(say.where).name for say in (public.holds, *public.others)] == ["admin.yaml", "pack gdpr", "team.yaml"]
    assert in_force.source.count(" + ") == 2 and in_force.own_source == str(tmp_path / "admin.yaml")


@pytest.mark.parametrize("entity", sorted(set(ENTITIES) - {"NONE"}))
def test_it_says_what_decides(entity: str, tmp_path: Path) -> None:
    in_force = policy(tmp_path)

    for at in told(in_force, entity).tiers:
        expected = operator_for(entity, class_of(entity), at.tier, in_force, column="c")
        assert (at.holds.operator, at.holds.rule) == expected


def test_it_says_who_gets_a_tier(tmp_path: Path) -> None:
    public, internal, compliance = (at.grants for at in told(policy(tmp_path), who="ann").tiers)

    assert public.everybody and public.you and not public.needs_reason
    assert not internal.everybody and internal.people == ("ann", "dan") and internal.roles == ("analyst", "dpo")
    assert (
        compliance.people == ("dan",) and not compliance.you and compliance.why_not.startswith("privguard: tier compl")
    )


def test_a_reason_is_asked_for_where_the_role_says_so(tmp_path: Path) -> None:
    grants = told(policy(tmp_path), who="dan").tiers[Tier.COMPLIANCE].grants

    assert grants.you and grants.needs_reason


def test_people_must_be_granted_by_every_layer(tmp_path: Path) -> None:
    admin = "principals: {dan: {roles: [r]}}\nroles: {r: {tiers: [internal]}}\n"

    _, internal, compliance = (at.grants for at in told(policy(tmp_path, admin=admin)).tiers)

    assert internal.people == ("dan",) and compliance.people == ()


def test_it_says_for_what_and_where(tmp_path: Path) -> None:
    usable = told(policy(tmp_path))
    bound = told(policy(tmp_path), dataset="secret")

    assert usable.purposes is not None
    assert [(p.name, p.allowed, p.expires) for p in usable.purposes] == [
        ("churn", True, "2027-06-30"),
        ("old", False, "2026-12-31"),
        ("other", False, None),
    ]
    assert usable.purposes[0].basis == "consent" and "ended" in usable.purposes[1].why_not
    assert usable.usable_here and usable.bound_to == () and usable.place == "dev"
    assert not bound.usable_here and bound.bound_to == ("prod",) and "bound to environment prod" in bound.why_not_here
    assert told(built_in()).purposes is None


def test_a_column_that_the_policy_names_is_told_as_such(tmp_path: Path) -> None:
    assert told(policy(tmp_path), "PERSON_NAME", column="nick").is_named
    assert not told(policy(tmp_path), "PERSON_NAME", column="name").is_named
    assert not told(policy(tmp_path), "PERSON_NAME", column="nick", dataset="orders").is_named


@pytest.mark.parametrize(("entity", "confidence"), [("NONE", 0.95), ("EMAIL_ADDRESS", 0.69)])
def test_what_does_not_act_is_seen_by_all(tmp_path: Path, entity: str, confidence: float) -> None:
    explanation = told(policy(tmp_path), entity, confidence=confidence)

    assert not explanation.acts
    assert {at.holds.operator for at in explanation.tiers} == {Operator.CLEAR}


def test_a_credential_has_no_other_answer(tmp_path: Path) -> None:
    lax = policy(tmp_path, "rules: [{class: credential, public: clear, internal: clear, compliance: clear}]\n")

    for at in told(lax, "CREDENTIAL").tiers:
        assert class_of("CREDENTIAL") is DataClass.CREDENTIAL
        assert at.holds.operator is Operator.REDACT and at.others == ()
