"""Views of pandas objects: what they say, and that masking changes only what it is asked to."""

from __future__ import annotations

import datetime
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.frames import frame_of, view
from jupyter_privguard.frames.engine import Kind
from tests.unit.frames.engine_data import stars

RAW = "alice@corp.example"


def bump(values: list[object]) -> list[object]:
    return [value + 1 for value in values]  # type: ignore[operator]


COLUMNS = {
    "object": pd.Series([RAW, None, "b", RAW], dtype=object),
    "str": pd.Series([RAW, None, "b", RAW], dtype="str"),
    "string": pd.Series([RAW, pd.NA, "b", RAW], dtype="string"),
    "arrow_string": pd.Series([RAW, None, "b", RAW], dtype="string[pyarrow]"),
    "arrow": pd.Series([RAW, None, "b", RAW], dtype=pd.ArrowDtype(__import__("pyarrow").string())),
    "category": pd.Categorical([RAW, None, "b", RAW], categories=[RAW, "b", "never-used"]),
    "int": pd.Series([1, 2, 3, 1]),
    "Int64": pd.Series([1, None, 3, 1], dtype="Int64"),
    "arrow_int": pd.Series([1, None, 3, 1], dtype="int64[pyarrow]"),
    "uint8": pd.Series([1, 2, 3, 1], dtype="uint8"),
    "float": pd.Series([1.5, np.nan, 3.25, 1.5]),
    "Float64": pd.Series([1.5, None, 3.25, 1.5], dtype="Float64"),
    "bool": pd.Series([True, False, True, True]),
    "boolean": pd.Series([True, None, False, True], dtype="boolean"),
    "datetime": pd.to_datetime(pd.Series(["2001-02-03", None, "1999-01-01", "2001-02-03"])),
    "datetime_tz": pd.to_datetime(pd.Series(["2001-02-03", None, "1999-01-01", "2001-02-03"]), utc=True),
    "timedelta": pd.to_timedelta(pd.Series(["1 days", None, "2 days", "1 days"])),
    "period": pd.Series(pd.PeriodIndex(["2001-02", "2001-02", "2003-01", "2001-02"], freq="M")),
    "interval": pd.Series(pd.interval_range(0, 4)),
    "sparse": pd.Series(pd.arrays.SparseArray([1, 0, 0, 1])),
    "bytes": pd.Series([b"a", None, b"b", b"a"], dtype=object),
    "dates": pd.Series([datetime.date(2001, 2, 3), None, datetime.date(1999, 1, 1), datetime.date(2001, 2, 3)]),
    "lists": pd.Series([[1], None, [2], [1]]),
    "mixed": pd.Series([1, "1", None, 1.5], dtype=object),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_every_dtype_is_masked_and_keeps_its_nulls(name: str) -> None:
    frame = pd.DataFrame({"x": COLUMNS[name], "other": [9, 8, 7, 6]}, index=[7, 5, 6, 4])
    before = frame.copy(deep=True)

    masked = view(frame).masked({0: stars})

    pd.testing.assert_frame_equal(frame, before)
    assert list(masked["x"].isna()) == list(before["x"].isna())
    assert all(str(value).startswith("*") for value in masked["x"].dropna())
    assert list(masked.index) == [7, 5, 6, 4]
    pd.testing.assert_series_equal(masked["other"], before["other"])
    assert RAW.encode() not in pickle.dumps(masked)


@pytest.mark.parametrize("name", ["str", "string", "arrow_string", "arrow", "object"])
def test_masked_text_keeps_its_dtype(name: str) -> None:
    frame = pd.DataFrame({"x": COLUMNS[name]})

    assert view(frame).masked({0: stars}).dtypes.iloc[0] == frame.dtypes.iloc[0]


@pytest.mark.parametrize("name", ["int", "Int64", "arrow_int", "uint8", "float", "Float64"])
def test_masked_numbers_keep_their_dtype(name: str) -> None:
    frame = pd.DataFrame({"x": COLUMNS[name]})

    masked = view(frame).masked({0: bump})

    assert masked.dtypes.iloc[0] == frame.dtypes.iloc[0]
    assert masked["x"].dropna().tolist() == [value + 1 for value in frame["x"].dropna()]


@pytest.mark.parametrize(
    ("name", "value"), [("int", "1984"), ("float", "1.5"), ("datetime", "1984"), ("uint8", 4000), ("bool", "True")]
)
def test_a_masked_value_is_never_read_as_the_columns_type(name: str, value: object) -> None:
    frame = pd.DataFrame({"x": COLUMNS[name]})

    masked = view(frame).masked({0: lambda values: [value] * len(values)})

    assert masked["x"].dtype == object
    assert set(masked["x"].dropna()) == {value}


def test_a_masked_categorical_has_only_masked_categories() -> None:
    frame = pd.DataFrame({"x": pd.Categorical([RAW, "b", None], categories=["b", RAW, "never"], ordered=True)})

    masked = view(frame).masked({0: lambda values: ["same"] * len(values)})["x"]

    assert list(masked.cat.categories) == ["same"]
    assert not masked.cat.ordered
    assert masked.tolist()[:2] == ["same", "same"] and pd.isna(masked.iloc[2])


def test_nulls_stay_the_nulls_they_were() -> None:
    frame = pd.DataFrame({"x": pd.Series([RAW, None, np.nan, pd.NaT, pd.NA, ""], dtype=object)})

    out = view(frame).masked({0: stars})["x"].tolist()

    assert out[1] is None and out[3] is pd.NaT and out[4] is pd.NA and isinstance(out[2], float)
    assert [out[0], out[5]] == ["*0", "*1"]


def test_duplicate_none_and_tuple_labels_stay() -> None:
    frame = pd.DataFrame([[RAW, 1, "x", 2.5]])
    frame.columns = pd.Index(["a", "a", None, ("t", 1)], tupleize_cols=False, dtype=object)
    seen = view(frame)

    masked = seen.masked({0: stars})

    assert seen.labels == ("a", "a", None, ("t", 1))
    assert list(masked.columns) == ["a", "a", None, ("t", 1)]
    assert masked.iloc[0].tolist() == ["*0", 1, "x", 2.5]
    assert [str(d) for d in masked.dtypes.iloc[1:]] == [str(d) for d in frame.dtypes.iloc[1:]]


def test_labels_can_be_changed_by_position() -> None:
    frame = pd.DataFrame([[1, 2]], columns=pd.Index(["same", RAW], name="what"), index=pd.Index(["k"], name="key"))

    masked = view(frame).masked({}, ["same", "[masked]", "row"])

    assert list(masked.columns) == ["same", "[masked]"]
    assert masked.columns.name == "what"
    assert masked.index.name == "row" and list(masked.index) == ["k"]
    with pytest.raises(ValueError, match="every position"):
        view(frame).masked({}, ["too few"])


def test_multiindex_columns_stay_and_can_be_relabelled() -> None:
    columns = pd.MultiIndex.from_tuples([("a", RAW), ("a", "y")], names=["l", "m"])
    frame = pd.DataFrame([[1, 2]], columns=columns)

    assert view(frame).masked({0: bump}).columns.equals(columns)
    changed = view(frame).masked({}, [("a", "[masked]"), ("a", "y")]).columns
    assert list(changed) == [("a", "[masked]"), ("a", "y")]
    assert RAW not in str(changed.levels) and list(changed.names) == ["l", "m"]


def test_row_index_levels_are_columns_and_leave_nothing_behind() -> None:
    index = pd.MultiIndex.from_tuples([(RAW, 1), ("b", 2), (RAW, 3)], names=["mail", None])
    frame = pd.DataFrame({"x": [1, 2, 3]}, index=index)
    seen = view(frame.iloc[:2])

    masked = seen.masked({1: stars})

    assert seen.labels == ("x", "mail") and seen.width == 1
    assert list(masked.index) == [("*0", 1), ("*1", 2)]
    assert list(masked.index.names) == ["mail", None]
    assert RAW not in str(masked.index.levels)


@pytest.mark.parametrize(
    ("index", "levels"),
    [
        (pd.RangeIndex(2), ()),
        (pd.Index([5, 3]), ()),
        (pd.RangeIndex(2, name="ssn"), ("ssn",)),
        (pd.Index([RAW, "b"]), (None,)),
        (pd.DatetimeIndex(["2001-01-01", "2002-01-01"]), (None,)),
        (pd.CategoricalIndex([RAW, "b"]), (None,)),
    ],
)
def test_which_row_labels_count_as_data(index: pd.Index, levels: tuple[object, ...]) -> None:
    assert view(pd.DataFrame({"x": [1, 2]}, index=index)).labels == ("x", *levels)


def test_plain_row_numbers_stay_a_range() -> None:
    frame = pd.DataFrame({"x": [RAW, "b"]})

    masked = view(frame).masked({0: stars})

    assert isinstance(masked.index, pd.RangeIndex)
    assert masked.columns.equals(frame.columns)


@pytest.mark.parametrize("name", ["mail", None, ("a", 1), 0])
def test_a_series_keeps_name_dtype_and_index(name: object) -> None:
    series = pd.Series([RAW, None, "b"], name=name, index=[3, 1, 2])
    seen = view(series)

    masked = seen.masked({0: stars})

    assert seen.labels == (name,) and seen.width == 1
    assert isinstance(masked, pd.Series) and masked.name == name
    assert masked.dtype == series.dtype and list(masked.index) == [3, 1, 2]
    untouched = view(pd.Series([1.5], name=name)).masked({})
    pd.testing.assert_series_equal(untouched, pd.Series([1.5], name=name))


@pytest.mark.parametrize(
    "index",
    [
        pd.Index([RAW, "b"], name="mail"),
        pd.Index([RAW, "b"]),
        pd.CategoricalIndex([RAW, "b"], name="c"),
        pd.Index([1, 2], name="n"),
        pd.RangeIndex(2, name="r"),
        pd.DatetimeIndex(["2001-01-01", "2002-01-01"], name="d"),
        pd.IntervalIndex.from_breaks([0, 1, 2]),
    ],
)
def test_an_index_is_masked_as_an_index(index: pd.Index) -> None:
    seen = view(index)

    masked = seen.masked({0: stars})

    assert isinstance(masked, pd.Index) and list(masked) == ["*0", "*1"]
    assert masked.name == index.name and seen.labels == (index.name,)
    same = seen.masked({})
    assert type(same) is type(index) and same.equals(index)


def test_a_multiindex_is_masked_as_one() -> None:
    index = pd.MultiIndex.from_product([[RAW, "b"], [1, 2]], names=["mail", "mail"])

    masked = view(index).masked({0: stars})

    assert isinstance(masked, pd.MultiIndex) and list(masked.names) == ["mail", "mail"]
    assert list(masked) == [("*0", 1), ("*0", 2), ("*1", 1), ("*1", 2)]


@pytest.mark.parametrize("shape", [(0, 0), (0, 2), (3, 0)])
def test_empty_tables(shape: tuple[int, int]) -> None:
    frame = pd.DataFrame(np.zeros(shape))
    seen = view(frame)

    masked = seen.masked(dict.fromkeys(range(shape[1]), stars))

    assert masked.shape == shape and masked.columns.equals(frame.columns) and masked.index.equals(frame.index)
    assert all(seen.kind(p) is Kind.NUMBER and seen.distinct(p) == [] and seen.sample(p) == [] for p in range(shape[1]))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("object", Kind.TEXT),
        ("str", Kind.TEXT),
        ("arrow", Kind.TEXT),
        ("category", Kind.TEXT),
        ("int", Kind.INTEGER),
        ("Int64", Kind.INTEGER),
        ("arrow_int", Kind.INTEGER),
        ("sparse", Kind.INTEGER),
        ("float", Kind.NUMBER),
        ("bool", Kind.BOOLEAN),
        ("boolean", Kind.BOOLEAN),
        ("datetime", Kind.DATETIME),
        ("datetime_tz", Kind.DATETIME),
        ("dates", Kind.DATETIME),
        ("bytes", Kind.BYTES),
        ("lists", Kind.OTHER),
        ("interval", Kind.OTHER),
    ],
)
def test_kinds(name: str, kind: Kind) -> None:
    assert view(pd.DataFrame({"x": COLUMNS[name]})).kind(0) is kind


