"""A report says which classes a person gave to columns, who and when."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.unit.report.unsigned_page import unsigned_page


def test_overrides_stand_in_the_report_with_who_and_when(story) -> None:
    story.add(
        "class.change",
        dataset="customers",
        column="loyalty_no",
        before="EMAIL_ADDRESS",
        after="NONE",
        direction="lower",
        saved=True,
        said={"by": "ravi", "since": "2026-10-01T08:00:00Z"},
    )
    story.cell(experiment="exp-1")

    page = unsigned_page("exp-1", story.verified(), notebook=None, now=datetime(2026, 12, 1, tzinfo=UTC))

    for word in ("Classes that a person gave", "loyalty_no", "EMAIL_ADDRESS", "ravi", "2026-10-01 08:00:00 UTC"):
        assert word in page, word
