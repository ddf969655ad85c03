"""A table that was read and let go within its cell is in the report, with what nobody looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from jupyter_privguard.report.context import gather
from jupyter_privguard.report.page import make_notebook, to_html
from jupyter_privguard.report.section import sections
from tests.unit.report.conftest import Story

READ: dict[str, Any] = {
    "name": "health",
    "source": "health.csv",
    "as": [],
    "columns": ["customer_id", "diagnosis"],
    "rows": 217,
    "how": ["loaded"],
}


@pytest.fixture
def told(story: Story) -> Story:
    story.begin()
    story.cell(experiment="exp-1", datasets=[READ])
    return story


def _page(story: Story, *chosen: str) -> str:
    context = gather("exp-1", story.verified(), notebook=None, now=datetime(2026, 11, 26, tzinfo=UTC))
    built = [(section, section.build(context)) for section in sections() if section.id in chosen]
    return to_html(make_notebook(built, experiment="exp-1", now=context.now))


def test_nobody_is_told_that_nothing_was_loaded(told: Story) -> None:
    page = _page(told, "summary", "inventory")

    assert "no table was loaded" not in page and "No load of a table" not in page
    assert "was read and let go; what it holds is not known" in page
    for part in ("health.csv", "217", "diagnosis"):
        assert part in page


def test_what_a_load_tells_of_is_not_called_unknown(told: Story) -> None:
    told.load("health")

    assert "let go" not in _page(told, "summary", "inventory")


def test_beside_what_was_loaded_it_is_named_too(told: Story) -> None:
    told.load("customers")

    page = _page(told, "summary", "inventory")

    assert "1 data set " in page and "customers" in page
    assert "was read and let go; what it holds is not known" in page
    assert "Data that was read and let go within its cell" in page


def test_where_nothing_was_read_that_is_said(story: Story) -> None:
    story.begin()
    story.cell(experiment="exp-1", datasets=[{**READ, "how": ["computed"]}])

    page = _page(story, "summary", "inventory")

    assert "no table was loaded" in page and "No load of a table" in page
