"""A masked copy is not taken for a raw table; a raw one is never taken for a copy."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.masking.coarse import are_coarse
from jupyter_privguard.masking.operators.generalise import band


@pytest.mark.parametrize(
    ("entity", "values"),
    [
        ("AGE", ["20-24", "90+", None, "0-4"]),
        ("INCOME", ["30k-40k", "90k-100k", "-10 to 0", "1M-2M", "10-20"]),
        ("ACCOUNT_BALANCE", ["0-10", "1bn-2bn"]),
        ("ACCOUNT_BALANCE", ["'-2k to -1k", "0-10"]),
        ("DATE_OF_BIRTH", ["1984", 1984, 1984.0, "before 1937", "1980s"]),
        ("GEO_COORDINATE", ["18.5", 73.9, "-0.1", 18]),
    ],
)
def test_what_generalise_leaves_is_coarse(entity: str, values: list[Any]) -> None:
    assert are_coarse(entity, values)


@pytest.mark.parametrize(
    ("entity", "values"),
    [
        ("AGE", ["20-24", "37"]),
        ("AGE", ["21-25"]),
        ("AGE", [23, 24]),
        ("AGE", []),
        ("AGE", [None]),
        ("INCOME", ["30k-40k", "34567"]),
        ("INCOME", ["'-34567"]),
        ("INCOME", ["31k-41k", "30k-50k", "555-1234"]),
        ("DATE_OF_BIRTH", ["1984-03-02"]),
        ("DATE_OF_BIRTH", ["19840302"]),
        ("GEO_COORDINATE", ["18.5204"]),
        ("EMAIL_ADDRESS", ["20-24"]),
        ("US_SSN", ["20-24"]),
    ],
)
def test_what_is_exact_or_of_another_kind_is_not(entity: str, values: list[Any]) -> None:
    assert not are_coarse(entity, values)


@given(st.floats(-1e12, 1e12) | st.integers(-(10**12), 10**12))
def test_every_band_is_coarse_and_no_number_is(number: float) -> None:
    assert are_coarse("INCOME", [band(number)])
    assert not are_coarse("INCOME", [number])
