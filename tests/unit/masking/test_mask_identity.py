"""Which values are the same person or thing, whatever type they come in."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pandas as pd
import pytest

from jupyter_privguard.errors import MaskingError
from jupyter_privguard.masking.canonical import identity, number_of

SECRET = "alice@corp.example"


@pytest.mark.parametrize(
    "same",
    [
        [98079921, 98079921.0, "98079921", "98079921.00", " 98079921\t", Decimal("98079921.0"), b"98079921"],
        ["é", "e\u0301"],
        [0.1, Decimal("0.1"), Decimal("0.10"), "0.1"],
        [1e-7, "0.0000001"],
        [pd.Timestamp("2001-02-03"), datetime.datetime(2001, 2, 3), datetime.date(2001, 2, 3), "2001-02-03"],
        [True, "true"],
    ],
)
def test_equal_things_have_one_identity(same: list[object]) -> None:
    assert len({identity(value, "CUSTOMER_ID") for value in same}) == 1


@pytest.mark.parametrize(
    "different", [["007", "7", 70], ["A1", "a1"], [1, 1.5], [True, 1], ["2001-02-03", pd.Timestamp("2001-02-03 01:00")]]
)
def test_different_things_have_different_identities(different: list[object]) -> None:
    assert len({identity(value, "CUSTOMER_ID") for value in different}) == len(different)


class Mute:
    def __str__(self) -> str:
        raise RuntimeError(SECRET)


def test_an_object_without_text_is_an_error_that_names_the_entity_alone() -> None:
    with pytest.raises(MaskingError) as caught:
        identity(Mute(), "CUSTOMER_ID")

    assert "CUSTOMER_ID" in str(caught.value) and SECRET not in str(caught.value)
    assert str(caught.value).startswith("privguard: ") and caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("52,000.50", 52000.5), ("₹ 1,20,000", 120000), ("Rs. 500", 500), ("-3.5", -3.5), (7, 7), (Decimal("1.5"), 1.5),
        ("1e5", None), ("12 main", None), ("", None), (True, None), (float("nan"), None), (10**400, None),
        ("1,2", 1.2), ("1,2,3", None), ("٣", None), (None, None),
    ],
)  # fmt: skip
def test_numbers_in_text(value: object, number: float | None) -> None:
    assert number_of(value) == number
