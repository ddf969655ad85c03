"""The second person of a notebook: another account where that can be, and elsewhere one sentence."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from jupyter_privguard.demo import second_account
from jupyter_privguard.demo.second_account import SecondAccount
from jupyter_privguard.policy.load import load
from jupyter_privguard.settings import account_name

TEXT = """
version: 1
principals: {"ANALYST": {roles: [a]}, "OFFICER": {roles: [o]}}
roles: {a: {tiers: [public]}, o: {tiers: [public, compliance], approve: true}}
approvals: {folder: FOLDER}
"""


@pytest.fixture
def ordinary(monkeypatch: pytest.MonkeyPatch) -> SecondAccount:
    monkeypatch.setenv("PRIVGUARD_POLICY", "none")
    monkeypatch.setattr(os, "geteuid", lambda: 64_001)
    return SecondAccount()


def _requests(monkeypatch: pytest.MonkeyPatch, *known: tuple[str, bool, datetime | None]) -> None:
    found = [
        SimpleNamespace(
            asked=SimpleNamespace(id=name),
            is_own=is_own,
            standing=SimpleNamespace(expires=ends, answered_by=("x",) if ends else ()),
        )
        for name, is_own, ends in known
    ]
    monkeypatch.setattr(second_account.runtime, "known_requests", lambda: found)


def test_the_policy_names_both_accounts_and_no_folder_that_nobody_else_reaches(ordinary: SecondAccount) -> None:
    path = ordinary.write_policy(TEXT)

    policy = load(None, path, user_can_write=lambda _: True)
    assert set(policy.principals or ()) == {account_name(), "privacy-officer"}
    assert policy.approvals_folder is None
    assert os.environ["PRIVGUARD_POLICY"] == str(path)


def test_elsewhere_nobody_answers_and_the_one_command_is_said(ordinary: SecondAccount, monkeypatch) -> None:
    _requests(monkeypatch, ("a" * 24, True, None), ("b" * 24, True, None), ("c" * 24, False, None))

    said = ordinary.approve("1m")

    assert said.startswith("privguard: your account cannot act for another one")
    assert f"`privguard approval grant {'b' * 24} --for 1m`" in said
    assert ordinary.wait_for_end() == "privguard: nobody has approved anything, so nothing has to end."


def test_without_a_request_there_is_nothing_to_approve(ordinary: SecondAccount, monkeypatch) -> None:
    _requests(monkeypatch)

    with pytest.raises(LookupError, match=r"^privguard: nothing was asked for yet"):
        ordinary.approve("1m")


def test_what_is_over_is_not_waited_for(ordinary: SecondAccount, monkeypatch) -> None:
    _requests(monkeypatch, ("a" * 24, True, datetime.now(UTC) - timedelta(seconds=1)))

    assert ordinary.wait_for_end().startswith("privguard: the approval is over from ")


def test_its_place_is_gone_with_it(ordinary: SecondAccount) -> None:
    place = Path(ordinary.write_policy(TEXT)).parent

    ordinary._removed()

    assert not place.exists()
