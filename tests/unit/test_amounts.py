"""Amounts are read as people write them in many countries, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard._amounts import amount_of


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$86,536.81", 86536.81),
        ("US$ 5", 5),
        ("-$1,234.5", -1234.5),
        ("$-1,234.5", -1234.5),
        ("(1,234.50)", -1234.5),
        ("($1,234)", -1234),
        ("1,234", 1234),
        ("1,20,000", 120_000),
        ("₹ 12,34,567.50", 1_234_567.5),
        ("Rs. 1,00,000", 100_000),
        ("114.106,53", 114_106.53),
        ("114.106,53 €", 114_106.53),
        ("1.053.825", 1_053_825),
        ("53.825", 53.825),
        ("53.825 €", 53_825),
        ("EUR 53.825", 53_825),
        ("USD 53.825", 53.825),
        ("12,5", 12.5),
        ("1.200,-", 1200),
        ("54 010", 54_010),
        ("54\u202f010\u202f€", 54_010),
        ("54\u00a0010,50\u00a0€", 54_010.5),
        ("CHF 1’234.50", 1234.5),
        ("kr 1 234,50", 1234.5),
        ("1 234,50 zł", 1234.5),
        ("R$ 1.234,56", 1234.56),
        ("\u22125", -5),
        ("007", 7),
    ],
)
def test_an_amount_is_read(text: str, amount: float) -> None:
    assert amount_of(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "abc", "100k", "1e5", "2024-01-02", "02.01.2024", "1.2.3.4", "14.110.208.72", "12,345,6", "1 2"),
        *("0838 1805730", "1,2,3", "()", "(5", "$", "5 apples", "12 main", "٣", "1" * 70, "((5))x", "3-4", "10:30"),
    ],
)
def test_other_texts_are_none(text: str) -> None:
    assert amount_of(text) is None


@given(st.integers(-(10**12), 10**12), st.sampled_from(["{:,} USD", "${:,}", "{:,}.50"]))
def test_thousands_in_groups_are_the_number(number: int, form: str) -> None:
    english = form.format(number)
    european = english.replace("$", "€").replace("USD", "EUR").translate(str.maketrans(",.", ".,"))
    expected = number if "50" not in form else float(f"{number}.5")

    assert amount_of(english) == expected
    assert amount_of(european) == expected
    assert amount_of(english.replace(",", "\u202f")) == expected


@given(st.text(max_size=70))
def test_any_text_has_an_answer(text: str) -> None:
    assert amount_of(text) is None or isinstance(amount_of(text), float)
