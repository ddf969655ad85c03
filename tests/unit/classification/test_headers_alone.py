"""Labels whose values nobody reads, and labels that are values themselves."""

from __future__ import annotations

import pandas as pd
import pytest

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.frames import view

_PERSONS = ["first_name", "last_name", "email"]


def _alone(*labels):
    found = classify(view(pd.DataFrame({label: ["x"] for label in labels})), header_only=True)
    return {verdict.column: verdict for verdict in found}


@pytest.mark.parametrize("label", ["name", "city", "ph", "adresse", "first_name", "gender"])
def test_no_evidence_of_values_is_told_where_none_was_read(label):
    said = " ".join(_alone(label)[label].evidence)

    assert "single words" not in said
    assert "share" not in said
    assert "only the header was read" in said


def test_a_bare_name_asks():
    assert _alone("name")["name"].entity == "PERSON_NAME"
    assert not _alone("name")["name"].is_sensitive


@pytest.mark.parametrize("label", ["city", "ville", "adresse", "lat", "lon", "address", "name"])
def test_places_and_names_beside_headers_of_persons_act(label):
    assert _alone(*_PERSONS, label)[label].is_sensitive
    assert not _alone("sku", "price", label)[label].is_sensitive


@pytest.mark.parametrize("labels", [("ph",), ("soil_ph", "crop"), ("pnr", "departure", "seat"), ("plate_well",)])
def test_short_words_of_other_trades_are_no_alarm(labels):
    assert not any(verdict.is_sensitive for verdict in _alone(*labels).values())


@pytest.mark.parametrize("label", ["ph_no", "phone", "personnummer", "destination_email", "destination_iban"])
def test_the_words_that_they_look_like_still_count(label):
    assert _alone(label)[label].is_sensitive


def test_a_first_row_that_became_the_header_is_not_shown():
    table = pd.DataFrame(
        {
            "Lefèvre": ["Martin", "Bernard", "Dubois", "Moreau", "Laurent"] * 8,
            "65 avenue Foch": [f"{n} rue des Lilas" for n in range(40)],
            "a@corp.example": [f"a{n}@corp.example" for n in range(40)],
        }
    )

    found = classify(view(table))

    assert [verdict.entity for verdict in found] == ["PERSON_NAME", "ADDRESS", "EMAIL_ADDRESS"]
    assert [verdict.column for verdict in found] == ["[redacted]"] * 3


def test_a_label_that_says_what_it_is_stays():
    table = pd.DataFrame({"Manager": ["James Smith", "Mary Jones", "Linda Miller", "Paul Taylor"] * 8})

    assert classify(view(table))[0].column == "Manager"


# A charge is a fee more often than an accusation, and nobody read a value that could tell.
FEES = """monthly_charges MonthlyCharges late_charges charges Charge charge_id extra_charges total_charges dayCharges
    insurance_charges hospital_charges roaming_charges charge_date service_charges num_charges tax hash""".split()
ACCUSATIONS = """criminal_charges charges_filed prior_charges PriorCharge pending_charges dropped_charges felony_charges
    charge_description arrest_charge charges_dismissed booking_charge c_charge_degree""".split()


@pytest.mark.parametrize("header", FEES)
def test_a_word_for_things_suggests_nothing_where_values_would_have_to_prove_it(header):
    assert _alone(*_PERSONS, header)[header].entity == "NONE"


@pytest.mark.parametrize("header", ACCUSATIONS)
def test_what_says_whose_charge_it_is_names_a_criminal_record(header):
    assert _alone(*_PERSONS, header)[header].entity == "CRIMINAL_RECORD"


def test_values_still_prove_what_the_word_alone_does_not_suggest():
    offences = ["Battery", "Grand Theft", "Possession of Cannabis", "DUI", "Burglary", "Assault"] * 5
    people = [f"{first} {last}" for first in ("Anna", "Maria", "John") for last in ("Smith", "Jones", "Miller")] * 4
    table = pd.DataFrame({"name": people[:30], "charge": offences, "monthly_charges": [20.5 + n for n in range(30)]})

    assert [verdict.entity for verdict in classify(view(table))] == ["PERSON_NAME", "CRIMINAL_RECORD", "NONE"]
    assert classify(view(pd.DataFrame({"charges": [None] * 30})))[0].entity == "NONE"
