"""Columns beside persons: names as people write them, words of many languages, and what is nobody's."""

from __future__ import annotations

import pandas as pd
import pytest

from jupyter_privguard.classification import candidates, detector
from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.classification.detector import DETECTORS, Detector
from jupyter_privguard.frames import view
from jupyter_privguard.model import DataClass, Pattern

_FULL = [
    "James Smith", "Ella Brown", "Noah Evans", "Mary Jones", "Robert Garcia", "Linda Miller", "David Wilson",
    "Karen Moore", "Paul Taylor", "Laura White", "Kevin Harris", "Emma Clark", "Brian Lewis", "Alice Walker",
]  # fmt: skip
_GIVEN = [name.split()[0] for name in _FULL]
_FAMILY = [name.split()[1] for name in _FULL]
_TITLES = ["Dr", "Mrs", "Prof.", "Mr", "Ms."]
_ROWS = 84


def _many(values):
    return [values[n % len(values)] for n in range(_ROWS)]


def _classified(table, **options):
    return {verdict.column: verdict for verdict in classify(view(pd.DataFrame(table)), **options)}


def _beside_persons(label, values):
    persons = {"first_name": _many(_GIVEN), "email": [f"a{n}@corp.example" for n in range(_ROWS)]}
    return _classified({**persons, label: values})[label]


_HARMLESS = {
    "st": [f"ST-{100_000 + n}" for n in range(_ROWS)],
    "rd": [f"RD-{1000 + n}" for n in range(_ROWS)],
    "shoes": [f"Court shoes size {n}" for n in range(_ROWS)],
    "pack": [f"pack of {n} via courier" for n in range(_ROWS)],
    "boots": [f"Dr Martens boot {n}" for n in range(_ROWS)],
    "capital": _many(["Paris", "London", "Berlin", "Madrid"]),
    "destination": _many(["Paris", "London", "Berlin", "Madrid"]),
    "plate_well": [f"{'ABCDEFGH'[n % 8]}{n % 12 + 1:02d}" for n in range(_ROWS)],
    "brand": _many(["Ralph Lauren", "Calvin Klein", "Tommy Hilfiger", "Hugo Boss", "Paul Smith"]),
}


@pytest.mark.parametrize("label", _HARMLESS)
def test_harmless_columns_beside_persons_name_nobody(label):
    assert _beside_persons(label, _HARMLESS[label]).entity in ("NONE", "INTERNAL_UNKNOWN")


@pytest.mark.parametrize(
    "values",
    [
        [f"{n} Maple Street" for n in range(_ROWS)],
        [f"{n}, rue des Lilas" for n in range(_ROWS)],
        [f"Lindenallee {n}" for n in range(_ROWS)],
        [f"Via Roma {n}" for n in range(_ROWS)],
        [f"{n} Elm St, Apt {n}" for n in range(_ROWS)],
    ],
)
def test_addresses_beside_persons_are_addresses(values):
    assert _beside_persons("x1", values).entity == "ADDRESS"


def test_a_form_of_the_policy_that_all_values_have_goes_before_a_built_in_form():
    pattern = Pattern("STAFF_NO", DataClass.INTERNAL, "[0-9]+ Elm Street", ("staff no",))
    table = {"badge": [f"{n} Elm Street" for n in range(_ROWS)], "email": [f"a{n}@corp.example" for n in range(_ROWS)]}

    assert _classified(table, patterns=(pattern,))["badge"].entity == "STAFF_NO"


def test_names_with_titles_and_as_airlines_write_them_are_names():
    titled = [f"{_TITLES[n % 5]} {_FULL[n % 14]}" for n in range(_ROWS)]
    slashed = [f"{_FAMILY[n % 14]}/{_GIVEN[n % 14]} {('MR', 'MRS')[n % 2]}".upper() for n in range(_ROWS)]

    assert _classified({"name": titled})["name"].entity == "PERSON_NAME"
    assert _classified({"passenger_name": slashed})["passenger_name"].entity == "PERSON_NAME"
    assert _classified({"line_manager": _many(_FULL)})["line_manager"].entity == "PERSON_NAME"


def test_products_with_a_name_in_them_are_still_none():
    products = [f"{first} {last}" for first in ("Basil", "Iris", "Ruby") for last in ("Press", "Vase", "Kettle", "Pot")]

    assert not _classified({"name": _many(products)})["name"].is_sensitive


@pytest.mark.parametrize(("given", "family"), [("nombre", "apellidos"), ("nom", "prenom"), ("Nome", "cognome")])
def test_few_given_names_beside_family_names_are_names(given, family):
    found = _classified({given: _many(_GIVEN[:7]), family: _many(_FAMILY)})

    assert found[given].entity == found[family].entity == "PERSON_NAME"
    assert found[given].is_sensitive
    assert not any("single words" in reason for reason in found[given].evidence)


