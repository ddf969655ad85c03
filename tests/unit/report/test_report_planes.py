"""The report says what the Jupyter server's record tells, and whose the two records are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from jupyter_privguard.audit.reconcile import KINDS, Gap
from jupyter_privguard.audit.verify import VerifiedLog
from jupyter_privguard.report.context import SecondRecord, gather
from jupyter_privguard.report.page import make_notebook, to_html
from jupyter_privguard.report.section import sections
from tests.unit.report.conftest import Story

NOW = datetime(2026, 11, 26, tzinfo=UTC)
SERVER = SecondRecord(size=40, accounts=("asha", "jupyter"))
GAP = Gap("unrecorded", "k1", "churn.ipynb", 7, "c7", "asha@example.org", "2026-11-25T21:00:09.000Z", None, 12)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> VerifiedLog:
    """The log of the usual story."""
    story = Story(tmp_path_factory.mktemp("planes"))
    story.tell()
    log = story.verified()
    story.close()
    return log


def section(told: VerifiedLog, second: SecondRecord | None) -> str:
    """The section as it stands in a page, which is made of it alone."""
    planes = next(one for one in sections() if one.id == "planes")
    context = gather("exp-1", told, notebook=None, now=NOW, second=second)
    page = to_html(make_notebook([(planes, planes.build(context))], experiment="exp-1", now=NOW))
    return page[page.index('<section id="planes">') : page.index("</section>")]


def test_without_a_server_it_says_what_is_missing(told: VerifiedLog) -> None:
    text = section(told, None)

    assert "There is one record only" in text
    assert "patched over" in text


def test_one_that_belongs_to_others_is_said_to(told: VerifiedLog) -> None:
    assert "is another account&#39;s" in section(told, SecondRecord(is_readable=False)).replace("'", "&#39;")


def test_on_a_laptop_both_are_the_same_persons(told: VerifiedLog) -> None:
    text = section(told, replace(SERVER, accounts=("asha", "asha")))

    assert "one account (asha)" in text
    assert "On a laptop both are the same person" in text
    assert "they are no evidence" in text
    assert "two accounts" not in text


def test_under_another_account_it_says_what_changes(told: VerifiedLog) -> None:
    text = section(told, SERVER)

    assert "by asha, the server" in text and "by jupyter" in text
    assert "supports evidence against" in text
    assert "laptop" not in text


def test_each_gap_names_cell_person_and_time_and_links_to_its_event(told: VerifiedLog) -> None:
    other = replace(GAP, kind="unguarded", cell=8, kernel_seq=3)
    text = section(told, replace(SERVER, gaps=(GAP, other), hidden=4))

    for part in ("[7]", "[8]", "churn.ipynb", "asha@example.org", "21:00:09", "contradiction", "#event-3"):
        assert part in text, part
    assert KINDS["unrecorded"][1].replace("'", "&#39;")[1:] in text
    assert "Gaps in cells of others" in text


def test_gaps_of_other_kernels_are_not_this_experiments_but_those_of_the_log_are(told: VerifiedLog) -> None:
    elsewhere, lost = replace(GAP, kernel="k2", cell=99), replace(GAP, kind="rewritten", kernel=None, cell=None)
    text = section(told, replace(SERVER, gaps=(elsewhere, lost)))

    assert "[99]" not in text
    assert "checkpoint" in text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_gap_can_be_told(told: VerifiedLog, kind: str) -> None:
    assert KINDS[kind][1][1:30].replace("'", "&#39;") in section(told, replace(SERVER, gaps=(replace(GAP, kind=kind),)))


def test_of_many_gaps_the_newest_are_listed(told: VerifiedLog) -> None:
    gaps = tuple(replace(GAP, cell=1000 + number) for number in range(250))
    text = section(told, replace(SERVER, gaps=gaps))

    assert "[1249]" in text
    assert "[1001]" not in text
    assert "the newest 200 of 250 gaps" in text
