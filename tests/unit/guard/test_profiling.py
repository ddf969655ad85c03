"""What is told of a table stands for k rows and more, and so does what is left over; no raw value is in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.frames import view
from jupyter_privguard.guard.cells.exploring import explore
from jupyter_privguard.guard.columns.assess import acting
from jupyter_privguard.guard.profiles.profiling import profile
from jupyter_privguard.model import ENTITIES, ColumnVerdict
from jupyter_privguard.policy.builtin import built_in

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def of(
    values: list[Any], entity: str = "NONE", *, k: int = 5, confidence: float = 0.95, dtype: Any = None, **more: Any
):
    table = view(pd.DataFrame({"c": pd.Series(values, dtype=dtype)}))
    verdict = acting(ColumnVerdict("c", entity, ENTITIES[entity], confidence), built_in())
    return profile(table, [verdict], k=k, now=NOW, **more).columns[0]


def told(column) -> dict[str, int]:
    return {part.text: part.rows for part in (*column.bands, *column.frequent)}


@pytest.mark.parametrize(
    ("rare", "frequent", "others"),
    [
        (3, {"Pune": 9}, 9),  # Delhi is left out too, else total and shown would tell of three
        (4, {"Pune": 9}, 10),
        (5, {"Pune": 9, "Delhi": 6, "Mumbai": 5}, 0),
        (6, {"Pune": 9, "Delhi": 6, "Mumbai": 6}, 0),
    ],
)
def test_a_value_is_told_from_k_rows_on_and_the_rest_is_never_few(rare, frequent, others) -> None:
    found = of(["Pune"] * 9 + ["Delhi"] * 6 + ["Mumbai"] * rare, "CITY")

    assert (told(found), found.others) == (frequent, others)


def test_a_rest_of_many_small_groups_needs_no_company() -> None:
    found = of(["Pune"] * 9 + [f"Town{n}" for n in range(5)], "CITY")

    assert (told(found), found.others) == ({"Pune": 9}, 5)


@pytest.mark.parametrize("entity", ["PERSON_NAME", "EMAIL_ADDRESS", "CUSTOMER_ID", "CREDENTIAL", "FREE_TEXT_WITH_PII"])
def test_what_says_who_somebody_is_has_no_values_however_many_share_one(entity) -> None:
    found = of(["Asha Kulkarni"] * 50, entity)

    assert (told(found), found.range) == ({}, "")


@pytest.mark.parametrize("entity", ["DIAGNOSIS", "RELIGION", "INTERNAL_UNKNOWN"])
def test_what_nobody_sees_is_not_told(entity) -> None:
    assert told(of(["a"] * 50, entity)) == {}


def test_numbers_that_are_identifiers_have_no_bands() -> None:
    assert of([1000 + n for n in range(100)], "CUSTOMER_ID").bands == ()


@pytest.mark.parametrize(
    ("values", "entity", "range_"),
    [
        ([*range(20, 80)] * 2, "AGE", "20–29 to 70–79"),
        ([*range(60, 99)] * 5, "AGE", "60–64 to 90 and more"),
        ([30_000.0 + 700 * n for n in range(60)] + [9e6], "INCOME", "30k–35k to 65k and more"),
        (pd.date_range("1950-01-01", periods=300, freq="100D").tolist(), "DATE_OF_BIRTH", "1950–1959 to 2030–2039"),
    ],
)
def test_ranges_are_bands(values, entity, range_) -> None:
    assert of(values, entity).range == range_


def test_years_that_tell_an_age_over_89_are_one_band() -> None:
    found = of(pd.date_range("1900-01-01", periods=400, freq="60D").tolist(), "DATE_OF_BIRTH")

    assert found.range.startswith("under 1940 ")


def test_a_column_of_few_rows_has_no_bands() -> None:
    assert of([20, 30, 40, 50, 60, 70, 80, 25, 35], "AGE").bands == ()


def test_coarser_forms_are_grouped() -> None:
    from jupyter_privguard.masking.masker import ColumnMask
    from jupyter_privguard.model import Operator

    masks = {0: ColumnMask("POSTCODE", Operator.GENERALISE, "POSTCODE")}
    values = ["411001"] * 3 + ["411045"] * 3 + ["400001"] * 5
    found = of(values, "POSTCODE", masks=masks, coarser=lambda cells, _: [cell[:3] + "***" for cell in cells])

    assert told(found) == {"411***": 6, "400***": 5}
    assert told(of(values, "POSTCODE")) == {}  # without its coarser form there is nothing to tell


def test_of_a_hierarchy_only_its_own_texts_are_told() -> None:
    from jupyter_privguard.masking.masker import ColumnMask
    from jupyter_privguard.model import Operator

    masks = {0: ColumnMask("CITY", Operator.GENERALISE, "CITY", {"Pune": "Maharashtra"})}
    verdict = ColumnVerdict("c", "CITY", ENTITIES["CITY"], 0.9, action={"public": "generalise"})
    table = view(pd.DataFrame({"c": ["Pune"] * 6 + ["Agra"] * 6}))
    found = profile(
        table,
        [verdict],
        k=5,
        masks=masks,
        coarser=lambda cells, _: ["Maharashtra" if c == "Pune" else "tok_1" for c in cells],
    )

    assert told(found.columns[0]) == {"Maharashtra": 6}


def test_what_is_not_sensitive_is_told_exactly() -> None:
    found = of([1, 2, 3, 40, 137, None])

    assert (found.range, found.distinct, found.nulls) == ("1 to 137", "5", 1)
    assert sum(part.rows for part in found.bands) == 5


def test_frequent_values_of_what_is_not_sensitive_are_shared_too() -> None:
    found = of(["gold"] * 5 + ["basic"] * 4)

    assert (told(found), found.others) == ({"gold": 5}, 4)


def test_a_guess_is_treated_with_care() -> None:
    found = of(["Asha Kulkarni"] * 9, "PERSON_NAME", confidence=0.5)

    assert (found.entity, told(found)) == ("PERSON_NAME?", {})


def test_the_number_of_different_sensitive_values_is_a_band() -> None:
    assert of([f"C{n}" for n in range(347)], "CUSTOMER_ID").distinct == "300–399"


def test_a_text_that_may_not_leave_is_counted_with_the_others() -> None:
    found = of(["red"] * 6 + ["secret"] * 7, may_show=lambda text: text != "secret")

    assert (told(found), found.others) == ({"red": 6}, 7)


def test_bands_that_may_not_leave_are_left_out() -> None:
    found = of([*range(100)], may_show=lambda text: "–" not in text)

    assert (found.bands, found.note) == ((), "values are not told")


def test_columns_without_values_and_tables_without_rows() -> None:
    assert of([None] * 4, "CITY", dtype=object).note == "no values"
    assert "0 rows" in repr(
        profile(view(pd.DataFrame({"c": []})), [ColumnVerdict("c", "NONE", ENTITIES["NONE"], 1.0)], k=5)
    )


def test_many_different_values_are_looked_up_in_a_sample_and_said_so() -> None:
    from jupyter_privguard.masking.masker import ColumnMask
    from jupyter_privguard.model import Operator

    masks = {0: ColumnMask("POSTCODE", Operator.GENERALISE, "POSTCODE")}
    verdict = acting(ColumnVerdict("c", "POSTCODE", ENTITIES["POSTCODE"], 0.95), built_in())
    table = view(pd.DataFrame({"c": [f"{n:06}" for n in range(60_000)]}))
    found = profile(table, [verdict], k=5, masks=masks, coarser=lambda cells, _: [cell[:2] for cell in cells])

    assert found.looked_at == 50_000
    assert "sample" in found.headline


# --- properties -------------------------------------------------------------------------------------

CITIES = st.lists(st.sampled_from(["Pune", "Agra", "Goa", "Delhi", "Surat", "Kochi"]), max_size=60)


@given(values=CITIES, k=st.integers(2, 9))
def test_no_difference_tells_of_fewer_than_k(values, k) -> None:
    found = of(values, "CITY", k=k, dtype=object)

    assert all(rows >= k for rows in told(found).values())
    if found.frequent:
        assert found.others == 0 or found.others >= k
        assert sum(told(found).values()) + found.others == len(values)


WORDS = st.text("bcdfghjklmnpqrstvwxz", min_size=9, max_size=12)
"""None of them is a word of the rendering."""


@settings(max_examples=60)
@given(
    words=st.lists(WORDS, min_size=1, max_size=40),
    amounts=st.lists(st.integers(1_000_001, 99_999_999).filter(lambda n: n % 1000), min_size=1, max_size=40),
    times=st.integers(1, 7),
    entity=st.sampled_from(sorted(set(ENTITIES) - {"NONE"})),
)
def test_no_raw_value_of_a_sensitive_column_is_in_the_rendering(words, amounts, times, entity) -> None:
    for values in (words * times, amounts * times):
        table = view(pd.DataFrame({"c": values}))
        verdict = acting(ColumnVerdict("c", entity, ENTITIES[entity], 0.95), built_in())
        found = profile(table, [verdict], k=1000, now=NOW)
        by_five = profile(table, [verdict], k=5, now=NOW)

        for value in map(str, values):
            assert value not in repr(found) + found._repr_html_()
            if verdict.action["public"] != "clear":
                assert value not in repr(by_five) + by_five._repr_html_()


# --- in a session -------------------------------------------------------------------------------------


@pytest.fixture
def people(guarded):
    size = 40
    table = pd.DataFrame(
        {
            "email": [f"person.{n}@corp.example" for n in range(size)],
            "full_name": ["Asha Kulkarni", "Ravi Menon"] * (size // 2),
            "income": [50_123 + 791 * n for n in range(size)],
            "date_of_birth": pd.date_range("1960-03-01", periods=size, freq="300D").astype(str),
            "postcode": ["411001", "400001"] * (size // 2),
            "city": ["Pune"] * (size - 3) + ["Nagpur"] * 3,
            "plan": ["gold", "basic"] * (size // 2),
        }
    )
    guarded.space["people"] = table
    return table


def test_a_profile_passes_what_every_output_passes(guarded, people) -> None:
    found = explore(guarded.session, people, view(people), None)

    for text in (repr(found), found._repr_html_()):
        assert guarded.session.clean(text, None) == text
        for raw in (*people["email"], "Asha", "Menon", *map(str, people["income"]), *people["date_of_birth"], "411001"):
            assert raw not in text
        assert "Nagpur" not in text
        for shown in ("411***", "gold", "1960", "50k–55k"):
            assert shown in text


def test_markup_in_a_label_stays_text(guarded) -> None:
    table = pd.DataFrame({"<b>x</b>": [1, 2]})
    guarded.space["t"] = table

    assert "<b>" not in explore(guarded.session, table, view(table), None)._repr_html_()
