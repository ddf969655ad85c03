"""Titles are no letters, names with a title are names, and words for persons stand over their names."""

from __future__ import annotations

import pandas as pd
import pytest

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.frames import view

_TITLES = ["Mr. James Smith Goes to Washington Again and Again", "The Return of Dr. Maria Garcia from Beyond the Sea"]
_LETTERS = [
    "Thank you for calling, please ask for Dr. Maria Garcia at the front desk",
    "The parcel was left at the door",
]
_PASSENGERS = [
    f"{family}, {title} {given}{more}"
    for family in ("Braund", "Smith", "Harris", "Kelly", "Moore")
    for given in ("Owen", "Laina", "James", "Anna")
    for title, more in (("Mr.", " Henry"), ("Mrs.", " (Florence Briggs Thayer)"))
]
_CANDIDATES = [
    "A. Raghunath Varma", "K. S. Devanathan", "Chandrakant Patil", "M. Aamir Rashadi", "Narayana Swamy", "R.K. Gounder",
    "Bhagwanti Devi", "Sunil Kumar", "P. Venkata Reddy", "Thangavelu Pillai", "G. Kishan Rao", "Ramvilas Yadav",
]  # fmt: skip


def _entity(label, values):
    return classify(view(pd.DataFrame({label: values})))[0].entity


@pytest.mark.parametrize("label", ["title", "book", "col_0"])
def test_a_person_in_a_title_makes_no_free_text(label):
    assert _entity(label, _TITLES * 20) == "NONE"


def test_a_person_in_a_sentence_does():
    assert _entity("comment", _LETTERS * 20) == "FREE_TEXT_WITH_PII"


@pytest.mark.parametrize("label", ["name", "passenger", "col_0"])
def test_names_with_a_title_are_names(label):
    assert _entity(label, _PASSENGERS) == "PERSON_NAME"


def test_a_word_for_persons_stands_over_names_that_few_know():
    assert _entity("candidate", _CANDIDATES) == "PERSON_NAME"


def test_a_word_for_persons_over_organisations_or_codes_does_not():
    assert _entity("member", ["Acme Bank Ltd", "Park Hotel Group", "Union Club", "Hill Partners"] * 9) == "NONE"
    assert _entity("candidate", ["a7 x", "b8 y", "c9 z"] * 9) == "NONE"


@pytest.mark.parametrize("values", [["Picayune, MS", "Belleville, IL", "Elko, NV", "Ojai, CA"] * 9])
def test_a_town_and_its_state_are_a_city_among_persons(values):
    frame = pd.DataFrame({"col_0": values, "email": [f"a{n}@example.com" for n in range(len(values))]})

    assert [v.entity for v in classify(view(frame))] == ["CITY", "EMAIL_ADDRESS"]


@pytest.mark.parametrize("day", ["11/24/85", "7-10-83", "09.19.88"])
def test_a_birthday_may_have_a_year_of_two_digits(day):
    assert _entity("dob", [day] * 30) == "DATE_OF_BIRTH"
    assert _entity("col_0", [day] * 30) == "NONE"
