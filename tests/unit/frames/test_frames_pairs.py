"""Two columns as one, and what one says of the other, against a plain count."""

from __future__ import annotations

from collections import Counter
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.frames.codes import Codes, pairs, shared

columns = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), max_size=40)


@given(columns)
def test_pairs_are_those_of_the_rows(rows: list[tuple[int, int]]) -> None:
    first, second = (np.array([row[side] for row in rows], dtype=np.intp) for side in (0, 1))

    found = pairs(first, second)

    again = [(-1, None) if code < 0 else (found.first[code], found.second[code]) for code in found.codes]
    assert again == [(-1, None) if one < 0 else (one, other) for one, other in rows]
    assert len(found.first) == len({row for row in rows if row[0] >= 0})


@given(columns)
def test_shared_information_is_that_of_the_counts(rows: list[tuple[int, int]]) -> None:
    first, second = (Codes(np.array([row[side] + 1 for row in rows], dtype=np.intp), 6) for side in (0, 1))

    found = shared(first, second)

    def entropy(items: list[object]) -> float:
        return -sum(n / len(items) * log2(n / len(items)) for n in Counter(items).values())

    ones, others = [row[0] for row in rows], [row[1] for row in rows]
    assert found.before == pytest.approx(entropy(list(ones)))
    assert found.both == pytest.approx(entropy(list(ones)) + entropy(list(others)) - entropy(list(rows)), abs=1e-9)
    assert found.is_one_to_one == (len(set(ones)) == len(set(others)) == len(set(rows)))
