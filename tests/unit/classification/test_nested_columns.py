"""Lists and records in cells: nothing in them is less sensitive for being in there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.classification.nested import values_within
from jupyter_privguard.frames import view

FIRST = "Asha Ravi Meera John Emily Lukas Sofia Omar Priya Daniel Clara Hugo".split()
LAST = "Kulkarni Menon Nair Smith Walker Becker Rossi Haddad Sharma Novak Dubois Larsen".split()
NAMES = [f"{FIRST[n % 12]} {LAST[n * 5 % 12]}" for n in range(48)]


def frame(values: list[Any]) -> pd.DataFrame:
    return pd.DataFrame({"data": values})


MAKERS: list[Callable[[list[Any]], Any]] = [
    frame,
    lambda values: pl.DataFrame({"data": values}),
    lambda values: pa.table({"data": values}),
]


def entity(table: Any, *, full: bool = False) -> str:
    seen = view(table)
    assert seen is not None
    (verdict,) = classify(seen, full=full)
    return verdict.entity if verdict.is_sensitive else "NONE"


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (lambda n: [f"user{n}@corp.example", f"u{n}@corp.example"], "EMAIL_ADDRESS"),
        (lambda n: [[f"user{n}@corp.example"]], "EMAIL_ADDRESS"),
        (lambda n: {"name": NAMES[n], "dob": f"1980-02-{n % 28 + 1:02}"}, "FREE_TEXT_WITH_PII"),
        (lambda n: [{"name": NAMES[n], "dob": f"1980-02-{n % 28 + 1:02}"}], "FREE_TEXT_WITH_PII"),
        (lambda n: {"user": {"contact": {"email": f"user{n}@corp.example"}}}, "EMAIL_ADDRESS"),
        (lambda n: [NAMES[n], f"user{n}@corp.example"], "EMAIL_ADDRESS"),
        (lambda n: {"name": NAMES[n], "diagnosis": ["asthma", "diabetes"][n % 2]}, "DIAGNOSIS"),
        (lambda n: {"sku": f"AB-{n}", "qty": n % 3, "price": 9.5}, "NONE"),
        (lambda n: ["red", "green", "blue"][: n % 3 + 1], "NONE"),
        (lambda n: [n / 7, n / 9], "NONE"),
        (lambda n: [], "NONE"),
    ],
)
def test_what_is_in_nested_cells_is_recognised(make: Any, full: bool, cell: Any, found: str) -> None:
    assert entity(make([cell(n) for n in range(40)]), full=full) == found


@pytest.mark.parametrize(
    "cell",
    [
        {"a@corp.example": 3},
        {"x": {"a@corp.example": 1}},
        ("a@corp.example", 1),
        ["a@corp.example", 1, 2][:2],
        np.array(["a@corp.example"]),
    ],
)
def test_keys_tuples_and_arrays_are_looked_into(cell: Any) -> None:
    assert entity(frame([cell] * 40)) in ("FREE_TEXT_WITH_PII", "EMAIL_ADDRESS")


def test_texts_among_numbers_are_looked_at_by_themselves() -> None:
    assert entity(frame([[f"user{n}@corp.example", *range(n % 5 + 1)] for n in range(40)])) == "EMAIL_ADDRESS"


def test_the_same_record_in_each_row_is_still_somebody() -> None:
    assert entity(frame([{"name": "Nadia Brandt", "dob": "1980-02-03"}] * 40)) == "FREE_TEXT_WITH_PII"


def test_arrow_maps_are_read_by_their_keys() -> None:
    kind = pa.map_(pa.string(), pa.string())
    column = pa.array([[("name", NAMES[n]), ("email", f"u{n}@corp.example")] for n in range(40)], type=kind)

    assert entity(pa.table({"data": column})) == "FREE_TEXT_WITH_PII"


def test_a_list_is_judged_with_its_header() -> None:
    seen = view(pd.DataFrame({"emails": [["a@b.com"]] * 40}))
    assert seen is not None

    (verdict,) = classify(seen)

    assert verdict.entity == "EMAIL_ADDRESS" and not [why for why in verdict.evidence if "refuted" in why]


def test_evidence_names_fields_and_quotes_no_value() -> None:
    seen = view(frame([{"name": name, "email": f"{n}@corp.example"} for n, name in enumerate(NAMES)]))
    assert seen is not None

    (verdict,) = classify(seen)

    assert "name: PERSON_NAME" in verdict.evidence[0] and "email: EMAIL_ADDRESS" in verdict.evidence[0]
    assert not [name for name in NAMES if name in str(verdict)]


def test_values_within_are_told_by_entity() -> None:
    cells = [{"name": name, "email": f"{n}@corp.example", "qty": n} for n, name in enumerate(NAMES)]

    found = dict(values_within(cells, "FREE_TEXT_WITH_PII", classify))

    assert set(found) == {"PERSON_NAME", "EMAIL_ADDRESS"} and set(NAMES) == set(found["PERSON_NAME"])


class Hostile:
    def __repr__(self) -> str:
        raise RuntimeError("secret")

    __str__ = __repr__


def test_a_cell_that_cannot_be_told_hides_no_other() -> None:
    assert entity(frame([[Hostile()], *[[f"user{n}@corp.example"] for n in range(40)]])) == "EMAIL_ADDRESS"
