"""Packed numbers of a known column are rounded where they lie; all other bytes stay."""

from __future__ import annotations

import io
import pickle
import random

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from jupyter_privguard.frames.packed import NumberColumn, rounded

_DRAW = random.Random(7)
INCOMES = [_DRAW.randint(41_000, 399_000) for _ in range(60)]
COLUMN = NumberColumn(frozenset(map(float, INCOMES)), 60 / 358_000)
DENSE = NumberColumn(frozenset(float(n) for n in range(100_000, 190_000) if n % 9), 0.889)


def packed(values: object, kind: str) -> bytes:
    return np.asarray(values).astype(kind).tobytes()


@pytest.mark.parametrize("kind", ["<i4", "<i8", "<u4", "<f4", "<f8"])
def test_a_column_is_rounded_to_two_digits(kind: str) -> None:
    shown = rounded(packed(INCOMES, kind), [COLUMN])

    assert shown is not None
    values = np.frombuffer(shown, kind)
    assert all(str(int(value)).rstrip("0").__len__() <= 2 for value in values)
    assert np.allclose(values, INCOMES, rtol=0.05)


def test_short_whole_numbers_stay_in_their_range() -> None:
    small = NumberColumn(frozenset(float(n) for n in (32_701, 31_113, 30_207, 29_411, 28_503, 61_337)), 0.0001)

    shown = rounded(packed([32_701, 31_113, 30_207, 29_411, 28_503], "<i2"), [small])

    assert np.frombuffer(shown or b"", "<i2").tolist() == [32_767, 31_000, 30_000, 29_000, 29_000]


def test_a_column_among_others_is_rounded_alone() -> None:
    before, after = np.linspace(0, 1, 500), np.arange(500.0)

    shown = rounded(packed([*before, *INCOMES, *after], "<f8"), [COLUMN])

    values = np.frombuffer(shown or b"", "<f8")
    assert np.array_equal(values[:500], before)
    assert np.array_equal(values[-500:], after)
    assert set(values[500:-500]).isdisjoint(INCOMES)


def arrow_stream() -> bytes:
    table = pa.table({"a": list(range(60)), "income": INCOMES})
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def numpy_file() -> bytes:
    sink = io.BytesIO()
    np.save(sink, np.asarray(INCOMES))
    return sink.getvalue()


@pytest.mark.parametrize("data", [arrow_stream(), numpy_file(), pickle.dumps(pd.DataFrame({"x": INCOMES}))])
def test_containers_hold_no_exact_number_afterwards(data: bytes) -> None:
    shown = rounded(data, [COLUMN])

    assert shown is not None
    assert shown is not data
    assert len(shown) == len(data)
    assert not any(packed([n], kind) in shown for n in INCOMES for kind in ("<i8", "<f8") if n % 10_000)


def test_lone_numbers_in_a_pickle_cannot_be_mended() -> None:
    assert rounded(pickle.dumps(INCOMES), [COLUMN]) is None
    assert rounded(pickle.dumps({"a": [float(n) for n in INCOMES]}), [COLUMN]) is None
    harmless = pickle.dumps([1, 2, 3, 70_000, 70_001])
    assert rounded(harmless, [COLUMN]) is harmless


@pytest.mark.parametrize("column", [COLUMN, DENSE])
@pytest.mark.parametrize(
    "values",
    [
        np.arange(100_000, dtype="<i4"),
        np.arange(100_000, 160_000, dtype="<i8"),
        np.random.default_rng(1).random(5_000),
        np.random.default_rng(2).integers(0, 256, (200, 200, 4)).astype("u1"),
        np.random.default_rng(3).normal(200_000, 80_000, 4_000),
        np.linspace(0.9, 0.1, 300, dtype="<f4"),
        np.random.default_rng(4).integers(100_000, 999_999, 3_000),
        np.full(1_000, float(INCOMES[0])),
        np.zeros(64),
        np.array([np.nan, np.inf, -np.inf, 0.0] * 9),
    ],
    ids=["index", "ids", "shares", "colours", "normal", "history", "order numbers", "constant", "zeros", "no numbers"],
)
def test_other_numbers_stay(values: np.ndarray, column: NumberColumn) -> None:
    data = values.tobytes()

    assert rounded(data, [column]) is data


def test_ages_are_never_looked_for() -> None:
    ages = NumberColumn(frozenset(map(float, range(18, 90, 3))), 0.4)
    data = packed([18, 21, 24, 27, 30, 33, 36, 39] * 9, "<i8")

    assert rounded(data, [ages]) is data


def test_three_numbers_prove_nothing() -> None:
    data = packed(INCOMES[:3], "<i8")

    assert rounded(data, [COLUMN]) is data
