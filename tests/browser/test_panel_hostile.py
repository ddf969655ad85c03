"""Markup in whatever people and data bring into the panel is text there: no script runs, nothing is drawn."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest
from live_lab import open_panel, open_tab, run_cells
from playwright.sync_api import expect

if TYPE_CHECKING:
    from live_lab import LiveLab
    from playwright.sync_api import Page

TABS = ("Now", "Data", "Log", "Requests", "Experiment")


def markup(what: str) -> str:
    """An image that sets a variable of the page, were it drawn, and a script that opens a dialog."""
    return f"{what} <img src=x onerror=window.pwned='{what}'><svg onload=alert(1)><script>window.pwned=1</script>"


@pytest.fixture(scope="module")
def name() -> str:
    """A notebook whose name is markup, as far as a file's may be."""
    return f"<img src=x onerror=window.pwned=1> {secrets.token_hex(3)}.ipynb"


def cells() -> list[str]:
    data = [markup("column"), markup("value"), markup("file")]
    label, value, file = map(repr, data)
    return [
        "%load_ext jupyter_privguard",
        f"%privguard purpose {markup('purpose')}",
        f"%privguard experiment {markup('experiment')}",
        "import pandas as pd\n"
        f"df = pd.DataFrame({{{label}: ['a{{}}@example.org'.format(n) for n in range(30)], 'note': [{value}] * 30}})\n"
        f"df.to_csv({file}.replace('/', '') + '.csv', index=False)\n"
        f"frame = pd.read_csv({file}.replace('/', '') + '.csv')\nframe.head()",
        f'%%secure --reason "{markup("reason")}" --tier internal\nprint(frame.columns.tolist())',
        f"raise ValueError({markup('error')!r})",
        "frame['note'].head(2)",
    ]


def test_nothing_that_somebody_named_runs_in_the_page(page: Page, lab: LiveLab, name: str) -> None:
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    written = cells()
    lab.write_notebook(name, written)
    page.goto(lab.lab_url(name))
    run_cells(page, count=len(written))

    panel = open_panel(page)
    for tab in TABS:
        shown = open_tab(panel, tab)
        expect(shown).to_be_visible()
        assert shown.locator("img, svg[onload], script, iframe").count() == 0, tab

    expect(open_tab(panel, "Now")).to_contain_text("purpose <img")
    expect(open_tab(panel, "Data")).to_contain_text("column <img")
    expect(open_tab(panel, "Log")).to_contain_text("purpose <img")
    assert page.evaluate("window.pwned") is None
    assert said == []
