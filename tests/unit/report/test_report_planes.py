"""The report says what the Jupyter server's record tells, and whose the two records are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from jupyter_privguard.audit.reconcile import KINDS, Gap
from jupyter_privguard.report.context import SecondRecord
from tests.unit.report.unsigned_page import unsigned_page

NOW = datetime(2026, 11, 26, tzinfo=UTC)
SERVER = SecondRecord(size=40, accounts=("asha", "jupyter"))
GAP = Gap("unrecorded", "k1", "churn.ipynb", 7, "c7", "asha@example.org", "2026-11-25T21:00:09.000Z", None, 12)


@pytest.fixture(autouse=True)
def told(story: Any) -> None:
    story.tell()


def section(story: Any, second: SecondRecord | None) -> str:
    page = unsigned_page("exp-1", story.verified(), now=NOW, second=second)
    start = page.index('id="planes"')
    return page[start : page.index("<section", start + 1)] if "<section" in page[start + 1 :] else page[start:]


def test_without_a_server_it_says_what_is_missing(story: Any) -> None:
    text = section(story, None)

    assert "There is one record only" in text
    assert "patched over" in text


def test_one_that_belongs_to_others_is_said_to(story: Any) -> None:
    assert "is another account&#39;s" in section(story, SecondRecord(is_readable=False)).replace("'", "&#39;")


def test_on_a_laptop_both_are_the_same_persons(story: Any) -> None:
    text = section(story, replace(SERVER, accounts=("asha", "asha")))

    assert "one account (asha)" in text
    assert "On a laptop both are the same person" in text
    assert "they are no evidence" in text
    assert "two accounts" not in text


def test_under_another_account_it_says_what_changes(story: Any) -> None:
    text = section(story, SERVER)

    assert "by asha, the server" in text and "by jupyter" in text
    assert "supports evidence against" in text
    assert "laptop" not in text


def test_each_gap_names_cell_person_and_time_and_links_to_its_event(story: Any) -> None:
    other = replace(GAP, kind="unguarded", cell=8, kernel_seq=3)
    text = section(story, replace(SERVER, gaps=(GAP, other), hidden=4))

    for part in ("[7]", "[8]", "churn.ipynb", "asha@example.org", "21:00:09", "contradiction", "#event-3"):
        assert part in text, part
    assert KINDS["unrecorded"][1].replace("'", "&#39;")[1:] in text
    assert "Gaps in cells of others" in text


def test_gaps_of_other_kernels_are_not_this_experiments_but_those_of_the_log_are(story: Any) -> None:
    elsewhere, lost = replace(GAP, kernel="k2", cell=99), replace(GAP, kind="rewritten", kernel=None, cell=None)
    text = section(story, replace(SERVER, gaps=(elsewhere, lost)))

    assert "[99]" not in text
    assert "checkpoint" in text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_gap_can_be_told(story: Any, kind: str) -> None:
    assert KINDS[kind][1][1:30].replace("'", "&#39;") in section(
        story, replace(SERVER, gaps=(replace(GAP, kind=kind),))
    )


def test_of_many_gaps_the_newest_are_listed(story: Any) -> None:
    gaps = tuple(replace(GAP, cell=1000 + number) for number in range(250))
    text = section(story, replace(SERVER, gaps=gaps))

    assert "[1249]" in text
    assert "[1001]" not in text
    assert "the newest 200 of 250 gaps" in text
