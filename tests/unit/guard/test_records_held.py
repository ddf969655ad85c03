"""Which fields of records code takes: by table, with near misses."""

from __future__ import annotations

import sqlite3
from collections import Counter, namedtuple
from typing import Any

import pytest

from jupyter_privguard.guard.cells.records_held import fields_of, fields_taken

LABELS = ["mail", "pay", "turn"]
Row = namedtuple("Row", "mail pay")


@pytest.mark.parametrize(
    ("code", "taken"),
    [
        ("[row['pay'] for row in rows]", ["pay"]),
        ("rows[0].get('mail')", ["mail"]),
        ("[row.pay for row in rows]", ["pay"]),
        ("sorted(rows, key=itemgetter('pay', 'turn'))", ["pay", "turn"]),
        ("for row in rows:\n    if row['pay'] > 1:\n        print(row['turn'])", ["pay", "turn"]),
        ("rows[0]['pay']\nrows[1]['mail']", ["pay", "mail"]),
        ("len(rows)", []),
        ("rows = []", []),
        ("other['pay']", []),
        # what may take any
        ("show(rows, title='pay')", None),
        ("[row[label] for row in rows]", None),
        ("rows[0]['pay']\nshow(rows)", None),
        ("rows[0]", None),
    ],
)
def test_fields_that_code_takes(code: str, taken: list[str] | None) -> None:
    assert fields_taken(code, "rows", LABELS) == taken


def test_records_tell_their_fields() -> None:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    row = connection.execute("select 1 as mail").fetchone()
    connection.close()
    known: list[tuple[Any, set[str]]] = [
        ([{"mail": 1, "pay": 2}], {"mail", "pay"}),
        ({"mail": [1]}, {"mail"}),
        ({"x": {"mail": 1}}, {"x", "mail"}),
        ([row], {"mail"}),
        (Row(1, 2), {"mail", "pay"}),
        ((Row(1, 2),), {"mail", "pay"}),
        (Counter("ab"), {"a", "b"}),
    ]

    assert [fields_of(value) for value, _ in known] == [fields for _, fields in known]


@pytest.mark.parametrize("value", [[1, 2], [(1, 2)], [], "text", 5, None, [[1]]])
def test_what_is_no_record_has_no_fields(value: Any) -> None:
    assert fields_of(value) is None


def test_an_object_that_fails_stops_nothing() -> None:
    class Odd(dict[str, int]):
        def values(self) -> Any:
            raise ValueError("no")

    assert fields_of([Odd(a=1)]) is None
