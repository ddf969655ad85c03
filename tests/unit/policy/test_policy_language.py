"""Every key of the language is taken and means something; the starter shows all."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import jsonschema_rs
import pytest

from jupyter_privguard.model import Operator, Tier
from jupyter_privguard.policy.findings import findings
from jupyter_privguard.policy.load import examine, load
from jupyter_privguard.policy.rules import Policy
from jupyter_privguard.policy.schema import published, schema
from jupyter_privguard.policy.shipped import pack_names
from jupyter_privguard.policy.starter import STARTER
from jupyter_privguard.policy.yaml12 import parse

WHOLE = """
version: 1
environment: prod
audit: {store: sqlite, retain: 7y}
principals:
  analyst-1: {roles: [analyst]}
roles:
  analyst:    {tiers: [public, internal], log: own}
  compliance: {tiers: [public, internal, compliance], reveal: true, reason: required, classify: true, log: all}
  lead:       {tiers: [public, internal], approve: true}
purposes:
  churn-model: {basis: legitimate-interest, datasets: ["customers*"], expires: 2027-06-30}
  quoted: {expires: "2027-06-30"}
  bare: {}
datasets:
  "customers*": {environment: prod, columns: {loyalty_no: CUSTOMER_ID, colour: NONE}}
patterns:
  - {entity: STAFF_NO, class: internal, regex: "ST-[0-9]{6}", header: ["staff no"]}
k: 7
domains: {customer: [customers.customer_id, orders.cust]}
hierarchies: {city: {Pune: Maharashtra}}
approvals: {two_person: true, folder: /srv/privguard/approvals}
network: {allow: [], http: false}
include: [gdpr]
rules:
  - {entity: EMAIL_ADDRESS, public: token, internal: encrypt, compliance: clear, source: House rule 7}
  - {class: health,         public: redact, internal: generalise, compliance: clear}
