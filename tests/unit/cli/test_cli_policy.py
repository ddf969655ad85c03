"""``privguard policy`` and its exit codes."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import pytest

from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.policy.starter import STARTER
from tests.command_line import Run

SECRET = "alice@corp.example"


@pytest.fixture
def run(privguard: Run) -> Run:
    return partial(privguard, "policy")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    return tmp_path


def test_init_writes_the_starter_that_check_finds_fine(folder: Path, run: Run) -> None:
    code, out, err = run("init")

    assert (code, out) == (0, "") and err.startswith("privguard: wrote privguard-policy.yaml")
    assert (folder / "privguard-policy.yaml").read_text() == STARTER
    assert run("check", "privguard-policy.yaml")[:2] == (0, "")
    assert not (folder / "home").exists()


def test_init_never_overwrites(folder: Path, run: Run) -> None:
    (folder / "mine.yaml").write_text("mine")
    (folder / "link.yaml").symlink_to("nowhere")
    for name in ("mine.yaml", "link.yaml", "no/folder.yaml"):
        code, out, err = run("init", "-o", name)
        assert (code, out) == (3, "") and err.startswith("privguard: ") and err.count("\n") == 1
    assert (folder / "mine.yaml").read_text() == "mine"


def test_check_lists_problems_on_stdout_and_leaves_with_3(folder: Path, run: Run) -> None:
    (folder / "p.yaml").write_text(f"version: 1\nrulez: {SECRET}\nenvironment: {SECRET}\n")

    code, out, err = run("check", "p.yaml")

    assert code == 3 and len(out.splitlines()) == 2 and "did you mean `rules`?" in out
    assert err == "privguard: p.yaml cannot be used as a policy; mend the 2 problems listed above.\n"
    assert SECRET not in out + err


def test_check_leaves_with_1_when_something_is_only_doubtful(folder: Path, run: Run) -> None:
    (folder / "p.yaml").write_text("version: 1\nrules: [{entity: AGE, public: clear}, {entity: AGE, public: token}]\n")

    code, out, err = run("check", "p.yaml")

    assert code == 1 and "the stricter of the two holds: public token" in out and "can be used" in err


@pytest.mark.parametrize("name", ["nope.yaml", "."])
def test_check_of_what_is_no_file_is_one_sentence(name: str, run: Run) -> None:
    code, out, err = run("check", name)

    assert (code, out) == (3, "") and err.startswith("privguard: ") and err.count("\n") == 1


HOSTILE = "a\x1b[31m\nprivguard: fake.yaml"


@pytest.mark.parametrize("args", [("check", HOSTILE), ("init", "-o", f"no/{HOSTILE}"), ("init", "-o", HOSTILE)])
@pytest.mark.parametrize("is_there", [False, True])
def test_no_name_of_a_file_steers_the_terminal_or_adds_a_line(
    folder: Path, run: Run, args: tuple[str, ...], is_there: bool
) -> None:
    if is_there:
        (folder / HOSTILE).write_text("version: 1\n")

    _, out, err = run(*args)

    assert out == ""
    assert err.startswith("privguard: ") and err.count("\n") == 1 and "\x1b" not in err


def test_no_name_that_a_command_does_not_know_steers_the_terminal(run: Run) -> None:
    code, out, err = run("check", "p.yaml", HOSTILE)

    assert (code, out) == (3, "")
    assert err.startswith("privguard: ") and err.count("\n") == 1 and "\x1b" not in err


def test_how_many_problems_there_are_is_not_said_where_they_are_cut(folder: Path, run: Run) -> None:
    (folder / "p.yaml").write_text("version: 1\n" + "".join(f"key{n}: 1\n" for n in range(80)))

    code, out, err = run("check", "p.yaml")

    assert code == 3 and out.splitlines()[-1] == "and more"
    assert err == "privguard: p.yaml cannot be used as a policy; mend the problems listed above, and more.\n"


def test_usage_errors_leave_with_3(run: Run) -> None:
    assert run("check")[0] == 3
    assert run("frobnicate")[0] == 3
    assert run("--help")[0] == 0


def test_check_of_a_missing_file_does_not_speak_of_the_policy_in_force(run: Run) -> None:
    code, out, err = run("check", "nope.yaml")

    assert (code, out, err.count("\n")) == (3, "", 1)
    assert "no file nope.yaml" in err and "PRIVGUARD_POLICY" not in err


def test_schema_prints_one_json_document(run: Run) -> None:
    code, out, err = run("schema")

    assert (code, err) == (0, "")
    assert json.loads(out)["title"] == "privguard policy"


# --- explain ---------------------------------------------------------------------------------------

TEAM = """version: 1
environment: prod
include: [gdpr]
principals: {ann: {roles: [analyst]}}
roles: {analyst: {tiers: [public, internal]}}
purposes: {churn: {basis: consent, datasets: ["cust*"], expires: 2099-06-30}}
datasets: {"cust*": {environment: prod}}
rules: [{entity: EMAIL_ADDRESS, public: partial, source: House rule 7}]
"""
VALUES = [f"ada{n}@corp{n}.example" for n in range(30)]


@pytest.fixture
def data(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = folder / "customers.csv"
    rows = "".join(f"C-{n:05d},{value},red\n" for n, value in enumerate(VALUES))
    file.write_text("customer_id,email,colour\n" + rows)
    (folder / "team.yaml").write_text(TEAM)
    monkeypatch.setenv("PRIVGUARD_POLICY", str(folder / "team.yaml"))
    return file


def test_explain_reads_as_a_chain_of_reasons(data: Path, run: Run) -> None:
    code, out, err = run("explain", data, "--column", "email", "--as", "ann")

    assert (code, err) == (0, "")
    for words in (
        "EMAIL_ADDRESS: personal data. Confidence 0.9",
        "- header: “email”",
        "public: token, that is a code instead of the value",
        "because of pack gdpr, rule “direct identifier” (GDPR article 4(5)",
        "team.yaml, rule “rule 1 (EMAIL_ADDRESS)” (House rule 7): partial, which hides less",
        "as " + str(data.parent / "team.yaml") + " has none for it",
        "internal: whoever has the role analyst: ann\n    ann: yes",
        "ann: no; tier compliance is not granted to ann",
        "churn (consent), until 2099-06-30: yes",
        "it is bound to environment prod, and this is prod",
    ):
        assert words in out, words
    assert not any(value in out for value in VALUES) and "None" not in out
    assert not (data.parent / "home").exists()


def test_explain_says_which_policy_that_is_and_whose(data: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    team = data.parent / "team.yaml"
    by_file = run("explain", data, "--column", "email")[1]
    assert f"By which policy\n  {team}; you could have written it, so what it grants counts as self\n" in by_file
    assert "\n  pack gdpr, which only masks more\n" in by_file
    told = json.loads(run("explain", data, "--column", "email", "--format", "json")[1])["policy"]
    assert told["sources"] == [
        {"source": str(team), "is_pack": False, "author_is_self": True},
        {"source": "pack gdpr", "is_pack": True, "author_is_self": False},
    ]
    assert re.fullmatch("[0-9a-f]{64}", told["sha256"]) and told["sha256"] in by_file

    monkeypatch.delenv("PRIVGUARD_POLICY")
    built_in = run("explain", data, "--column", "email")[1]
    assert "By which policy\n  the built-in one, for nobody has named another; `privguard policy init`" in built_in


def test_explain_of_a_group_names_its_members(
    data: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "g.yaml").write_text(
        'version: 1\nprincipals: {"group:risk": {roles: [a]}, dana: {roles: [a]}}\n'
        "roles: {a: {tiers: [public, internal]}}\n"
    )
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "g.yaml"))

    risk = run("explain", str(data), "--column", "email", "--as", "group:risk")[1]
    other = run("explain", str(data), "--column", "email", "--as", "group:other")[1]
    named = run("explain", str(data), "--column", "email", "--as", "risk")[1]

    assert "internal: whoever has the role a: whoever is in group risk, dana\n    whoever is in group risk: yes" in risk
    assert "whoever is in group other: no; tier internal is not granted" in other
    assert "    risk: no; tier internal is not granted to risk" in named


def test_explain_as_json_says_the_same(data: Path, run: Run) -> None:
    code, out, _ = run("explain", data, "--column", "email", "--as", "ann", "--format", "json")
    told = json.loads(out)

    assert code == 0 and told["entity"] == "EMAIL_ADDRESS" and told["principal"] == "ann"
    assert [told["tiers"][tier]["operator"] for tier in ("public", "internal", "compliance")] == [
        "token",
        "encrypt",
        "clear",
    ]
    assert told["tiers"]["public"]["because"]["where"] == "pack gdpr"
    assert [other["operator"] for other in told["tiers"]["public"]["others"]] == ["partial"]
    assert [told["tiers"][tier]["granted"]["you"] for tier in told["tiers"]] == [True, True, False]
    assert told["purposes"][0]["allowed"] and told["environment"] == {
        "here": "prod",
        "bound_to": ["prod"],
        "allowed": True,
        "why_not": "",
    }


def test_explain_of_one_tier_says_nothing_of_the_others(data: Path, run: Run) -> None:
    _, out, _ = run("explain", data, "--column", "email", "--tier", "internal")

    assert "internal: encrypt" in out and "public:" not in out and "compliance:" not in out


def test_explain_of_a_harmless_column(data: Path, run: Run) -> None:
    code, out, _ = run("explain", data, "--column", "colour")

    assert code == 0 and "NONE: nothing sensitive" in out and "public: clear, that is the value itself" in out


@pytest.mark.parametrize(
    ("column", "hint"), [("emial", "did you mean `email`?"), ("zzz", "`privguard classify` lists")]
)
def test_explain_of_an_unknown_column_is_one_sentence(column: str, hint: str, data: Path, run: Run) -> None:
    code, out, err = run("explain", data, "--column", column)

    assert (code, out, err.count("\n")) == (3, "", 1)
    assert err.startswith("privguard: ") and hint in err and column not in err


def test_a_label_that_is_a_value_is_not_shown(data: Path, run: Run) -> None:
    label = f"sent to {SECRET}"
    data.write_text(f"customer_id,{label}\n" + "".join(f"C-{n:05d},yes\n" for n in range(9)))

    near = run("explain", data, "--column", f"sent t {SECRET}")
    exact = run("explain", data, "--column", label)
    as_json = run("explain", data, "--column", label, "--format", "json")

    assert (near[0], exact[0]) == (3, 0)
    assert "did you mean `sent to [redacted]`?" in near[2] and "Column sent to [redacted] of" in exact[1]
    assert SECRET not in "".join(map(str, (*near, *exact, *as_json)))


@pytest.mark.parametrize("args", [["nope.csv", "--column", "a"], [".", "--column", "a"], ["customers.csv"]])
def test_explain_of_what_cannot_be_read_is_one_sentence(args: list[str], data: Path, run: Run) -> None:
    code, out, err = run("explain", *args)

    assert (code, out, err.count("\n")) == (3, "", 1) and err.startswith("privguard: ")


def test_explain_under_an_unusable_policy_is_refused(data: Path, run: Run) -> None:
    (data.parent / "team.yaml").write_text("version: 1\nrulez: []\n")

    code, out, err = run("explain", data, "--column", "email")

    assert (code, out) == (3, "") and "cannot be used" in err


@pytest.mark.parametrize(
    ("command", "action"), [("classify", "data.load"), ("mask", "data.load"), ("seal", "data.seal")]
)
def test_what_is_refused_to_a_command_is_an_event(
    privguard: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, action: str
) -> None:
    (tmp_path / "customers.csv").write_text("email\na@b.example\n")
    (tmp_path / "p.yaml").write_text('version: 1\nenvironment: dev\ndatasets: {"cust*": {environment: prod}}\n')
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "p.yaml"))
    out = () if command == "classify" else ("-o", tmp_path / "out.csv")

    code, shown, said = privguard(command, tmp_path / "customers.csv", *out)

    assert (code, shown) == (3, "") and "bound to environment prod" in said and not (tmp_path / "out.csv").exists()
    (event,) = [
        e for e in LogReader.open(tmp_path / "home" / "log", None).events() if not e["action"].startswith("key.")
    ]
    assert (event["action"], event["outcome"], event["rule"]) == (action, "refused", "datasets.cust*.environment")
    assert event["dataset"]["name"] == "customers"
