"""Names of works, countries and places of elections beside people; parts of addresses; names of a telling form."""

from __future__ import annotations

import pandas as pd
import pytest

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.classification.countries import is_country
from jupyter_privguard.classification.detectors.person import PERSON_NAME
from jupyter_privguard.classification.detectors.special import ETHNICITY
from jupyter_privguard.classification.streets import is_street_address
from jupyter_privguard.frames import view

FIRST, LAST = "Emma David Laura Peter Anna".split(), "Miller Baker Wilson Taylor Moore".split()
PEOPLE = [f"{first} {last}" for first in FIRST for last in LAST]
KIND, WHAT = "Riddle Voyage Echo Shadow Tale".split(), "Stone Water Dust Iron Salt".split()
WORKS = [f"The {kind} of {what}" for kind in KIND for what in WHAT]
COUNTRIES = "Albania Brazil Chad Denmark Egypt Fiji Georgia Haiti India Jordan Kenya Latvia Mali Nepal Oman".split()


def verdicts(**columns):
    frame = pd.DataFrame(columns)
    return {verdict.column: verdict for verdict in classify(view(frame))}


def test_a_name_beside_those_who_made_it_is_the_works():
    said = verdicts(name=WORKS, director=PEOPLE)
    assert said["director"].entity == "PERSON_NAME"
    assert said["name"].entity in ("NONE", "INTERNAL_UNKNOWN")


def test_a_name_beside_an_email_stays_a_persons():
    said = verdicts(name=WORKS, email=[f"a{i}@mail.example" for i in range(25)])
    assert (said["name"].entity, said["name"].is_sensitive) == ("PERSON_NAME", True)


@pytest.mark.parametrize(
    "trait", [{"age": range(30, 55)}, {"gender": ["F", "M"] * 12 + ["F"]}, {"salary": range(3000, 3025)}]
)
def test_a_name_beside_a_manager_and_a_trait_stays_a_persons(trait):
    said = verdicts(name=WORKS, manager=PEOPLE, **trait)
    assert (said["name"].entity, said["name"].is_sensitive) == ("PERSON_NAME", True)


def test_a_name_of_a_person_beside_a_manager_stays_one():
    assert verdicts(name=PEOPLE[::-1], manager=PEOPLE)["name"].is_sensitive


@pytest.mark.parametrize("label", ["display_name", "official_name", "name"])
def test_names_of_countries_are_nobodys(label):
    said = verdicts(**{label: COUNTRIES, "code": [f"{c[:3].upper()}" for c in COUNTRIES]})
    assert not said[label].is_sensitive


@pytest.mark.parametrize("text", ["Chad", "Middle Africa", "South-eastern Asia", "Congo (Kinshasa)", "Korea, South"])
def test_countries_and_parts_of_the_world_are_known(text):
    assert is_country(text)


@pytest.mark.parametrize("text", ["Emma", "India Miller", "South Bend", "Madison", "Peru Street"])
def test_other_names_are_no_countries(text):
    assert not is_country(text)


def test_counties_of_an_election_are_not_the_candidates():
    county = ["Alameda", "Butte", "Colusa", "Fresno", "Glenn"] * 5
    assert not verdicts(county=county, candidate=PEOPLE, votes=range(100, 125))["county"].is_sensitive
    assert verdicts(county=county, candidate=PEOPLE, note=range(100, 125))["county"].entity == "CITY"


STREETS = ["Lindelaan", "Kerkstraat", "Molenweg", "Achterhoek", "Dorpsplein"] * 5


def test_streets_and_houses_in_columns_of_their_own_are_addresses():
    said = verdicts(Naam=PEOPLE, Straat=STREETS, Huisnummer=[str(1 + i) + "A" * (i % 3 == 0) for i in range(25)])
    assert [said[label].entity for label in ("Straat", "Huisnummer")] == ["ADDRESS", "ADDRESS"]


def test_two_kinds_of_street_are_a_feature_of_a_house():
    assert not verdicts(Name=PEOPLE, Street=["Paved", "Gravel"] * 12 + ["Paved"])["Street"].is_sensitive


def test_a_town_with_its_postcode_is_a_town_and_a_letter_is_none():
    towns = ["9130 Kieldrecht", "9120 Beveren", "9170 Vrasene", "1000 Brussel", "9000 Gent"] * 5
    said = verdicts(Naam=PEOPLE, Plaats=towns)
    assert said["Plaats"].entity == "CITY"
    assert not verdicts(Naam=PEOPLE, township=["N", "S", "N", "S", "S"] * 5)["township"].is_sensitive


@pytest.mark.parametrize(
    ("letters", "is_gender"),
    [
        ("MF", True),
        ("MW", True),
        ("HF", True),
        ("EW", False),
        ("TF", False),
        ("PF", False),
        ("HL", False),
        ("W", False),
    ],
)
def test_letters_are_sexes_only_in_pairs(letters, is_gender):
    said = verdicts(col_1=PEOPLE, col_2=(list(letters) * 25)[:25])
    assert (said["col_2"].entity == "GENDER") is is_gender


@pytest.mark.parametrize(
    "text",
    ["Авилов Александр Юрьевич", "Инна Павловна", "Иванов И. И.", "Ivanova Olga Petrovna", "Vu Van An"],
)
def test_names_that_show_by_their_form(text):
    assert PERSON_NAME.proof(text)


@pytest.mark.parametrize("text", ["Vitamin C.", "Class A. B", "Тех. Отдел", "Склад готовой продукции", "Ford Van Red"])
def test_words_of_another_form_are_no_names(text):
    assert not PERSON_NAME.proof(text)


def test_full_names_with_a_patronymic_are_found_without_a_header():
    given = (("Иван", "Юрьевич"), ("Олег", "Ильич"), ("Пётр", "Сергеевич"))
    names = [f"{last} {' '.join(each)}" for last in ("Авилов", "Агапов", "Алдошин", "Бажов") for each in given]
    assert verdicts(col_1=names)["col_1"].entity == "PERSON_NAME"


@pytest.mark.parametrize("text", ["ASIAN - CHINESE", "BLACK/CAPE VERDEAN", "WHITE - OTHER EUROPEAN", "Hispanic, Cuban"])
def test_groups_that_are_narrowed_down(text):
    assert ETHNICITY.proof(text)


@pytest.mark.parametrize("text", ["Black/Red", "White - Silver", "Black / 42", "Grey/Black"])
def test_colours_are_no_groups(text):
    assert not ETHNICITY.proof(text)


@pytest.mark.parametrize(
    "text",
    [
        "95 Elm Alley Suite 22\nNorth Ginaville, CT 44540",
        "711 Jeffrey Fort Apt. 7",
        "507 - 20th Ave. E.",
        "PSC 12, Box 3456",
        "Unit 8 Box 1\nFPO AE 26199",
        "4510 Murphy Common, Reyesburgh, VA 44191",
    ],
)
def test_addresses_whatever_the_street_is_called(text):
    assert is_street_address(text)


@pytest.mark.parametrize(
    "text", ["12 items in box 34567", "20 pcs, size XL 12345", "3 unit tests", "1200 rows and 5 columns"]
)
def test_numbers_and_words_are_no_addresses(text):
    assert not is_street_address(text)


def test_births_of_long_ago_are_births():
    said = verdicts(name=PEOPLE, yearOfBirth=[1640 + 7 * i for i in range(25)])
    assert said["yearOfBirth"].entity == "DATE_OF_BIRTH"
