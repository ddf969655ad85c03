"""Hashes by the million are put in order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.frames.packed_texts import in_order

_WHOLE = st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3), max_size=50)


@given(_WHOLE)
def test_each_number_is_there_once_and_in_order(numbers: list[int]) -> None:
    assert in_order(np.array(numbers, dtype=np.int64)).tolist() == sorted(set(numbers))


@pytest.mark.parametrize("kind", ["int64", "uint64", "uint32"])
def test_the_type_stays(kind: str) -> None:
    found = in_order(np.array([2, 1, 2], dtype=kind))

    assert (found.dtype, found.tolist()) == (np.dtype(kind), [1, 2])
