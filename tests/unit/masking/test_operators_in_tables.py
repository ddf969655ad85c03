"""Every operator in columns of every type: what a mask keeps, whatever library holds the table."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.frames import view
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.masking.masker import ColumnMask, Subject, mask_frame, mask_value
from jupyter_privguard.masking.operator import MaskContext
from jupyter_privguard.masking.operators.fpe import Fpe
from jupyter_privguard.masking.surrogates import MemorySurrogates
from jupyter_privguard.model import Operator

RING = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/00000000")
ENTITY = {
    Operator.GENERALISE: "POSTCODE",
    Operator.ROUND: "INCOME",
    Operator.SHIFT: "DATE_OF_BIRTH",
    Operator.SURROGATE: "PERSON_NAME",
}


def _of_pandas(dtype: Any) -> tuple[Callable[[list[Any]], Any], Callable[[Any], list[Any]]]:
    def make(values: list[Any]) -> Any:
        return pd.DataFrame({"c": pd.Series(values, dtype=dtype), "row": range(len(values)), "who": "P1"})

    def read(frame: Any) -> list[Any]:
        return [None if pd.isna(value) else value for value in frame["c"].tolist()]

    return make, read


ENGINES = {
    "object": _of_pandas(object),
    "string": _of_pandas("string[python]"),
    "arrow string": _of_pandas("string[pyarrow]"),
    "arrow": _of_pandas(pd.ArrowDtype(pa.string())),
    "categorical": _of_pandas("category"),
}
"""By name how a table with a column of texts and nulls is made, and how the column is read again."""

texts = st.lists(
    st.one_of(
        st.none(),
        st.from_regex(r"[0-9]{5,9}", fullmatch=True),
        st.from_regex(r"19[0-9]{2}-0[1-9]-1[0-9]", fullmatch=True),
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
    ),
    min_size=1,
    max_size=8,
)


def mask_of(operator: Operator) -> ColumnMask:
    entity = ENTITY.get(operator, "CUSTOMER_ID")
    return ColumnMask(entity, operator, entity, subject=Subject(2, "CUSTOMER_ID"))


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=25, deadline=None)
@given(values=texts)
def test_nulls_shape_order_and_equality_are_kept_and_nothing_else(engine: str, values: list[str | None]) -> None:
    make, read = ENGINES[engine]
    values = [*values, values[0]]
    table = make(values)

    for operator in Operator:
        out = mask_frame(view(table), {0: mask_of(operator)}, RING, on_screen=False).native  # type: ignore[arg-type]

        masked = read(out)
        assert type(out) is type(table) and out.shape == table.shape and list(out["row"]) == list(table["row"])
        assert [value is None for value in masked] == [value is None for value in values]
        assert masked[0] == masked[-1]
        if operator is not Operator.CLEAR:
            assert all(
                new is None or new != old or new == "[redacted]" for old, new in zip(values, masked, strict=True)
            )
        if operator in (Operator.TOKEN, Operator.ENCRYPT, Operator.FPE):
            known = {value.strip() if operator is Operator.TOKEN else value for value in values if value is not None}
            assert len(set(masked) - {None}) <= len(known)
        assert read(table) == values
        if engine != "categorical":
            assert out["c"].dtype == table["c"].dtype


@pytest.mark.parametrize(
    "dtype",
    ["int64", "int32", "uint64", "float64", "Int64", "Float64", pd.ArrowDtype(pa.int64()), "category", object],
    ids=str,
)
def test_numbers_stay_numbers_of_their_type(dtype: Any) -> None:
    numbers = [1234567, 7654321, 1234567, 9999999]
    table = pd.DataFrame({"n": pd.Series(numbers, dtype=dtype)})

    out = mask_frame(view(table), {0: mask_of(Operator.FPE)}, RING, on_screen=True).native["n"]  # type: ignore[arg-type]

    assert out.dtype == table["n"].dtype or isinstance(out.dtype, pd.CategoricalDtype)
    masked = [int(number) for number in out.tolist()]
    assert [len(str(number)) for number in masked] == [7] * 4 and masked[0] == masked[2]
    assert not set(masked) & set(numbers)


_ENDS = {"int32": 2**31, "uint32": 2**32, "int64": 2**63, "uint64": 2**64}


@pytest.mark.parametrize("name", _ENDS)
@pytest.mark.parametrize("form", ["plain", "nullable", "arrow"])
def test_numbers_of_as_many_digits_as_a_type_can_hold_stay_of_that_type_and_come_back(form: str, name: str) -> None:
    arrow = pd.ArrowDtype(getattr(pa, name)())
    dtype = {"plain": name, "nullable": name.replace("i", "I").replace("u", "U"), "arrow": arrow}[form]
    end, begin = _ENDS[name], 10 ** (len(str(_ENDS[name])) - 1)
    numbers = [*range(begin, end - 20, (end - begin) // 40), *range(end - 20, end)]
    table = pd.DataFrame({"n": pd.Series(numbers, dtype=dtype)})

    out = mask_frame(view(table), {0: mask_of(Operator.FPE)}, RING, on_screen=True).native["n"]  # type: ignore[arg-type]

    assert out.dtype == table["n"].dtype and out.is_unique and not set(out) & set(numbers)
    context = MaskContext("CUSTOMER_ID", "CUSTOMER_ID", RING, on_screen=True)
    assert Fpe().invert([int(number) for number in out], context) == numbers


@pytest.mark.parametrize("dtype", ["int32", "Int32", pd.ArrowDtype(pa.int32())], ids=str)
def test_the_smallest_number_of_a_type_may_need_a_wider_one_and_loses_nothing(dtype: Any) -> None:
    table = pd.DataFrame({"n": pd.Series([-(2**31), 1234567], dtype=dtype)})

    out = mask_frame(view(table), {0: mask_of(Operator.FPE)}, RING, on_screen=True).native["n"]  # type: ignore[arg-type]

    assert type(out.dtype) in _kin(table["n"].dtype)
    context = MaskContext("CUSTOMER_ID", "CUSTOMER_ID", RING, on_screen=True)
    assert Fpe().invert([int(number) for number in out], context) == [-(2**31), 1234567]


def test_a_number_has_the_same_mask_in_columns_of_every_width() -> None:
    masks = {
        mask_frame(
            view(pd.DataFrame({"n": pd.Series([2_000_000_001], dtype=dtype)})),
            {0: mask_of(Operator.FPE)},
            RING,
            on_screen=True,
        ).native["n"][0]  # type: ignore[arg-type]
        for dtype in ("int32", "uint32", "int64", "uint64", "float64")
    }

    assert len(masks) == 1


def _kin(dtype: Any) -> tuple[type, ...]:
    return (pd.Int64Dtype,) if isinstance(dtype, pd.Int32Dtype) else (type(dtype), type(pd.Series([1]).dtype))


def test_doubled_tuple_and_missing_labels_do_not_matter() -> None:
    table = pd.DataFrame(
        [["1234567", "a", "1984-03-05", "7654321"]], columns=pd.Index(["x", "x", ("a", 1), None], dtype=object)
    )
    masks = {0: mask_of(Operator.FPE), 1: ColumnMask("CUSTOMER_ID", Operator.TOKEN, "C"), 3: mask_of(Operator.FPE)}
    masks[2] = ColumnMask("DATE_OF_BIRTH", Operator.SHIFT, "D", subject=Subject(0, "CUSTOMER_ID"))

    out = mask_frame(view(table), masks, RING, on_screen=True).native  # type: ignore[arg-type]

    assert list(out.columns) == list(table.columns)
    assert all(out.iloc[0, place] != table.iloc[0, place] for place in range(4))


# --- dates -------------------------------------------------------------------------------------

days = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), days, days), min_size=1, max_size=8))
def test_the_days_between_two_dates_of_a_person_stay(
    rows: list[tuple[str, datetime.date, datetime.date]],
) -> None:
    table = pd.DataFrame(rows, columns=["who", "come", "gone"])
    table["when"] = pd.to_datetime(table["come"]) + pd.Timedelta(hours=7)
    table["text"] = [day.strftime("%d.%m.%Y") for day in table["gone"]]
    shift = ColumnMask("DATE_OF_BIRTH", Operator.SHIFT, "D", subject=Subject(0, "CUSTOMER_ID"))

    out = mask_frame(view(table), dict.fromkeys(range(1, 5), shift), RING, on_screen=False).native  # type: ignore[arg-type]

    moves = [(new - old).days for old, new in zip(table["come"], out["come"], strict=True)]
    assert all(1 <= abs(move) <= 365 for move in moves)
    assert [(new - old).days for old, new in zip(table["gone"], out["gone"], strict=True)] == moves
    assert list((out["when"] - table["when"]) / pd.Timedelta(days=1)) == moves
    assert out["when"].dtype == table["when"].dtype
    by_person: dict[Any, set[int]] = {}
    for who, move in zip(table["who"], moves, strict=True):
        by_person.setdefault(who, set()).add(move)
    assert all(len(found) == 1 for found in by_person.values())


def test_people_are_moved_apart_and_alike_in_every_table() -> None:
    shift = ColumnMask("DATE_OF_BIRTH", Operator.SHIFT, "D", subject=Subject(0, "CUSTOMER_ID"))
    table = pd.DataFrame({"who": range(200), "day": [datetime.date(2000, 1, 1)] * 200})
    part = pd.DataFrame({"who": [float(n) for n in (7, 199)], "day": [datetime.date(2000, 1, 1)] * 2})

    out, again = (mask_frame(view(frame), {1: shift}, RING, on_screen=False).native for frame in (table, part))  # type: ignore[arg-type]

    assert len(set(out["day"])) > 150
    assert list(again["day"]) == [out["day"][7], out["day"][199]]


def test_zones_stay_and_the_clock_moves_in_local_time() -> None:
    zone = "Europe/Berlin"
    times = pd.Series(pd.date_range("2024-01-01", periods=400, freq="D", tz=zone))
    table = pd.DataFrame({"at": times, "row": 0, "who": "P1"})

    out = mask_frame(view(table), {0: mask_of(Operator.SHIFT)}, RING, on_screen=False).native["at"]  # type: ignore[arg-type]

    assert out.dtype == times.dtype and (out.dt.hour == 0).all()
    assert len(set((out.dt.tz_localize(None) - times.dt.tz_localize(None)).dt.days)) == 1


def test_a_date_in_a_row_of_nobody_is_withheld() -> None:
    table = pd.DataFrame({"who": ["a", None], "day": ["2000-01-01", "2000-01-01"]})
    shift = ColumnMask("DATE_OF_BIRTH", Operator.SHIFT, "D", subject=Subject(0, "CUSTOMER_ID"))

    out = mask_frame(view(table), {1: shift}, RING, on_screen=False).native["day"]  # type: ignore[arg-type]

    assert out[0] != "2000-01-01" and out[1] == "[redacted]"


@pytest.mark.parametrize("month_first", [True, False])
def test_what_was_decided_of_a_column_holds_for_each_part_of_it(month_first: bool) -> None:
    text, form = "03/04/2001", "%m/%d/%Y" if month_first else "%d/%m/%Y"
    table = pd.DataFrame({"who": ["a"], "day": [text], "iso": [datetime.datetime.strptime(text, form)]})
    shift = ColumnMask("DATE_OF_BIRTH", Operator.SHIFT, "D", subject=Subject(0, "CUSTOMER_ID"), month_first=month_first)

    out = mask_frame(view(table), {1: shift, 2: shift}, RING, on_screen=False).native  # type: ignore[arg-type]

    assert datetime.datetime.strptime(out["day"][0], form) == out["iso"][0]


def test_dates_of_nobody_are_withheld() -> None:
    table = pd.DataFrame({"day": [datetime.date(2000, 1, 1), None]})
    mask = ColumnMask("DATE_OF_BIRTH", Operator.SHIFT, "D")

    out = mask_frame(view(table), {0: mask}, RING, on_screen=False).native  # type: ignore[arg-type]

    assert out["day"].tolist() == ["[redacted]", None]


@pytest.mark.parametrize(("first", "second"), [("13/04/2001", "03/04/2001"), ("04/13/2001", "04/03/2001")])
def test_a_column_tells_together_whether_days_or_months_come_first(first: str, second: str) -> None:
    table = pd.DataFrame({"day": [first, second], "row": 0, "who": "P1"})
    form = "%d/%m/%Y" if first.startswith("13") else "%m/%d/%Y"

    out = mask_frame(view(table), {0: mask_of(Operator.SHIFT)}, RING, on_screen=False).native  # type: ignore[arg-type]

    one, other = (datetime.datetime.strptime(text, form) for text in out["day"])
    assert (one - other).days == 10


def test_a_single_date_that_a_column_would_move_is_withheld() -> None:
    day = datetime.date(2000, 1, 1)
    by_column = ColumnMask("DATE_OF_BIRTH", Operator.SHIFT, "D", subject=Subject(0, "CUSTOMER_ID"))

    assert mask_value(day, by_column, RING, on_screen=True) == "[redacted]"


def test_random_surrogates_reach_every_cell_and_stay_the_same() -> None:
    table = pd.DataFrame({"id": ["a", "b", "a", None]})
    mask = ColumnMask("CUSTOMER_ID", Operator.SURROGATE, "CUSTOMER_ID")
    kept = MemorySurrogates()

    one, other = (
        mask_frame(view(table), {0: mask}, RING, on_screen=False, surrogates=kept).native["id"].tolist()  # type: ignore[arg-type]
        for _ in range(2)
    )

    assert one[:3] == other[:3] and one[0] == one[2] != one[1] and one[0].startswith("sur_")
    assert mask_value("a", mask, RING, on_screen=False, surrogates=kept) == one[0]
