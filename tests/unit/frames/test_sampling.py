"""The cells of a sample: enough, in order, spread over all rows, and in step with nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.frames.sampling import stride, thinned_out


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 500))
def test_a_stride_takes_twice_as_many_as_are_wanted_and_is_one_or_a_large_prime(rows, size):
    step = stride(rows, size)

    assert step >= 1
    assert rows < 2 * size or -(-rows // step) >= 2 * size
    assert step == 1 or (step > 10 and all(step % divisor for divisor in range(2, int(step**0.5) + 1)))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 3000), st.integers(1, 500))
def test_what_is_thinned_out_is_in_order_and_as_many_as_wanted(count, size):
    places = thinned_out(count, size)

    assert len(places) == min(count, size)
    assert list(places) == sorted(set(places))
    assert not places or 0 <= places[0] <= places[-1] < count


@pytest.mark.parametrize("period", [2, 3, 4, 5, 7, 10, 12, 20, 24, 50, 60, 100])
@pytest.mark.parametrize("rows", [500, 999, 4000, 80_000, 100_000, 1_000_000])
def test_rows_of_any_kind_that_take_turns_are_all_met(period, rows):
    strided = range(0, rows, stride(rows, 200))
    taken = [strided[place] for place in thinned_out(len(strided), 200)]

    share = sum(row % period == 1 for row in taken) / len(taken)

    assert 0.5 / period <= share <= 1.7 / period
    assert taken[0] < rows / 20
    assert taken[-1] > rows * 19 / 20
