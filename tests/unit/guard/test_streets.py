"""The street and number of a known address are found where the town is not beside them."""

from __future__ import annotations

import pytest

from jupyter_privguard.guard.texts.known import KnownValues
from jupyter_privguard.guard.texts.streets import streets_of

ADDRESSES = [f"{100 + n} Oakwood Avenue, Springfield" for n in range(5)]


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("435 Oakwood Avenue, Springfield", "435 Oakwood Avenue"),
        ("12 Elm St, York", "12 Elm St"),
        ("Hauptstraße 5; 10115 Berlin", "Hauptstraße 5"),
        ("9 rue de la Paix\n75002 Paris", "9 rue de la Paix"),
        ("Flat 4, 12 Elm St, York", None),
        ("Suite 200, Building B", None),
        ("Oakwood Avenue, Springfield", None),
        ("435 Oakwood Avenue", None),
        ("12, Elm St", None),
        ("", None),
        (435, None),
        (None, None),
    ],
)
def test_a_street_with_a_number_begins_an_address(address, street) -> None:
    assert streets_of([address]) == ([street] if street else [])


@pytest.mark.parametrize("size", [5, 3_000])
def test_it_is_found_in_any_text(size: int) -> None:
    known = KnownValues()
    known.learn("ADDRESS", [f"{100 + n} Oakwood Avenue, Springfield" for n in range(size)], column="address")

    for text, found in [
        ("['103 Oakwood Avenue', 'x']", "103 Oakwood Avenue"),
        ("at 102 OAKWOOD AVENUE.", "102 OAKWOOD AVENUE"),
        ("104 Oakwood Avenue, Springfield", "104 Oakwood Avenue, Springfield"),
    ]:
        (hit,) = known.find(text)
        assert text[hit.start : hit.end] == found and hit.entity == "ADDRESS"
    for text in ("Oakwood Avenue", "99 Oakwood Avenue", "103 Oakwood Street", "Springfield", "103"):
        assert known.find(text) == []


def test_it_is_forgotten_with_the_address() -> None:
    known = KnownValues()
    known.learn("ADDRESS", ADDRESSES, column="a")
    known.learn("ADDRESS", ADDRESSES, column="b")

    known.judge("a", None, values=ADDRESSES, sources=["b"])

    assert known.find("103 Oakwood Avenue") == []
