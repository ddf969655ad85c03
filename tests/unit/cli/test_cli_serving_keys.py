"""`privguard keys issue|revoke`: a key is printed once, listed without itself, and taken back by its id."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jupyter_privguard import _files
from jupyter_privguard.audit.stores import marks
from jupyter_privguard.errors import LogUnavailable
from jupyter_privguard.runtime import bearer_keys
from jupyter_privguard.serving import access
from tests.command_line import Run


def test_a_key_is_shown_once_and_listed_by_its_id(privguard: Run, home: Path) -> None:
    code, key, _ = privguard("keys", "issue", "ana", "--days", "30")
    name = key.split("_")[1]

    listed = privguard("keys", "list")[1]

    assert code == 0 and key.startswith("pgs_")
    assert "serving ana" in listed and name in listed
    assert key.strip().split("_", 2)[2] not in listed
    assert privguard("keys", "revoke", name)[0] == 0
    assert name not in privguard("keys", "list")[1]


def test_who_got_a_key_and_who_took_it_back_is_in_the_log_and_the_key_is_not(privguard: Run, home: Path) -> None:
    key = privguard("keys", "issue", "ana", "--days", "30")[1].strip()
    name = key.split("_")[1]
    privguard("keys", "revoke", name)

    exported = privguard("audit", "export", "--format", "jsonl")[1]
    found = [event for event in map(json.loads, exported.splitlines()) if event["action"].startswith("bearer.")]

    assert [(event["action"], event["outcome"], event["bearer"], event["for"]) for event in found] == [
        ("bearer.issue", "ok", name, "ana"),
        ("bearer.revoke", "ok", name, "ana"),
    ]
    assert found[0]["until"] == found[1]["until"] > found[0]["time"]
    assert key.split("_", 2)[2] not in exported
    acts = privguard("audit", "acts")[1]
    assert "bearer.issue" in acts and "bearer.revoke" in acts and "for ana" in acts


def test_what_cannot_be_recorded_does_not_happen(privguard: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = privguard("keys", "issue", "ana")[1].split("_")[1]

    def unavailable(*_: object, **__: object) -> None:
        raise LogUnavailable("privguard: the log is away.")

    monkeypatch.setattr(bearer_keys, "record", unavailable)

    assert privguard("keys", "issue", "bela")[:2] == (3, "")
    assert privguard("keys", "revoke", name)[0] == 3
    listed = privguard("keys", "list")[1]
    assert "bela" not in listed and name in listed


def test_what_could_not_be_done_after_all_is_recorded_too(
    privguard: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    privguard("keys", "init")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(access, "write_atomically", full)

    code, out, err = privguard("keys", "issue", "ana")

    exported = privguard("audit", "export", "--format", "jsonl")[1]
    found = [event for event in map(json.loads, exported.splitlines()) if event["action"] == "bearer.issue"]
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert [event["outcome"] for event in found] == ["ok", "error"]


def changes(privguard: Run) -> list[tuple[str, str]]:
    """What the log tells of bearer keys."""
    exported = privguard("audit", "export", "--format", "jsonl")[1]
    found = [event for event in map(json.loads, exported.splitlines()) if event["action"].startswith("bearer.")]
    return [(event["action"], event["outcome"]) for event in found]


def test_what_holds_although_its_folder_did_not_reach_the_disk_is_no_failure(
    privguard: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = privguard("keys", "issue", "ana")[1].split("_")[1]

    def failing(folder: Path) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(_files, "sync_folder", failing)
        code, out, err = privguard("keys", "revoke", name)

    assert (code, out, err.count("\n")) == (3, "", 1)
    assert "was changed" in err and "loss of power" in err and "cannot be written" not in err
    assert name not in privguard("keys", "list")[1]
    assert changes(privguard) == [("bearer.issue", "ok"), ("bearer.revoke", "ok")]


def test_a_change_whose_mark_cannot_be_set_holds_and_is_told_as_it_is(
    privguard: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    privguard("keys", "init")

    with monkeypatch.context() as patch:
        patch.setattr(marks, "_RAISE", "no statement")
        code, key, _ = privguard("keys", "issue", "ana")

    assert code == 0 and key.startswith("pgs_")
    assert changes(privguard) == [("bearer.issue", "ok")]
    assert key.split("_")[1] in privguard("keys", "list")[1]
    assert privguard("keys", "issue", "ben")[0] == 0
    older = (home / "serving-keys.json").read_bytes()
    assert privguard("keys", "revoke", key.split("_")[1])[0] == 0
    (home / "serving-keys.json").write_bytes(older)
    assert privguard("keys", "list")[0] == 3, "an older copy is told again once a mark could be set"


@pytest.mark.parametrize("words", [("issue", "ana", "--days", "0"), ("issue", " "), ("revoke", "00000000")])
def test_a_wrong_word_is_one_sentence(privguard: Run, home: Path, words: tuple[str, ...]) -> None:
    privguard("keys", "issue", "ana")

    code, out, err = privguard("keys", *words)

    assert code == 3 and out == ""
    assert err.startswith("privguard: ") and err.count("\n") == 1


_TEAM = """\
version: 1
principals: {ana: {roles: [analyst]}, "group:risk": {roles: [analyst]}}
roles: {analyst: {tiers: [public, internal]}}
"""


@pytest.mark.parametrize(("person", "warned"), [("ana", False), ("anna", True), ("group:risk", True)])
def test_a_key_for_somebody_without_a_role_says_that_it_gives_little(
    privguard: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, person: str, warned: bool
) -> None:
    policy = tmp_path / "team.yaml"
    policy.write_text(_TEAM)
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))

    code, key, err = privguard("keys", "issue", person)

    assert code == 0 and key.startswith("pgs_")
    assert ("tier public alone" in err) is warned


def test_where_no_one_is_named_a_key_is_for_anybody(privguard: Run, home: Path) -> None:
    privguard("keys", "init")

    assert privguard("keys", "issue", "ana")[2] == ""


def test_all_keys_have_their_times_in_one_form(privguard: Run, home: Path) -> None:
    privguard("keys", "issue", "ana")

    assert "+00:00" not in privguard("keys", "list")[1]
