"""Patterns of the policy: what may stand in them, and what they make of entities, classes and masks."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_privguard.errors import PolicyError
from jupyter_privguard.model import DataClass, Operator, Pattern, Tier, class_of
from jupyter_privguard.patterns import engine
from jupyter_privguard.policy.load import examine, load
from jupyter_privguard.policy.masks import operator_for
from jupyter_privguard.policy.overrides import override_for, words_on

STAFF = '- {entity: STAFF_NO, class: internal, regex: "ST-[0-9]{6}", header: ["staff no"]}'


def _written(tmp_path, text, name="policy.yaml"):
    path = tmp_path / name
    path.write_text(f"version: 1\n{text}\n", encoding="utf-8")
    return path


def _loaded(tmp_path, text, tighten=None):
    admin = _written(tmp_path, text)
    named = None if tighten is None else _written(tmp_path, tighten, "own.yaml")
    return load(admin, named, user_can_write=lambda path: False)


def test_a_pattern_is_read_as_it_is_written(tmp_path):
    policy = _loaded(tmp_path, f"patterns:\n  {STAFF}\n  - {{entity: CREW_NO, regex: '[A-Z]{{3}}'}}")

    assert policy.all_patterns == (
        Pattern("STAFF_NO", DataClass.INTERNAL, "ST-[0-9]{6}", ("staff no",)),
        Pattern("CREW_NO", DataClass.INTERNAL, "[A-Z]{3}"),
    )
    assert class_of("STAFF_NO", policy.classes) is DataClass.INTERNAL
    with pytest.raises(KeyError):
        class_of("STAFF_NO")


def test_a_built_in_entity_may_have_another_form_and_keeps_its_class(tmp_path):
    policy = _loaded(tmp_path, "patterns: [{entity: EMPLOYEE_ID, regex: 'E[0-9]{5}'}]")

    assert policy.all_patterns == (Pattern("EMPLOYEE_ID", DataClass.PII, "E[0-9]{5}"),)
    assert policy.classes == {}


def test_rules_and_columns_may_speak_of_a_new_entity(tmp_path):
    policy = _loaded(
        tmp_path,
        f"""patterns:
  {STAFF}
datasets: {{"crew*": {{columns: {{who: STAFF_NO}}}}}}
rules: [{{entity: STAFF_NO, public: token, internal: encrypt, compliance: clear}}]""",
    )

    assert [word.entity for word in words_on(policy, "who", dataset="crew-1", source=None)] == ["STAFF_NO"]
    assert [_operator(policy, tier) for tier in Tier] == [Operator.TOKEN, Operator.ENCRYPT, Operator.CLEAR]


def _operator(policy, tier):
    return operator_for("STAFF_NO", class_of("STAFF_NO", policy.classes), tier, policy)[0]


@pytest.mark.parametrize(
    ("data_class", "masks"),
    [
        ("internal", "redact clear clear"),
        ("pii", "redact encrypt clear"),
        ("financial", "redact encrypt clear"),
        ("health", "redact token clear"),
        ("special", "redact token clear"),
        ("credential", "redact redact redact"),
    ],
)
def test_without_a_rule_the_class_decides(tmp_path, data_class, masks):
    policy = _loaded(tmp_path, f"patterns: [{{entity: STAFF_NO, class: {data_class}, regex: 'ST-[0-9]{{6}}'}}]")

    assert [_operator(policy, tier).value for tier in Tier] == masks.split()


def test_a_policy_that_may_only_tighten_brings_patterns_that_only_raise(tmp_path):
    policy = _loaded(
        tmp_path,
        f"patterns:\n  {STAFF}",
        tighten="patterns: [{entity: STAFF_NO, class: pii, regex: 'S[0-9]{6}'}, {entity: CREW_NO, regex: 'C[0-9]{3}'}]",
    )

    assert [(p.entity, p.raises_only) for p in policy.all_patterns] == [
        ("STAFF_NO", False), ("STAFF_NO", True), ("CREW_NO", True),
    ]  # fmt: skip
    assert policy.classes == {"STAFF_NO": DataClass.INTERNAL, "CREW_NO": DataClass.INTERNAL}
    assert {p.data_class for p in policy.all_patterns} == {DataClass.INTERNAL}


def test_an_override_of_a_tightening_policy_may_name_its_own_entity_and_shows_no_more_by_it(tmp_path):
    own = """patterns: [{entity: LAX, class: internal, regex: "x"}, {entity: STRICT, class: pii, regex: "y"}]
