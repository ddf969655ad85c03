"""Which key the report says is in use, and how often keys were renewed or destroyed: only what was done counts."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_privguard.report.sections.keys import done

A, B = "aaaaaaaa", "bbbbbbbb"


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ([("ok", A)], [A]),
        ([("ok", A), ("ok", B)], [A, B]),
        ([("ok", A), ("ok", B), ("error", B)], [A]),
        ([("ok", A), ("error", A), ("ok", A)], [A]),
        ([("ok", A), ("error", B)], [A]),
        ([("refused", None)], []),
        ([("error", None), ("ok", A)], [A]),
    ],
)
def test_what_failed_after_it_was_recorded_does_not_count(told: list[Any], counted: list[str]) -> None:
    assert [event["key_id"] for event in done([{"outcome": how, "key_id": key} for how, key in told])] == counted
