"""Rules that disagree: named with what holds, which is what the masks do."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_privguard.model import DataClass, Operator, Tier
from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.policy.conflicts import conflicts, packs_of
from jupyter_privguard.policy.load import load
from jupyter_privguard.policy.masks import operator_for


@pytest.fixture
def policy(tmp_path: Path):
    def made(text: str, admin: str | None = None):
        named = tmp_path / "secret-client" / "team.yaml"
        named.parent.mkdir(exist_ok=True)
        named.write_text(f"version: 1\n{text}")
        top = tmp_path / "admin.yaml"
        if admin is not None:
            top.write_text(f"version: 1\n{admin}")
        return load(top if admin is not None else None, named, user_can_write=lambda _: True)

    return made


TWO = "rules:\n  - {entity: CITY, public: clear}\n  - {entity: CITY, public: redact}\n"


@pytest.mark.parametrize("text", [TWO, "\n".join(["rules:", *reversed(TWO.splitlines()[1:])])])
def test_of_two_rules_for_one_entity_the_stricter_holds_and_is_told(policy, text) -> None:
    found = policy(text)

    [sentence] = conflicts(found)
    assert sentence.startswith("CITY at tier public: redact (team.yaml, rule ")
    assert "; clear (team.yaml, rule " in sentence
    assert sentence.endswith("The stricter holds: redact.")
    assert operator_for("CITY", DataClass.PII, Tier.PUBLIC, found)[0] is Operator.REDACT


@pytest.mark.parametrize(
    "text",
    [
        "rules: []",
        "rules: [{entity: CITY, public: redact}]",  # other than the built-in rule, which is what rules are for
        "rules: [{entity: CITY, public: token}, {entity: CITY, public: token}]",
        "rules: [{entity: CITY, public: token}, {entity: CITY, internal: redact}]",
        "rules: [{entity: CITY, public: token}, {class: pii, public: redact}]",  # the first match counts
        "rules: [{entity: CREDENTIAL, public: clear}, {entity: CREDENTIAL, public: redact}]",
        "rules: [{entity: PERSON_NAME, public: generalise}]",
    ],
)
def test_what_is_no_conflict(policy, text) -> None:
    assert conflicts(policy(text)) == ()


def test_the_built_in_policy_does_not_disagree_with_itself() -> None:
    assert conflicts(built_in()) == ()


def test_several_sources_are_named_without_their_folders(policy) -> None:
    found = conflicts(policy("rules: [{entity: CITY, public: clear}]", "rules: [{entity: CITY, public: token}]"))

    assert found == (
        "CITY at tier public: token (admin.yaml, rule 1 (CITY)); clear (team.yaml, rule 1 (CITY)). "
        "The stricter holds: token.",
    )
    assert "secret-client" not in str(found)


@pytest.mark.parametrize(
    ("glob", "column", "entity", "is_told"),
    [
        ("customers*", "nick", "NONE", True),
        ("customers_2024", "nick", "NONE", True),
        ("*", "nick", "CITY", True),
        ("customers*", "nick", "PERSON_NAME", False),
        ("orders", "nick", "NONE", False),
        ("customers*", "Nick", "NONE", False),
    ],
)
def test_columns_that_two_files_name_differently_are_told(policy, glob, column, entity, is_told) -> None:
    found = conflicts(
        policy(
            f'datasets: {{"{glob}": {{columns: {{{column}: {entity}}}}}}}',
            'datasets: {"customers*": {columns: {nick: PERSON_NAME}}}',
        )
    )

    told = (
        f"column nick of customers*: PERSON_NAME (admin.yaml); {entity} (team.yaml). "
        "What hides more holds: PERSON_NAME."
    )
    assert found == ((told,) if is_told else ())


def test_packs_have_a_say_and_a_name(policy) -> None:
    found = policy("include: [hipaa-safe-harbor]\nrules: [{entity: CITY, public: clear}]")

    assert packs_of(found) == ("hipaa-safe-harbor",)
    cities = [sentence for sentence in conflicts(found) if "CITY" in sentence]
    assert cities
    assert all("pack hipaa-safe-harbor" in sentence for sentence in cities)


def test_many_conflicts_are_cut_short(policy) -> None:
    from jupyter_privguard.model import ENTITIES

    names = [name for name, kind in ENTITIES.items() if kind not in (DataClass.NONE, DataClass.CREDENTIAL)][:60]
    rules = [f"  - {{entity: {name}, public: {mask}}}" for name in names for mask in ("clear", "redact")]

    found = conflicts(policy("\n".join(["rules:", *rules])))

    assert len(found) == 51
    assert found[-1] == "and 10 more"
