"""``privguard approval`` by one account: asked, listed, taken back, each step an event; bad input gets a sentence."""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.errors import Refused
from jupyter_privguard.model import Principal, Tier
from jupyter_privguard.policy.approvals import LARGEST
from jupyter_privguard.settings import account_name

EMAIL = "asha.kulkarni77@corp.example"


def policy(folder: Path | None, **named: str) -> str:
    shared = f", folder: {folder}" if folder is not None else ""
    return (
        "version: 1\nprincipals:\n"
        + "".join(f'  "{name}": {{roles: [{role}]}}\n' for name, role in named.items())
        + "roles:\n  analyst: {tiers: [public]}\n"
        "  officer: {tiers: [public, internal, compliance], approve: true}\n"
        f"approvals: {{two_person: false{shared}}}\n"
    )


ASK = ("approval", "request", "--tier", "compliance", "--dataset", "customers", "--columns", "email, income")


# --- one account ----------------------------------------------------------------------------------


@pytest.fixture
def alone(home, tmp_path, monkeypatch):
    """This account under a policy that gives it a role, and a folder for approvals."""

    def under(role: str, *, shared: bool = True, **more: str) -> Path:
        folder = tmp_path / "shared"
        if shared and not folder.exists():
            folder.mkdir()
            folder.chmod(0o1777)
        text = policy(folder if shared else None, **{account_name(): role, "dana": "officer", **more})
        (tmp_path / "policy.yaml").write_text(text)
        monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "policy.yaml"))
        return folder if shared else home / "approvals"

    return under


def events(action: str) -> list[dict]:
    return [event for event in runtime.log_reader().events() if event["action"] == action]


def test_a_request_prints_its_id_and_says_who_may_answer(alone, privguard) -> None:
    folder = alone("analyst")

    code, out, err = privguard(*ASK, "--reason", f"asked by {EMAIL}", "--for", "2d")

    assert code == 0
    assert err.splitlines()[-1].startswith("privguard: asked; one of them has to answer within a week: dana (officer)")
    assert [path.name for path in folder.iterdir()] == [f"{out.strip()}.request.json"]
    [event] = events("approval.request")
    assert (event["approval"], event["data_set"], event["columns"]) == (out.strip(), "customers", ["email", "income"])
    assert (event["tier"], event["minutes"]) == ("compliance", 2880)
    assert EMAIL not in str(event)


def test_whom_only_a_server_knows_has_no_approvals_and_is_told_so(alone, privguard) -> None:
    """The owner of a file is its author, so the account would be asking, or answering, in that person's stead."""
    folder = alone("officer", alice="officer")
    _, request, _ = privguard(*ASK, "--reason", "ticket")
    alice = Principal("alice", assurance="server", groups=("officers",))
    wanted = {"tier": Tier.COMPLIANCE, "dataset": "d", "columns": (), "experiment": None, "purpose": None}
    ask = partial(runtime.request_approval, **wanted, reason="r", term=timedelta(hours=1))
    answer = partial(runtime.answer_request, request.strip(), is_grant=True, term=None, reason="r")

    for act in (ask, answer):
        with pytest.raises(Refused, match=r"privguard: requests are made and answered by accounts .*in a terminal"):
            runtime.acting_as(alice, act)

    assert runtime.acting_as(alice, runtime.known_requests) == []
    assert [path.suffixes for path in folder.iterdir()] == [[".request", ".json"]]


def test_a_request_for_a_purpose_that_no_cell_can_name_is_refused(alone, privguard, tmp_path) -> None:
    folder = alone("analyst")
    with (tmp_path / "policy.yaml").open("a") as file:
        file.write("purposes: {churn: {basis: contract}, old: {expires: 2020-01-31}}\n")

    for purpose, said in (("chrun", "choose one of churn, old"), ("old", "purpose old ended on 2020-01-31")):
        code, out, err = privguard(*ASK, "--reason", "r", "--purpose", purpose)
        assert (code, out) == (3, "") and said in err.splitlines()[-1], err
    assert list(folder.iterdir()) == [] and events("approval.request") == []
    assert privguard(*ASK, "--reason", "r", "--purpose", "churn")[0] == 0


@pytest.mark.parametrize("term", ["30m", "8h", "2d", "90m"])
def test_the_list_says_for_how_long_it_is_asked(alone, privguard, term) -> None:
    alone("analyst")
    privguard(*ASK, "--reason", "r", "--for", term)

    [found] = csv.DictReader(io.StringIO(privguard("approval", "list", "--format", "csv")[1]))
    assert (found["for"], found["use"]) == (term, "any use")


def test_the_list_tells_it_in_three_forms_without_values(alone, privguard) -> None:
    alone("analyst")
    _, out, _ = privguard(*ASK, "--reason", f"asked by {EMAIL}", "--experiment", "exp-1")

    forms = {form: privguard("approval", "list", "--format", form)[1] for form in ("table", "json", "csv")}

    [one] = json.loads(forms["json"])
    assert (one["id"], one["state"], one["missing"], one["minutes"]) == (out.strip(), "pending", 1, 480)
    assert (one["is_own"], one["may_answer"], one["experiment"]) == (True, False, "exp-1")
    [row] = csv.DictReader(io.StringIO(forms["csv"]))
    assert (row["id"], row["state"], row["columns"]) == (out.strip(), "pending", "email, income")
    assert out.strip() in forms["table"]
    assert all(EMAIL not in text for text in forms.values())


