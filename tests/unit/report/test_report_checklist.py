"""The seven points in a report: the newest checklist counts, and what is no point is left out."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_privguard.report.sections.checklist import POINTS, rows

POINT = {"point": 1, "status": "partial", "reason": "So it is.", "seqs": [3, 4]}


def event(seq: int, *points: Any) -> dict[str, Any]:
    return {"seq": seq, "action": "checklist", "points": list(points)}


def test_the_newest_checklist_counts() -> None:
    (row,) = rows([event(9, {**POINT, "status": "evidenced"}), event(5, POINT)])

    assert (row.status, row.reason, row.seqs) == ("evidenced", "So it is.", (3, 4))
    assert row.point == "1 no plain identifier in model output"


@pytest.mark.parametrize(
    "damaged",
    [
        None,
        7,
        [],
        {},
        {**POINT, "point": 8},
        {**POINT, "point": 0},
        {**POINT, "point": "1"},
        {**POINT, "status": "good"},
    ],
)
def test_what_is_no_point_is_left_out(damaged: Any) -> None:
    assert rows([event(1, damaged)]) == []


@pytest.mark.parametrize("points", [None, "x", 3, {}])
def test_an_event_without_points_has_no_rows(points: Any) -> None:
    assert rows([{"seq": 1, "action": "checklist", "points": points}]) == [] == rows([])


@pytest.mark.parametrize("seqs", [None, "12", ["1"], {}])
def test_events_that_are_no_numbers_are_left_out(seqs: Any) -> None:
    (row,) = rows([event(1, {**POINT, "seqs": seqs})])

    assert row.seqs == ()


def test_every_point_and_status_of_the_checklist_has_its_row() -> None:
    from jupyter_privguard.checking.points import Status

    told = [event(1, *({**POINT, "point": n, "status": s.value} for n in range(1, 8) for s in Status))]

    assert [row.point for row in rows(told)][:: len(Status)] == [f"{n} {title}" for n, title in enumerate(POINTS, 1)]
