"""The compliance file in a browser, from the disk: it compares itself, filters, prints, and fetches nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.keys.providers.file import FileKeys
from jupyter_privguard.model import Principal
from jupyter_privguard.report.build import signed_page
from jupyter_privguard.report.context import gather
from jupyter_privguard.settings import Home

SOURCE = "\n\ncustomers\t[''] < 3 & 4  # <b>{{ x }}</b> é 日本"
SHOWN = [{"label": "email", "entity": "EMAIL_ADDRESS", "class": "pii", "action": "partial"}]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The signed report on an experiment with thirty cells and names that are markup."""
    root = tmp_path_factory.mktemp("report")
    home = Home(root / "home")
    home.make()
    ring = FileKeys(home.keys).create()
    told: dict[str, Any] = {
        "session": "s1",
        "principal": Principal(id="asha <b>", assurance="self"),
        "policy_sha256": "ab" * 32,
        "experiment": "exp-1",
        "tier": "public",
        "purpose": "churn & <i>more</i>",
        "notebook": "<script>document.title='x'</script>.ipynb",
    }
    with AuditLog.open(home.log, ring) as log:
        for number in range(1, 31):
            cell = {"execution_count": number, "id": f"c{number}"}
            run = log.start_run(event("cell.start", outcome="started", cell=cell, **told))
            ended = {**cell, "source": SOURCE, "source_hmac": "aa" * 32}
            shown = [{"dataset": "customers", "columns": SHOWN, "rows": number}]
            outcome = "error" if number == 7 else "ok"
            log.end_run(
                run, event("cell.run", outcome=outcome, cell=ended, run=run, duration_ms=1, shown=shown, **told)
            )
    context = gather("exp-1", verify(LogReader.open(home.log, ring.vkey)), notebook=None, now=datetime.now(UTC))
    file = root / "compliance.html"
    file.write_text(signed_page(context, ring), encoding="utf-8")
    return file


@pytest.fixture
def opened(page: Page, report: Path) -> Page:
    """The report, once its script has run; whatever it would ask for or complain of fails the test."""
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda request: None if request.url == report.as_uri() else trouble.append(request.url))
    page.goto(report.as_uri())
    expect(page.locator("#check")).to_contain_text("This page's text")
    assert trouble == []
    return page


def test_it_finds_itself_as_it_was_made_and_says_what_that_is_worth(opened: Page) -> None:
    expect(opened.locator("#check")).to_contain_text("is as it was when the page was made")
    expect(opened.locator("#check")).to_contain_text("whoever can change the page can change the check")
    expect(opened).to_have_title("Evidence for exp-1")


def test_it_says_in_which_sections_it_is_not_as_it_was_made(page: Page, report: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.html"
    changed.write_text(report.read_text("utf-8").replace("<td>error<", "<td>ok<", 1), encoding="utf-8")

    page.goto(changed.as_uri())

    expect(page.locator("#check")).to_contain_text("is not what it was when the page was made: events.")
    expect(page.locator("h1 + #check")).to_be_in_viewport()  # and not below all that it speaks of


def test_rows_are_filtered_and_a_link_shows_its_row_again(opened: Page) -> None:
    table = opened.locator("table.events")
    rows, total = table.locator("tbody tr:visible"), table.locator("tbody tr").count()
    field = opened.get_by_label("Show rows with, in: Events", exact=True)

    field.fill("cell.run error")
    expect(rows).to_have_count(1)
    expect(opened.locator(".filter output").last).to_have_text(f"1 of {total} rows")
    opened.evaluate("location.hash = 'event-2'")
    expect(opened.locator("#event-2")).to_be_visible()
    expect(rows).to_have_count(total)
    expect(field).to_have_value("")


def test_without_script_all_is_there(report: Path, page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False)
    try:
        bare = plain.new_page()
        bare.goto(report.as_uri())
        expect(bare.locator("table.events tbody tr").last).to_be_visible()
        expect(bare.locator("#check")).to_contain_text("`privguard report verify` tells whether")
        assert bare.locator(".filter").count() == 0
    finally:
        plain.close()


def test_filtered_rows_are_printed_and_tools_are_not(opened: Page) -> None:
    opened.get_by_label("Show rows with, in: Events", exact=True).fill("nothing has this")
    opened.emulate_media(media="print")

    expect(opened.locator("table.events tbody tr").last).to_be_visible()
    expect(opened.locator(".filter").first).to_be_hidden()
