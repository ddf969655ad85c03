"""Tables in chunks: where a chunk ends makes no difference, and what is wrong is found in any of them."""

from __future__ import annotations

import csv
import datetime
import io
import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jupyter_privguard.errors import InputError
from jupyter_privguard.frames._parquet import ParquetWriter
from jupyter_privguard.frames.files import opened, read, read_from, table_in
from jupyter_privguard.frames.streaming import open_table, write_table
from jupyter_privguard.frames.survey import Survey

SECRET = "alice.secret@corp.example"


def nobody(amount: int) -> None:
    return None


def chunks_of(path: Path, block: int) -> list[pd.DataFrame]:
    with open_table(str(path), block=block, done=nobody) as table:
        return list(table.chunks(nobody))


CELLS = st.one_of(
    st.sampled_from(
        ["", "1", "007", "2.5", "True", "-3", "9007199254740993", "NA", "a", "x\ny", 'say "hi"', "a\r\nb", "é"]
    ),
    st.text(alphabet='ab1",\n;é ', max_size=6),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=12),
    block=st.integers(1, 40),
    ending=st.sampled_from(["\n", "\r\n"]),
    style=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@example(rows=[("12", "x"), ("", "y"), ("13", "z")], block=1, ending="\n", style=csv.QUOTE_MINIMAL)
@example(rows=[("12", "x"), ("007", "y")], block=1, ending="\n", style=csv.QUOTE_MINIMAL)
@example(rows=[("True", "x"), ("", "y"), ("1", "y")], block=1, ending="\r\n", style=csv.QUOTE_ALL)
def test_where_blocks_end_makes_no_difference(rows: list[tuple[str, str]], block: int, ending: str, style: int) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=ending, quoting=style)  # type: ignore[arg-type]
    writer.writerows([("one", "two"), *rows])
    data = out.getvalue().encode()

    parts = list(table_in(io.BytesIO(data), "t.csv", block=block, done=nobody).chunks(nobody))
    whole = read_from(io.BytesIO(data), "t.csv")

    assert len({tuple(map(str, part.dtypes)) for part in parts}) == 1
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)