def test_values_come_as_python_objects() -> None:
    for name in ("int", "float", "bool", "uint8", "Int64", "arrow_int", "sparse", "mixed"):
        seen = view(pd.DataFrame({"x": COLUMNS[name]}))
        for value in (*seen.distinct(0), *seen.sample(0)):
            assert not isinstance(value, np.generic), name
    assert view(pd.DataFrame({"x": COLUMNS["datetime"]})).distinct(0)[0] == datetime.datetime(2001, 2, 3)


def test_a_sample_strides_over_all_rows_and_finds_rare_values() -> None:
    frame = pd.DataFrame({"n": range(10_000), "rare": [None] * 9_999 + ["x"]})

    sample = view(frame).sample(0, 100)

    assert len(sample) <= 100 and min(sample) < 200 and max(sample) > 9_700
    assert view(frame).sample(1) == ["x"]


def test_shown_cuts_both_ends_and_remembers_where_from() -> None:
    frame = pd.DataFrame(np.arange(100).reshape(10, 10), index=pd.Index(list("abcdefghij"), name="k"))

    part = view(frame).shown(4, 3)

    assert list(part.native.index) == ["a", "b", "i", "j"]
    assert list(part.native.columns) == [0, 1, 9]
    assert part.labels == (0, 1, 9, "k") and part.origin == (0, 1, 9, 10)
    assert part.shown(2, 2).origin == (0, 9, 10)
    assert view(frame).shown(10, 10).native.equals(frame)


