"""The record of processing and the inputs for an assessment: complete, from events alone, and harmless as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime

import pytest

from jupyter_privguard.audit.verify import VerifiedLog
from jupyter_privguard.report.concerns import concerns
from jupyter_privguard.report.context import Context, SecondRecord, gather
from jupyter_privguard.report.csv_files import csv_files
from jupyter_privguard.report.raw import raw_cells
from jupyter_privguard.report.sections.article30 import article30_rows
from jupyter_privguard.report.sections.dpia import dpia_rows
from jupyter_privguard.report.sections.unmeasured import unmeasured
from tests.unit.report.conftest import Story
from tests.unit.report.whole_story import tell_everything

FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> VerifiedLog:
    made = Story(tmp_path_factory.mktemp("entries"))
    tell_everything(made, FORMULA)
    found = made.verified()
    made.close()
    return found


@pytest.fixture
def context(log: VerifiedLog, now: datetime) -> Context:
    return gather("exp-1", log, notebook=None, now=now)


@pytest.fixture
def empty(story: Story, now: datetime) -> Context:
    story.add("experiment.close", experiment="exp-1")
    return gather("exp-1", story.verified(), notebook=None, now=now)


def test_every_point_of_the_record_is_there_and_names_what_the_log_cannot_know(context: Context) -> None:
    rows = article30_rows(context)

    assert {row.id for row in rows} == {f"30(1)({letter})" for letter in "abcdefg"}
    by_id = {row.id: row for row in rows}
    assert by_id["30(1)(a)"].source == "to be filled in by the controller"
    assert by_id["30(1)(e)"].fill_in and by_id["30(1)(f)"].fill_in
    assert all(row.tells or row.fill_in for row in rows)


def test_without_events_the_controller_fills_in_all_but_the_proof(empty: Context) -> None:
    rows = article30_rows(empty)

    assert all(row.fill_in for row in rows)
    assert [row.id for row in rows if row.tells] == ["30(1)(g)"]


def test_every_point_of_the_assessment_is_there(context: Context, empty: Context) -> None:
    for found in (context, empty):
        assert {row.id for row in dpia_rows(found)} == {f"35(7)({letter})" for letter in "abcd"}


def test_claims_of_the_entries_name_events(context: Context) -> None:
    listed = {event["seq"] for event in context.listed}
    for row in (*article30_rows(context), *dpia_rows(context)):
        assert set(row.seqs) <= listed
        assert row.seqs or row.source == "to be filled in by the controller"


def test_files_have_a_header_whole_rows_and_nothing_that_a_spreadsheet_runs(context: Context) -> None:
    files = csv_files(context)

    assert set(files) == {"article-30.csv", "dpia-inputs.csv", "data-inventory.csv", "access-history.csv"}
    for text in files.values():
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) > 1
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "\t"))]
    assert f"'{FORMULA}" in files["data-inventory.csv"]


def test_long_rows_of_event_numbers_look_like_no_value(context: Context) -> None:
    seqs = tuple(range(4000, 9000, 7))
    many = replace(context, events=context.events)
    many.__dict__["accesses"] = [replace(access, seqs=seqs) for access in context.accesses]

    text = csv_files(many)["access-history.csv"]

    assert "#4000 #4007" in text
    assert raw_cells(text) == []


def test_files_of_an_empty_experiment_have_their_headers(empty: Context) -> None:
    files = csv_files(empty)

    assert files["data-inventory.csv"].startswith("dataset,source,column,entity,class")
    assert files["data-inventory.csv"].count("\r\n") == files["access-history.csv"].count("\r\n") == 1


def test_what_to_look_at_comes_worst_first(context: Context) -> None:
    said = [concern.says for concern in concerns(context)]

    assert "took parts of the guard away" in said[0]
    places = [next(at for at, text in enumerate(said) if part in text) for part in ("(health)", "unseen", "looked up")]
    assert places == sorted(places)
    assert "could have given themselves" in said[-1]


@pytest.mark.parametrize(
    ("options", "absent"),
    [
        ({}, "nothing"),
        ({"anchors": ("/srv/witness",)}, "No checkpoint"),
        ({"second": SecondRecord(size=1, accounts=("asha", "jupyter"))}, "no second record"),
    ],
)
def test_a_better_set_up_leaves_less_to_look_at(log: VerifiedLog, now: datetime, options, absent: str) -> None:
    context = gather("exp-1", log, notebook=None, now=now, **options)

    assert not [concern for concern in concerns(context) if absent in concern.says]
    assert len(concerns(context)) == 17 + (not options)


def test_every_concern_names_a_section_that_there_is(context: Context) -> None:
    from jupyter_privguard.report.section import sections

    assert {concern.section for concern in concerns(context)} <= {section.title for section in sections()}


def test_what_was_measured_is_not_said_to_be_missing(context: Context, empty: Context) -> None:
    told, nothing = ({one.what for one in unmeasured(found)} for found in (context, empty))

    assert {"Data quality", "What models put out", "An archive of the log"} <= nothing - told
    assert {"A server's second record", "Checkpoints kept by somebody else"} <= nothing & told