@pytest.mark.parametrize("block", [1, 7, 1 << 20])
def test_quotes_inside_of_text_are_text(block: int, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('a,b\n5" pipe,1\n"x, ""y""\nz",2\n6" pipe,3\n"7"" ,\n",4\n')

    found = pd.concat(chunks_of(tmp_path / "t.csv", block))

    assert found["a"].tolist() == ['5" pipe', 'x, "y"\nz', '6" pipe', '7" ,\n'] and found["b"].tolist() == [1, 2, 3, 4]


TYPES = {
    "int64": (["1", "-2", "3"], [1, -2, 3]),
    "Int64": (["1", "", "3"], [1, None, 3]),
    "float64": (["1", "2.5", ""], [1.0, 2.5, None]),
    "str": (["1", "2", "007"], ["1", "2", "007"]),
    "bool": (["True", "False", "true"], [True, False, True]),
    "boolean": (["True", "", "False"], [True, None, False]),
    "uint64": (["1", "18446744073709551615", "2"], [1, 2**64 - 1, 2]),
}


@pytest.mark.parametrize("dtype", TYPES)
def test_a_column_has_one_type_in_all_blocks(dtype: str, tmp_path: Path) -> None:
    cells, values = TYPES[dtype]
    (tmp_path / "t.csv").write_text("a,b\n" + "".join(f"{cell},x\n" for cell in cells))

    parts = chunks_of(tmp_path / "t.csv", 1)

    assert len(parts) >= 3 and {str(part["a"].dtype) for part in parts} <= {dtype, "object"}
    assert [None if pd.isna(v) else v for part in parts for v in part["a"].tolist()] == values


@pytest.mark.parametrize(
    "cells",
    [
        ["9999888877776665", "", "12345678901234567"],
        ["1", "word", ""],
        ["True", "1", "0"],
        ["18446744073709551615", "-1", "1"],
        ["123456789012345678901", "1", "2"],
    ],
)
def test_what_fits_no_type_stays_as_it_was_written(cells: list[str], tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n" + "".join(f"{cell},x\n" for cell in cells))

    parts = chunks_of(tmp_path / "t.csv", 1)

    assert ["" if pd.isna(v) else v for part in parts for v in part["a"].tolist()] == cells


GOOD = "".join(f"{n},x{n}\n" for n in range(500))
BAD = {
    "ragged": (f"a,b\n{GOOD}{SECRET}\n1,2\n".encode(), "line 502 has 1 field where the first line has 2"),
    "long": (f"a,b\n{GOOD}\n1,2,3\n".encode(), "line 503 has 3 fields"),
    "quoted": (f'a,b\n{GOOD}1,"x\ny"\n1\n'.encode(), "line 504 has 1 field where"),
    "latin": (f"a,b\n{GOOD}".encode() + "José,3\n".encode("latin-1"), "line 502 is not UTF-8"),
    "nul": (f"a,b\n{GOOD}1,\0\n".encode(), "line 502 holds a NUL"),
    "open": (f'a,b\n{GOOD}"{SECRET},2\n1,2\n'.encode(), ""),
}


@pytest.mark.parametrize("block", [64, 1000])
@pytest.mark.parametrize("name", BAD)
def test_a_mistake_in_any_block_is_named_by_its_line(name: str, block: int, tmp_path: Path) -> None:
    content, words = BAD[name]
    (tmp_path / "t.csv").write_bytes(content)

    with pytest.raises(InputError) as caught:
        chunks_of(tmp_path / "t.csv", block)

    said = str(caught.value)
    assert words in said and SECRET not in said and "t.csv" in said


def test_a_quote_that_is_never_closed_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_privguard.frames._csv._LONGEST_ROW", 1000)
    (tmp_path / "t.csv").write_text('a,b\n1,"' + "x\n" * 5000)

    with pytest.raises(InputError, match="quotes or rows"):
        chunks_of(tmp_path / "t.csv", 100)


def test_a_file_that_changes_between_two_passes_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("a,b\n1,2\n")
    with open_table(str(file), done=nobody) as table:
        with file.open("a") as more:
            more.write("3,4\n")
        os.utime(file, (1, 1))
        with pytest.raises(InputError, match="changed while it was read"):
            list(table.chunks(nobody))


def test_done_hears_of_all_there_is(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n" + GOOD)
    pd.DataFrame({"a": range(1000)}).to_parquet(tmp_path / "t.parquet")
    for name in ("t.csv", "t.parquet"):
        heard: list[int] = []
        with open_table(str(tmp_path / name), block=500, done=nobody) as table:
            assert len(list(table.chunks(heard.append))) > 2
            assert sum(heard) == table.size


# --- Parquet ---------------------------------------------------------------------------------------


def parquet(folder: Path, **columns: pa.Array) -> Path:
    pq.write_table(pa.table(columns), folder / "t.parquet", row_group_size=2)
    return folder / "t.parquet"


def test_whole_numbers_beside_nulls_stay_whole_in_every_chunk(tmp_path: Path) -> None:
    file = parquet(
        tmp_path,
        n=pa.array([1, 2, 2**53 + 1, None]),
        yes=pa.array([True, None, False, True]),
        word=pa.array(["a", "b", "a", None]).dictionary_encode(),
    )

    parts = chunks_of(file, 1)

    assert len(parts) == 4 and len({tuple(map(str, part.dtypes)) for part in parts}) == 1
    assert [v for part in parts for v in part["n"].tolist()] == [1, 2, 2**53 + 1, pd.NA]
    assert read(str(file))["yes"].tolist() == [True, pd.NA, False, True]


def test_an_index_is_an_index_in_every_chunk(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1, 2, 3]}, index=pd.Index(["x", "y", "z"], name="key"))
    frame.to_parquet(tmp_path / "t.parquet")
    assert [part.index.tolist() for part in chunks_of(tmp_path / "t.parquet", 1)] == [["x"], ["y"], ["z"]]

    frame.reset_index(drop=True).rename_axis("row").to_parquet(tmp_path / "t.parquet")
    assert [part.index.tolist() for part in chunks_of(tmp_path / "t.parquet", 1)] == [[0], [1], [2]]


def test_row_groups_have_one_schema(tmp_path: Path) -> None:
    days = [datetime.date(2020, 1, day) for day in (1, 2, 3)]
    file = parquet(
        tmp_path, a=pa.array([None, None, "x"]), b=pa.array([1, None, 3]), c=pa.array(days), d=pa.array([[1], [], None])
    )
    with open_table(str(file), block=1, done=nobody) as table:
        write_table(str(tmp_path / "u.parquet"), lambda: table.chunks(nobody), types=table.types)

    assert pq.read_table(tmp_path / "u.parquet").equals(pq.read_table(file))
    assert pq.ParquetFile(tmp_path / "u.parquet").num_row_groups == 3


def test_a_column_that_is_mixed_only_later_becomes_text_in_all_chunks(tmp_path: Path) -> None:
    asked = []

    def chunks() -> Iterator[pd.DataFrame]:
        asked.append(1)
        yield pd.DataFrame({"a": [1.5, 2.0], "b": [1, 2]})
        yield pd.DataFrame({"a": pd.Series([3.0, "[redacted]"], dtype=object), "b": [3, 4]})

    write_table(str(tmp_path / "t.parquet"), chunks)

    found = pq.read_table(tmp_path / "t.parquet")
    assert found.column("a").to_pylist() == ["1.5", "2.0", "3.0", "[redacted]"]
    assert found.column("b").to_pylist() == [1, 2, 3, 4] and len(asked) == 2


def test_points_in_time_look_alike_in_all_chunks_of_csv(tmp_path: Path) -> None:
    whole = pd.DataFrame(
        {"at": pd.to_datetime(["2020-01-01 00:00", "2020-01-02 10:30"]), "day": pd.to_datetime(["2020-01-01"] * 2)}
    )
    survey = Survey(whole)
    for row in (0, 1):
        survey.add(whole.iloc[row : row + 1])

    write_table(str(tmp_path / "t.csv"), lambda: iter([whole.iloc[:1], whole.iloc[1:]]), timed=survey.timed)

    assert (tmp_path / "t.csv").read_text().splitlines()[1:] == [
        "2020-01-01 00:00:00,2020-01-01",
        "2020-01-02 10:30:00,2020-01-01",
    ]


def test_dates_of_parquet_are_dates_unless_one_has_a_time() -> None:
    day, moment = datetime.date(2020, 1, 1), datetime.datetime(2020, 1, 2, 10, 30)
    whole = pd.DataFrame({"day": [day, None], "at": [day, moment], "midnight": [day, datetime.datetime(2020, 1, 2)]})
    survey = Survey(whole)
    survey.add(whole)

    assert survey.timed == {1}


# --- whole or not at all ---------------------------------------------------------------------------


def test_what_raises_leaves_nothing_behind(tmp_path: Path) -> None:
    def chunks() -> Iterator[pd.DataFrame]:
        yield pd.DataFrame({"a": [1]})
        assert len(list(tmp_path.iterdir())) == 1 and not (tmp_path / "t.csv").exists()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_table(str(tmp_path / "t.csv"), chunks)
    assert list(tmp_path.iterdir()) == []

    def refuse() -> None:
        raise InputError("privguard: no.")

    with pytest.raises(InputError):
        write_table(str(tmp_path / "t.csv"), lambda: iter([pd.DataFrame({"a": [1]})]), ready=refuse)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    left = tmp_path / ".t.csv.abc12345.privguard-part"
    others = [
        ".t.csv.b.abc12345.privguard-part",
        ".u.csv.abc12345.privguard-part",
        ".t.csv.abc12345",
        "t.csv.privguard-part",
    ]
    for name in (left.name, *others):
        (tmp_path / name).write_text("x")

    write_table(str(tmp_path / "t.csv"), lambda: iter([pd.DataFrame({"a": [1]})]))

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*others, "t.csv"])


