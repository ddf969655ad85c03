"""`privguard keys issue|revoke`: a key is printed once, listed without itself, and taken back by its id."""

from __future__ import annotations

from pathlib import Path

import pytest

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


@pytest.mark.parametrize("words", [("issue", "ana", "--days", "0"), ("issue", " "), ("revoke", "00000000")])
def test_a_wrong_word_is_one_sentence(privguard: Run, home: Path, words: tuple[str, ...]) -> None:
    privguard("keys", "issue", "ana")

    code, out, err = privguard("keys", *words)

    assert code == 3 and out == ""
    assert err.startswith("privguard: ") and err.count("\n") == 1
