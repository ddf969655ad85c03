"""What every section keeps to, whatever happened: it is built, links lead somewhere, names stay text, lists end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from jupyter_privguard.audit.event import ACTIONS
from jupyter_privguard.audit.reconcile import Gap
from jupyter_privguard.audit.verify import VerifiedLog
from jupyter_privguard.model import Principal
from jupyter_privguard.report.blocks import Block, Fold
from jupyter_privguard.report.build import render
from jupyter_privguard.report.context import Context, SecondRecord, gather
from jupyter_privguard.report.section import Section, sections
from jupyter_privguard.report.tables import MOST_ROWS
from tests.unit.report.conftest import Story
from tests.unit.report.whole_story import tell_everything

SECTIONS = {section.id: section for section in sections()}
MANY = MOST_ROWS + 3
HOSTILE = 'a<img src=x onerror=alert(1)>"{{ 7*191 }}'
GAP = Gap("unrecorded", "k1", "n.ipynb", 7, "c7", "asha", "2026-11-25T21:00:09.000Z", 3, 12)
SECONDS = {
    "none": None,
    "unread": SecondRecord(is_readable=False),
    "one account": SecondRecord(size=4, accounts=("asha", "asha"), gaps=(GAP,)),
    "two accounts": SecondRecord(size=4, accounts=("asha", "jupyter"), gaps=(GAP,)),
}

each_section = pytest.mark.parametrize("section", SECTIONS.values(), ids=SECTIONS)


def context_of(story: Any, now: Any, *, experiment: str = "exp-1", **options: Any) -> Context:
    return gather(experiment, story.verified(), notebook=None, now=now, **options)


def told(blocks: list[Block]) -> str:
    return json.dumps([block.json() for block in blocks], ensure_ascii=False)


def targets(value: Any) -> Iterator[int]:
    """The events that marks in the JSON of blocks link to."""
    if isinstance(value, dict):
        if value.get("kind") in ("event", "range", "more"):
            yield from value["target"]
        for part in value.values():
            yield from targets(part)
    elif isinstance(value, list):
        for part in value:
            yield from targets(part)


@pytest.fixture(scope="module")
def whole_log(tmp_path_factory: pytest.TempPathFactory) -> VerifiedLog:
    made = Story(tmp_path_factory.mktemp("whole"))
    tell_everything(made)
    log = made.verified()
    made.close()
    return log


@pytest.fixture
def whole(whole_log: VerifiedLog, now: datetime) -> Context:
    return gather("exp-1", whole_log, notebook=None, now=now)


@pytest.fixture(scope="module")
def hostile_log(tmp_path_factory: pytest.TempPathFactory) -> VerifiedLog:
    made = Story(tmp_path_factory.mktemp("hostile"))
    tell_everything(made, HOSTILE, experiment=HOSTILE)
    log = made.verified()
    made.close()
    return log


@pytest.fixture(scope="module")
def bare_log(tmp_path_factory: pytest.TempPathFactory) -> VerifiedLog:
    """Events with no more than every event has."""
    made = Story(tmp_path_factory.mktemp("bare"))
    column = {"label": "x", "entity": "CITY", "class": "pii"}
    for action in sorted(ACTIONS - {"cell.start", "cell.run", "data.load"}):
        for outcome in ("ok", "refused", "error"):
            made.add(action, outcome, experiment="exp-1", tier="public", cell={})
    made.add("data.load", dataset={"name": "d", "columns": [column]}, experiment="exp-1")
    made.cell(datasets=[{"name": "d"}], shown=[{"columns": []}], sinks=[{"kind": "file"}])
    made.start()
    log = made.verified()
    made.close()
    return log


@each_section
def test_an_empty_experiment_reads_well(story: Any, now: Any, section: Section) -> None:
    story.add("experiment.close", experiment="exp-1")

    blocks = section.build(context_of(story, now))

    assert blocks
    assert set(targets([block.json() for block in blocks])) <= {1}


@each_section
@pytest.mark.parametrize("second", SECONDS)
def test_every_claim_links_to_events_that_are_listed(
    whole_log: VerifiedLog, now: datetime, section: Section, second: str
) -> None:
    context = gather("exp-1", whole_log, notebook=None, now=now, second=SECONDS[second])

    found = set(targets([block.json() for block in section.build(context)]))

    assert found <= {event["seq"] for event in context.listed}
    if section.id not in ("integrity", "planes", "minimisation", "events"):
        assert found, "nothing in this section can be followed to an event"


@each_section
def test_events_with_no_more_than_every_event_has_stop_no_section(
    bare_log: VerifiedLog, now: datetime, section: Section
) -> None:
    assert section.build(gather("exp-1", bare_log, notebook=None, now=now))


@each_section
def test_names_stay_text_and_are_never_a_caption(hostile_log: VerifiedLog, now: datetime, section: Section) -> None:
    for block in section.build(gather(HOSTILE, hostile_log, notebook=None, now=now)):
        for name in ("caption", "title", "summary", "tone", "layout", "anchors"):
            assert HOSTILE not in json.dumps(block.json().get(name), ensure_ascii=False), name


def test_a_page_of_hostile_names_is_inert(hostile_log: VerifiedLog, now: datetime) -> None:
    tags: list[tuple[str, tuple[str, ...]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append((tag, tuple(name for name, _ in attrs)))

    page = render(gather(HOSTILE, hostile_log, notebook=None, now=now))
    Reader().feed(page)

    assert "img" not in {tag for tag, _ in tags}
    assert not [name for _, names in tags for name in names if name.startswith("on")]
    assert "1337" not in re.sub(r"[A-Za-z0-9+/=_-]{20,}", "", page)


def test_the_page_of_everything_shows_nothing_that_looks_like_a_value(whole: Context) -> None:
    assert render(whole)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """More of everything than a table shows: a log of one cell, told again and again."""
    made = Story(tmp_path_factory.mktemp("long"))
    made.add("class.change", dataset="d", column="c", direction="lower", experiment="exp-1")
    made.add("quality.check", experiment="exp-1", suite="s", success=True)
    made.add("model.review", "refused", experiment="exp-1", model="m")
    made.add("archive", to="s3://b", first=1, last=2, sha256="ab" * 32)
    made.add("reveal", handle="tok_7f3a0b1c", reason="r", experiment="exp-1")
    made.cell(sinks=[{"kind": "net", "target": "h"}, {"kind": "file", "target": "f"}], datasets=[])
    columns = [{"label": f"c{at}", "entity": "CITY", "class": "pii", "action": "clear"} for at in range(MANY)]
    loaded = [{**column, "confidence": 90, "action": {"public": "clear"}} for column in columns]
    made.add("data.load", dataset={"name": "d", "source": "d.csv", "rows": 9, "columns": loaded}, experiment="exp-1")
    made.cell(shown=[{"dataset": "d", "columns": columns, "rows": 1}])
    log = made.verified()
    made.close()
    events = [
        {**event, "purpose": f"p{at}", "run": f"{event.get('run')}{at}", "to": f"s3://b{at}", "seq": 0}
        for at in range(MANY)
        for event in log.events[: 7 if at else None]
    ]
    again = [{**event, "seq": seq} for seq, event in enumerate(events, 1)]
    whole = replace(log, lines=tuple(map(json.dumps, again)), size=len(again))
    return gather("exp-1", whole, notebook=None, now=datetime(2026, 11, 26, tzinfo=UTC))


@each_section
def test_long_lists_end_and_say_where_the_rest_is(long: Context, section: Section) -> None:
    blocks = [block.json() for block in section.build(long)]

    for block in blocks:
        if block["block"] == "table" and section.id not in ("acts", "controls"):
            assert len(block["rows"]) <= MOST_ROWS, block["caption"]
    if "; the first" in json.dumps(blocks):
        assert "privguard audit query --experiment exp-1" in json.dumps(blocks)


@pytest.mark.parametrize(
    "name", ["inventory", "purposes", "history", "masks", "grants", "model", "quality", "checklist"]
)
def test_what_a_section_says(whole: Context, name: str, snapshot: Any) -> None:
    assert read(SECTIONS[name].build(whole)) == snapshot


@pytest.mark.parametrize("name", ["summary", "unmeasured", "article30", "dpia", "retention", "endpoints"])
def test_what_a_section_says_of_the_whole(whole: Context, name: str, snapshot: Any) -> None:
    assert read(SECTIONS[name].build(whole)) == snapshot


def read(blocks: Any) -> str:
    """Blocks as plain lines, to be reviewed."""
    lines = []
    for one in blocks:
        block = one.json()
        if block["block"] == "paragraph":
            lines.append(f"({block['tone']}) {_cell(block['content'])}")
        elif block["block"] == "facts":
            lines += [f"{row['name']}: {_cell(row['content'])}" for row in block["rows"]]
        elif block["block"] == "table":
            lines += [f"== {block['caption']}", " | ".join(block["columns"])]
            lines += [" | ".join(_cell(cell) for cell in row) for row in block["rows"]]
        elif block["block"] == "fold":
            lines += [f"++ {block['summary']}"]
        else:
            lines.append(f"== {block['caption']}: {block['summary']}")
        if isinstance(one, Fold):
            lines.append(read(one.blocks))
    return "\n".join(lines)


def _cell(marks: list[dict[str, Any]]) -> str:
    return "".join(" / " if mark["kind"] == "break" else mark["text"] for mark in marks)


def test_predictions_are_counted_by_who_asked_and_what_they_got(story, now) -> None:
    story.begin()
    about = {"model": "churn.Model", "deployment": "churn-prod", "experiment": "exp-1"}
    ana, cleo = Principal("ana", assurance="server"), Principal("cleo", assurance="server")
    for _ in range(3):
        story.add("model.predict", **about, tier="internal", principal=ana)
    story.add("model.predict", "refused", **about, tier="compliance", principal=ana)
    story.add("model.predict", **about, tier="compliance", principal=cleo)
    story.add("model.predict", "error", **about, tier="compliance", principal=cleo)

    text = told(SECTIONS["model"].build(context_of(story, now)))

    assert "4 predictions served, 1 request refused, 1 request failed." in text
    rows = re.findall(r'"ana"|"cleo"', text)
    assert len(rows) == 3