def test_a_run_that_is_at_work_keeps_its_part(tmp_path: Path) -> None:
    def chunks() -> Iterator[pd.DataFrame]:
        yield pd.DataFrame({"a": [1]})
        write_table(str(tmp_path / "t.csv"), lambda: iter([pd.DataFrame({"a": [2]})]))

    write_table(str(tmp_path / "t.csv"), chunks)

    assert (tmp_path / "t.csv").read_text() == "a\n1\n" and len(list(tmp_path.iterdir())) == 1


# --- survey ----------------------------------------------------------------------------------------


def test_a_survey_sees_all_parts_of_a_column_and_what_little_there_is() -> None:
    survey: Survey | None = None
    for start in range(0, 200_000, 10_000):
        frame = pd.DataFrame({"n": range(start, start + 10_000), "rare": None, "word": "w"})
        frame["rare"] = frame["rare"].astype(object)
        if start == 130_000:
            frame.loc[77, "rare"] = SECRET
        survey = survey or Survey(frame)
        survey.add(frame)
    assert survey is not None
    sample = survey.sample()

    values = sample.sample(0, 200)
    assert sample.rows == survey.rows == 200_000 and 100 <= len(values) <= 200
    assert max(b - a for a, b in pairwise(values)) < 10_000 and values[-1] > 180_000
    assert sample.sample(1) == [SECRET] and set(sample.sample(2)) == {"w"}
    assert len(sample.distinct(0)) <= 8000


