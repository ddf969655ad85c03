"""Long lists of events stand once in a page, however many claims rest on them."""

from __future__ import annotations

import re

from jupyter_privguard.report.blocks import Paragraph, Table, events, plain
from jupyter_privguard.report.long_lists import shared
from jupyter_privguard.report.page import make_notebook, to_html
from jupyter_privguard.report.section import Section

ODD, FEW = list(range(1, 400, 2)), [2, 4, 6, 8, 10, 12, 14, 16]


def blocks() -> list[tuple[str, list[dict]]]:
    table = Table("t", ["a", "b"], [[plain("x"), events(ODD)], [plain("y"), events(FEW)]])
    return [("claims", [Paragraph(events(ODD)).json(), table.json()]), ("events", [])]


def test_the_same_long_list_is_kept_once_and_a_short_one_where_it_is() -> None:
    found = blocks()

    shared(found, into="events")

    (lists,) = found[1][1]
    assert [(one["number"], one["count"]) for one in lists["lists"]] == [(1, 194)]
    assert lists["lists"][0]["text"].split() == [f"#{number}" for number in ODD[6:]]
    marks = [block["content"] for block in found[0][1][:1]] + [row[1] for row in found[0][1][1]["rows"]]
    assert [mark["kind"] for content in marks for mark in content if mark["kind"] in ("more", "list")] == [
        "list",
        "list",
        "more",
    ]


def test_the_page_links_to_it(now) -> None:
    sections = [
        (Section(1, "claims", "Claims", lambda context: []), [Paragraph(events(ODD))]),
        (Section(2, "events", "Events", lambda context: []), []),
    ]

    page = to_html(make_notebook(sections, experiment="e", now=now))

    assert re.findall(r'href="#list-1">([^<]*)', page) == ["and 194 more (list 1)"]
    assert page.count('id="list-1"') == 1
    assert "List 1: 194 events" in page
