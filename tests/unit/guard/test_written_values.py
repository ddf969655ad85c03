"""Numbers and dates in text: what a piece of it may stand for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.guard.texts.written_values import dates_of, number_of, written_in

DAY = dt.date(1983, 7, 9)


def numbers(text: str) -> set[float]:
    return {number for one in written_in(text) for number, _ in one.numbers}


def days(text: str) -> set[dt.date]:
    return {dt.date.fromordinal(day) for one in written_in(text) for day in one.dates}


@pytest.mark.parametrize(
    "text",
    [
        "412739",
        "412,739",
        "412_739.00",
        "412.739,00",
        "412.739",
        "412 739",
        "4,12,739",
        "412\u202f739",
        "412'739",
        "$412,739.00",
        "4.12739e+05",
        "412739.0",
        "np.int64(412739)",
        "[412739,5]",
        "7,412739,x",
        "name:412739",
        "'a\\n412739'",
        "pay_412739",
        "<td>412739</td>",
        "412739€",
        "412\u202f739 €",
        r"['412\u202f739\xa0€']",
        r"'412\xa0739'",
        "412\u202f739,00",
    ],
)
def test_notations_of_a_number(text: str) -> None:
    assert 412739.0 in numbers(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("-54\u202f010", -54010.0), ("54\u00a0010.125", 54010.125), ("54\u202f010,5", 54010.5), (r"-1\xa0200.5", -1200.5)],
)
def test_narrow_blanks_leave_sign_and_decimals(text: str, number: float) -> None:
    assert numbers(text) == {number}


@pytest.mark.parametrize(
    "text", ["x412739", "412739b", "3.412739", "4127390", "1412739", "0x412739", "10.412739.1", ""]
)
def test_what_only_contains_the_digits_is_another_thing(text: str) -> None:
    assert 412739.0 not in numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "1983-07-09",
        "1983/07/09",
        "1983.07.09",
        "19830709",
        "09/07/1983",
        "7/9/1983",
        "09.07.83",
        r"{\"dob\":\"09\/07\/1983\"}",  # as JSON may write a slash
        r"1983\/07\/09",
        "9 July 1983",
        "9-Jul-1983",
        "9th of July 1983",
        "July 9, 1983",
        "Jul 9th 1983",
        "datetime.date(1983, 7, 9)",
        "datetime.datetime(1983, 7, 9, 0, 0)",
        "Timestamp('1983-07-09 00:00:00')",
        "1983-07-09T00:00:00.000000000",
        "1983-07-09T00:00:00Z",
        str(int(pd.Timestamp(DAY).timestamp())),
        str(int(pd.Timestamp(DAY).timestamp() * 1000)),
        str(pd.Timestamp(DAY).value),
    ],
)
def test_notations_of_a_date(text: str) -> None:
    assert DAY in days(text)


@pytest.mark.parametrize(
    "text", ["1983-07", "1983-17-09", "31/31/1983", "1983-07-091", "x1983-07-09", "9 Julia 1983", "1983"]
)
def test_what_is_no_date(text: str) -> None:
    assert DAY not in days(text)


@given(st.integers(0, 10**12), st.sampled_from(["{}", "{:,}", "{:_}", "{:,.2f}", "{:.1f}", "<b>{}</b>", "a: {}; b"]))
def test_every_number_is_read_back(number: int, form: str) -> None:
    assert float(number) in numbers(form.format(number))


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%y", "%d %b %Y", "%B %d, %Y"]),
)
def test_every_date_is_read_back(day: dt.date, form: str) -> None:
    assert day in days(day.strftime(form))


@given(st.text(alphabet="0123456789.,'-/: eE+_dat()Jan", max_size=60))
def test_any_text_is_read_in_places_that_exist(text: str) -> None:
    for one in written_in(text):
        assert 0 <= one.start < one.end <= len(text)


@pytest.mark.parametrize(
    "value",
    [
        *(412739, 412739.0, "412739", "412,739.00", np.int64(412739), np.float64(412739), Decimal(412739)),
        *("$412,739.00", "412.739,00 €", "412\u202f739\u00a0€", "Rs. 4,12,739"),
    ],
)
def test_a_cell_as_a_number(value: object) -> None:
    assert number_of(value) == 412739.0


@pytest.mark.parametrize(
    "value", [True, None, "about 412739", float("nan"), np.bool_(True), np.datetime64("1983-07-09"), b"1", [1]]
)
def test_a_cell_that_is_no_number(value: object) -> None:
    assert number_of(value) is None


@pytest.mark.parametrize(
    "value", [DAY, dt.datetime(1983, 7, 9, 5), pd.Timestamp(DAY), "1983-07-09", np.datetime64("1983-07-09")]
)
def test_a_cell_as_a_date(value: object) -> None:
    assert DAY.toordinal() in dates_of(value)


@pytest.mark.parametrize("value", [pd.NaT, None, "19830709", 19830709, "seen 1983-07-09", dt.time(3)])
def test_a_cell_that_is_no_date(value: object) -> None:
    assert dates_of(value) == ()


@pytest.mark.parametrize("text", ["(1983, 7, 9)", "[[1983,7,9], [1984, 1, 2]]", "f(1983, 07, 09)"])
def test_the_parts_of_a_date_are_numbers_too(text: str) -> None:
    assert DAY in days(text)
    assert {1983.0, 7.0, 9.0} <= numbers(text)


@pytest.mark.parametrize(
    "text", ["(1983, 7, 9, 4)", "(1983, 13, 9)", "1983, 7, 9", "(11983, 7, 9)", "(7, 9)", "[1983, 7, 9.5]"]
)
def test_a_list_of_numbers_is_no_date(text: str) -> None:
    assert days(text) == set()


def test_the_exponent_of_an_id_is_no_date():
    found = list(written_in("widget b392d756-24405875e-1 and 12405875e-12"))
    assert all(one.dates == () for one in found)
