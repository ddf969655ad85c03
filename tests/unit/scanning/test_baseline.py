"""What a baseline accepts: the values that were there, and no more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.scanning.baseline import accepted_in, baseline_text
from jupyter_privguard.scanning.contents import findings_in
from jupyter_privguard.scanning.findings import Finding
from jupyter_privguard.scanning.judging import Judge

MAILS = [f"p{n}.patel@corp.example" for n in range(40)]


def _digest(texts: Sequence[str]) -> list[str]:
    return [hashlib.sha256(f"key {text}".encode()).hexdigest()[:32] for text in texts]


KEYED = Judge(built_in(), _digest, 60, by_value=True)
KEYLESS = Judge(built_in(), None, 60, by_value=True)


def _table(mails: Sequence[str], more: str = "") -> bytes:
    return ("email,n\n" + "".join(f"{mail},{at}\n" for at, mail in enumerate(mails)) + more).encode()


def _left(judge: Judge, before: bytes, now: bytes, folder: Path) -> list[Finding]:
    file = folder / "b.json"
    file.write_text(baseline_text(findings_in("c.csv", before, judge, []), "k" if judge is KEYED else None))
    accepted = accepted_in(str(file), "k")
    return [left for one in findings_in("c.csv", now, judge, []) if (left := accepted.left(one)) is not None]


@pytest.mark.parametrize("judge", [KEYED, KEYLESS])
@pytest.mark.parametrize(
    "now", [MAILS, MAILS[:7], MAILS[::-1], [*MAILS[:20], *MAILS[:20]]], ids=["same", "fewer", "turned", "twice"]
)
def test_values_that_were_accepted_stay_so(judge: Judge, now: list[str], tmp_path: Path) -> None:
    assert _left(judge, _table(MAILS), _table(now), tmp_path) == []


@pytest.mark.parametrize("judge", [KEYED, KEYLESS])
def test_more_values_are_a_finding(judge: Judge, tmp_path: Path) -> None:
    (one,) = _left(judge, _table(MAILS), _table([*MAILS, "new@corp.example"]), tmp_path)

    assert one.entity == "EMAIL_ADDRESS"
    if judge is KEYED:
        assert one.count == 1 and len(one.edits) == 1 and "1 not accepted" in one.excerpt


def test_other_values_in_the_place_of_accepted_ones_are_a_finding(tmp_path: Path) -> None:
    others = [f"q{n}@corp.example" for n in range(3)]

    (one,) = _left(KEYED, _table(MAILS), _table([*MAILS[3:], *others]), tmp_path)

    assert one.count == 3


@pytest.mark.parametrize("judge", [KEYED, KEYLESS])
def test_values_of_another_kind_are_a_finding(judge: Judge, tmp_path: Path) -> None:
    cards = ["4111111111111111", "5500005555555559", "340000000000009"] * 9

    assert {one.entity for one in _left(judge, _table(MAILS), _table(cards), tmp_path)} == {"CREDIT_CARD"}


def test_of_very_many_values_any_other_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_privguard.scanning.judging.MOST_VALUES", 10)

    assert _left(KEYED, _table(MAILS), _table(MAILS[::-1]), tmp_path) == []
    (one,) = _left(KEYED, _table(MAILS), _table([*MAILS[:-1], "new@corp.example"]), tmp_path)
    assert one.count == len(MAILS)


def test_the_file_has_digests_under_a_key_and_no_value(tmp_path: Path) -> None:
    text = baseline_text(findings_in("c.csv", _table(MAILS), KEYED, []), "k")

    assert "patel" not in text and hashlib.sha256(MAILS[0].encode()).hexdigest()[:16] not in text
    (entry,) = json.loads(text)["accepted"]
    assert entry["count"] == len(entry["values"]) == len(MAILS)
    assert findings_in("accepted.json", text.encode(), KEYED, []) == []


def test_a_baseline_without_values_accepts_as_it_did(tmp_path: Path) -> None:
    (one,) = findings_in("c.csv", _table(MAILS), KEYED, [])
    entry = {"fingerprint": one.fingerprint, "entity": one.entity, "path": "c.csv"}
    (tmp_path / "old.json").write_text(json.dumps({"version": 1, "key_id": "k", "accepted": [entry]}))

    assert accepted_in(str(tmp_path / "old.json"), "k").left(one) is None


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(range(40)), min_size=6), st.sets(st.sampled_from(range(40)), min_size=6))
def test_what_is_left_are_the_new_ones(before: set[int], now: set[int]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        left = _left(KEYED, _table([MAILS[n] for n in before]), _table([MAILS[n] for n in now]), Path(folder))

    assert sum(one.count for one in left) == len(now - before)


def test_texts_are_accepted_wherever_they_stand(tmp_path: Path) -> None:
    note = f"write to {MAILS[0]} soon".encode()
    file = tmp_path / "b.json"
    file.write_text(baseline_text(findings_in("a.md", note, KEYED, []), "k"))

    accepted = accepted_in(str(file), "k")

    assert [accepted.left(one) for one in findings_in("b.md", b"\n\n" + note + note, KEYED, [])] == [None, None]
