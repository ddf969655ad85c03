"""Arrays, of numpy and others, as tables."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from jupyter_privguard.frames import explicit_view
from tests.unit.frames.engine_data import RAW, stars


def bump(values: list[Any]) -> list[Any]:
    return [value + 1 for value in values]


@pytest.mark.parametrize(
    "array",
    [
        np.array([RAW, "b"]),
        np.array([RAW, None], dtype=object),
        np.array([[RAW, "x"], ["b", "y"]]),
        np.array([[RAW, 1], ["b", 2]], dtype=object),
        np.array([1, 2]),
        np.array([[1, 2], [3, 4]]),
        np.array([b"a", b"b"]),
        np.array(["2001-01-01", "NaT"], dtype="datetime64[D]"),
        np.rec.array([(RAW, 1), ("b", 2)], names="mail,n"),
        np.array([(RAW, [1, 2])], dtype=[("mail", "U20"), ("pair", "i4", (2,))]),
        np.empty((0, 3)),
    ],
    ids=lambda array: f"{array.dtype.kind}{array.ndim}",
)
def test_arrays_keep_type_and_shape(array: Any) -> None:
    seen, before = explicit_view(array), array.copy()

    masked = seen.masked({0: lambda values: ["a mask that is longer than the text"] * len(values)})

    assert type(masked) is type(array) and masked.shape == array.shape
    assert RAW.encode() not in pickle.dumps(masked)
    assert "mask" in str(masked) or not array.size
    assert explicit_view(masked).labels == seen.labels
    assert (array == before).all() or array.dtype.kind == "M"
    untouched = seen.masked({})
    assert untouched.dtype == array.dtype and not np.shares_memory(untouched, array)
    assert len(seen.shown(1, 1).native) <= 1


def test_masked_numbers_of_arrays_keep_their_dtype() -> None:
    array = np.array([[1, 2], [3, 4]], dtype="int16")

    assert explicit_view(array).masked({1: bump}).dtype == array.dtype
    assert explicit_view(array).masked({1: stars}).tolist() == [[1, "*0"], [3, "*1"]]
