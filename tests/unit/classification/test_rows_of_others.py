"""Rows that are no persons: animals, groups that were counted, things, places and years."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.frames import view

_ROWS = 60
_RNG = random.Random(11)


def _drawn(*values):
    return [_RNG.choice(values) for _ in range(_ROWS)]


def _numbers(low, high):
    return [_RNG.randint(low, high) for _ in range(_ROWS)]


_SEX = _drawn("male", "female")
_AGES = _numbers(18, 80)
_PEOPLE = [f"{given} {family}" for given in ("Maria", "James", "Amit", "Sofia") for family in ("Garcia", "Smith")] * 8


def _entities(columns):
    frame = pd.DataFrame({name: list(values)[:_ROWS] for name, values in columns.items()})
    return {verdict.column: verdict.entity for verdict in classify(view(frame))}


def _evidence(columns, label):
    frame = pd.DataFrame({name: list(values)[:_ROWS] for name, values in columns.items()})
    return " ".join(next(v for v in classify(view(frame)) if v.column == label).evidence)


@pytest.mark.parametrize("label", ["species", "breed", "wing_length", "flipperLength", "sire", "BirdID", "horse"])
def test_the_sex_and_age_of_animals_are_nobodys(label):
    found = _entities({label: _drawn("a1", "b2", "c3"), "sex": _SEX, "age": _AGES})

    assert (found["sex"], found["age"]) == ("NONE", "NONE")
    assert "animals and plants" in _evidence({label: _drawn("a1", "b2"), "sex": _SEX}, "sex")


@pytest.mark.parametrize("label", ["fish_products", "west_wing", "dog_owner_since", "number_of_cats"])
def test_an_animal_in_passing_leaves_persons_persons(label):
    found = _entities({label: _numbers(0, 9), "sex": _SEX, "age": _AGES})

    assert (found["sex"], found["age"]) == ("GENDER", "AGE")


def test_the_owner_of_an_animal_is_a_person():
    found = _entities({"owner_name": _PEOPLE, "species": _drawn("cat", "dog"), "sex": _SEX})

    assert found["owner_name"] == "PERSON_NAME"
    assert found["sex"] == "GENDER"


@pytest.mark.parametrize("label", ["freq", "Frequency", "count", "cases", "n", "Anzahl", "effectif"])
def test_groups_that_are_counted_have_no_gender(label):
    found = _entities({"gender": _SEX, "age_group": _drawn("18-24", "25-44", "45+"), label: _numbers(1, 900)})

    assert (found["gender"], found["age_group"]) == ("NONE", "NONE")


@pytest.mark.parametrize("label", ["visit_count", "count_of_children", "case_id", "number"])
def test_a_number_that_is_counted_of_a_person_leaves_him_one(label):
    assert _entities({"gender": _SEX, "age": _AGES, label: _numbers(1, 9)})["gender"] == "GENDER"


def test_names_beside_a_count_are_names_of_persons():
    found = _entities({"customer_name": _PEOPLE, "gender": _SEX, "count": _numbers(1, 9)})

    assert (found["customer_name"], found["gender"]) == ("PERSON_NAME", "GENDER")


def test_a_column_for_each_year_makes_a_statistic():
    years = {str(year): _numbers(0, 900) for year in range(2001, 2006)}
    causes = _drawn("Diabetes", "Stroke", "Asthma", "Influenza")

    assert _entities({"cause": causes, **years})["cause"] == "NONE"
    assert _entities({"diagnosis": causes, "2001": _numbers(0, 9)})["diagnosis"] == "DIAGNOSIS"


@pytest.mark.parametrize("place", ["country", "state", "year", "population", "county", "pais", "Jahr"])
def test_what_a_place_or_year_earns_is_nobodys_income(place):
    assert _entities({place: _numbers(1, 90), "income": _numbers(9_000, 90_000)})["income"] == "NONE"


def test_what_a_person_of_a_country_earns_is_income():
    found = _entities({"country": _drawn("Chile", "Peru"), "age": _AGES, "sex": _SEX, "income": _numbers(900, 9_000)})

    assert found["income"] == "INCOME"


def test_the_age_of_things_is_no_age():
    assert _entities({"age": _numbers(1, 12), "price": _AGES, "mileage": _numbers(1, 9_000)})["age"] == "NONE"
    assert _entities({"age": _numbers(1, 90), "price": _AGES})["age"] == "AGE"


def test_a_balance_acts_only_where_somebody_has_an_account():
    cups = {"species": _drawn("arabica", "robusta"), "balance": [7 + n / 9 for n in _numbers(1, 9)]}

    assert _entities(cups)["balance"] == "NONE"
    assert _entities({"customer_id": range(_ROWS), **cups})["balance"] == "ACCOUNT_BALANCE"


@pytest.mark.parametrize("label", ["address", "street", "street_name", "intersection_street"])
def test_the_address_of_a_house_is_not_that_of_a_person(label):
    streets = [f"{n} {name} Street" for n, name in zip(_numbers(1, 99), _drawn("High", "Mill", "Park"), strict=True)]

    assert _entities({label: streets, "price": _numbers(1, 9)})[label] == "NONE"
    assert _entities({label: streets, "customer_name": _PEOPLE})[label] == "ADDRESS"
    assert _entities({"home_address": streets, "price": _numbers(1, 9)})["home_address"] == "ADDRESS"


def test_a_list_of_diseases_is_nobodys_diagnosis():
    kinds = ["Diabetes", "Stroke", "Asthma", "Influenza", "Migraine", "Epilepsy", "Hepatitis A", "Hepatitis B", "Gout"]
    frame = pd.DataFrame({"term": kinds})

    assert [v.entity for v in classify(view(frame))] == ["NONE"]
    assert _entities({"term": kinds * 7})["term"] == "DIAGNOSIS"


def test_rows_are_countries_where_no_country_comes_twice():
    countries = {"country": [f"Land {n}" for n in range(_ROWS)]}
    figures = {"median_age": _AGES, "life_expectancy_male": _AGES, "age": _AGES, "gender": _SEX}

    assert _entities({**countries, **figures})["age"] == "NONE"
    assert _entities({"country": _drawn("Chile", "Peru"), **figures})["age"] == "AGE"
    assert _entities({**countries, **figures, "customer_name": _PEOPLE})["age"] == "AGE"


def test_health_and_income_of_regions_are_figures():
    figures = {"income": _numbers(900, 9_000), "health": _numbers(40, 90)}

    assert set(_entities({"country": _drawn("Chile", "Peru"), **figures}).values()) == {"NONE"}
    assert _entities({**figures, "age": _AGES, "country": _drawn("Chile", "Peru")})["income"] == "INCOME"


def test_a_suggestion_over_nothing_is_asked_about_at_most():
    frame = pd.DataFrame({"customer_name": _PEOPLE[:_ROWS], "contact": ["unknown"] * _ROWS, "phone": ["n/a"] * _ROWS})

    by_values = {v.column: v.is_sensitive for v in classify(view(frame))}
    by_header = {v.column: v.is_sensitive for v in classify(view(frame), header_only=True)}

    assert by_values == {"customer_name": True, "contact": False, "phone": True}
    assert by_header["phone"] and by_header["customer_name"]
