"""Who saw which column, and how events lie in time: added up rightly, whatever their order and number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.report.history import KINDS, person_columns, timeline

MAIL = {"label": "email", "entity": "EMAIL_ADDRESS", "class": "pii", "action": "partial"}
PLAN = {"label": "plan", "entity": "NONE", "class": "none", "action": "clear"}


def run(seq: int, who: str = "asha", **fields: Any) -> dict[str, Any]:
    time = datetime(2026, 11, 25, 21, 0, tzinfo=UTC) + timedelta(seconds=seq)
    return {
        "seq": seq,
        "time": time.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "action": "cell.run",
        "outcome": "ok",
        "tier": "public",
        "principal": {"id": who, "assurance": "self"},
        **fields,
    }


def shown(*columns: dict[str, str], dataset: str | None = "people", rows: int = 5) -> dict[str, Any]:
    return {"shown": [{"dataset": dataset, "columns": list(columns), "rows": rows}]}


def test_masks_rows_tiers_and_times_are_added_up() -> None:
    clear = {**MAIL, "action": "clear"}
    events = [
        run(1, **shown(MAIL, PLAN)),
        run(2, **shown(clear, rows=9), tier="compliance"),
        run(3, who="ravi", principal={"id": "ravi", "assurance": "os"}, **shown(MAIL)),
    ]

    first, plan, other = person_columns(events)

    assert (first.person, first.dataset, first.column, first.entity) == ("asha", "people", "email", "EMAIL_ADDRESS")
    assert (dict(first.seen), first.tiers, first.rows) == ({"partial": 1, "clear": 1}, ("public", "compliance"), 9)
    assert (first.seqs, first.first[17:19], first.last[17:19], first.by_self) == ((1, 2), "01", "02", 2)
    assert first.is_seen_in_clear and first.is_sensitive and not plan.is_sensitive
    assert (other.person, other.seqs, other.by_self) == ("ravi", (3,), 0)


def test_uses_are_told_apart_by_column_where_the_event_does() -> None:
    dataset = {"name": "people", "columns": ["email", "plan"], "how": ["loaded", "joined", "shown"]}
    [mail, plan] = person_columns([run(1, datasets=[{**dataset, "uses": {"joined": ["email"], "kept": ["plan"]}}])])
    [_, both] = person_columns([run(1, datasets=[dataset])])

    assert dict(mail.used) == {"loaded": 1, "joined": 1}
    assert dict(plan.used) == {"loaded": 1}
    assert dict(both.used) == {"loaded": 1, "joined": 1}


def test_what_a_column_holds_is_told_by_its_load_where_it_was_never_shown() -> None:
    column = {"label": "email", "entity": "EMAIL_ADDRESS", "class": "pii"}
    load = run(1, action="data.load", dataset={"name": "people", "columns": [column]})
    used = run(2, datasets=[{"name": "people", "columns": ["email", "new"], "how": ["computed"]}])

    mail, new = person_columns([load, used])

    assert (mail.entity, mail.data_class) == ("EMAIL_ADDRESS", "pii")
    assert (new.entity, new.is_sensitive) == ("", False)


def test_refused_cells_saw_nothing_and_refused_loads_tell_nothing() -> None:
    events = [run(1, outcome="refused", **shown(MAIL)), run(2, action="data.load", outcome="refused", dataset={})]

    assert person_columns(events) == []


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, KINDS[0]),
        ({"sinks": [{"kind": "file"}]}, KINDS[1]),
        ({"outcome": "refused"}, KINDS[2]),
        ({"outcome": "error", "sinks": [{"kind": "file"}]}, KINDS[2]),
        ({"action": "reveal"}, KINDS[3]),
        ({"action": "approval.grant"}, KINDS[3]),
        ({"action": "reveal", "outcome": "refused"}, None),
        ({"action": "cell.start", "outcome": "started"}, None),
        ({"action": "guard.load"}, None),
    ],
)
def test_kinds_of_the_timeline(fields: dict[str, Any], kind: str | None) -> None:
    bars = timeline([run(1, **fields)])

    assert [dict(bar.counts) for bar in bars] == ([] if kind is None else [{kind: 1}])


@given(st.lists(st.integers(0, 3 * 10**9), min_size=1, max_size=60))
def test_bars_hold_every_event_once_and_are_few_and_in_order(moments: list[int]) -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    texts = [(start + timedelta(seconds=at)).strftime("%Y-%m-%dT%H:%M:%S.000Z") for at in moments]

    bars = timeline([run(1, time=text) for text in texts])

    assert sum(sum(bar.counts.values()) for bar in bars) == len(moments)
    assert 1 <= len(bars) <= 36
    assert len({bar.name for bar in bars}) == len(bars)
    assert bars[0].counts and bars[-1].counts


@pytest.mark.parametrize(
    ("seconds", "names"),
    [(0, ["21:00:01"]), (3600, ["21:00"]), (5 * 3600, ["11-25 21:00"]), (30 * 86400, ["11-25"])],
)
def test_labels_are_as_short_as_the_time_allows(seconds: int, names: list[str]) -> None:
    later = datetime(2026, 11, 25, 21, 0, 1, tzinfo=UTC) + timedelta(seconds=seconds)

    bars = timeline([run(1), run(1, time=later.strftime("%Y-%m-%dT%H:%M:%S.000Z"))])

    assert bars[0].name == names[0]
