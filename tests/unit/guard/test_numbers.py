"""A column of known numbers is recognised under another name, unless chance explains it as well."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from jupyter_privguard.guard.columns.numbers import KnownNumbers, days_of, number_in
from jupyter_privguard.model import ColumnVerdict, DataClass

INCOME = ColumnVerdict("income", "INCOME", DataClass.FINANCIAL, 0.9)
BALANCE = ColumnVerdict("balance", "ACCOUNT_BALANCE", DataClass.FINANCIAL, 0.9)
AGE = ColumnVerdict("age", "AGE", DataClass.PII, 0.9)


@pytest.fixture
def known() -> KnownNumbers:
    known = KnownNumbers()
    known.learn(AGE, range(18, 91), column="age")
    known.learn(INCOME, [51_234, 48_765, 61_002, 30_011, 77_778], column="income")
    return known


@pytest.mark.parametrize(
    "values", [[51_234, 48_765], [51_234.0], ["51234", "30011"], [77_778, 77_778], ["$51,234.00", "30.011,00 €"]]
)
def test_known_numbers_keep_their_verdict(known: KnownNumbers, values: list) -> None:
    assert known.verdict_of(values) is INCOME


@pytest.mark.parametrize(
    "values",
    [[], [51_234, 51_235], ["51234", "gold"], [True], [None], [18, 40, 90], [float("nan")], ["1e999"]],
    ids=str,
)
def test_other_numbers_and_those_that_could_be_chance_do_not(known: KnownNumbers, values: list) -> None:
    assert known.verdict_of(values) is None


@pytest.mark.parametrize("text", ["123456789012345678901", "0.12345678901234567", "$1,234.50", "1e5", "-7"])
def test_a_text_is_a_number_however_long(text: str) -> None:
    assert number_in(text) is not None


def test_numbers_that_lie_close_need_more_of_them(known: KnownNumbers) -> None:
    known.learn(INCOME, range(10_000, 20_000, 2), column="income")

    assert known.verdict_of([10_002]) is None, "a count could be that"
    assert known.verdict_of(range(10_000, 10_040, 2)) is None, "every even number is in it"


def test_decimals_count_as_steps(known: KnownNumbers) -> None:
    known.learn(INCOME, [n / 10 for n in range(180, 400)], column="income")

    assert known.verdict_of([25.0, 30.5, 31.1]) is None, "every number with one decimal is in it"


def test_the_newest_numbers_of_a_label_count(known: KnownNumbers) -> None:
    known.learn(INCOME, [91_234, 98_765], column="income")

    assert known.verdict_of([51_234, 48_765]) is None
    assert known.verdict_of([91_234, 98_765]) is INCOME


@pytest.mark.parametrize(
    "values", [[51_234, 48_765, 412.55, 903.1], [30_011, 412.55, 77_778], [903.1, 30_011, 40, 61_002]]
)
def test_numbers_of_several_columns_in_one(known: KnownNumbers, values: list[float]) -> None:
    known.learn(BALANCE, [412.55, 903.1, 17_204.07, 88_001.4], column="balance")

    verdict = known.verdict_of(values)

    assert verdict is not None and verdict.entity in ("INCOME", "ACCOUNT_BALANCE")


@pytest.mark.parametrize("values", [[51_234, 412.55, 903.2], [18, 40, 90, 51_234], [51_234, 48_766, 412.55]])
def test_one_that_stands_in_none_or_too_few_that_prove_anything(known: KnownNumbers, values: list[float]) -> None:
    known.learn(BALANCE, [412.55, 903.1, 17_204.07, 88_001.4], column="balance")

    assert known.verdict_of(values) is None


BORN = ColumnVerdict("birth_date", "DATE_OF_BIRTH", DataClass.PII, 0.9)
DAYS = ["1971-03-08", "1955-11-30", "1990-07-14", "1984-01-02"]


@pytest.mark.parametrize(
    "values",
    [
        DAYS[1:3],
        DAYS[:1],
        ["08/03/1971", "14/07/1990"],
        [pd.Timestamp(day) for day in DAYS],
        [dt.date.fromisoformat(day) for day in DAYS],
        ["8 March 1971", "30 November 1955"],
    ],
    ids=str,
)
def test_dates_are_known_as_numbers_of_days(values: list) -> None:
    known = KnownNumbers(days_of)
    known.learn(BORN, DAYS, column="birth_date")

    assert known.verdict_of(values) is BORN


@pytest.mark.parametrize("values", [[*DAYS, "1971-03-09"], ["gold"], [], [DAYS[0], "soon"], [719], [None]], ids=str)
def test_other_dates_are_nobodys(values: list) -> None:
    known = KnownNumbers(days_of)
    known.learn(BORN, DAYS, column="birth_date")

    assert known.verdict_of(values) is None


def test_dates_that_lie_close_prove_nothing() -> None:
    known = KnownNumbers(days_of)
    days = pd.date_range("1950-01-01", periods=9_000)
    known.learn(BORN, days, column="birth_date")

    assert known.verdict_of(days[:200]) is None
