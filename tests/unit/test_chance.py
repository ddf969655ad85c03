"""When numbers that are equal to known ones are equal by accident, and what a cell's own code says of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard._chance import is_no_chance
from jupyter_privguard.guard.taken.cell_source import CellSource
from jupyter_privguard.guard.texts.written_values import written_in


@pytest.mark.parametrize(
    ("density", "possible", "equal"),
    [(0.00002, 1, 1), (0.02, 100, 1), (0.2, 5, 5), (0.75, 173, 155), (0.22, 4000, 4000), (0.5, 10, 10)],
)
def test_what_is_no_accident(density: float, possible: int, equal: int) -> None:
    assert is_no_chance(density, possible, equal)


@pytest.mark.parametrize(
    ("density", "possible", "equal"),
    [(0.22, 1, 1), (0.22, 100, 25), (0.5, 9, 9), (1.0, 1000, 1000), (0.22, 0, 0), (0.3, 10_000, 3000), (0.9, 3, 3)],
)
def test_what_may_be_one(density: float, possible: int, equal: int) -> None:
    assert not is_no_chance(density, possible, equal)


@given(st.floats(0, 1), st.integers(0, 10**6), st.floats(0, 1))
def test_any_numbers_have_an_answer(density: float, possible: int, share: float) -> None:
    assert is_no_chance(density, possible, int(possible * share)) in (True, False)


@pytest.mark.parametrize("code", ["values[17]", "x = sorted(v)[-1]", "max(v)", "v.max()", "v[i + 1]", "next(it)"])
def test_code_that_picks_single_values(code: str) -> None:
    assert CellSource(code).picks_single_values


@pytest.mark.parametrize(
    "code", ["values[:5]", "df['pay']", "(v > 5).sum()", "for x in v: n += x", "%time x", "v[mask]"]
)
def test_code_that_does_not(code: str) -> None:
    assert not CellSource(code).picks_single_values


def test_what_was_typed_in_another_notation() -> None:
    source = CellSource("limit = 412_739; since = '1983-07-09'; who = 'Bo'")
    assert all(map(source.has, written_in("412,739.00 9 July 1983")))
    assert not any(map(source.has, written_in("412,738 10 July 1983")))
    assert source.words >= {"Bo", "limit"}
    assert source.names == ["limit", "since", "who"]
