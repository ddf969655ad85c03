"""Figures: nothing outside of its frame, nothing over another, every number to be read as text."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.report.figures import HeatMap, Timeline

NAMES = st.text(min_size=1, max_size=40)
COUNTS = st.integers(0, 10**6)
KINDS = ["ok", "refused or failed", "acts by special rights"]


@given(st.lists(NAMES, min_size=1, max_size=12), st.data())
def test_a_heat_map_has_every_number_in_its_frame_and_darker_for_more(columns: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(NAMES, st.lists(COUNTS, min_size=len(columns), max_size=len(columns)))))

    drawn = HeatMap("a", "b", columns, rows).json()

    assert len(drawn["cells"]) == len(columns) * len(rows)
    assert len({(cell["x"], cell["y"]) for cell in drawn["cells"]}) == len(drawn["cells"])
    for cell in drawn["cells"]:
        assert cell["x"] >= 0 and cell["x"] + drawn["size"] <= drawn["width"]
        assert cell["y"] >= 0 and cell["y"] + drawn["size"] <= drawn["height"]
        assert f"{cell['number']:,} cells" in cell["title"]
        assert (cell["shade"] == 0) == (cell["number"] == 0)
    by_number = sorted(drawn["cells"], key=lambda cell: cell["number"])
    assert [cell["shade"] for cell in by_number] == sorted(cell["shade"] for cell in by_number)
    assert max((cell["shade"] for cell in drawn["cells"]), default=0) <= 5


@given(st.lists(st.tuples(NAMES, st.dictionaries(st.sampled_from(KINDS), COUNTS)), max_size=80))
def test_a_timeline_stacks_within_its_frame_and_its_labels_do_not_touch(bars: list[tuple[str, dict[str, int]]]) -> None:
    drawn = Timeline("a", "b", KINDS, bars).json()

    assert len(drawn["bars"]) == sum(bool(number) for _, numbers in bars for number in numbers.values())
    # A layer of few things is still seen, so a bar may be a little higher than its share.
    assert all(bar["y"] >= drawn["top"] - 2 * len(KINDS) and bar["height"] >= 2 for bar in drawn["bars"])
    assert all(bar["y"] + bar["height"] <= drawn["base"] for bar in drawn["bars"])
    assert all(bar["x"] + bar["width"] <= drawn["width"] for bar in drawn["bars"])
    ends = [(label["x"] - len(label["text"]) * 3.6, label["x"] + len(label["text"]) * 3.6) for label in drawn["labels"]]
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(ends))
    assert drawn["kinds"][-1]["end"] <= drawn["width"]


def test_nothing_to_draw_is_drawn() -> None:
    assert HeatMap("a", "b", [], []).json()["cells"] == []
    assert Timeline("a", "b", [], []).json()["bars"] == []
