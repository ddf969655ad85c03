"""The panel in its surroundings: status bar, palette, settings, themes, keyboard, screen reader, large logs, tabs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from example import CELLS
from live_lab import ROOT, open_panel, open_tab, run_cells, run_command
from playwright.sync_api import expect

if TYPE_CHECKING:
    from live_lab import LiveLab
    from playwright.sync_api import Locator, Page, Route

AXE = ROOT / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
TABS = ("Now", "Data", "Log", "Requests", "Experiment")
MOST_ROWS = 300


def status_item(page: Page) -> Locator:
    return page.locator(".privguard-StatusItem button")


# --- Lab's own places -----------------------------------------------------------------------------


def test_the_status_bar_tells_guard_and_tier_and_opens_the_panel(page: Page, lab: LiveLab) -> None:
    lab.write_notebook("status.ipynb", ["1", CELLS[0]])
    page.goto(lab.lab_url("status.ipynb"))
    run_cells(page, count=1)
    expect(status_item(page)).to_have_text("Privguard: not loaded")

    run_cells(page, first=1, count=1)
    expect(status_item(page)).to_have_text("Privguard: on · public")
    status_item(page).click()

    expect(page.locator("#privguard-panel")).to_be_visible()


def test_the_palette_has_the_parts_of_the_panel(guarded: Page, panel: Locator) -> None:
    run_command(guarded, "Show the log")
    expect(panel.get_by_role("tab", name="Log")).to_have_attribute("aria-selected", "true")

    run_command(guarded, "Verify the log")
    expect(panel.locator(".privguard-Badge[data-whole=true]")).to_be_visible()

    with guarded.expect_download() as download:
        run_command(guarded, "Export compliance file")
    assert download.value.suggested_filename == "compliance-exp-browser.html"


def test_the_item_of_the_status_bar_can_be_turned_off(page: Page, lab: LiveLab) -> None:
    folder = lab.home.parent / "lab-settings" / "jupyter-privguard"
    folder.mkdir(exist_ok=True)
    setting = folder / "panel.jupyterlab-settings"
    setting.write_text(json.dumps({"statusBar": False}))
    try:
        lab.write_notebook("settings.ipynb", ["1"])
        page.goto(lab.lab_url("settings.ipynb"))
        run_cells(page, count=1)
        expect(open_panel(page).get_by_role("tab", name="Now")).to_be_visible()

        expect(status_item(page)).to_be_hidden()
    finally:
        setting.unlink()


# --- everybody can use it -------------------------------------------------------------------------


def findings(page: Page) -> list[str]:
    """What axe-core finds in the panel and in the item of the status bar that is serious or worse."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run({include: [['#privguard-panel'], ['.privguard-StatusItem']]})")
    assert found["passes"]  # it did look at something
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_no_part_has_a_serious_finding(guarded: Page, panel: Locator, theme: str) -> None:
    guarded.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    expect(guarded.locator(f"body[data-jp-theme-name='{theme}']")).to_be_attached()
    found = []
    for name in TABS:
        content = open_tab(panel, name)
        if name == "Data":
            content.get_by_role("button", name="plan", exact=True).click()
        if name == "Experiment":
            expect(content.get_by_role("table")).to_be_visible()
        found += [f"{name}: {one}" for one in findings(guarded)]
        if name == "Data":
            content.get_by_role("button", name="plan", exact=True).click()

    assert found == []


def test_a_banner_has_no_serious_finding(page: Page, lab: LiveLab) -> None:
    lab.write_notebook("axe.ipynb", ["1"])
    page.goto(lab.lab_url("axe.ipynb"))
    run_cells(page, count=1)
    expect(open_panel(page).get_by_role("alert")).to_contain_text("no guard")

    assert findings(page) == []


def test_the_tabs_are_walked_by_arrow_keys(panel: Locator, guarded: Page) -> None:
    open_tab(panel, "Now")
    panel.get_by_role("tab", name="Now").focus()
    walked = []
    for _ in TABS:
        guarded.keyboard.press("ArrowRight")
        walked.append(guarded.evaluate("document.activeElement.textContent"))

    assert walked == [*TABS[1:], TABS[0]]
    guarded.keyboard.press("ArrowLeft")
    expect(panel.get_by_role("tab", name="Experiment")).to_have_attribute("aria-selected", "true")


def test_everything_in_a_part_is_reached_by_tab(panel: Locator, guarded: Page) -> None:
    open_tab(panel, "Log").get_by_role("button", name="Verify now").focus()
    reached = []
    for _ in range(4):
        guarded.keyboard.press("Tab")
        reached.append(
            guarded.evaluate(
                "document.activeElement.ariaLabel ?? document.activeElement.closest('label').firstChild.textContent"
            )
        )

    assert reached == ["Cell", "Column", "Action", "Events of this session"]


# --- much to show ---------------------------------------------------------------------------------


