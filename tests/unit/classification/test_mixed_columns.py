"""A column in which some cells are of an unmistakable form and others are something else."""

from __future__ import annotations

import pandas as pd
import pytest

import jupyter_privguard as pg

FORMS = {
    "EMAIL_ADDRESS": lambda n: f"reader{n}@corp.example",
    "MAC_ADDRESS": lambda n: f"00:1b:44:{n // 256:02x}:3a:{n % 256:02x}",
    "CREDENTIAL": lambda n: f"ghp_{n:036d}",
}


def mixed(form, share, rows=1000):
    return [form(n) if n % 100 < share else f"shelf {n * 7 % 977}" for n in range(rows)]


@pytest.mark.parametrize("full", [False, True], ids=["sample", "every cell"])
@pytest.mark.parametrize("header", ["contact", "email", "x"])
@pytest.mark.parametrize("share", [5, 20, 35, 50, 65])
def test_addresses_among_other_things_are_masked_whatever_their_share(share, header, full):
    found = pg.classify(pd.DataFrame({header: mixed(FORMS["EMAIL_ADDRESS"], share)}), full=full)[0]

    assert found.entity in ("FREE_TEXT_WITH_PII", "EMAIL_ADDRESS")
    assert found.is_sensitive


@pytest.mark.parametrize("entity", FORMS)
def test_the_evidence_names_what_was_found_and_among_how_many(entity):
    found = pg.classify(pd.DataFrame({"x": mixed(FORMS[entity], 30)}))[0]

    assert found.entity == "FREE_TEXT_WITH_PII"
    assert any(f"{entity} in " in reason and "distinct values" in reason for reason in found.evidence)


def test_phones_and_addresses_by_turns_are_found():
    values = [f"reader{n}@corp.example" if n % 2 else f"+49 30 5550{n % 100:02d}" for n in range(400)]

    assert pg.classify(pd.DataFrame({"contact": values}))[0].is_sensitive


@pytest.mark.parametrize(
    "cell",
    [
        "shelf@3",
        "@mention",
        "a@b",
        "12:30:45:10",
        "00:1b:44:11:3a",
        "price@unit.total.",
        "ghp_short",
        "1234 5678 9012 3456",
    ],
)
def test_what_only_looks_a_little_like_it_is_nothing(cell):
    values = [f"{cell}" if n % 2 else f"shelf {n}" for n in range(400)]

    assert not pg.classify(pd.DataFrame({"x": values}))[0].is_sensitive
