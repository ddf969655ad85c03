"""The demo's people: the same for a seed, with valid numbers, of every class."""

from __future__ import annotations

import csv
import subprocess
import sys

import pytest

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.classification.detector import DETECTORS
from jupyter_privguard.demo.data import main, write_demo_data
from jupyter_privguard.frames import read_table
from jupyter_privguard.model import DataClass


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return write_demo_data(tmp_path_factory.mktemp("data"), seed=7, rows=300)


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_three_files_in_this_order(files):
    assert [file.name for file in files] == ["customers.csv", "health.csv", "notes.csv"]


def test_a_seed_gives_the_same_bytes_and_another_seed_others(files, tmp_path):
    again = write_demo_data(tmp_path / "again", seed=7, rows=300)
    other = write_demo_data(tmp_path / "other", seed=8, rows=300)

    assert [file.read_bytes() for file in again] == [file.read_bytes() for file in files]
    assert all(a.read_bytes() != b.read_bytes() for a, b in zip(other, files, strict=True))


@pytest.mark.parametrize(
    ("column", "detector"),
    [
        ("aadhaar", "in_aadhaar"),
        ("pan", "in_pan"),
        ("ssn", "us_ssn"),
        ("iban", "iban"),
        ("card_number", "credit_card"),
        ("email", "email_address"),
        ("phone", "phone_number"),
        ("last_login_ip", "ip_address"),
        ("api_key", "credential"),
    ],
)
def test_every_number_is_valid(files, column, detector):
    values = [row[column] for row in _rows(files[0]) if row[column]]

    assert len(values) > 30
    assert [value for value in values if not DETECTORS[detector].proof(value)] == []


def test_national_numbers_stand_only_in_their_country(files):
    for row in _rows(files[0]):
        assert bool(row["aadhaar"]) == bool(row["pan"]) == (row["country"] == "India")
        assert bool(row["ssn"]) == (row["country"] == "United States")


def test_customers_are_told_apart_and_the_other_files_refer_to_them(files):
    customers, health, notes = map(_rows, files)
    known = {row["customer_id"] for row in customers}

    assert len(known) == len(customers) == 300
    assert {row["customer_id"] for row in (*health, *notes)} <= known


def test_every_class_of_the_contract_appears(files):
    classes = {verdict.data_class for file in files for verdict in classify(read_table(str(file)))}

    assert classes == set(DataClass)


def test_both_outcomes_and_all_countries_appear(files):
    customers = _rows(files[0])

    assert {row["churn"] for row in customers} == {"Yes", "No"}
    assert {row["country"] for row in customers} == {"India", "United States", "Germany", "France", "Spain"}
    assert 0.1 < sum(row["churn"] == "Yes" for row in customers) / 300 < 0.5


def test_some_notes_mention_somebody_and_most_do_not(files):
    (verdict,) = [v for v in classify(read_table(str(files[2]))) if v.column == "note"]
    mentioned = [row for row in _rows(files[2]) if "@" in row["note"] or "Regards" in row["note"]]

    assert verdict.entity == "FREE_TEXT_WITH_PII"
    assert 0 < len(mentioned) < len(_rows(files[2])) / 2


@pytest.mark.parametrize("rows", [0, 1])
def test_small_tables_have_their_header(tmp_path, rows):
    customers, _, _ = write_demo_data(tmp_path, rows=rows)

    assert len(_rows(customers)) == rows
    assert customers.read_text(encoding="utf-8").startswith("customer_id,full_name,")


def test_the_command_prints_the_paths(tmp_path, capsys):
    main([str(tmp_path / "out"), "--seed", "3", "--rows", "5"])

    assert [line.rsplit("/", 1)[1] for line in capsys.readouterr().out.split()] == [
        "customers.csv",
        "health.csv",
        "notes.csv",
    ]


def test_it_runs_as_a_module(tmp_path):
    command = [sys.executable, "-m", "jupyter_privguard.demo.data", str(tmp_path), "--rows", "2"]

    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
