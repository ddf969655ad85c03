"""Kernels that die: the panel says so, and takes no guard for one that is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import live_lab as live
import pytest
from example import CELLS
from live_lab import open_panel, run_cells
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

DYING = [CELLS[0], "import os\nos._exit(3)"]


def run_last_words(page: Page, lab: live.LiveLab, name: str) -> Locator:
    """The panel, once a guarded kernel runs the cell that ends it."""
    lab.write_notebook(name, DYING)
    page.goto(lab.lab_url(name))
    panel = open_panel(page)
    run_cells(page, count=1)
    expect(panel.locator(".privguard-Badge[data-state]")).to_have_text("on")
    page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    return panel


def test_a_kernel_that_dies_is_said_with_the_cell_that_it_did_not_end(page: Page, lab: live.LiveLab) -> None:
    panel = run_last_words(page, lab, "dies.ipynb")

    # It died in the second in which its guard was loaded, so no clock can tell the two processes apart.
    expect(panel.locator("[data-guard=absent]")).to_contain_text("The kernel died and another one began in its place.")
    expect(panel.locator(".privguard-Badge[data-state]")).to_have_text("not loaded")
    expect(page.locator(".privguard-StatusItem button")).to_contain_text("not loaded")
    expect(panel.locator("[data-gaps]")).to_contain_text("ended with its process")

    page.get_by_role("dialog").get_by_role("button", name="Ok").click()
    panel.locator("[data-gaps]").get_by_role("button", name="Show cell").click()
    expect(page.locator(".jp-Notebook .jp-Cell.jp-mod-active")).to_contain_text("os._exit")
    page.locator(".jp-CodeCell").first.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    expect(panel.locator(".privguard-Badge[data-state]")).to_have_text("on")
    expect(panel.locator("[data-guard]")).to_have_count(0)


def test_a_kernel_that_does_not_come_back_is_said_until_it_is_restarted(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("no-restarts")
    with live.live_lab(folder, options=["--KernelRestarter.restart_limit=0"]) as lab:
        panel = run_last_words(page, lab, "dead.ipynb")

        expect(panel.get_by_role("alert").first).to_contain_text("The kernel died. Restart it to run cells")
        expect(page.locator(".privguard-StatusItem button")).to_contain_text("kernel died")


def test_a_notebook_whose_kernel_was_shut_down_is_told_to_start_one(page: Page, lab: live.LiveLab) -> None:
    lab.write_notebook("shut.ipynb", [CELLS[0]])
    page.goto(lab.lab_url("shut.ipynb"))
    panel = open_panel(page)
    run_cells(page, count=1)
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Shut Down Kernel", exact=True).click()

    expect(panel.get_by_role("status")).to_contain_text("This notebook has no kernel.")
    expect(page.locator(".privguard-StatusItem button")).to_have_count(0)