@pytest.mark.parametrize(
    ("label", "values", "entity"),
    [
        ("geslacht", ["man", "vrouw"], "GENDER"),
        ("plec", ["K", "M"], "GENDER"),
        ("płeć", ["kobieta", "mężczyzna"], "GENDER"),
        ("gender", ["zarlo", "marle"], "GENDER"),
        ("stato_civile", ["celibe", "sposata", "coniugato", "nubile"], "MARITAL_STATUS"),
        ("burgerlijke staat", ["gehuwd", "ongehuwd", "weduwe"], "MARITAL_STATUS"),
        ("poblacion", ["Madrid", "Sevilla", "Alcorcón", "Getafe", "Lugo"], "CITY"),
        ("x1", ["A+", "0-", "AB+", "B-"], "HEALTH_MEASURE"),
        ("x2", ["cattolico", "ortodosso", "ebreo"], "RELIGION"),
    ],
)
def test_words_of_other_languages_are_known_or_believed(label, values, entity):
    found = _beside_persons(label, _many(values))

    assert (found.entity, found.is_sensitive) == (entity, True)


@pytest.mark.parametrize("values", [["yes", "no"], ["2021-04-05", "2022-05-06"], ["a 1", "b 2"], ["x", "y", "z", "w"]])
def test_what_tells_no_gender_is_refuted_under_its_header(values):
    assert not _classified({"gender": _many(values)})["gender"].is_sensitive


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("password", ["2021-04-05", "2022-05-06", "2020-01-02"]),
        ("religion", ["2021-04-05", "2022-05-06", "2020-01-02"]),
        ("customer_id", ["Basic", "Plus", "Trial"]),
        ("employee_id", ["clerk", "engineer"]),
        ("first_name", ["France", "Spain", "Italy", "Germany"]),
    ],
)
def test_days_and_kinds_are_refuted_under_strong_headers(label, values):
    assert not _classified({label: _many(values)})[label].is_sensitive


def test_plain_numbers_of_customers_are_not_said_to_lack_check_digits():
    found = _classified({"customer_id": [str(10_000 + 7 * n) for n in range(_ROWS)]})["customer_id"]

    assert not any("check digits" in reason for reason in found.evidence)


def test_one_more_detector_changes_no_column_that_does_not_have_its_shape(monkeypatch):
    table = {"customer_id": [str(10_000 + 7 * n) for n in range(_ROWS)], "member": _many(_FULL)}
    before = classify(view(pd.DataFrame(table)))
    more = Detector("more", "CUSTOMER_ID", shape=lambda text: text == "?", proof=lambda text: False, kind="checksum")
    monkeypatch.setattr(detector.DETECTORS, "_found", {**DETECTORS, "more": more})
    for cached in (detector._by_entity, candidates._provers):
        cached.cache_clear()

    try:
        assert classify(view(pd.DataFrame(table))) == before
    finally:
        monkeypatch.undo()
        for cached in (detector._by_entity, candidates._provers):
            cached.cache_clear()


def test_short_numbers_are_put_to_no_check_digit(monkeypatch):
    asked = []
    monkeypatch.setattr(candidates, "_provers", lambda **_: asked.append(1) or [])

    _classified({"n": list(range(50))})
    assert not asked
    _classified({"n": [10**9 + n for n in range(50)]})
    assert asked


UNLISTED = ["Umvelt Zorgan", "Brixol Quendry", "Tavqa Ostwick", "Yelbrin Marrowfeld"]


@pytest.mark.parametrize("form", ["{0}.{1}{n}@mail.example", "{0}_{1}@mail.example", "{1}.{0}@mail.example"])
def test_names_that_no_list_has_stand_in_the_mails_of_a_short_table(form: str) -> None:
    mails = [form.format(*name.lower().split(), n=n) for n, name in enumerate(UNLISTED)]

    found = _classified({"c1": UNLISTED, "c2": mails})

    assert {label: verdict.entity for label, verdict in found.items()} == {"c1": "PERSON_NAME", "c2": "EMAIL_ADDRESS"}


@pytest.mark.parametrize(
    ("column", "mails"),
    [
        (UNLISTED, ["sales@mail.example", "info@mail.example", "help@mail.example", "team@mail.example"]),
        (
            ["Basil Press", "Copper Works", "Yellow Shelf", "Garden Tools"],
            [f"{n.lower().split()[0]}@x.example" for n in UNLISTED],
        ),
        (["Umvelt", "Brixol", "Tavqa", "Yelbrin"], [f"{n.lower().replace(' ', '.')}@x.example" for n in UNLISTED]),
    ],
)
def test_words_that_only_resemble_mails_are_no_names(column: list[str], mails: list[str]) -> None:
    assert _classified({"c1": column, "c2": mails})["c1"].entity != "PERSON_NAME"