def many(columns: int, events: int) -> dict[str, Any]:
    """An answer of `GET session` with so much in it."""
    action = {"public": "token", "internal": "encrypt", "compliance": "clear"}
    column = {"entity": "USERNAME", "class": "pii", "confidence": 90, "action": action}
    event = {
        **dict.fromkeys(("tier", "purpose", "experiment", "reason", "cell_id")),
        "time": "2026-11-05T12:00:00Z",
        "action": "cell.run",
        "outcome": "ok",
        "datasets": ["wide"],
        "columns": [],
        "has_more_columns": False,
        "masked": {},
    }
    return {
        "session": "s1",
        "guard": {"state": "on", "tier": "public", "reason": None, "policy": "p", "assurance": "os", "person": "ana"},
        "purpose": None,
        "last": {"purpose": None, "experiment": None, "tier": "public"},
        "usage": [],
        "experiments": [],
        "datasets": [
            {
                "seq": 1,
                "name": "wide",
                "source": None,
                "rows": 5,
                "columns": [{**column, "label": f"column {number}"} for number in range(columns)],
            }
        ],
        "events": [
            {**event, "id": f"s1:{seq}", "seq": seq, "run": f"r{seq}", "execution_count": seq}
            for seq in range(1, events + 1)
        ],
        "next": events,
        "log": {"present": True, "size": events, "rewritten": False},
    }


@pytest.fixture
def crowded(page: Page, lab: LiveLab) -> Locator:
    """The panel of a session with 1,000 columns and 10,000 events."""
    whole = many(1_000, 10_000)

    def answer(route: Route) -> None:
        kernel = re.search(r"session/([^?]+)", route.request.url)
        assert kernel is not None
        news = {"datasets": [], "events": []} if "after=10000" in route.request.url else {}
        body = json.dumps({**whole, **news, "kernel": kernel[1]})
        route.fulfill(status=200, content_type="application/json", body=body)

    page.route("**/privguard/api/v1/session/**", answer)
    lab.write_notebook("crowded.ipynb", ["1"])
    page.goto(lab.lab_url("crowded.ipynb"))
    run_cells(page, count=1)
    return open_panel(page)


@pytest.mark.parametrize(
    ("tab", "last", "total"),
    [("Data", "column 999", 1_001), ("Log", "cell.run [1]", 10_001)],
    ids=["columns", "events"],
)
def test_few_rows_are_in_the_page_however_far_one_scrolls(
    crowded: Locator, page: Page, tab: str, last: str, total: int
) -> None:
    content = open_tab(crowded, tab)
    scroller = content.locator(".privguard-Scroll")
    expect(content.get_by_role("table")).to_have_attribute("aria-rowcount", str(total))
    for part in range(11):
        scroller.evaluate("(node, part) => { node.scrollTop = node.scrollHeight * part / 10 }", part)
        expect(scroller.locator("tbody tr:not(.privguard-Spacer)")).not_to_have_count(0)
        assert page.locator("#privguard-panel tr").count() <= MOST_ROWS

    shown = scroller.get_by_role("row").filter(has_text=re.compile(re.escape(last) + r"(?!\d)"))
    expect(shown).to_be_in_viewport()
    assert page.evaluate("document.querySelectorAll('#privguard-panel tr').length") <= MOST_ROWS


# --- kernels and tabs -----------------------------------------------------------------------------


def test_what_is_asked_of_a_busy_kernel_waits_and_ends_with_it(page: Page, lab: LiveLab) -> None:
    lab.write_notebook("busy.ipynb", [CELLS[0], "import time\nwhile True: time.sleep(0.1)"])
    page.goto(lab.lab_url("busy.ipynb"))
    run_cells(page, count=1)
    now = open_tab(open_panel(page), "Now")
    page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-InputArea-prompt").filter(has_text="[*]")).to_be_visible()

    now.get_by_role("textbox", name="To").fill("billing")
    now.get_by_role("textbox", name="Reason").fill("a case")
    now.get_by_role("button", name="Change").click()
    expect(now.get_by_role("status")).to_contain_text("Waits until the kernel")
    page.evaluate("void window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")

    expect(now.get_by_role("alert").or_(page.locator("[data-guard]")).first).to_be_visible()
    expect(page.locator("[data-guard]")).to_be_visible()


def test_two_tabs_of_the_browser_show_the_same(page: Page, lab: LiveLab, guarded: Page, panel: Locator) -> None:
    page.goto(guarded.url.replace("/lab/workspaces/", "/lab/workspaces/second-"))
    other = open_tab(open_panel(page), "Log")
    expect(other.get_by_role("row").filter(has_text="churn-model")).to_be_visible()

    content = open_tab(panel, "Now")
    content.get_by_role("textbox", name="To").fill("seen in both")
    content.get_by_role("textbox", name="Reason").fill("a case")
    content.get_by_role("button", name="Change").click()

    expect(other.get_by_role("row").filter(has_text="guard.changed").first).to_be_visible()
    expect(open_tab(open_panel(page), "Now").locator("dd").filter(has_text="seen in both")).to_be_visible()


def test_the_panel_follows_the_notebook_in_front(page: Page, lab: LiveLab) -> None:
    lab.write_notebook("first.ipynb", [CELLS[0]])
    lab.write_notebook("second.ipynb", ["1"])
    page.goto(lab.lab_url("first.ipynb"))
    run_cells(page, count=1)
    panel = open_panel(page)
    expect(panel.locator(".privguard-Badge[data-state]")).to_have_text("on")

    page.evaluate("void window.jupyterapp.commands.execute('docmanager:open', {path: 'second.ipynb'})")
    expect(panel.locator(".privguard-Badge[data-state]")).to_have_text("not loaded")
    page.evaluate("void window.jupyterapp.commands.execute('docmanager:open', {path: 'first.ipynb'})")

    expect(panel.locator(".privguard-Badge[data-state]")).to_have_text("on")
