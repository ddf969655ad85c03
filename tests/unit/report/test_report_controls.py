"""The section of controls as a reader has it: counts, reasons, queries, links, the table of identifiers."""

from __future__ import annotations

import re

import pytest

from jupyter_privguard.report.context import gather
from jupyter_privguard.report.evidence import Indexed, evaluate
from jupyter_privguard.report.packs import built_in, chosen
from jupyter_privguard.report.page import make_notebook, to_html
from jupyter_privguard.report.sections.controls import SECTION
from tests.unit.report.unsigned_page import unsigned_page


def _section(log, now, packs=()) -> str:
    """The section alone: it is what is looked at here."""
    context = gather("exp-1", log, notebook=None, now=now, frameworks=chosen(packs))
    html = to_html(make_notebook([(SECTION, SECTION.build(context))], experiment="exp-1", now=now))
    return html.partition('<section id="controls">')[2].partition("</section>")[0]


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def _patients(story) -> None:
    story.begin()
    columns = [
        {"label": "mrn", "entity": "MEDICAL_RECORD_NUMBER", "class": "health", "action": "partial"},
        {"label": "born", "entity": "DATE_OF_BIRTH", "class": "pii", "action": "generalise"},
        {"label": "name", "entity": "PERSON_NAME", "class": "pii", "action": "redact"},
    ]
    dataset = {"name": "patients", "source": "patients.csv", "rows": 9}
    unseen = {"label": "plate", "entity": "VEHICLE_PLATE", "class": "pii", "confidence": 90}
    loaded = [{**column, "action": {"public": column["action"]}} for column in columns]
    story.add("data.load", dataset={**dataset, "columns": [*loaded, unseen]}, experiment="exp-1")
    story.cell(masked={"DATE_OF_BIRTH": 9}, shown=[{"dataset": "patients", "columns": columns, "rows": 9}])


def test_each_identifier_of_safe_harbor_has_a_row_with_columns_masks_and_status(story, now):
    _patients(story)

    html = _section(story.verified(), now, ["hipaa"])

    table = html.partition('<table class="identifiers">')[2].partition("</table>")[0]
    rows = {
        found[1]: _text(found[0])
        for found in re.finditer(r"<tr>.*?164\.514\(b\)\(2\)\(i\)\((\w)\).*?</tr>", table, re.DOTALL)
    }
    assert list(rows) == list("ABCDEFGHIJKLMNOPQR")
    assert "patients.name" in rows["A"] and "not at all (redacted), 1 time at tier public" in rows["A"]
    assert " evidenced " in rows["A"]
    assert "patients.born" in rows["C"] and "in bands or shortened" in rows["C"] and "9 values of the kind" in rows["C"]
    assert "patients.mrn" in rows["H"] and " partial " in rows["H"] and "leaves a part of them" in rows["H"]
    assert "patients.plate" in rows["L"] and "not shown" in rows["L"] and " not evidenced " in rows["L"]
    assert " not applicable " in rows["O"] and "No event shows that such identifiers were loaded" in rows["O"]


def test_a_log_without_card_or_health_data_makes_these_packs_not_applicable_in_one_paragraph(story, now):
    story.tell()

    text = _text(_section(story.verified(), now))

    assert re.search(r"PCI DSS: *not applicable *\(3\.3\.1, .*10\.7\.2\)\. No event shows that card numbers", text)
    assert re.search(r"HIPAA: *not applicable *\(164\.312\(a\)\(1\), .*No event shows that health data", text)
    assert "PCI DSS 3.4.1" not in text


def test_a_refused_look_at_cards_makes_the_pack_applicable(story, now):
    story.begin()
    story.cell(masked={"CREDIT_CARD": 2})

    text = _text(_section(story.verified(), now))

    assert "PCI DSS 3.4.1" in text


def test_every_control_that_applies_shows_its_query_its_count_and_links(story, now):
    story.tell()
    log = story.verified()

    html = _section(log, now, ["gdpr"])

    row = next(row for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL) if "Art. 5(1)(b)" in row)
    assert "cell.run where purpose is present" in row and "<details" in row
    assert "Cells ran under a named purpose: 6 events" in row
    runs = [event["seq"] for event in log.events if event["action"] == "cell.run"]
    assert {int(seq) for seq in re.findall(r'href="#event-(\d+)"', row)} == set(runs)


def test_the_counts_in_the_summary_are_those_of_the_engine(story, now):
    story.tell()
    log = story.verified()

    html = _section(log, now)

    for framework in built_in():
        found = [evaluate(control, Indexed(log.events)).status.value for control in framework.controls]
        counts = [found.count(status) for status in ("evidenced", "partial", "not evidenced", "not applicable")]
        cells = re.search(rf'<th scope="row">{re.escape(framework.name)}</th>((?:<td>\d+</td>){{4}})', html)
        assert cells is not None and [int(number) for number in re.findall(r"\d+", cells[1])] == counts


def test_an_archive_and_readings_of_the_log_count_and_can_be_linked_to(story, now):
    story.begin()
    story.add("log.read", what="audit query", whose="own", rule="built-in")
    story.cell()
    story.add("archive", to="s3://log", first=1, last=3, sha256="ab", retain_until="2033-11-26")
    story.add("log.read", what="audit query", whose="all", rule="roles.compliance.log")

    html = unsigned_page("exp-1", story.verified(), now=now, frameworks=chosen(["soc2", "eu-ai-act"]))

    assert "SOC 2 P4.2" in html
    row = next(row for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL) if "SOC 2 P4.2" in row)
    (seq,) = re.findall(r'href="#event-(\d+)"', row)
    assert f"id=event-{seq}>" in html
    row = next(row for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL) if "SOC 2 CC7.3" in row)
    assert "Reading the log was itself recorded: 1 event" in row  # the one since the experiment began


@pytest.mark.parametrize("pack", ["gdpr", "iso27001"])
def test_nothing_in_the_page_names_an_address_to_be_fetched(story, now, pack):
    story.tell()

    html = _section(story.verified(), now, [pack])

    assert "://" not in html
    assert "Numbers as in:" in html