files: refuse
save: redact
"""


def loaded(tmp_path: Path, text: str) -> Policy:
    file = tmp_path / "p.yaml"
    file.write_text(text, encoding="utf-8")
    return load(None, file, user_can_write=lambda _: False)


def checked(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "p.yaml"
    file.write_text(text, encoding="utf-8")
    examined = examine(file)
    assert examined.problems == ()
    return list(examined.findings)


def test_a_policy_with_every_key_is_taken_and_means_what_it_says(tmp_path: Path) -> None:
    policy = loaded(tmp_path, WHOLE)

    assert checked(tmp_path, WHOLE) == []
    assert policy.place == "prod" and policy.k == 7 and policy.retain_days == 7 * 365
    assert policy.needs_two_people and policy.approvals_folder == "/srv/privguard/approvals" and policy.refuses_files
    assert policy.purposes is not None and policy.datasets[0].environment == "prod"
    assert policy.purposes["churn-model"].basis == "legitimate-interest"
    assert policy.purposes["churn-model"].datasets == ("customers*",)
    assert policy.purposes["churn-model"].expires == policy.purposes["quoted"].expires == date(2027, 6, 30)
    assert policy.purposes["bare"].expires is None
    assert [name for name, role in policy.roles.items() if role.approve] == ["compliance", "lead"]
    assert policy.rules[0].source == "House rule 7" and policy.rules[0].operators[Tier.PUBLIC] is Operator.TOKEN
    assert [layer.is_pack for layer in policy.layers] == [False, True]


@pytest.mark.parametrize(("term", "days"), [("90d", 90), ("18m", 540), ("7y", 2555), ("1d", 1)])
def test_a_term_is_days_months_or_years(tmp_path: Path, term: str, days: int) -> None:
    assert loaded(tmp_path, f"version: 1\naudit: {{retain: {term}}}\n").retain_days == days


@pytest.mark.parametrize(("text", "k"), [("k: 2", 2), ("k: 1000", 1000), ("k: 5.0", 5), ("rules: []", 5)])
def test_k_is_a_whole_number(tmp_path: Path, text: str, k: int) -> None:
    got = loaded(tmp_path, f"version: 1\n{text}\n").k

    assert got == k and type(got) is int


def test_a_pack_says_nothing_of_k(tmp_path: Path) -> None:
    assert loaded(tmp_path, "version: 1\nk: 3\ninclude: [gdpr]\n").k == 3


def policies(tmp_path: Path, *texts: str) -> Policy:
    """The first policy, tightened by the others."""
    found = [loaded(tmp_path, f"version: 1\n{text}\n") for text in texts]
    for other in found[1:]:
        found[0] = found[0].tightened(other)
    return found[0]


@pytest.mark.parametrize(
    ("texts", "host", "https", "http"),
    [
        (["k: 5"], "s3.example", False, False),
        (["network: {allow: [s3.example]}"], "s3.example", True, False),
        (["network: {allow: [S3.Example], http: true}"], "s3.example", True, True),
        (["network: {allow: ['*.example']}"], "s3.eu.example", True, False),
        (["network: {allow: ['*.example']}"], "example", False, False),
        (["k: 5", "network: {allow: [s3.example]}"], "s3.example", False, False),
        (["network: {allow: [s3.example]}", "k: 5"], "s3.example", True, False),
        (["network: {allow: [s3.example], http: true}", "network: {allow: ['*']}"], "s3.example", True, False),
        (["network: {allow: [s3.example]}", "network: {allow: []}"], "s3.example", False, False),
    ],
)
def test_a_host_is_reached_by_everybodys_leave(
    tmp_path: Path, texts: list[str], host: str, https: bool, http: bool
) -> None:
    policy = policies(tmp_path, *texts)

    assert (policy.may_reach(host), policy.may_reach(host, by_http=True)) == (https, http)


def test_of_several_policies_all_anchors_and_the_longest_term_count(tmp_path: Path) -> None:
    policy = policies(
        tmp_path, "anchor: {file: /srv/a}\naudit: {retain: 90d}", "anchor: {file: /srv/b}\naudit: {retain: 1y}"
    )

    assert (policy.anchors, policy.longest_retain_days) == (("/srv/a", "/srv/b"), 365)
    assert (policies(tmp_path, "k: 5").anchors, policies(tmp_path, "k: 5").longest_retain_days) == ((), None)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://db.example.org/log",
        "postgresql://asha@db.example.org:5433/log?sslrootcert=/etc/ssl/ca.pem",
        "postgresql://a.example.org,b.example.org/log",
        "postgresql://asha@/log?host=/run/postgresql",
    ],
)
def test_a_team_store_is_named_by_its_address(tmp_path: Path, url: str) -> None:
    assert loaded(tmp_path, f"version: 1\naudit: {{store: '{url}'}}\n").team_store == url


def test_of_several_policies_the_first_team_store_counts(tmp_path: Path) -> None:
    one, two = "audit: {store: 'postgresql://one/log'}", "audit: {store: 'postgresql://two/log'}"

    assert policies(tmp_path, one, two).team_store == "postgresql://one/log"
    assert policies(tmp_path, one, "audit: {store: sqlite}").team_store == "postgresql://one/log"
    assert policies(tmp_path, "audit: {store: sqlite}", two).team_store == "postgresql://two/log"
    assert policies(tmp_path, "audit: {store: sqlite}", "k: 5").team_store is None


@pytest.mark.parametrize(
    "line",
    ["save: record", "network: {allow: [db], http: true}", "network: {}", "anchor: {file: /srv/c}", "files: refuse"],
)
def test_what_asks_for_nothing_more_is_no_finding(tmp_path: Path, line: str) -> None:
    assert checked(tmp_path, f"version: 1\n{line}\n") == []


@pytest.mark.parametrize(
    ("regex", "is_told"),
    [
        (".+", True),
        ("[\\x20-\\x7e]{1,200}", True),
        ("^.{1,50}$", True),
        ("ST-[0-9]{6}", False),
        ("[0-9.-]+", False),
        ("[a-z]+/[a-z]+", False),
    ],
)
def test_a_form_that_any_text_has_is_a_finding(tmp_path: Path, regex: str, is_told: bool) -> None:
    found = checked(tmp_path, f"version: 1\npatterns: [{{entity: STAFF_NO, regex: '{regex}'}}]\n")

    assert [("nearly all is masked" in line) for line in found] == ([True] if is_told else [])


@pytest.mark.parametrize(("today", "count"), [(date(2027, 6, 30), 0), (date(2027, 7, 1), 1)])
def test_a_purpose_that_ended_is_a_finding(today: date, count: int) -> None:
    document = parse("version: 1\npurposes: {churn: {expires: 2027-06-30}}\n")

    found = findings(document, today=today)

    assert len(found) == count
    assert all(at == (2, 29) and "`churn` has ended" in what for at, what in found)


CONFLICTS = {
    "entity": (
        "{entity: PERSON_NAME, public: clear}",
        ["pack gdpr is stricter and holds for PERSON_NAME: public token"],
    ),
    "two_tiers": (
        "{entity: PERSON_NAME, public: partial, internal: clear}",
        ["pack gdpr is stricter and holds for PERSON_NAME: public token, internal encrypt"],
    ),
    "class": (
        "{class: special, internal: clear}",
        [
            "pack gdpr is stricter and holds for CRIMINAL_RECORD, BIOMETRIC: internal redact",
            "pack gdpr is stricter and holds for ETHNICITY, RELIGION, POLITICAL and 2 more: internal token",
        ],
    ),
    "stricter": ("{entity: PERSON_NAME, public: redact, internal: redact}", []),
    "same": ("{entity: PERSON_NAME, public: token, internal: encrypt}", []),
    "not_in_the_pack": ("{entity: GENDER, public: clear}", []),
    "compliance": ("{entity: PERSON_NAME, compliance: clear}", []),
}  # fmt: skip


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_rule_that_a_pack_overrules_is_a_finding(tmp_path: Path, name: str) -> None:
    rule, said = CONFLICTS[name]

    found = checked(tmp_path, f"version: 1\ninclude: [gdpr]\nrules:\n  - {rule}\n")

    assert sorted(line.partition(": ")[2] for line in found) == sorted(said)
    assert all(line.startswith("line 4, column 5: ") for line in found)


def test_rules_of_one_selector_for_different_tiers_do_not_contradict(tmp_path: Path) -> None:
    assert (
        checked(tmp_path, "version: 1\nrules: [{entity: AGE, public: token}, {entity: AGE, internal: round}]\n") == []
    )


def test_with_drawn_surrogates_one_hides_more_than_a_token(tmp_path: Path) -> None:
    rules = "rules: [{entity: AGE, public: token}, {entity: AGE, public: surrogate}]\n"

    (made_up,) = checked(tmp_path, f"version: 1\n{rules}")
    (drawn,) = checked(tmp_path, f"version: 1\nsurrogates: random\n{rules}")

    assert made_up.endswith(": public token") and drawn.endswith(": public surrogate")


def uncommented() -> str:
    return re.sub(r"^# (?=[a-z_]+:(?: |$)|  )", "", STARTER, flags=re.MULTILINE)


def test_the_starter_has_every_key_in_use_or_as_an_example(tmp_path: Path) -> None:
    assert checked(tmp_path, STARTER) == []
    assert set(parse(uncommented()).value) == set(schema()["properties"])
    assert checked(tmp_path, uncommented()) == []
    assert loaded(tmp_path, uncommented()).purposes


@pytest.mark.parametrize("key", sorted(schema()["properties"]))
def test_each_commented_example_is_valid_alone(tmp_path: Path, key: str) -> None:
    blocks = re.split(r"^(?=[a-z_]+:)", re.sub(r"^#.*\n", "", uncommented(), flags=re.MULTILINE), flags=re.MULTILINE)
    wanted = [block for block in blocks if block.startswith((f"{key}:", "version:"))]
    roles = [block for block in blocks if block.startswith("roles:")] if key == "principals" else []

    checked(tmp_path, "".join([*wanted, *roles]))


def test_the_first_line_of_the_starter_is_for_editors() -> None:
    assert STARTER.splitlines()[0] == "# yaml-language-server: $schema=privguard-policy.schema.json"


def test_the_published_schema_is_one_and_takes_what_the_check_takes() -> None:
    published_schema = json.loads(json.dumps(published()))

    jsonschema_rs.meta.validate(published_schema)
    validator = jsonschema_rs.Draft202012Validator(published_schema, validate_formats=True)
    assert validator.is_valid(parse(WHOLE).value) and validator.is_valid(parse(STARTER).value)
    assert validator.is_valid({"version": 1, "rules": [{"entity": "STAFF_NO", "public": "redact"}]})
    for wrong in ({"rulez": []}, {"k": 1}, {"include": ["../x"]}, {"rules": [{"entity": "staff", "public": "redact"}]}):
        assert not validator.is_valid({"version": 1, **wrong})


def test_every_key_has_a_description_for_editors() -> None:
    assert [key for key, value in schema()["properties"].items() if not value.get("description")] == []


def test_the_schema_names_the_packs_that_are_shipped() -> None:
    assert tuple(schema()["properties"]["include"]["items"]["enum"]) == pack_names()
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in pack_names())


@pytest.mark.parametrize("key", ['"\\n"', '"a\\tb"', '"a\\n\\nb"'])
def test_a_key_that_breaks_lines_is_quoted_without_that(tmp_path: Path, key: str) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(f"version: 1\napprovals: {{{key}: null}}\n", encoding="utf-8")

    (problem,) = examine(file).problems

    assert "unknown key" in problem and problem.isprintable()
