"""The panel in a real JupyterLab, about a notebook that runs in a real kernel."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from example import CELLS, LABEL
from live_lab import find_browser, open_panel, open_tab, run_cells
from playwright.sync_api import expect

if TYPE_CHECKING:
    from live_lab import LiveLab
    from playwright.sync_api import Locator, Page, Response


def badge(panel: Locator, kind: str) -> Locator:
    return panel.locator(f".privguard-Badge[data-{kind}]")


def test_without_a_browser_the_error_names_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RuntimeError, match="Debian package `chromium`"):
        find_browser()


def test_without_a_notebook_the_panel_says_what_to_open(page: Page, lab: LiveLab) -> None:
    page.goto(lab.lab_url())

    expect(open_panel(page).get_by_role("status")).to_contain_text("Open a notebook")


def test_a_kernel_without_guard_is_told_how_to_turn_it_on_and_off(page: Page, lab: LiveLab) -> None:
    lab.write_notebook("bare.ipynb", ["1 + 1", CELLS[0], "%unload_ext jupyter_privguard"])
    page.goto(lab.lab_url("bare.ipynb"))
    run_cells(page, count=1)
    panel = open_panel(page)

    expect(badge(panel, "state")).to_have_text("not loaded")
    expect(panel).to_contain_text("%load_ext jupyter_privguard")
    export = open_tab(panel, "Experiment").get_by_role("button", name="Export compliance file")
    expect(export).to_be_disabled()
    expect(export).to_have_accessible_description(re.compile("%%secure --experiment NAME"))

    open_tab(panel, "Now")
    run_cells(page, first=1, count=1)
    expect(badge(panel, "state")).to_have_text("on")
    expect(panel.get_by_role("alert")).to_have_count(0)

    run_cells(page, first=2, count=1)
    expect(badge(panel, "state")).to_have_text("off")


def test_a_restarted_kernel_counts_as_unguarded(page: Page, lab: LiveLab) -> None:
    lab.write_notebook("restarted.ipynb", [CELLS[0]])
    page.goto(lab.lab_url("restarted.ipynb"))
    run_cells(page, count=1)
    panel = open_panel(page)
    expect(badge(panel, "state")).to_have_text("on")

    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name=re.compile(r"^Restart Kernel…")).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()

    expect(badge(panel, "state")).to_have_text(re.compile("not loaded|off"))


def test_the_panel_shows_tier_data_and_log_of_the_notebook(panel: Locator, guarded: Page) -> None:
    now = open_tab(panel, "Now")
    expect(badge(now, "state")).to_have_text("on")
    expect(badge(now, "tier")).to_have_text("public")
    expect(now).to_contain_text("(self)")

    data = open_tab(panel, "Data").get_by_role("table", name=re.compile("people"))
    row = data.get_by_role("row").filter(has_text="EMAIL_ADDRESS")
    expect(row).to_contain_text("pii")
    for cell in ("partly", "encrypted", "as it is"):
        expect(row).to_contain_text(cell)
    expect(data.get_by_role("row").filter(has_text="plan")).to_contain_text("as it is")

    log = open_tab(panel, "Log").get_by_role("table", name=re.compile("Events of this session"))
    run = log.get_by_role("row").filter(has_text="cell.run").filter(has_text="churn-model")
    expect(run).to_contain_text("ok")
    expect(log.get_by_role("row").filter(has_text="guard.load")).to_be_visible()
    assert "canary.person" not in panel.inner_text()
    assert "canary.person" not in guarded.locator(".jp-OutputArea").last.inner_text()


def test_markup_in_a_column_label_is_text(panel: Locator, guarded: Page) -> None:
    expect(open_tab(panel, "Data").get_by_role("rowheader").filter(has_text=LABEL)).to_be_visible()
    assert panel.locator("img").count() == 0
    assert guarded.evaluate("window.pwned") is None


def test_the_export_button_downloads_the_compliance_file(panel: Locator, guarded: Page, tmp_path: Path) -> None:
    experiment = open_tab(panel, "Experiment")
    expect(experiment.get_by_role("combobox", name="Experiment")).to_have_value("exp-browser")
    with guarded.expect_download() as download:
        experiment.get_by_role("button", name="Export compliance file").click()
    download.value.save_as(tmp_path / "compliance.html")

    html = (tmp_path / "compliance.html").read_text()
    assert download.value.suggested_filename == "compliance-exp-browser.html"
    assert html.startswith("<!DOCTYPE html>")
    assert "exp-browser" in html
    assert "canary.person" not in html
    expect(panel.get_by_role("status").filter(has_text="compliance-exp-browser.html")).to_be_visible()
    expect(open_tab(panel, "Log").get_by_role("cell").filter(has_text="report.export").first).to_be_visible()


def _saves_the_open_panel(answer: Response) -> bool:
    """Whether JupyterLab has stored the layout with the panel in front; it stores others on the way."""
    request = answer.request
    stored = ("api/workspaces" in answer.url and request.method == "PUT" and request.post_data) or ""
    return '"current":"privguard-panel"' in stored


def test_the_panel_opens_again_after_a_reload(page: Page, lab: LiveLab) -> None:
    lab.write_notebook("reload.ipynb", ["1"])
    page.goto(lab.lab_url("reload.ipynb"))
    run_cells(page, count=1)
    with page.expect_response(_saves_the_open_panel):
        open_panel(page)

    page.reload()

    expect(page.locator("#privguard-panel")).to_be_visible()


@pytest.mark.parametrize("code", ["log_unreadable", "log_damaged"])
def test_a_log_that_cannot_be_used_is_said_in_the_servers_words(page: Page, lab: LiveLab, code: str) -> None:
    problem = {"code": code, "message": "privguard: the log is <b>gone</b>.", "hint": "Look for it."}
    page.route(
        "**/privguard/api/v1/session/**",
        lambda route: route.fulfill(status=503, content_type="application/json", body=json.dumps(problem)),
    )
    lab.write_notebook("problem.ipynb", ["1"])
    page.goto(lab.lab_url("problem.ipynb"))
    run_cells(page, count=1)

    alert = open_panel(page).get_by_role("alert")

    expect(page.locator(".privguard-StatusItem button")).to_have_text("Privguard: problem")
    expect(alert).to_contain_text("The log cannot be used")
    expect(alert).to_contain_text("privguard: the log is <b>gone</b>.")
    expect(alert).to_contain_text("Look for it.")


def test_a_server_that_does_not_answer_is_said_and_asked_again(page: Page, lab: LiveLab) -> None:
    page.route("**/privguard/api/v1/session/**", lambda route: route.abort())
    lab.write_notebook("silent.ipynb", ["1"])
    page.goto(lab.lab_url("silent.ipynb"))
    run_cells(page, count=1)
    panel = open_panel(page)
    expect(panel.get_by_role("alert")).to_contain_text("does not answer")

    page.unroute("**/privguard/api/v1/session/**")

    expect(badge(panel, "state")).to_have_text("not loaded")


def test_a_server_that_is_away_for_a_while_takes_nothing_away(page: Page, lab: LiveLab) -> None:
    lab.write_notebook("away.ipynb", CELLS[:1])
    page.goto(lab.lab_url("away.ipynb"))
    run_cells(page, count=1)
    now = open_tab(open_panel(page), "Now")
    now.get_by_role("textbox", name="Reason").fill("half a sentence")
    page.route("**/privguard/api/v1/session/**", lambda route: route.abort())
    expect(page.locator("#privguard-panel").get_by_role("alert")).to_contain_text("does not answer")
    expect(now.get_by_role("textbox", name="Reason")).to_have_value("half a sentence")

    page.unroute("**/privguard/api/v1/session/**")

    expect(page.locator("#privguard-panel").get_by_role("alert")).to_have_count(0)
    expect(badge(now, "state")).to_have_text("on")


def test_while_the_log_is_read_the_panel_says_so(page: Page, lab: LiveLab) -> None:
    page.route("**/privguard/api/v1/session/**", lambda route: None)  # never answered
    lab.write_notebook("loading.ipynb", ["1"])
    page.goto(lab.lab_url("loading.ipynb"))
    run_cells(page, count=1)

    expect(open_panel(page).get_by_role("status")).to_contain_text("Reading the log")
