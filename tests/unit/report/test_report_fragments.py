"""How single blocks look, as HTML: small snapshots, reviewed as code."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from jupyter_privguard.report.blocks import Facts, Listing, Paragraph, Table, badge, code, events, plain, who
from jupyter_privguard.report.page import make_notebook, to_html
from jupyter_privguard.report.section import Section, sections

NOW = datetime(2026, 11, 25, 22, 0, 0, tzinfo=UTC)


def fragment(block) -> str:
    section = Section(order=1, id="it", title="It", build=lambda _: [block])
    html = to_html(make_notebook([(section, [block])], experiment="e", now=NOW))
    found = re.search(r'<section id="it">(.*?)</section>', html, re.DOTALL)
    assert found
    return re.sub(r"\n+", "\n", found[1]).strip()


@pytest.mark.parametrize(
    "block",
    [
        Paragraph((*plain("10 < 11 & "), *code("<b>"), *plain(" "), *events([3])), "warning"),
        Facts([("Accounts", who("asha@example.org")), ("Rows", plain(12345))]),
        Table("Seen", ["Column", "Status", "Events"], [[code("e-mail"), badge("not evidenced"), events([1, 2, 3, 7])]]),
        Table("Events", ["Event"], [[plain("#1")]], anchors=["event-1"], layout="cells"),
        Listing("Signed <checkpoint>", "a\n\n— {{ b }} c\n"),
    ],
    ids=["paragraph", "facts", "table", "anchors", "listing"],
)
def test_fragment(block, snapshot):
    assert fragment(block) == snapshot


def test_links_are_drawn_together_and_the_rest_folds_away(snapshot):
    assert fragment(Paragraph(events([9, 1, 2, 3, 5, 7, 11, 13, 15, 17, 18]))) == snapshot


def test_no_events_is_a_word():
    assert events([]) == plain("none")


def test_sections_stand_in_the_order_of_their_numbers():
    assert [section.id for section in sections()] == [
        *("summary", "scope", "inventory", "purposes", "controls", "policy", "columns", "history", "masks"),
        *(
            "minimisation",
            "cells",
            "grants",
            "runs",
            "registry",
            "acts",
            "model",
            "quality",
            "planes",
            "checklist",
            "integrity",
            "keys",
            "endpoints",
        ),
        *("environment", "capture", "retention", "unmeasured", "article30", "dpia", "events"),
    ]
