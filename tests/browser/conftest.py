"""One JupyterLab for all browser tests, and a browser that may talk to nobody else."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "labextension" / "ui-tests"))

import live_lab as live
from example import CELLS

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page

_PATIENCE_MS = 45_000
"""A machine that runs other tests at the same time is slow, not broken."""
_OURS = "labextensions/jupyter-privguard"
"""In the address of all scripts of the panel, and of no route."""
_LOCAL_SCHEMES = ("blob", "data", "about", "file")


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[live.LiveLab]:
    """A real server with the panel, in folders of its own."""
    with live.live_lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    """A browser profile; the module fails at its end if anything went to another host, or if the panel failed.

    Closed with the module, because Playwright keeps an event loop running that tests of other
    folders cannot share.
    """
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=_PATIENCE_MS)
    elsewhere: list[str] = []
    thrown: list[str] = []
    with sync_playwright() as playwright:
        browser = live.launch(playwright)
        made = live.new_context(browser)
        made.set_default_timeout(_PATIENCE_MS)
        made.on("request", lambda request: elsewhere.append(request.url) if _is_elsewhere(request.url) else None)
        made.on("weberror", lambda error: thrown.append(error.error.stack or error.error.message))
        made.on(
            "console", lambda said: thrown.append(f"{said.location['url']} {said.text}") if _is_error(said) else None
        )
        yield made
        browser.close()
    assert elsewhere == []
    assert [text for text in thrown if _OURS in text] == []


def _is_error(said: ConsoleMessage) -> bool:
    return said.type == "error"


def _is_elsewhere(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in _LOCAL_SCHEMES and parts.hostname != "127.0.0.1"


@pytest.fixture
def page(context: BrowserContext, tmp_path: Path) -> Iterator[Page]:
    """A fresh tab; its last look is kept as a picture beside the test's other files."""
    opened = context.new_page()
    yield opened
    opened.screenshot(path=tmp_path / "last.png")
    opened.close()


@pytest.fixture(scope="module")
def guarded(context: BrowserContext, lab: live.LiveLab) -> Iterator[Page]:
    """A tab whose notebook has loaded the guard and shown a table, once for an experiment."""
    name = f"guarded-{secrets.token_hex(3)}.ipynb"
    lab.write_notebook(name, CELLS)
    page = context.new_page()
    page.goto(lab.lab_url(name))
    live.run_cells(page, count=len(CELLS))
    yield page
    page.close()


@pytest.fixture
def panel(guarded: Page) -> Locator:
    """The panel of that tab, once it knows of the guard."""
    from playwright.sync_api import expect

    shown = live.open_panel(guarded)
    expect(shown.get_by_role("tab", name="Now")).to_be_visible()
    return shown
