"""Inputs in sum: what is missing, unusual or moved is told, and nothing of fewer than k people."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.monitoring.inputs import InputWindow, input_columns
from jupyter_privguard.monitoring.reference import drift, has_moved, is_null, reference

K = 5
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
RNG = random.Random(5)
AMOUNTS = [round(RNG.gauss(50_000, 9_000), 2) for _ in range(600)]
PLANS = ["basic", "plus", "premium"] * 199 + ["staff", "staff", "guest"]


def _features(**columns: list[Any]) -> Any:
    return reference(columns, k=K)


def _told(window: InputWindow, columns: dict[str, list[Any]], at: datetime = MONDAY) -> list[dict[str, Any]]:
    count = len(next(iter(columns.values())))
    return window.add(columns, [None] * count, at)


def _check(told: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = (check for check in told["checks"] if check["kind"] == kind)
    return found


def test_the_reference_holds_no_value_of_anybody() -> None:
    amount, plan = _features(amount=AMOUNTS, plan=PLANS)

    assert not {*AMOUNTS} & {*amount.ends}
    assert sum(amount.expected) == pytest.approx(1000, abs=len(amount.expected))
    assert sum(value < amount.ends[0] for value in AMOUNTS) < K
    assert plan.categories == ("basic", "plus", "premium")
    assert plan.expected[0] == 5


@pytest.mark.parametrize(
    ("values", "bands"),
    [
        ([], 0),
        ([None] * 300, 0),
        ([7] * 300, 0),
        (list(range(20)), 0),
        ([f"person {n}" for n in range(300)], 0),
        ([float("nan")] * 200 + AMOUNTS, 12),
        ([True, False] * 150, 3),
        ([0, 1] * 150, 3),
    ],
)
def test_a_feature_without_a_distribution_is_looked_at_for_nulls_alone(values: list[Any], bands: int) -> None:
    (feature,) = _features(one=values)

    assert feature.bands in ((bands,) if bands < 12 else range(8, 14))


def test_of_what_is_personal_only_nulls_are_looked_at_and_measures_in_bands() -> None:
    ids = list(range(600))
    columns = {"customer_no": ids, "income": AMOUNTS, "city": ["Kiel", "Ulm"] * 300}

    made = {one.name: one for one in reference(columns, personal=columns.keys(), measures=["income", "city"], k=K)}

    assert made["customer_no"].bands == made["city"].bands == 0
    assert made["income"].bands > 5


def test_inputs_as_they_were_pass_and_others_do_not() -> None:
    features = _features(amount=AMOUNTS, plan=PLANS)
    usual, broken = InputWindow(features, K), InputWindow(features, K)
    some = [RNG.choice(AMOUNTS) for _ in range(200)]

    (good,) = _told(usual, {"amount": some, "plan": PLANS[:200]})
    (bad,) = _told(broken, {"amount": [None] * 60 + [one * 100 for one in some[60:]], "plan": ["gold"] * 200})

    assert good["success"] and good["failed"] == 0 and good["rows"] == 200
    failed = {(check["column"], check["kind"]) for check in bad["checks"] if not check["success"]}
    assert failed == {("amount", kind) for kind in ("nulls", "unusual", "drift")} | {
        ("plan", kind) for kind in ("unusual", "drift")
    }


def test_a_feature_that_no_longer_comes_is_missing() -> None:
    window = InputWindow(_features(amount=AMOUNTS), K)

    (told,) = window.add({}, [None] * 200, MONDAY)

    assert _check(told, "nulls")["unexpected_count"] == 200 and not told["success"]


@pytest.mark.parametrize(("missing", "count"), [(0, 0), (1, None), (4, None), (5, 5), (9, 9)])
def test_few_people_are_not_counted_out(missing: int, count: int | None) -> None:
    window = InputWindow(_features(amount=AMOUNTS), K)

    (told,) = _told(window, {"amount": [None] * missing + AMOUNTS[: 200 - missing]})

    assert _check(told, "nulls")["unexpected_count"] == count
    assert (_check(told, "nulls")["unexpected_basis_points"] is None) == (count is None)


@given(st.lists(st.one_of(st.none(), st.sampled_from(AMOUNTS), st.floats(allow_nan=True)), min_size=200, max_size=200))
def test_no_count_of_few_people_can_be_reckoned_from_the_others(values: list[Any]) -> None:
    (feature,) = _features(amount=AMOUNTS)
    (told,) = _told(InputWindow([feature], K), {"amount": values})

    counts = told["bands"][0]["counts"]
    there = [one for one in values if not is_null(one)]
    true = [sum(feature.band(one) == band for one in there) for band in range(feature.bands)]
    nulls = _check(told, "nulls")["unexpected_count"]
    hidden = [at for at, count in enumerate(counts) if count is None]
    assert all(count is None or count == 0 or count >= K for count in counts)
    assert all(count in (None, true[at]) for at, count in enumerate(counts))
    # One count alone that is missing is the rest of the people; two are only known together.
    unknown = len(hidden) + (nulls is None)
    assert unknown != 1 or all(true[at] >= K for at in hidden)


def test_a_person_counts_once_a_window_and_the_next_one_begins_anew() -> None:
    window = InputWindow(_features(amount=AMOUNTS), K)
    same = window.add({"amount": AMOUNTS[:300]}, ["tok:one"] * 300, MONDAY)
    told = window.add({"amount": AMOUNTS[:450]}, [f"tok:{n}" for n in range(450)], MONDAY)

    assert same == []
    assert [one["rows"] for one in told] == [200, 200]
    assert window.rest()[0]["rows"] == 51
    assert window.rest() == []


def test_what_has_gathered_for_a_day_is_told_if_it_is_enough() -> None:
    window = InputWindow(_features(amount=AMOUNTS), K)

    assert _told(window, {"amount": AMOUNTS[:40]}) == []
    assert _told(window, {"amount": AMOUNTS[:20]}, MONDAY + timedelta(days=2)) == []
    (told,) = _told(window, {"amount": AMOUNTS[:1]}, MONDAY + timedelta(days=3))
    assert (told["rows"], told["since"]) == (60, "2026-03-02T00:00:00+00:00")
    assert window.rest() == []


def test_drift_is_nothing_for_what_has_not_moved_and_much_for_what_has() -> None:
    assert drift([500, 500], [50, 50]) == 0
    assert drift([500, 500], [90, 10]) > 0.25
    assert drift([0, 1000], [0, 0]) == 0


def test_what_chance_makes_of_few_people_is_no_drift() -> None:
    (feature,) = _features(amount=AMOUNTS)
    drawn = random.Random(9)
    alarms = 0
    for people in (50, 60, 100, 200):
        for _ in range(100):
            bands = [feature.band(drawn.choice(AMOUNTS)) for _ in range(people)]
            alarms += has_moved(feature.expected, [bands.count(band) for band in range(feature.bands)])

    assert alarms <= 4
    assert has_moved(feature.expected, [50, *[0] * (feature.bands - 1)])
    assert not has_moved(feature.expected, [0] * feature.bands)


def test_the_table_of_windows_has_a_row_a_check() -> None:
    window = InputWindow(_features(amount=AMOUNTS), K)
    (told,) = _told(window, {"amount": [None] * 50 + AMOUNTS[:150]})
    event = {**told, "seq": 9, "deployment": "d", "version": "1"}

    columns = input_columns([event])

    assert columns["check"] == ["nulls", "unusual", "drift"]
    assert columns["share"][0] == 0.25 and columns["passed"][0] is False
    assert columns["drift"][:2] == [None, None] and columns["drift"][2] >= 0
    assert {len(column) for column in columns.values()} == {3}
