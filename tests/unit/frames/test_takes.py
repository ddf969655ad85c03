"""What leaves tables for Python is noted where it leaves, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from jupyter_privguard.frames.engines import pandas_takes, polars_takes
from jupyter_privguard.frames.takes import Taker, Takes

COLUMNS = {"name": ["Ann", "Bo", "Cy"], "pay": [71_003, 62_511, 93_777], "age": [31, 44, 58]}


@pytest.fixture
def taker() -> Iterator[Taker]:
    taker = Taker()
    undo = [module.install(taker) for module in (pandas_takes, polars_takes)]
    yield taker
    for one in undo:
        one()


def noted(taker: Taker, code: Callable[[], Any]) -> Takes:
    taker.now = Takes()
    code()
    takes, taker.now = taker.now, None
    return takes


ONES: dict[str, tuple[Callable[[Any], Any], str, Any]] = {
    "a cell of a column": (lambda d: d.pay[1], "pay", 62_511),
    "by position": (lambda d: d.iloc[1, 1], "pay", 62_511),
    "by labels": (lambda d: d.loc[1, "pay"], "pay", 62_511),
    "at": (lambda d: d.at[1, "pay"], "pay", 62_511),
    "iat": (lambda d: d.iat[1, 1], "pay", 62_511),
    "a field of a row": (lambda d: d.iloc[1].pay, "pay", 62_511),
    "a field of a row by key": (lambda d: d.iloc[1]["pay"], "pay", 62_511),
    "a field of a row among rows": (lambda d: [r["pay"] for _, r in d.iterrows()], "pay", 62_511),
    "a whole row": (lambda d: list(d.iloc[1]), "pay", 62_511),
    "a row as a dict": (lambda d: d.iloc[1].to_dict(), "pay", 62_511),
    "a row within apply": (lambda d: d.apply(lambda r: r.pay + 1, axis=1), "pay", 62_511),
    "the greatest": (lambda d: d.pay.max(), "pay", 93_777),
    "item": (lambda d: d.pay[d.age == 44].item(), "pay", 62_511),
    "squeezed": (lambda d: d[d.age == 44].pay.squeeze(), "pay", 62_511),
    "popped": (lambda d: d.pay.copy().pop(1), "pay", 62_511),
    "a label of the index": (lambda d: d.set_index("pay").age.idxmax(), "age", 93_777),
    "of an index": (lambda d: d.set_index("pay").index[1], "pay", 62_511),
}


@pytest.mark.parametrize("name", ONES)
def test_single_values(taker: Taker, name: str) -> None:
    code, label, value = ONES[name]
    frame = pd.DataFrame(COLUMNS)
    takes = noted(taker, lambda: code(frame))
    assert value in takes.ones[label]
    assert not takes.wholes


WHOLES: dict[str, Callable[[Any], Any]] = {
    "tolist": lambda d: d.pay.tolist(),
    "values": lambda d: d.pay.values,
    "to_numpy": lambda d: d.pay.to_numpy(),
    "array": lambda d: d.pay.array,
    "asarray": lambda d: np.asarray(d.pay),
    "sorted": lambda d: sorted(d.pay),
    "a loop": lambda d: list(d.pay),
    "items": lambda d: dict(d.pay.items()),
    "map": lambda d: d.pay.map(lambda x: x + 1),
    "unique": lambda d: d.pay.unique(),
    "the table's values": lambda d: d.values,
    "an array of the table": lambda d: np.array(d),
    "records": lambda d: d.to_dict("records"),
    "an array of records": lambda d: d.to_records(),
    "tuples": lambda d: list(d.itertuples()),
    "an index": lambda d: d.set_index("pay").index.tolist(),
}


@pytest.mark.parametrize("name", WHOLES)
def test_whole_columns(taker: Taker, name: str) -> None:
    frame = pd.DataFrame(COLUMNS)
    takes = noted(taker, lambda: WHOLES[name](frame))
    assert [whole.label for whole in takes.wholes] in ([None], ["pay"])
    assert takes.wholes[0].rows is None or takes.wholes[0].rows() == 3


@pytest.mark.parametrize(
    "code",
    [
        lambda d: d.head(2),
        lambda d: d.describe(),
        lambda d: repr(d),
        lambda d: d.to_html(),
        lambda d: d.groupby("name").pay.mean(),
        lambda d: d.merge(d, on="name"),
        lambda d: d[d.age > 40].sort_values("pay"),
        lambda d: d.pay.astype(str).str[:2],
        lambda d: d.pay + 1,
        lambda d: d.pivot_table(index="name", values="pay"),
        lambda d: (d.columns.tolist(), list(d), len(d), d.shape, d.dtypes),
        lambda d: pd.concat([d, d]),
    ],
)
def test_what_stays_in_tables_is_not_noted(taker: Taker, code: Callable[[Any], Any]) -> None:
    assert not noted(taker, lambda: code(pd.DataFrame(COLUMNS)))


def test_an_iterator_counts_as_far_as_it_went(taker: Taker) -> None:
    frame = pd.DataFrame({"pay": range(1000)})
    taker.now = Takes()
    for begin in (lambda: iter(frame.pay), frame.itertuples, frame.pay.items):
        loop = begin()
        next(loop)
        next(loop)
        assert taker.now.wholes[-1].rows is not None
        assert 2 <= taker.now.wholes[-1].rows() <= 3


def test_statistics_say_over_how_many_rows(taker: Taker) -> None:
    frame = pd.DataFrame(COLUMNS)
    takes = noted(taker, lambda: (frame.pay.sum(), frame.pay[frame.age > 40].mean(), frame.pay.quantile(0.9)))
    assert [(one.label, one.rows) for one in takes.statistics] == [("pay", 3), ("pay", 2), ("pay", 0)]
    assert not takes.ones


def test_harmless_labels_and_statistics_are_left_out(taker: Taker) -> None:
    frame = pd.DataFrame(COLUMNS)
    taker.harmless = {"pay", "age", "name"}
    assert not noted(taker, lambda: (frame.pay[1], frame.pay.tolist(), frame.iloc[0].pay, frame.at[0, "age"]))
    taker.harmless = set()
    taker.is_statistic = lambda table, row: row == "mean"
    assert not noted(taker, lambda: frame.describe()["pay"]["mean"])
    assert noted(taker, lambda: frame.describe()["pay"]["max"]).ones["pay"] == {93_777: None}


def test_memory_is_bounded(taker: Taker) -> None:
    takes = Takes()
    for n in range(300_000):
        takes.one("pay", n)
        takes.one(n, n)
    assert len(takes.ones["pay"]) == 100_000
    assert len(takes.ones) == 2000
    assert len(takes.wholes) < 50
    assert takes.wholes[0].label == "pay"


POLARS: dict[str, Callable[[Any], Any]] = {
    "a cell": lambda d: d[1, "pay"],
    "a cell by position": lambda d: d[1, 1],
    "item": lambda d: d.item(1, "pay"),
    "of a column": lambda d: d["pay"][1],
    "a list": lambda d: d["pay"].to_list(),
    "a loop": lambda d: list(d["pay"]),
    "rows": lambda d: d.rows(),
    "a row": lambda d: d.row(1),
    "iter_rows": lambda d: list(d.iter_rows()),
    "dicts": lambda d: d.to_dicts(),
    "a dict": lambda d: d.to_dict(as_series=False),
    "an array": lambda d: d.to_numpy(),
    "the least": lambda d: d["pay"].min(),
}


@pytest.mark.parametrize("name", POLARS)
def test_polars(taker: Taker, name: str) -> None:
    frame = pl.DataFrame(COLUMNS)
    takes = noted(taker, lambda: POLARS[name](frame))
    labels = {*takes.ones, *(whole.label for whole in takes.wholes)}
    assert labels in ({"pay"}, {None})


@pytest.mark.parametrize(
    "code", [lambda d: d.head(1), lambda d: str(d), lambda d: d["pay"].mean(), lambda d: d.describe()]
)
def test_polars_keeps(taker: Taker, code: Callable[[Any], Any]) -> None:
    takes = noted(taker, lambda: code(pl.DataFrame(COLUMNS)))
    assert not takes.ones
    assert not takes.wholes


def test_all_is_as_it_was_afterwards() -> None:
    owners = (pd.Series, pd.DataFrame, pd.Index, pl.Series, pl.DataFrame)
    before = [dict(vars(owner)) for owner in owners]
    for module in (pandas_takes, polars_takes):
        module.install(Taker())()
    assert [dict(vars(owner)) for owner in owners] == before


def test_results_are_what_they_are_without_hooks() -> None:
    frame = pd.DataFrame(COLUMNS)
    codes = [code for code, _, _ in ONES.values()] + list(WHOLES.values())
    plain = [repr(code(frame)) for code in codes]
    taker = Taker()
    undo = pandas_takes.install(taker)
    try:
        taker.now = Takes()
        assert [repr(code(frame)) for code in codes] == plain
    finally:
        undo()
