"""The proof beside a masked table: figures against a plain count, words that name what is gone."""

from __future__ import annotations

import datetime
from math import log2
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.frames import view
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.masking.masker import ColumnMask, Subject, mask_frame
from jupyter_privguard.masking.utility import Utility, rank_correlation, utility
from jupyter_privguard.model import Operator

RING = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/00000000")


def proof(values: list[Any], operator: str, entity: str, *, who: list[Any] | None = None) -> Utility:
    table = pd.DataFrame({"c": pd.Series(values, dtype=object if None in values else None)})
    if who is not None:
        table["who"] = who
    mask = ColumnMask(entity, Operator(operator), entity, subject=Subject(1, "S") if who is not None else None)
    masked = mask_frame(view(table), {0: mask}, RING, on_screen=False).native  # type: ignore[arg-type]
    seen, after = view(table), view(masked)
    assert seen is not None and after is not None
    return utility(seen, after, {0: mask})


NUMBERS = list(range(10**6, 10**6 + 200))
ONLY_EQUAL = "the exact value, size and order; equality is kept"


@pytest.mark.parametrize(
    ("values", "operator", "entity", "expected"),
    [
        (NUMBERS, "token", "CUSTOMER_ID", (200, 200, True, 1.0, None, ONLY_EQUAL)),
        (NUMBERS, "encrypt", "CUSTOMER_ID", (200, 200, True, 1.0, None, ONLY_EQUAL)),
        (NUMBERS, "redact", "CUSTOMER_ID", (200, 1, False, 0.0, None, "everything but which cells are filled")),
        (NUMBERS, "clear", "CUSTOMER_ID", (200, 200, True, 1.0, 1.0, "nothing")),
        (["a", "b", None, "a"], "token", "USERNAME", (2, 2, True, 1.0, None, "the exact value; equality is kept")),
        ([None, None], "token", "USERNAME", (0, 0, True, 1.0, None, "nothing")),
    ],
)  # fmt: skip
def test_what_is_left_and_what_is_not(values: list[Any], operator: str, entity: str, expected: tuple[Any, ...]) -> None:
    (column,) = proof(values, operator, entity)

    assert (
        column.distinct_before,
        column.distinct_after,
        column.joins,
        pytest.approx(column.information),
        column.rank_correlation,
        column.destroyed,
    ) == expected
    assert column.changed == (0.0 if operator == "clear" or values[0] is None else 1.0)


def test_bands_keep_the_order_and_lose_what_told_values_apart() -> None:
    (column,) = proof(list(range(100)), "generalise", "AGE")

    assert (column.distinct_before, column.distinct_after, column.joins, column.order_kept) == (100, 19, False, True)
    assert column.rank_correlation is not None and 0.98 < column.rank_correlation < 1
    # 18 bands of five ages and one of ten: their entropy over that of a hundred ages.
    left = (18 * 0.05 * log2(20) + 0.1 * log2(10)) / log2(100)
    assert column.information == pytest.approx(left)
    assert column.destroyed == "the exact value, what told apart values that are alike now, part of the order"


def test_format_preserving_keeps_joins_and_no_order() -> None:
    (column,) = proof(NUMBERS, "fpe", "CUSTOMER_ID")

    assert column.joins and column.order_kept is False
    assert column.rank_correlation is not None and abs(column.rank_correlation) < 0.3
    assert column.destroyed == "the exact value, the order; equality is kept"


def test_shifted_dates_are_no_join_keys() -> None:
    dates = [datetime.date(1950, 1, 1) + datetime.timedelta(days=40 * n) for n in range(300)] * 2

    (column,) = proof(dates, "shift", "DATE_OF_BIRTH", who=list(range(600)))

    assert not column.joins and column.order_kept is False
    assert column.rank_correlation is not None and 0.9 < column.rank_correlation < 1
    assert column.destroyed.startswith("the date, but not the days between two of one person")


def test_the_proof_is_a_table_json_and_text_without_values() -> None:
    found = proof(["alice@corp.example", "b@corp.example"], "partial", "EMAIL_ADDRESS")

    assert len(found) == 1 and found[0].column == "c"
    assert list(found.to_frame().columns)[:3] == ["column", "entity", "operator"]
    assert found.to_json()["rows"] == 2 and found.to_json()["columns"][0]["joins"] is False
    assert "alice" not in repr(found) and "alice" not in str(found.to_json())


def test_tables_of_another_shape_are_refused() -> None:
    one, other = view(pd.DataFrame({"c": [1]})), view(pd.DataFrame({"c": [1, 2]}))
    assert one is not None and other is not None

    with pytest.raises(ValueError, match="shape"):
        utility(one, other, {})


numbers = st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=2, max_size=40)


@given(numbers)
def test_rank_correlation_is_that_of_pandas(pairs: list[tuple[int, int]]) -> None:
    one, other = ([float(pair[side]) for pair in pairs] for side in (0, 1))

    found = rank_correlation(one, other)

    if len(set(one)) == 1 or len(set(other)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(pd.Series(one).rank().corr(pd.Series(other).rank()))
