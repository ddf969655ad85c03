"""Bytes that write text in UTF-8: how files without a text type, and some engines, give it."""

from __future__ import annotations

import hashlib

import pandas as pd
import pyarrow as pa
import pytest

import jupyter_privguard as pg

ROWS = 40
PEOPLE = {
    "customer_id": [b"C%05d" % n for n in range(ROWS)],
    "email": [b"user%d@corp.example" % n for n in range(ROWS)],
    "full_name": ["José Müller".encode(), b"Asha Kulkarni"] * (ROWS // 2),
}
WANTED = {"customer_id": "CUSTOMER_ID", "email": "EMAIL_ADDRESS", "full_name": "PERSON_NAME"}


@pytest.mark.parametrize("make", [pd.DataFrame, pa.table], ids=["pandas", "arrow"])
def test_text_in_bytes_is_classified_and_masked_like_text(make):
    table = make(PEOPLE)

    assert {v.column: v.entity for v in pg.classify(table)} == WANTED
    shown = str(pg.mask(table).to_pydict() if make is pa.table else pg.mask(table).to_dict())
    assert not any(word in shown for word in ("C00001", "user1@", "Kulkarni", "Müller"))


def test_a_pattern_alone_finds_addresses_in_bytes():
    assert pg.classify(pd.DataFrame({"x": PEOPLE["email"]}))[0].entity == "EMAIL_ADDRESS"


@pytest.mark.parametrize("values", [
    [hashlib.sha256(bytes([n])).digest() for n in range(ROWS)],
    [b"\x89PNG\r\n\x1a\n" + bytes([n]) for n in range(ROWS)],
    [bytes([n, 0, 255]) for n in range(ROWS)],
    [b""] * ROWS,
], ids=["hashes", "pictures", "numbers", "empty"])  # fmt: skip
def test_bytes_that_are_no_text_stay_bytes(values):
    verdict = pg.classify(pd.DataFrame({"blob": values}))[0]

    assert verdict.entity == "NONE"
