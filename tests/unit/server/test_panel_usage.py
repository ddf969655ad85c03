"""Promises of the fold about who and what now, which columns were used, and what leads from an event to its cell."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.server.state import KernelState

KERNEL = "0f9d1f0e-6d2b-4b8e-9d6e-1f2a3b4c5d6e"


def answer(*events: dict[str, Any]) -> dict[str, Any]:
    """What the panel is told after a `guard.load` and ``events``."""
    numbers = count(1)
    base = {"session": "s1", "outcome": "ok", "time": "2026-11-05T12:00:00Z"}
    who = {"id": "analyst-1", "assurance": "server"}
    load = {"action": "guard.load", "kernel": KERNEL, "tier": "public", "principal": who}
    state = KernelState(KERNEL)
    state.feed({**base, **event, "seq": next(numbers)} for event in (load, *events))
    return state.answer()


def run(*datasets: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"action": "cell.run", "run": "r1", "datasets": list(datasets), **fields}


def met(*columns: str, how: list[str], name: str = "people", source: str | None = "people.csv") -> dict[str, Any]:
    return {"name": name, "source": source, "as": ["df"], "columns": list(columns), "how": how}


def test_who_loaded_the_guard_is_told_with_the_assurance() -> None:
    guard = answer()["guard"]

    assert (guard["person"], guard["assurance"]) == ("analyst-1", "server")


def test_now_is_what_the_newest_cell_began_with_or_was_changed_to_since() -> None:
    start = {"action": "cell.start", "tier": "internal", "purpose": "churn", "experiment": "e1"}
    changed = {"action": "guard.changed", "tier": "public", "purpose": "billing", "experiment": None, "reason": "why"}
    mended = {"action": "guard.changed", "what": ["display"]}

    assert answer()["last"] == {"tier": None, "purpose": None, "experiment": None}
    assert answer(start)["last"] == {"tier": "internal", "purpose": "churn", "experiment": "e1"}
    for events in ((start, changed), (start, changed, mended)):
        assert answer(*events)["last"] == {"tier": "public", "purpose": "billing", "experiment": None}


def test_the_tier_of_a_cell_that_was_refused_is_not_told_as_the_one_that_holds() -> None:
    before = {"action": "cell.start", "run": "r1", "tier": "internal", "purpose": "churn", "experiment": "e1"}
    asked = {"action": "cell.start", "run": "r2", "tier": "compliance", "purpose": None, "experiment": None}
    told = {"tier": "internal", "purpose": "churn", "experiment": "e1"}

    for outcome, tier in (("refused", "internal"), ("ok", "compliance"), ("error", "compliance")):
        assert answer(before, asked, run(run="r2", outcome=outcome))["last"]["tier"] == tier
    assert answer(before, asked, run(run="r2", outcome="refused"))["last"] == told
    assert answer(before, asked, run(run="r1", outcome="refused"))["last"]["tier"] == "compliance"


@pytest.mark.parametrize(
    ("how", "used"),
    [
        (["loaded"], []),
        ([], []),
        (["shown"], ["email"]),
        (["exported", "loaded"], ["email"]),
        (["joined"], ["email"]),
    ],
)
def test_a_column_is_used_once_it_serves_for_more_than_loading(how: list[str], used: list[str]) -> None:
    (usage,) = answer(run(met("email", how=how)))["usage"]

    assert usage == {"name": "people", "source": "people.csv", "variables": ["df"], "columns": used}


def test_where_a_cell_tells_its_columns_apart_those_it_only_held_are_not_used() -> None:
    told = met("email", "phone", "plan", how=["computed", "loaded", "shown"])

    (usage,) = answer(run({**told, "uses": {"shown": ["email"], "kept": ["email", "phone"]}}))["usage"]

    assert usage["columns"] == ["email"]


def test_what_a_frame_made_of_a_table_was_used_for_counts_for_the_table() -> None:
    parent = {"name": "people", "columns": [{"label": "mail", "from": ["email"]}]}
    people = {**met("email", "phone", how=["computed"]), "uses": {"kept": ["email"]}}
    made = {**met("mail", how=["computed"], name="made", source=None), "parents": [parent], "uses": {}}
    shown = {**met("mail", how=["shown"], name="made", source=None), "uses": {"shown": ["mail"]}}

    found = {usage["name"]: usage["columns"] for usage in answer(run(people, made), run(shown))["usage"]}

    assert found == {"people": ["email"], "made": ["mail"]}


def test_data_sets_of_one_name_are_told_apart_by_their_source() -> None:
    one, other = met("a", how=["shown"]), met("b", how=["shown"], source=None)

    found = {usage["source"]: usage["columns"] for usage in answer(run(one, other), run(one))["usage"]}

    assert found == {"people.csv": ["a"], None: ["b"]}


def test_an_event_leads_to_its_cell_and_its_columns() -> None:
    many = [f"c{number}" for number in range(500)]
    cell = {"execution_count": 3, "id": "cell-3"}

    events = answer(
        run(met("a", "b", how=["loaded"]), met("b", how=["shown"]), cell=cell),
        {"action": "class.change", "column": "plan", "dataset": "people"},
        run(met(*many, how=["shown"])),
    )["events"][1:]

    assert [(e["cell_id"], e["columns"], e["has_more_columns"]) for e in events[:2]] == [
        ("cell-3", ["a", "b"], False),
        (None, ["plan"], False),
    ]
    assert events[2]["columns"] == many[: len(events[2]["columns"])]
    assert events[2]["has_more_columns"] is True


_ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["as", "how", "columns"]), inner),
    max_leaves=6,
)


@given(_ODD, _ODD)
def test_odd_fields_give_less_and_never_an_error(datasets: Any, cell: Any) -> None:
    found = answer({"action": "cell.run", "datasets": datasets, "cell": cell, "column": cell})

    assert len(found["events"]) == 2