@pytest.mark.parametrize("native", [pd.Series(range(9), name="s"), pd.Index(list("abcdefghi"), name="i")])
def test_shown_keeps_the_type(native: object) -> None:
    part = view(native).shown(4, 5)

    assert type(part.native).__name__ in (type(native).__name__, "Index")
    assert len(part.native) == 4 and len(part.masked({0: stars})) == 4


def test_shown_costs_what_is_shown() -> None:
    frame = pd.DataFrame({f"c{n}": np.arange(1_000_000) for n in range(5)})
    frame["cat"] = pd.Categorical(["a", "b"] * 500_000)

    part = view(frame).shown(60, 20)

    assert len(part.distinct(0)) == 60
    assert part.native.memory_usage(deep=True).sum() < 20_000, "the million rows are not carried along"


def test_counts_are_cells_that_changed() -> None:
    frame = pd.DataFrame({"x": ["a", "b", None, "a"]}, index=pd.Index(["p", "q", "p", "p"], name="i"))

    _, counts = view(frame).masked_and_counted({0: lambda values: ["*" if v == "a" else v for v in values], 1: stars})

    assert counts == {0: 2, 1: 4}


def test_attributes_of_a_frame_are_not_carried_over() -> None:
    frame = pd.DataFrame({"x": [1]})
    frame.attrs["owner"] = RAW

    assert view(frame).masked({}).attrs == {} and frame.attrs == {"owner": RAW}


