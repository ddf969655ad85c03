"""Values that a chart lists: masked where they are a known column, and left alone where they only look like one."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.frames.watch import watch
from jupyter_privguard.guard.pictures.watcher import Pictures
from jupyter_privguard.guard.tables.watch import TableWatcher
from jupyter_privguard.guard.texts.listed_values import rounded_numbers
from tests.unit.guard.conftest import PEOPLE, Guarded, opened

BORN = pd.to_datetime([f"19{50 + n}-0{1 + n % 9}-1{n % 10}" for n in range(30)])
AGE = [20 + n * 7 % 60 for n in range(30)]
FIRST = ["May", "April", "June", "Grace", "Faith", "Summer"] + [f"Zephyrin{chr(97 + n)}" for n in range(24)]


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRIVGUARD_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("PRIVGUARD_POLICY", raising=False)
        session = opened()
        end = watch(TableWatcher(session))
        yield session
        end()
        session.close()


@pytest.fixture(scope="module")
def guarded(session):
    return Guarded(session)


@pytest.fixture(scope="module")
def masker(guarded):
    guarded.space["df"] = pd.DataFrame(
        {
            **PEOPLE,
            "customer_id": [40_123 + 977 * n for n in range(30)],
            "employee_id": [str(71_009 + 1_313 * n) for n in range(30)],
            "birth_date": BORN,
            "age": AGE,
            "first_name": FIRST,
            "diagnosis": ["Crohn disease", "Hodgkin lymphoma", "Huntington disease"] * 10,
        }
    )
    guarded.session.knowledge.learn()
    return Pictures(guarded.session, lambda: None).masker()


def columns():
    income, names = PEOPLE["income"], PEOPLE["name"]
    ids = [40_123 + 977 * n for n in range(30)]
    return {
        "incomes": ("", income),
        "incomes as floats": ("x", list(map(float, income))),
        "incomes with gaps": ("y", [None, *income]),
        "incomes as texts": ("", [f"${n:,}" for n in income]),
        "ids": ("", ids),
        "ids as texts": ("", list(map(str, ids))),
        "ids that are texts": ("", [str(71_009 + 1_313 * n) for n in range(30)]),
        "names": ("", names),
        "three names": ("", names[:3]),
        "one name": ("", names[:1]),
        "first names": ("first_name", FIRST),
        "ages under their name": ("age", AGE),
        "birth dates": ("", list(BORN)),
        "birth dates as texts": ("", [str(day.date()) for day in BORN]),
        "dates called so": ("date_of_birth", ["1950-03-04", "1961-07-08"]),
        "diagnoses": ("diagnosis", ["Crohn disease", "Hodgkin lymphoma"]),
    }


@pytest.mark.parametrize("name", columns())
def test_a_known_column_is_masked_under_any_name(name, masker):
    label, values = columns()[name]
    shown = masker.column(label, values)
    assert len(shown) == len(values)
    same = [a for a, b in zip(values, shown, strict=True) if a is not None and str(a) == str(b)]
    assert len(same) < len(values) / 3 if name == "ages under their name" else not same


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("", [50_000, 60_000, 70_000]),
        ("income", [50_123, 60_000]),
        ("", [50_123.5, 51_000.25]),
        ("", AGE[:4]),
        ("visits", [1, 2, 3]),
        ("", ["May", "April", "June"]),
        ("month", ["May", "April", "June"]),
        ("", ["21", "22", "23"]),
        ("plan", ["gold", "basic"]),
        ("ordered", ["2024-01-10", "2024-02-11"]),
        ("", list(pd.to_datetime(["2024-01-10", "2024-02-11"]))),
        ("", ["4006381333931", "5901234123457"]),
        ("x", [True, False]),
        ("x", [None, None]),
        ("x", []),
        ("x", [math.nan]),
        ("x", ["gold", 1, None]),
    ],
)
def test_what_only_looks_like_one_is_left_alone(label, values, masker):
    assert repr(masker.column(label, values)) == repr(list(values))


def test_measures_stay_numbers_and_ids_become_handles(masker):
    label, incomes = columns()["incomes"]
    assert masker.column(label, incomes)[:2] == [50_000, 51_000]
    assert masker.column("", [f"${n:,}" for n in incomes])[:2] == ["$50,000", "$51,000"]
    assert all(str(shown).startswith("tok_") for shown in masker.column(*columns()["ids"]))
    assert set(masker.column("", list(BORN))) == {str(day.year) for day in BORN}


def test_numbers_of_a_column_are_found_beside_others(masker):
    incomes = PEOPLE["income"]
    shown = masker.column("", [*incomes[:12], sum(incomes[:6]), sum(incomes[6:12]), sum(incomes[:12])])
    assert shown[:2] == [50_000, 51_000]
    assert shown[12:] == [sum(incomes[:6]), sum(incomes[6:12]), sum(incomes[:12])]
    ids = [40_123 + 977 * n for n in range(30)]
    assert [str(new)[:4] for new in masker.column("", [*ids[:5], 1.5])] == ["tok_"] * 5 + ["1.5"]


@pytest.mark.parametrize("values", [[*range(50_000, 74_000, 10)], [50_123, 50_914, 61_000, 62_000, 63_000], [10**400]])
def test_single_equal_numbers_are_chance(values, masker):
    assert masker.column("", values) == values


def test_handles_are_those_of_tables(masker, guarded):
    label, names = columns()["names"]
    assert masker.column(label, names)[0] == masker.text(names[0])


def test_statistics_of_enough_rows_stay_exact(masker, guarded):
    people = guarded.space["df"].assign(group=["a", "b", "c"] * 10)
    medians = people.groupby("group").age.median().reset_index()
    few = people.assign(one=range(30)).groupby("one").age.max().reset_index()
    guarded.session.knowledge.learn()
    assert masker.column("age", medians.age.tolist()) == medians.age.tolist()
    assert masker.column("age", few.age.tolist()) != few.age.tolist()


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([61_231, 104_923, 399_999], [61_000, 100_000, 400_000]),
        ([23, 34, 58, 61], [25, 35, 60, 60]),
        ([5.6, 7.2, 11.3], [5.5, 7.0, 10.0]),
        ([0, 0], [0, 0]),
        ([-61_231.5], [-61_000.0]),
        ([0.00123, 0.00456], [0.0012, 0.0046]),
        ([10, 20, 30, 45], [10, 20, 30, 40]),
        ([], []),
    ],
)
def test_numbers_are_rounded_so_that_most_change(numbers, expected):
    assert rounded_numbers(numbers) == expected


@given(st.lists(st.floats(1e-6, 1e12) | st.integers(1, 10**12), min_size=1, max_size=20))
def test_a_rounded_number_is_near_and_of_the_same_kind(numbers):
    for number, rounded in zip(numbers, rounded_numbers(numbers), strict=True):
        assert type(rounded) is type(number)
        assert abs(rounded - number) <= 0.5 * 10 ** (math.floor(math.log10(number)) + 0.0001)


def test_numpy_scalars_are_numbers_too(masker):
    label, incomes = columns()["incomes"]
    assert masker.column(label, np.array(incomes).tolist())[:1] == [50_000]
