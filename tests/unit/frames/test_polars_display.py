"""What stands on the screen instead of a polars or Arrow table, and what is told of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from jupyter_privguard.frames import described, display_copy, first_column, row_labels, view
from jupyter_privguard.frames.watch import Exact, watch

RAW = "alice@corp.example"


def stars(values: list[Any]) -> list[Any]:
    return ["***" for _ in values]


def mask_first(part: Any) -> Any:
    return part.masked({0: stars})


def mask_all(part: Any) -> Any:
    return part.masked(dict.fromkeys(range(1, part.width), stars))


@pytest.fixture(autouse=True)
def default_config() -> Iterator[None]:
    with pl.Config(restore_defaults=True):
        yield


def people(rows: int) -> pl.DataFrame:
    return pl.DataFrame({"mail": [RAW] * rows, "n": range(rows)})


@pytest.mark.parametrize("rows", [0, 1, 9, 10, 11, 12, 13, 1_000, 12_345])
@pytest.mark.parametrize("make", [people, lambda rows: people(rows)["mail"]], ids=["frame", "series"])
def test_a_polars_table_shows_its_true_size_and_as_many_rows_as_ever(make: Callable[[int], Any], rows: int) -> None:
    native = make(rows)
    whole = mask_first(view(native))

    copy = display_copy(view(native), mask_first)

    assert copy.fix(str(copy.native)) == str(whole)
    assert copy.fix(copy.native._repr_html_()) == whole._repr_html_()
    assert RAW not in str(copy.native) and len(copy.native) <= 12


def test_only_what_polars_was_told_to_show_is_masked() -> None:
    with pl.Config(tbl_rows=3):
        assert len(display_copy(view(people(50)), mask_first).native) == 4
    with pl.Config(tbl_rows=-1):
        assert len(display_copy(view(people(50)), mask_first).native) == 50
    assert len(display_copy(view(people(50)), mask_first, whole=True).native) == 50


def test_a_cell_that_looks_like_a_size_is_left_alone() -> None:
    frame = pl.DataFrame({"mail": [RAW] * 100, "text": ["shape: (12, 2)"] * 100})
    copy = display_copy(view(frame), mask_first)

    text = copy.fix(str(copy.native))

    assert text.startswith("shape: (100, 2)") and text.count("shape: (12, 2)") == 10


@pytest.mark.parametrize("make", [pa.table, pa.RecordBatch.from_pydict], ids=["table", "batch"])
@pytest.mark.parametrize("rows", [0, 3, 40, 41, 1_000])
def test_an_arrow_table_renders_as_its_masked_whole(make: Callable[[Any], Any], rows: int) -> None:
    native = make({"mail": [RAW] * rows, "n": list(range(rows))})

    copy = display_copy(view(native), mask_first)

    assert copy.fix(str(copy.native)) == str(mask_first(view(native)))
    assert copy.native.num_rows <= 40 and type(copy.native) is type(native)


def test_rows_have_no_labels() -> None:
    for native in (people(2), pa.table({"mail": [RAW, None]})):
        assert row_labels(view(native)) == [] and first_column(view(native))[0] == RAW
    assert described(view(pa.table({"statistic": ["count", "mean", "min", "max"]}))) is None


def test_aggregates_in_a_description_stay_exact() -> None:
    description = pl.DataFrame({"income": [10.0, 20.0, 30.0, None], "mail": ["a", "b", "c", "d"]}).describe()
    exact = described(view(description))

    copy = display_copy(view(description), mask_all, exact_rows=exact.rows)

    shown = {row["statistic"]: (row["income"], row["mail"]) for row in copy.native.to_dicts()}
    assert exact.group_size == 3 and set(exact.columns) == {"income", "mail"}
    assert shown["count"] == ("3.0", "4") and shown["mean"] == ("20.0", None) and shown["null_count"] == ("1.0", "0")
    assert shown["min"] == ("***", "***") and shown["max"] == ("***", "***") and shown["75%"][0] == "***"


@pytest.mark.parametrize(
    "frame",
    [
        people(5),
        pl.DataFrame({"statistic": ["count", "mean"], "x": [1.0, 2.0]}),
        pl.DataFrame({"statistic": ["a", "count", "mean", "min"], "x": [1.0, 2.0, 3.0, 4.0]}),
        pl.DataFrame({"x": [1.0] * 4, "statistic": ["count", "mean", "min", "max"]}),
        pl.DataFrame({"statistic": [None, "count", "mean", "min"], "x": [1.0] * 4}),
        pl.DataFrame({"statistic": [1, 2, 3, 4]}),
    ],
)
def test_other_tables_are_no_descriptions(frame: pl.DataFrame) -> None:
    assert described(view(frame)) is None


class Told:
    def __init__(self) -> None:
        self.rendered_texts: list[tuple[str, str, bool]] = []
        self.statistics: list[tuple[Any, Any, Exact]] = []

    def rendered(self, obj: Any, text: str, render: Callable[[Any], str], *, whole: bool) -> None:
        self.rendered_texts.append((text, render(mask_first(view(obj))), whole))

    def aggregated(self, obj: Any, source: Any, exact: Exact) -> None:
        self.statistics.append((obj, source, exact))


@pytest.fixture
def told() -> Iterator[Told]:
    watcher = Told()
    end = watch(watcher)  # type: ignore[arg-type]  # nothing else happens here
    yield watcher
    end()


def test_whoever_watches_hears_of_texts_and_how_to_make_them_again(told: Told) -> None:
    frame = people(3)
    texts = [str(frame), repr(frame), f"{frame}", frame.write_csv(), str(frame["mail"])]

    assert [text for text, _, _ in told.rendered_texts] == texts
    assert [whole for _, _, whole in told.rendered_texts] == [False, False, False, True, False]
    assert all(RAW in text and RAW not in again and "***" in again for text, again, _ in told.rendered_texts)


def test_whoever_watches_hears_of_statistics(told: Told) -> None:
    frame = people(7)

    frame.describe()
    frame["n"].describe()
    mean = frame.mean()

    (_, _, of_frame), (_, _, of_series), (obj, source, of_mean) = told.statistics
    assert of_frame.group_size == 7 and {k: v.source for k, v in of_frame.columns.items()} == {"mail": "mail", "n": "n"}
    assert of_series.columns["value"].source == "n"
    assert obj is mean and source is frame and of_mean.group_size == 7


def test_after_the_end_nothing_is_told_and_polars_is_as_it_was() -> None:
    before = (pl.DataFrame.__str__, pl.Series.__repr__, pl.DataFrame.describe, pl.DataFrame.mean)
    watcher = Told()

    watch(watcher)()  # type: ignore[arg-type]  # as above
    str(people(3))

    assert (pl.DataFrame.__str__, pl.Series.__repr__, pl.DataFrame.describe, pl.DataFrame.mean) == before
    assert not watcher.rendered_texts and not os.environ.get("POLARS_FMT_MAX_ROWS")