def test_nothing_is_shared_with_the_input() -> None:
    frame = pd.DataFrame({"x": [1, 2], "y": [RAW, "b"]})

    masked = view(frame).masked({1: stars})
    masked.loc[0, "x"] = 99

    assert frame.loc[0, "x"] == 1
    assert not np.shares_memory(masked["x"].to_numpy(), frame["x"].to_numpy())


class Nasty:
    def __hash__(self) -> int:
        raise RuntimeError(RAW)

    def __eq__(self, other: object) -> bool:
        raise RuntimeError(RAW)


def test_cells_that_cannot_be_hashed_or_compared_are_masked_one_by_one() -> None:
    frame = pd.DataFrame({"x": pd.Series([Nasty(), None, Nasty(), [1], {"a": 1}], dtype=object)})

    out, counts = view(frame).masked_and_counted({0: stars})

    assert out["x"].tolist() == ["*0", None, "*1", "*2", "*3"] and counts == {0: 4}


def test_a_mapper_that_loses_values_is_an_error() -> None:
    with pytest.raises(ValueError, match="as many values"):
        view(pd.DataFrame({"x": ["a", "b"]})).masked({0: lambda values: values[:1]})


@pytest.mark.parametrize("obj", [1, "x", None, [1], {"a": 1}, np.array([1])])
def test_other_objects_have_no_view(obj: object) -> None:
    assert view(obj) is None


def test_a_view_does_not_print_values() -> None:
    assert RAW not in repr(view(pd.DataFrame({RAW: [RAW]})))


def test_frame_of_makes_a_frame() -> None:
    assert frame_of({"a": [1, 2]}).shape == (2, 1)


cells = st.one_of(st.none(), st.text(max_size=5), st.integers(-5, 5), st.floats(allow_nan=True), st.booleans())


@settings(max_examples=60, deadline=None)
@given(st.lists(cells, max_size=12))
def test_shape_nulls_and_input_are_kept_for_any_cells(values: list[object]) -> None:
    frame = pd.DataFrame({"x": pd.Series(values, dtype=object)})
    before = [repr(value) for value in frame["x"]]

    masked = view(frame).masked({0: stars})

    assert masked.shape == frame.shape
    assert list(masked["x"].isna()) == list(frame["x"].isna())
    assert [repr(value) for value in frame["x"]] == before