def test_what_somebody_asks_runs_in_no_spreadsheet_of_whoever_answers(alone, privguard) -> None:
    alone("analyst")
    privguard(*ASK[:5], "@SUM(1+1)", "--reason", '=HYPERLINK("https://example.org")')

    [row] = csv.DictReader(io.StringIO(privguard("approval", "list", "--format", "csv")[1]))

    assert row["data set"] == "'@SUM(1+1)"
    assert row["reason"].startswith("'=HYPERLINK(")


@pytest.mark.parametrize("role", ["analyst", "officer"])
def test_ones_own_request_is_not_ones_to_approve_and_the_attempt_is_recorded(alone, privguard, role) -> None:
    alone(role)
    _, out, _ = privguard(*ASK, "--reason", "r")

    code, _, err = privguard("approval", "grant", out.strip())

    assert (code, err) == (3, "privguard: this request is your own; somebody else has to answer it.\n")
    assert [(e["outcome"], e["rule"]) for e in events("approval.grant")] == [("refused", "approval.self")]
    assert json.loads(privguard("approval", "list", "--format", "json")[1])[0]["state"] == "pending"


def test_ones_own_request_can_be_taken_back(alone, privguard) -> None:
    alone("analyst")
    _, out, _ = privguard(*ASK, "--reason", "r")

    code, _, err = privguard("approval", "deny", out.strip(), "--reason", "not needed")

    assert (code, err.startswith("privguard: denied: ")) == (0, True)
    assert [(e["outcome"], e["rule"]) for e in events("approval.deny")] == [("ok", "approval.own")]
    assert json.loads(privguard("approval", "list", "--format", "json")[1])[0]["state"] == "denied"
    assert len(events("approval.deny")) == 1


def test_without_a_shared_folder_it_is_said_that_nobody_can_answer(alone, privguard) -> None:
    folder = alone("analyst", shared=False)

    code, out, err = privguard(*ASK, "--reason", "r")

    assert (code, "folder" in err) == (0, True)
    assert [path.name for path in folder.iterdir()] == [f"{out.strip()}.request.json"]


def test_without_anybody_who_may_answer_that_is_said(alone, privguard) -> None:
    alone("analyst", dana="analyst")

    assert "`approve: true`" in privguard(*ASK, "--reason", "r")[2]


@pytest.mark.parametrize(
    "arguments",
    [
        ("request", "-t", "public", "-d", "x", "-r", "y"),
        ("request", "-t", "compliance", "-d", "x"),
        ("request", "-t", "compliance", "-d", " ", "-r", "y"),
        ("request", "-t", "compliance", "-d", "x", "-r", "two\nlines"),
        ("request", "-t", "compliance", "-d", "x" * 501, "-r", "y"),
        ("request", "-t", "compliance", "-d", "x", "-c", "a,,b", "-r", "y"),
        ("request", "-t", "compliance", "-d", "x", "-c", ",".join(map(str, range(101))), "-r", "y"),
        ("request", "-t", "compliance", "-d", "x", "-r", "y", "--for", "31d"),
        ("request", "-t", "compliance", "-d", "x", "-r", "y", "--for", "soon"),
        ("request", "-t", "compliance", "-d", "x", "-r", "\x1b[2J"),
        ("grant", "0" * 24),
        ("grant", "../../etc/passwd"),
        ("grant", ""),
        ("deny", "x" * 5000),
        ("grant",),
        ("list", "--format", "yaml"),
    ],
    ids=lambda words: " ".join(words)[:40],
)
def test_bad_input_gets_one_sentence_and_leaves_nothing(alone, privguard, arguments) -> None:
    folder = alone("analyst")

    code, out, err = privguard("approval", *arguments)

    assert (code, out) == (3, "")
    assert err.splitlines()[-1].startswith("privguard: ")
    assert "Traceback" not in err
    assert list(folder.iterdir()) == []


def test_what_lies_in_the_folder_is_passed_over_and_a_request_works_right_after(alone, privguard) -> None:
    folder = alone("analyst")
    os.mkfifo(folder / f"{'a' * 24}.request.json")
    (folder / f"{'b' * 24}.request.json").write_bytes(b"x" * (LARGEST + 1))
    (folder / f"{'c' * 24}.request.json").symlink_to("/etc/passwd")
    (folder / f"{'d' * 24}.request.json").write_bytes(b'{"version":1}')

    assert privguard("approval", "list", "--format", "json")[:2] == (0, "[]\n")
    assert privguard("approval", "grant", "d" * 24)[0] == 3
    assert privguard(*ASK, "--reason", "r")[0] == 0


def test_a_folder_that_cannot_be_trusted_is_said(alone, privguard) -> None:
    alone("analyst").chmod(0o777)

    for words in ((*ASK, "--reason", "r"), ("approval", "list"), ("approval", "deny", "0" * 24)):
        code, out, err = privguard(*words)
        assert (code, out) == (3, "")
        assert "chmod +t" in err.splitlines()[-1]


def test_without_a_policy_a_request_can_be_made_and_nobody_may_answer(home, privguard) -> None:
    code, out, _ = privguard(*ASK, "--reason", "r")

    assert code == 0
    assert privguard("approval", "grant", out.strip())[0] == 3