def test_a_survey_of_long_texts_keeps_few() -> None:
    frame = pd.DataFrame({f"c{n}": ["x" * 50_000] * 40 for n in range(100)})
    survey = Survey(frame)
    for _ in range(12):
        survey.add(frame)

    kept = sum(len(text) for position in range(100) for text in survey.sample().distinct(position))
    assert kept <= 64_000_000


@pytest.mark.parametrize(
    "columns",
    [
        [pa.array([1, 2]), pa.array([3, 4])],
        [pa.array([1, None]), pa.array([True, None])],
        [pa.array([1, None]), pa.array(["x", "y"]).dictionary_encode()],
    ],
)
def test_parquet_labels_that_are_there_twice_are_read_and_written(tmp_path: Path, columns: list[pa.Array]) -> None:
    path = tmp_path / "twice.parquet"
    pq.write_table(pa.table(columns, names=["a", "a"]), path)

    frame = read(str(path))
    with (tmp_path / "out.parquet").open("wb") as file:
        writer = ParquetWriter(file, source=[], as_text=frozenset())
        writer.write(frame, with_index=False)
        writer.close()

    assert list(frame.columns) == ["a", "a"] and len(frame) == 2
    written = pq.ParquetFile(tmp_path / "out.parquet").read()
    assert [column.to_pylist() for column in written.columns] == [column.to_pylist() for column in columns]


def test_damaged_notes_of_pandas_are_called_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "notes.parquet"
    pq.write_table(pa.table({"a": [SECRET]}).replace_schema_metadata({"pandas": "{" + SECRET}), path)

    with pytest.raises(InputError, match="what pandas noted in this Parquet file is damaged; write it anew") as caught:
        read(str(path))
    assert SECRET not in str(caught.value)


def test_an_index_column_that_is_gone_from_a_parquet_file_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "index.parquet"
    table = pa.Table.from_pandas(pd.DataFrame({"a": [1, 2]}, index=pd.Index(["x", "y"], name="key")))
    pq.write_table(table.drop(["key"]), path)

    assert read(str(path))["a"].tolist() == [1, 2]
    with opened(str(path)) as file:
        assert table_in(file, "index.parquet", block=1 << 20, done=nobody).types == [pa.int64()]