datasets: {"*": {columns: {a: LAX, b: STRICT}}}"""
    policy = _loaded(tmp_path, "", tighten=own)

    for column, found, entity in (("a", "PERSON_NAME", "CREDENTIAL"), ("a", "NONE", "LAX"), ("b", "CITY", "STRICT")):
        words = words_on(policy, column, dataset="d", source=None)
        assert override_for(words, found=found, policy=policy) == entity


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{entity: staff_no, regex: x}", "line 2, column 22: `patterns 1, entity` must be written in capitals"),
        ("{entity: A__B, regex: x}", "must be written in capitals"),
        ("{entity: A, class: none, regex: x}", "`patterns 1, class` must be one of pii"),
        ("{entity: A, class: secret, regex: x}", "`patterns 1, class` must be one of"),
        ("{entity: A}", "needs `regex`"),
        ("{regex: x}", "needs `entity`"),
        ("{entity: A, regex: x, heads: [y]}", "did you mean `header`"),
        ("{entity: A, regex: x, header: y}", "must be a list"),
        ("{entity: A, regex: x, header: []}", "empty list"),
        ("{entity: A, regex: 7}", "must be text"),
        ("{entity: AGE, class: internal, regex: x}", "`AGE` is built in and of class pii"),
        ("{entity: NONE, regex: x}", "`NONE` is nothing that a value looks like"),
        ("{entity: FREE_TEXT_WITH_PII, regex: x}", "nothing that a value looks like"),
        ("{entity: A, regex: x}, {entity: A, class: pii, regex: y}", "`A` has class internal in an earlier pattern"),
        (r"{entity: A, regex: '(x)\1'}", "line 2, column 32: `patterns 1, regex` uses a back-reference"),
        ("{entity: A, regex: 'x(?=y)'}", "looks around"),
        ("{entity: A, regex: '(x'}", "leaves a parenthesis open"),
        ("{entity: A, regex: 'x*'}", "matches the empty text"),
        ("{entity: A, regex: 'x{9999}'}", "repeats too often"),
        ("x", "must be a block"),
    ],
)
def test_what_is_wrong_is_said_with_line_and_column(tmp_path, pattern, said):
    path = _written(tmp_path, f"patterns: [{pattern}]".replace("patterns: [", "patterns: [ ", 1))
    problems = examine(path).problems

    assert any(said in problem for problem in problems), problems
    assert all(problem.startswith("line 2, column ") for problem in problems)
    with pytest.raises(PolicyError, match="cannot be used"):
        load(path, None, user_can_write=lambda path: True)


def test_a_rule_about_an_entity_that_no_pattern_adds_is_a_problem(tmp_path):
    path = _written(tmp_path, f"patterns:\n  {STAFF}\nrules: [{{entity: STAF_NO, public: token}}]")

    assert "did you mean `STAFF_NO`?" in examine(path).problems[0]


def test_a_credential_of_one_s_own_gets_the_finding_that_it_is_always_redacted(tmp_path):
    text = """patterns: [{entity: BADGE_PIN, class: credential, regex: "[0-9]{4}"}]
rules: [{entity: BADGE_PIN, public: redact, internal: clear}]"""

    assert any("credential is redacted" in finding for finding in examine(_written(tmp_path, text)).findings)


def test_without_an_engine_patterns_are_refused_with_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "_hyperscan", lambda: None)

    problems = examine(_written(tmp_path, f"patterns:\n  {STAFF}")).problems

    assert problems == (
        "line 2, column 1: `patterns` need an engine whose time is bounded; install it with `pip install hyperscan`",
    )
    assert examine(_written(tmp_path, "environment: dev")).problems == ()


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{entity: MARGIN}", "line 3, column 5: `patterns 1` needs `regex`, `header` or both"),
        ("{entity: MARGIN, header: []}", "line 3, column 30: `patterns 1, header` is an empty list"),
        (f"{{entity: MARGIN, regex: {'x' * 301}}}", "`patterns 1, regex` is longer than 300 characters"),
    ],
)
def test_a_pattern_that_knows_neither_values_nor_labels_is_refused(tmp_path: Path, pattern: str, said: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(f"version: 1\npatterns:\n  - {pattern}\n")

    assert any(said in problem for problem in examine(path).problems)


def test_a_pattern_may_know_labels_alone(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("version: 1\npatterns:\n  - {entity: MARGIN, header: [margin]}\n")

    assert examine(path).problems == ()
    (pattern,) = load(None, path, user_can_write=lambda _: True).all_patterns
    assert (pattern.entity, pattern.regex, pattern.header) == ("MARGIN", "", ("margin",))
