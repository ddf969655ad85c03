"""What a column's own values and header say against an entity."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.frames import view

_RNG = random.Random(5)
_ROWS = 120
_MAILS = [f"{a}{b}@example.com" for a in "abcdefghijkl" for b in range(10)]


def _verdict(label, values, **beside):
    frame = pd.DataFrame({label: values, **beside})
    return next(v for v in classify(view(frame)) if v.column == label)


def _decimals(low, high):
    return [round(_RNG.uniform(low, high), 3) for _ in range(_ROWS)]


def _drawn(*values):
    return [_RNG.choice(values) for _ in range(_ROWS)]


@pytest.mark.parametrize("label", ["stroke", "offense", "photo", "medication", "national_id", "employee_id"])
def test_measurements_are_no_words_and_no_numbers_of_somebody(label):
    verdict = _verdict(label, _decimals(-4, 9))

    assert verdict.entity == "NONE"
    assert "refuted" in " ".join(verdict.evidence)


@pytest.mark.parametrize(
    ("label", "values", "entity"),
    [
        ("stroke", [0, 1] * 60, "DIAGNOSIS"),
        ("diagnosis", ["250.83", "428", "V57", "E909"] * 30, "DIAGNOSIS"),
        ("prior_convictions", [0, 1, 2, 3] * 30, "CRIMINAL_RECORD"),
        ("employee_id", list(range(_ROWS)), "EMPLOYEE_ID"),
    ],
)
def test_codes_flags_and_small_numbers_stay(label, values, entity):
    assert _verdict(label, values, email=_MAILS).entity == entity


def test_nobody_is_older_than_a_hundred_and_twenty():
    assert _verdict("age", [_RNG.randint(1, 360) for _ in range(_ROWS)]).entity == "NONE"
    assert (
        _verdict("age", [*[_RNG.randint(18, 90) for _ in range(_ROWS - 6)], 999, -1, 150, 200, 130, 121]).is_sensitive
        is False
    )
    assert _verdict("age", [*[_RNG.randint(18, 90) for _ in range(_ROWS - 2)], 150, 200], email=_MAILS).entity == "AGE"


@pytest.mark.parametrize("label", ["invoice_id", "order number", "ticket", "Rechnung Nr", "num_facture"])
def test_numbers_of_papers_are_not_those_of_persons(label):
    numbers = [f"{_RNG.randint(101, 665)}-{_RNG.randint(10, 99)}-{_RNG.randint(1000, 9999)}" for _ in range(_ROWS)]

    assert _verdict(label, numbers, email=_MAILS).entity in ("NONE", "INTERNAL_UNKNOWN")
    assert _verdict("ssn", numbers, email=_MAILS).entity == "US_SSN"


@pytest.mark.parametrize(
    "values",
    [
        ("Asia", "Europe", "Africa", "Oceania"),
        ("January", "April", "May", "June", "August"),
        ("Brown", "Green", "Hazel", "Gray"),
        ("France", "Spain", "Germany"),
    ],
)
@pytest.mark.parametrize("label", ["col_0", "group", "name"])
def test_kinds_of_things_that_are_names_too_are_no_persons(label, values):
    assert not _verdict(label, _drawn(*values)).is_sensitive


def test_few_single_words_again_and_again_are_kinds():
    assert not _verdict("variety", _drawn("Newton", "Warren", "Morrison")).is_sensitive
    assert _verdict("seller", _drawn("Carlos Santos", "Maria Garcia", "James Smith")).entity == "PERSON_NAME"


@pytest.mark.parametrize("value", ["m", "F", "h", "Female", "German", "Berlin", "Michael"])
def test_what_is_the_same_everywhere_tells_nobody_apart(value):
    assert _verdict("col_0", [value] * _ROWS).entity == "NONE"
    assert not _verdict("col_0", [value] * _ROWS, email=_MAILS).is_sensitive


def test_under_its_header_one_gender_is_one():
    assert _verdict("gender", ["Female"] * _ROWS, email=_MAILS).entity == "GENDER"


@pytest.mark.parametrize("label", ["county_income", "share_hispanic", "pct_female", "income per capita"])
def test_figures_of_many_are_nobodys(label):
    assert not _verdict(label, _decimals(1, 90), email=_MAILS).is_sensitive


def test_letters_for_gender_are_asked_about_and_act_among_persons():
    alone = _verdict("col_0", _drawn("M", "F"))
    beside = _verdict("col_0", _drawn("M", "F", "O"), email=_MAILS)

    assert (alone.entity, alone.is_sensitive) == ("GENDER", False)
    assert (beside.entity, beside.is_sensitive) == ("GENDER", True)


def test_totals_of_money_are_a_persons_only_among_persons():
    sums = [_RNG.randint(1_000, 90_000) for _ in range(_ROWS)]

    assert _verdict("total_assets", sums).entity == "NONE"
    assert _verdict("total_assets", sums, email=_MAILS).entity == "FINANCIAL"


@pytest.mark.parametrize("label", ["race", "Race"])
def test_codes_of_race_are_ethnicity_among_persons(label):
    codes = _drawn(1, 2, 3)

    assert _verdict(label, codes).entity == "NONE"
    assert _verdict(label, codes, email=_MAILS).entity == "ETHNICITY"
    assert _verdict(label, list(range(_ROWS)), email=_MAILS).entity == "NONE"


@pytest.mark.parametrize("label", ["arr_delay", "AST", "all", "pct_of_all", "off", "AY"])
def test_three_letters_that_begin_many_words_abbreviate_none(label):
    assert _verdict(label, _drawn(1, 2, 3, 4), email=_MAILS).entity == "NONE"


def test_numbers_behind_one_letter_are_no_diseases():
    assert _verdict("st_code", [f"S{n:02d}" for n in range(1, 13)] * 10, email=_MAILS).entity == "NONE"
    assert _verdict("col_0", ["I10", "E11.9", "J45", "M54.5", "F32"] * 24, email=_MAILS).entity == "MEDICAL_CODE"
    assert _verdict("icd", [f"I{n:02d}" for n in range(10, 22)] * 10, email=_MAILS).entity == "MEDICAL_CODE"


@pytest.mark.parametrize("label", ["constituency", "Wahlkreis", "ward"])
def test_a_division_of_a_country_is_nobodys_city(label):
    towns = _drawn("Manchester", "Leeds", "Bristol", "Liverpool", "Sheffield")

    assert _verdict(label, towns, email=_MAILS).entity == "NONE"
    assert _verdict("col_0", towns, email=_MAILS).entity == "CITY"


@pytest.mark.parametrize("label", ["city", "contact", "name", "username", "Have you been to this city?"])
@pytest.mark.parametrize("answers", [("yes", "no"), ("Y", "N"), ("True", "False"), ("Yes", "No", "Not sure")])
def test_answers_are_no_names_and_no_places(label, answers):
    assert _verdict(label, _drawn(*answers), email=_MAILS).entity == "NONE"


def test_languages_are_no_nationalities():
    tongues = _drawn("English", "German", "Spanish")

    assert _verdict("main language", tongues, email=_MAILS).entity == "NONE"
    assert _verdict("passport of", tongues, email=_MAILS).entity == "NATIONALITY"


def test_a_disease_is_a_flag_or_a_grade_and_no_rate():
    rates = [n % 60 for n in range(_ROWS)]

    assert _verdict("hepatitis", rates, email=_MAILS).entity == "NONE"
    assert _verdict("hepatitis", _drawn(0, 1), email=_MAILS).entity == "DIAGNOSIS"
    assert _verdict("diagnosis", [400 + n for n in rates], email=_MAILS).entity == "DIAGNOSIS"
