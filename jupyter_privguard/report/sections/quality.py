"""Checks of data quality by Great Expectations: what was asked, and how often it did not hold. Counts alone."""

from __future__ import annotations

from typing import Any

from ..blocks import Block, Cell, Paragraph, badge, code, events, plain
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..tables import table
from ..words import clock, query

__all__ = ["SECTION"]


def _build(context: Context) -> list[Block]:
    found = context.of("quality.check")
    if not found:
        return [Paragraph(plain("No check of data quality was recorded in this experiment."))]
    rest = query(context.experiment.name, "--action", "quality.check", "--format", "json")
    headings = ["When (UTC)", "Suite", "Rows", "Expectations", "Not met", "Outcome", "Event"]
    blocks = table("Validations", headings, found, _row, rest=rest)
    failed = [
        (event, check)
        for event in found
        for check in event.get("checks") or ()
        if isinstance(check, dict) and check.get("success") is False
    ]
    if failed:
        headings = ["Column", "Expectation", "Looked at", "Not as expected", "Event"]
        blocks += table("Expectations that were not met", headings, failed, _failed_row, rest=rest)
    return blocks


def _row(event: Event) -> list[Cell]:
    return [
        plain(clock(event["time"])),
        code(str(event.get("suite"))),
        _number(event.get("rows")),
        _number(event.get("expectations")),
        _number(event.get("failed")),
        badge("passed" if event.get("success") else "not passed"),
        events([event["seq"]]),
    ]


def _failed_row(found: tuple[Event, dict[str, Any]]) -> list[Cell]:
    event, check = found
    points = check.get("unexpected_basis_points")
    share = f" ({points // 100}.{points % 100:02} %)" if isinstance(points, int) else ""
    return [
        code(str(check["column"])) if check.get("column") is not None else plain("the table"),
        code(str(check.get("kind"))),
        _number(check.get("element_count")),
        (*_number(check.get("unexpected_count")), *plain(share)),
        events([event["seq"]]),
    ]


def _number(value: object) -> Cell:
    return plain(value if isinstance(value, int) else "not told")


SECTION = Section(order=47, id="quality", title="Data quality", build=_build)
