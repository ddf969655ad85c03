"""Writes docs/panel.png: the demo notebook in JupyterLab with the panel open.

Usage: python labextension/ui-tests/screenshot.py [FILE]
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from live_lab import ROOT, LiveLab, launch, live_lab, new_context, open_panel, open_tab, run_cells
from playwright.sync_api import Locator, Page, expect, sync_playwright

_NOTEBOOK = "01-churn-output.ipynb"
_RUN_MS = 90_000


def take(page: Page, lab: LiveLab, target: Path) -> None:
    """Run the notebook, open the panel, bring a masked table into view, and save the picture."""
    page.goto(lab.lab_url(_NOTEBOOK))
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    page.locator("li.lm-TabBar-tab[data-id='filebrowser']").click()  # closes it: room for notebook and panel
    panel = open_panel(page)
    run_cells(page, count=1)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    expect(page.locator(".jp-InputArea-prompt").filter(has_text="[*]")).to_have_count(0, timeout=_RUN_MS)
    expect(open_tab(panel, "Log").get_by_role("cell").filter(has_text=re.compile(r"cell\.run"))).not_to_have_count(0)
    _explain(open_tab(panel, "Data"))
    _widen(page)
    page.get_by_role("heading", name="Look").evaluate("heading => heading.scrollIntoView()")
    page.mouse.move(5, 895)
    page.screenshot(path=target)


def _explain(data: Locator) -> None:
    """Show the customers, how rare they are, and why one of their columns has its class."""
    choice = data.get_by_role("combobox", name="Data set")
    choice.select_option(label=choice.get_by_role("option").filter(has_text="customers").first.inner_text())
    data.get_by_role("button", name="Measure k and tell why").click()
    expect(data.locator("[data-k]")).to_be_visible(timeout=_RUN_MS)
    data.get_by_role("button", name="email", exact=True).click()
    expect(data.get_by_role("list", name="Why")).to_be_visible()


def _widen(page: Page) -> None:
    """Drag the edge between notebook and panel, as people do, so that no line of the panel breaks."""
    box = page.locator("#jp-right-stack").bounding_box()
    if box is None:
        raise RuntimeError("The side bar is not open.")
    page.mouse.move(box["x"] - 2, 450)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, 450, steps=5)
    page.mouse.up()


def main(target: Path) -> None:
    """Take the picture in a JupyterLab of its own."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, live_lab(Path(name)) as lab, sync_playwright() as playwright:
        shutil.copy(ROOT / "notebooks" / _NOTEBOOK, lab.root)
        browser = launch(playwright)
        try:
            take(new_context(browser).new_page(), lab, target)
        finally:
            browser.close()
    sys.stdout.write(f"{target}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "panel.png")
