"""What folds away is complete, and the sections that fold keep the words that count."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.report.blocks import Fold, Table, events, plain
from jupyter_privguard.report.concerns import concerns
from jupyter_privguard.report.context import Context, gather
from jupyter_privguard.report.page import make_notebook, to_html
from jupyter_privguard.report.section import Section, sections
from tests.unit.report.conftest import Story

SECTIONS = {section.id: section for section in sections()}
REVIEW = {
    "model": "churn",
    "tier": "public",
    "blocked": True,
    "fields": [
        {"label": "email", "entity": "EMAIL_ADDRESS", "class": "pii", "verdict": "block", "action": "partial"},
        {"label": "score", "entity": None, "class": "none", "verdict": "pass", "action": "clear"},
    ],
    "settings": ["return_inputs"],
}


@given(st.sets(st.integers(1, 300), min_size=1, max_size=120))
def test_links_lead_to_every_event_whether_they_fold_or_not(seqs: set[int]) -> None:
    told: set[int] = set()
    for mark in events(seqs):
        told |= set(range(mark.target[0], mark.target[1] + 1)) if mark.kind == "range" else set(mark.target)

    assert told == seqs


def test_what_folds_is_in_the_page_and_says_what_it_is() -> None:
    section = Section(1, "one", "One", lambda context: [])
    folded = Fold("two <b>rows</b>", [Table("Rows", ["A", "B"], [[plain("x"), events([3])]])])

    page = to_html(make_notebook([(section, [folded])], experiment="e", now=datetime(2026, 1, 1, tzinfo=UTC)))

    _, _, rest = page.partition('<details class="fold"><summary>two &lt;b&gt;rows&lt;/b&gt;</summary>')
    inner, end, _ = rest.partition("\n</details>\n")
    assert end and '<a href="#event-3">#3</a>' in inner and "<caption>Rows</caption>" in inner


def test_a_sealed_file_that_was_opened_is_no_value_that_was_looked_up(story: Story) -> None:
    story.tell()
    story.add("data.unseal", dataset={"name": "export", "source": "export.sealed"}, experiment="exp-1")

    says = [concern.says for concern in concerns(_context(story))]

    assert "Sealed files were opened once." in says
    assert not [text for text in says if "looked up" in text]


def test_requests_that_were_refused_stand_beside_the_cells_in_the_summary(story: Story) -> None:
    story.tell()
    number = story.add("reveal", "refused", handle="tok_00000000", rule="principals")

    assert f"1 other request #{number['seq'] if isinstance(number, dict) else number}" in _said(story, "summary")
    assert "by `principals` of the policy" in _said(story, "grants")


@pytest.mark.parametrize(
    ("rule", "said"),
    [("no handle", "no handle"), ("reveal rate", "within an hour"), ("built-in", "no role gives it")],
)
def test_what_no_policy_says_is_not_called_a_rule_of_one(story: Story, rule: str, said: str) -> None:
    story.tell()
    story.add("reveal", "refused", handle=None, rule=rule)

    refused = _said(story, "grants")

    assert said in refused and f"by `{rule}`" not in refused


def test_a_review_tells_what_becomes_of_each_field(story: Story) -> None:
    story.tell()
    story.add("model.review", "refused", experiment="exp-1", **REVIEW)

    said = _said(story, "model")

    assert "email: EMAIL_ADDRESS personal data – kept back, in part / score – given out, in clear" in said
    assert "return_inputs" in said and "blocked" in said and "public" in said


def test_an_approval_that_ran_out_is_nobodys_act(story: Story) -> None:
    story.tell()
    before = _said(story, "acts")
    story.add("approval.expire", approval="a1", tier="compliance", data_set="customers", **{"for": "asha"})

    counted = re.compile(r"[0-9,]+ of [0-9,]+ acts? have")
    assert counted.findall(_said(story, "acts")) == counted.findall(before) != []


def test_a_column_that_a_merged_frame_carries_is_kept(story: Story) -> None:
    story.begin()
    came = {"name": "health", "columns": [{"label": "mrn", "from": ["mrn"]}]}
    loaded = {"name": "health", "source": "h.csv", "columns": ["mrn", "icd10"], "how": ["loaded"], "uses": {}}
    made = {"name": "both", "columns": ["mrn"], "how": ["computed"], "uses": {}, "parents": [came]}
    story.cell(datasets=[loaded, made])

    (found,) = (one for one in _context(story).unused if one.dataset == "health")

    assert {column.label: column.is_kept for column in found.unused} == {"mrn": True, "icd10": False}


def _context(story: Story) -> Context:
    return gather("exp-1", story.verified(), notebook=None, now=datetime(2026, 11, 25, 22, tzinfo=UTC))


def _said(story: Story, name: str) -> str:
    return "\n".join(_texts([block.json() for block in SECTIONS[name].build(_context(story))]))


def _texts(value: Any) -> list[str]:
    if isinstance(value, list) and value and all(isinstance(one, dict) and "kind" in one for one in value):
        return ["".join(" / " if one["kind"] == "break" else one["text"] for one in value)]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in _texts(one)]
