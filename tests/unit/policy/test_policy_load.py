"""Policy files: what is refused, with line and column and without values; what is taken, and as what."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from jupyter_privguard.errors import PolicyError
from jupyter_privguard.model import ENTITIES, DataClass, Operator, Tier
from jupyter_privguard.policy import load as loading
from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.policy.load import examine, load
from jupyter_privguard.policy.schema import schema
from jupyter_privguard.policy.starter import STARTER
from jupyter_privguard.policy.yaml12 import YamlError, parse

PACKS = Path(loading.__file__).parent / "packs"
SECRET = "alice@corp.example"

GOOD = """version: 1
environment: dev
roles:
  analyst: {tiers: [public, internal]}
  compliance: {tiers: [public, internal, compliance], reveal: true, reason: required}
rules:
  - {entity: EMAIL_ADDRESS, public: token, internal: encrypt, compliance: clear}
  - {class: health, public: redact, internal: generalise, compliance: clear}
"""


def write(tmp_path: Path, text: str | bytes, name: str = "p.yaml") -> Path:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def check(path: Path) -> list[str]:
    """Everything there is to say about a file, a line each."""
    examined = examine(path)
    return [*examined.problems, *examined.findings]


def mine(path: Path) -> bool:
    return True


def not_mine(path: Path) -> bool:
    return False


REFUSED = {
    "no_yaml": ("a: [1, 2\nb: }{", "line 2, column 2: not YAML"),
    "doubled_key": ("version: 1\nrules: []\nrules: []\n", "line 3, column 1: `rules` is there twice (first in line 2)"),
    "doubled_inner_key": ("version: 1\nroles:\n  a: {tiers: [public], tiers: [public]}\n", "line 3, column 24"),
    "python_tag": ("!!python/object/apply:os.system ['touch PWNED']\n", "line 1, column 1: a tag"),
    "plain_tag": ("version: !!int '1'\n", "line 1, column 10: a tag"),
    "anchor": ("version: &v 1\n", "line 1, column 10: an anchor"),
    "alias_bomb": (
        "a0: &a0 [x]\n" + "".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n" for n in range(9)),
        "line 1, column 5: an anchor",
    ),
    "merge_key": ("version: 1\nroles:\n  <<: {tiers: [public]}\n", "line 3, column 3: a merge key"),
    "deep_list": ("version: 1\nrules: " + "[" * 5000 + "]" * 5000, "line 2, column"),
    "deep_block": ("".join("  " * n + "- \n" for n in range(30)), "more than 20 levels deep"),
    "deep_mapping": ("{a: " * 5000 + "1" + "}" * 5000, "line 1, column"),
    "long_list": ("version: 1\nrules: [" + "a," * 100_000 + "]", "more than 50,000 values"),
    "control": ("version: 1\nenvironment: d\x07ev\n", "line 2, column 15: a control character"),
    "escaped_control": ('version: "\\0"\n', "line 1, column 10: a control character"),
    "bidi": ("version: 1 # \u202e\n", "line 1, column 14: a control character"),
    "latin": ("version: 1\n# José\n".encode("latin-1"), "line 2, column 1: not UTF-8"),
    "utf16": ("version: 1\n".encode("utf-16"), "not UTF-8"),
    "empty": ("", "the file is empty"),
    "comment": ("# nothing\n", "the file is empty"),
    "two_documents": ("version: 1\n---\nversion: 1\n", "line 2, column 1: a second document"),
    "directive": ("%YAML 1.1\n---\nversion: 1\n", "directive"),
    "list_as_key": ("? [a]\n: 1\n", "a key must be text"),
    "text": ("hello", "the policy must be a block"),
    "long_number": ("version: 11111111111111111111111\n", "out of range"),
    "infinity": ("version: .inf\n", "out of range"),
    "overflow": ("version: 1e999\n", "out of range"),
    "no_version": ("rules: []\n", "the policy needs `version: 1`"),
    "version_2": ("version: 2\n", "`version` must be 1"),
    "version_text": ('version: "1"\n', "`version` must be 1"),
    # YAML 1.2: none of these is a boolean or a number, so none is what is wanted there.
    "no": ("version: NO\n", "line 1, column 10: `version` must be 1"),
    "norway": ("version: 1\nenvironment: NO\n", "line 2, column 14: `environment` must be one of dev, test"),
    "on": ("version: 1\nroles: {a: {tiers: [public], reveal: on}}\n", "`roles, a, reveal` must be true or false"),
    "sexagesimal": ("version: 12:30:45\n", "line 1, column 10: `version` must be 1"),
    "binary_in_number_place": ("version: 0b1\n", "`version` must be 1"),
    "null": ("version: 1\nrules:\n", "line 2, column 7: `rules` must be a list"),
    "unknown_key": ("version: 1\nrulez: []\n", "line 2, column 1: unknown key `rulez` in the policy; did you mean"),
    "unknown_inner_key": ("version: 1\nroles: {a: {tier: [public], tiers: [public]}}\n", "did you mean `tiers`?"),
    "unknown_entity": ("version: 1\nrules: [{entity: EMAIL, public: redact}]\n", "did you mean `EMAIL_ADDRESS`?"),
    "unknown_column_entity": (
        "version: 1\ndatasets: {a: {columns: {b: PHONE}}}\n",
        "did you mean `PHONE_NUMBER`?",
    ),
    "none_in_small_letters": ("version: 1\ndatasets: {a: {columns: {b: none}}}\n", "did you mean `NONE`?"),
    "unknown_class": ("version: 1\nrules: [{class: helth, public: redact}]\n", "did you mean `health`?"),
    "unknown_operator": ("version: 1\nrules: [{entity: AGE, public: tokenise}]\n", "did you mean `token`?"),
    "unknown_tier": ("version: 1\nroles: {a: {tiers: [pubic]}}\n", "did you mean `public`?"),
    "class_none": ("version: 1\nrules: [{class: none, public: redact}]\n", "`rules 1, class` must be one of"),
    "no_selector": ("version: 1\nrules: [{public: redact}]\n", "names either `entity` or `class`"),
    "both_selectors": ("version: 1\nrules: [{entity: AGE, class: pii, public: redact}]\n", "names either"),
    "no_tier": ("version: 1\nrules: [{entity: AGE}]\n", "says nothing for `public`"),
    "empty_list": ("version: 1\nrules: [{entity: [], public: redact}]\n", "is an empty list"),
    "no_tiers": ("version: 1\nroles: {a: {}}\n", "`roles, a` needs `tiers`"),
    "scalar_rule": ("version: 1\nrules: [5]\n", "`rules 1` must be a block"),
    "unknown_role": ("version: 1\nprincipals: {u: {roles: [boss]}}\n", "line 2, column 26: a role of `u` is not among"),
    "long_name": ("version: 1\nroles: {" + "x" * 300 + ": {tiers: [public]}}\n", "longer than 200"),
    "near": ("version: 1\nprincipals: {u: {roles: [ab]}}\nroles: {abc: {tiers: [public]}}\n", "did you mean `abc`?"),
    "no_day": ("version: 1\npurposes: {a: {expires: 2027-02-30}}\n", "line 2, column 25: `purposes, a, expires` is"),
    "no_date": ("version: 1\npurposes: {a: {expires: soon}}\n", "`purposes, a, expires` must be a date such as"),
    "week_date": ("version: 1\npurposes: {a: {expires: 2027-W01-1}}\n", "must be a date such as 2027-06-30"),
    "date_and_time": ("version: 1\npurposes: {a: {expires: 2027-06-30T00:00}}\n", "must be a date such as 2027-06-30"),
    "year_zero": ("version: 1\npurposes: {a: {expires: 0000-01-01}}\n", "is a day that no calendar has"),
    "purpose_key": ("version: 1\npurposes: {a: {expire: 2027-06-30}}\n", "did you mean `expires`?"),
    "purpose_null": ("version: 1\npurposes:\n  a:\n", "`purposes, a` must be a block"),
    "k_small": ("version: 1\nk: 1\n", "line 2, column 4: `k` must be from 2 to 1,000"),
    "k_large": ("version: 1\nk: 1001\n", "`k` must be from 2 to 1,000"),
    "k_part": ("version: 1\nk: 5.5\n", "`k` must be a whole number"),
    "k_text": ("version: 1\nk: five\n", "`k` must be a whole number"),
    "team_store": ("version: 1\naudit: {store: 'postgresql://u:pw@db/log'}\n", "must be sqlite or postgresql://"),
    "team_store_word": ("version: 1\naudit: {store: 'postgresql://db/log?password=pw'}\n", "belongs in ~/.pgpass"),
    "team_store_base": ("version: 1\naudit: {store: 'postgresql://db'}\n", "must be sqlite or postgresql://"),
    "other_store": ("version: 1\naudit: {store: 'mysql://db/log'}\n", "must be sqlite or postgresql://"),
    "retain_zero": ("version: 1\naudit: {retain: 0y}\n", "`audit, retain` must be a number of days, months or years"),
    "retain_number": ("version: 1\naudit: {retain: 7}\n", "`audit, retain` must be text"),
    "retain_weeks": ("version: 1\naudit: {retain: 7w}\n", "such as 90d, 18m or 7y"),
    "relative_folder": ("version: 1\napprovals: {folder: here}\n", "must be the whole path of a folder"),
    "two_person_yes": ("version: 1\napprovals: {two_person: yes}\n", "must be true or false"),
    "anchor_without_file": ("version: 1\nanchor: {}\n", "`anchor` needs `file`"),
    "files": ("version: 1\nfiles: refused\n", "did you mean `refuse`?"),
    "save": ("version: 1\nsave: keep\n", "`save` must be one of redact, refuse, record"),
    "http": ("version: 1\nnetwork: {http: 1}\n", "`network, http` must be true or false"),
    "dataset_environment": ("version: 1\ndatasets: {a: {environment: production}}\n", "must be one of dev, test"),
    "pack_slip": ("version: 1\ninclude: [hipaa]\n", "names no known pack; did you mean `hipaa-safe-harbor`?"),
    "pack_path": ("version: 1\ninclude: [../load]\n", "line 2, column 11: `include 1`"),
    "pack_absolute": ("version: 1\ninclude: [/etc/passwd]\n", "`include 1` must be one of default, gdpr"),
    "pack_url": ("version: 1\ninclude: ['https://evil.example/p.yaml']\n", "`include 1` must be one of default, gdpr"),
    "pack_file": ("version: 1\ninclude: [gdpr.yaml]\n", "`include 1` names no known pack; did you mean `gdpr`?"),
    "pack_text": ("version: 1\ninclude: gdpr\n", "`include` must be a list"),
    "long_source": ("version: 1\nrules: [{entity: AGE, public: redact, source: " + "x" * 301 + "}]\n", "longer than"),
    "long_key": ("version: 1\n? " + "x" * 900 + "\n: 1\n", "unknown key `xxxxxxxxxxxxxxxxxxxx…`"),
    "number_key": ("version: 1\n5: 1\n", "unknown key `5` in the policy"),
    "empty_key": ("version: 1\ndatasets: {'': {anchor: 1}}\n", "line 2, column 12: a key has no text"),
    "number_keys": ("version: 1\nroles: {007: {tiers: 5}, +1: {}, 0: {tier: 1}, a/b: 1}\n", "`roles, 007, tiers` must"),
    "nul": ("version: 1\0\n", "a control character"),
    "utf16_without_mark": ("version: 1\n".encode("utf-16-le"), "a control character"),
    "bad_column": ("version: 1\ndatasets: {a: {columns: {m: EMAIL_ADRESS}}}\n", "did you mean `EMAIL_ADDRESS`?"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_invalid_policy_is_refused_with_its_place(name: str, tmp_path: Path) -> None:
    content, words = REFUSED[name]
    file = write(tmp_path, content)

    with pytest.raises(PolicyError) as caught:
        load(None, file, user_can_write=mine)

    said = str(caught.value)
    assert said.startswith("privguard: ") and "\n" not in said and len(said) < 500
    assert any(words in problem for problem in caught.value.problems), caught.value.problems
    assert all(problem.startswith("line ") for problem in caught.value.problems)
    assert check(file) == list(caught.value.problems)
    assert not (tmp_path / "PWNED").exists()


def test_all_problems_are_told_at_once_in_order_and_without_values(tmp_path: Path) -> None:
    text = f"version: {SECRET}\nroles:\n  a: {{tiers: [{SECRET}], log: {SECRET}}}\nrules:\n - {{entity: {SECRET}}}\n"

    problems = check(write(tmp_path, text))

    assert len(problems) == 5 and SECRET not in "".join(problems)
    lines = [int(problem.split()[1].rstrip(",")) for problem in problems]
    assert lines == sorted(lines)


def test_a_flood_of_problems_is_cut(tmp_path: Path) -> None:
    problems = check(write(tmp_path, "version: 1\n" + "".join(f"key{n}: 1\n" for n in range(5000))))

    assert len(problems) == 51 and problems[-1] == "and more"


def test_places_that_hold_no_policy_fail_closed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    large = write(tmp_path, "version: 1\n" + "#" * (1 << 20), "large.yaml")
    for path, words in {
        tmp_path / "nope.yaml": "there is no policy file",
        tmp_path: "not a regular file",
        tmp_path / "pipe": "not a regular file",
        Path("/dev/null"): "not a regular file",
        Path("/dev/zero"): "not a regular file",
        large: "larger than 1 MiB",
        Path("a\0b"): "cannot be read",
    }.items():
        for named in (True, False):
            with pytest.raises(PolicyError, match=words) as caught:
                load(None if named else path, path if named else None, user_can_write=mine)
            assert str(caught.value).startswith("privguard: ") and "\n" not in str(caught.value)


def test_nothing_named_gives_the_built_in_policy() -> None:
    policy = load(None, None, user_can_write=mine)

    assert policy is built_in() and policy.source == "built-in" and policy.principals is None


def test_a_good_policy_is_taken_as_it_stands(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD)

    policy = load(None, file, user_can_write=not_mine)

    assert check(file) == []
    assert (policy.source, policy.environment, policy.author_is_self) == (str(file), "dev", False)
    assert policy.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()
    assert policy.principals is None
    assert policy.roles["compliance"].tiers == frozenset(Tier) and policy.roles["compliance"].reveal
    assert policy.roles["analyst"].reason_required and policy.roles["analyst"].log == "own"
    assert [rule.name for rule in policy.rules] == ["rule 1 (EMAIL_ADDRESS)", "rule 2 (health)"]
    assert policy.rules[0].operators[Tier.INTERNAL] is Operator.ENCRYPT
    assert policy.rules[1].classes == {DataClass.HEALTH}


def test_text_that_yaml_1_1_would_read_as_something_else_is_text(tmp_path: Path) -> None:
    text = (
        "version: 1\nroles: {NO: {tiers: [public]}, on: {tiers: [internal]}}\n"
        "principals: {12:30:45: {roles: [NO]}, 0123: {roles: [on]}}\ndatasets: {yes: {columns: {off: CITY, 5: AGE}}}\n"
    )

    policy = load(None, write(tmp_path, text), user_can_write=mine)

    assert set(policy.roles) == {"NO", "on"}
    assert policy.principals == {"12:30:45": ("NO",), "0123": ("on",)}
    assert policy.datasets[0].glob == "yes" and policy.datasets[0].columns == {"off": "CITY", "5": "AGE"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"), ("no", "no"), ("on", "on"), ("yes", "yes"), ("12:30:45", "12:30:45"),
        ("2001-01-01", "2001-01-01"),
        ("1_000", "1_000"), ("0b1", "0b1"), ("true", True), ("FALSE", False), ("~", None), ("", None), ("null", None),
        ("0o17", 15), ("0x1F", 31), ("017", 17), ("-5", -5), ("+5", 5), ("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0),
        ("'1'", "1"), ('"true"', "true"), ("|\n  5\n", "5\n"), ("=", "="),
    ],
)  # fmt: skip
def test_scalars_follow_the_core_schema_of_yaml_1_2(text: str, value: object) -> None:
    got = parse(f"k: {text}\n").value["k"]

    assert got == value and type(got) is type(value)


def test_the_pure_parser_gives_the_same_document(monkeypatch: pytest.MonkeyPatch) -> None:
    with_c = parse(STARTER)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)

    assert parse(STARTER) == with_c
    with pytest.raises(YamlError, match="line 1"):
        parse("[" * 5000)


def test_a_byte_order_mark_is_no_control_character(tmp_path: Path) -> None:
    assert check(write(tmp_path, b"\xef\xbb\xbf" + GOOD.encode())) == []


def test_findings_do_not_make_a_policy_unusable(tmp_path: Path) -> None:
    text = (
        "version: 1\nrules:\n  - {entity: AGE, public: clear, internal: clear}\n"
        "  - {entity: [CITY, AGE], public: redact}\n"
        "  - {class: credential, public: token}\n  - {entity: GENDER, public: clear, internal: token}\n"
    )
    file = write(tmp_path, text)

    found = examine(file)

    assert found.problems == ()
    assert [line.split(": ", 1)[0] for line in found.findings] == [
        "line 4, column 5", "line 5, column 5", "line 6, column 5",
    ]  # fmt: skip
    assert "the stricter of the two holds: public redact" in found.findings[0]
    assert load(None, file, user_can_write=mine).rules


def test_the_starter_is_fine_and_speaks_of_every_key(tmp_path: Path) -> None:
    assert check(write(tmp_path, STARTER)) == []
    uncommented = STARTER.replace("# principals:", "principals:").replace("#   alice", "  alice")
    uncommented = uncommented.replace("#   dana", "  dana").replace("# datasets:", "datasets:")
    uncommented = uncommented.replace('#   "customers*"', '  "customers*"').replace("#     columns", "    columns")
    assert check(write(tmp_path, uncommented)) == []
    for key in schema()["properties"]:
        assert key in STARTER


def test_the_installed_rules_are_those_of_the_yaml_file() -> None:
    from_yaml = parse((PACKS / "default.yaml").read_text(encoding="utf-8")).value

    assert json.loads((PACKS / "default.json").read_text(encoding="utf-8")) == from_yaml
    assert check(PACKS / "default.yaml") == []
    assert built_in().sha256 == hashlib.sha256((PACKS / "default.yaml").read_bytes()).hexdigest()


def test_the_schema_knows_the_words_of_the_model() -> None:
    definitions = schema()["$defs"]
    columns = schema()["properties"]["datasets"]["additionalProperties"]["properties"]["columns"]

    assert set(definitions["entity"]["enum"]) == set(ENTITIES) - {"NONE"}
    assert set(columns["additionalProperties"]["enum"]) == set(ENTITIES)
    assert set(definitions["class"]["enum"]) == {c.value for c in DataClass} - {"none"}
    assert set(definitions["operator"]["enum"]) == {operator.value for operator in Operator}


def test_the_built_in_policy_needs_no_yaml_and_no_schema_library() -> None:
    code = (
        "import sys; from jupyter_privguard.policy import decide, load; load.load(None, None, user_can_write=bool);"
        "print(sorted({'yaml', 'jsonschema_rs', 'jsonschema', 'difflib', 'pandas'} & set(sys.modules)))"
    )
    root = str(Path(loading.__file__).parents[2])

    out = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": root},
    )

    assert out.stdout.strip() == "[]"
