"""The same extension in Notebook 7, which has neither Lab's shell nor its status bar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import live_lab as live
import pytest
from example import CELLS
from live_lab import open_tab, run_cells, run_command
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page


@pytest.fixture(scope="module")
def notebook(context: BrowserContext, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A notebook that has loaded the guard and shown a table, once for an experiment."""
    with live.live_lab(tmp_path_factory.mktemp("notebook"), app="notebook") as server:
        server.write_notebook("seven.ipynb", CELLS)
        page = context.new_page()
        page.goto(server.notebook_url("seven.ipynb"))
        run_cells(page, count=len(CELLS))
        yield page
        page.close()


@pytest.fixture
def panel(notebook: Page) -> Locator:
    return notebook.locator("#privguard-panel")


def test_the_menu_opens_the_panel(notebook: Page, panel: Locator) -> None:
    expect(panel).to_be_hidden()
    notebook.get_by_role("menuitem", name="View", exact=True).click()
    entries = notebook.locator(".lm-Menu-item")
    entries.filter(has_text="Right Sidebar").hover()
    entries.filter(has_text="Show Privguard").click()

    expect(panel.locator(".privguard-Badge[data-state]")).to_have_text("on")
    expect(panel.locator(".privguard-Badge[data-tier]")).to_have_text("public")
    expect(notebook.locator(".privguard-StatusItem")).to_have_count(0)
    assert notebook.evaluate(
        "document.querySelector('#privguard-panel').getBoundingClientRect().right <= window.innerWidth"
    )


def test_the_palette_leads_to_its_parts(notebook: Page, panel: Locator) -> None:
    run_command(notebook, "Show data sets and classes of columns")
    data = panel.get_by_role("tabpanel", name="Data")

    expect(data.get_by_role("row").filter(has_text="EMAIL_ADDRESS")).to_contain_text("partly")
    assert "canary.person" not in panel.inner_text()


def test_the_log_leads_to_its_cell_and_the_report_is_made(notebook: Page, panel: Locator) -> None:
    run_command(notebook, "Show the log")
    run = open_tab(panel, "Log").get_by_role("row").filter(has_text="churn-model")
    run.get_by_role("button", name="Show cell").click()
    expect(notebook.locator(".jp-Notebook .jp-Cell.jp-mod-active")).to_contain_text("%%secure")

    with notebook.expect_download() as download:
        open_tab(panel, "Now").get_by_role("button", name="Export compliance file").click()
    assert download.value.suggested_filename == "compliance-exp-browser.html"


def test_a_change_reaches_the_kernel(panel: Locator) -> None:
    now = open_tab(panel, "Now")
    now.get_by_role("textbox", name="To").fill("billing")
    now.get_by_role("textbox", name="Reason").fill("a case")
    now.get_by_role("button", name="Change").click()

    expect(now.locator("dt:text-is('Purpose') + dd")).to_have_text("billing")
