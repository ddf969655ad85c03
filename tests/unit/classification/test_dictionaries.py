"""Names and cities: what the lists hold, how fast they are there, where they come from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from jupyter_privguard.classification import dictionaries
from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.classification.dictionaries.lists import city_names, is_one_sided, name_weights
from jupyter_privguard.frames import view

_FOLDER = Path(dictionaries.__file__).parent


def _entity(values, **columns):
    return classify(view(pd.DataFrame({"col_0": values, **columns})))[0].entity


@pytest.mark.parametrize("name", ["maria", "wojciech", "fatima", "lakshmi", "smith", "garcia", "佐藤", "王"])
def test_common_names_of_many_cultures_are_known(name):
    assert name_weights()[name] >= 2


@pytest.mark.parametrize("word", ["table", "garden", "invoice", "monday", "blue", "paris"])
def test_words_and_cities_are_no_sure_names(word):
    assert name_weights().get(word, 0) <= 1


def test_cities_are_known_in_their_own_script_too():
    assert {"pune", "new york city", "sao paulo", "koln", "上海"} <= city_names()


@pytest.mark.parametrize("file", ["names.txt", "cities.txt"])
def test_a_file_is_small_and_its_source_is_named(file):
    assert (_FOLDER / file).stat().st_size <= 600_000
    readme = (_FOLDER / "README.md").read_text(encoding="utf-8")
    assert file in readme
    assert {"MIT", "CC BY 4.0", "public domain"} <= {
        term for term in ("MIT", "CC BY 4.0", "public domain") if term in readme
    }


def test_nothing_is_read_before_the_first_table():
    code = (
        "import jupyter_privguard.classification.classifier\n"
        "from jupyter_privguard.classification.detectors import person\n"
        "print(person.name_weights.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


def test_products_and_teams_that_begin_with_a_name_are_no_persons():
    products = [f"{name} {thing}" for name in ("Silas", "Hazel", "Basil", "Jasper") for thing in
                ("Bookshelf", "Teapot", "Throw", "Sofa")]  # fmt: skip

    assert is_one_sided(products)
    assert _entity(products) == "NONE"


def test_cities_need_persons():
    cities = ["Pune", "Leeds", "Lyon", "Turin", "Köln", "Porto", "Kyoto", "Denver", "Quito", "Accra"]

    assert _entity(cities) == "NONE"
    assert _entity(cities, email=[f"p{i}.jones@example.com" for i in range(10)]) == "CITY"


def test_surnames_alone_are_names():
    assert _entity(["Schneider", "Kowalski", "Fernández", "Rossi", "Nguyen", "Johansson", "Yamamoto", "Okafor"]) == (
        "PERSON_NAME"
    )
