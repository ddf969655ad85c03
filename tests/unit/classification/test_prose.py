"""Notes about people: what has no form is found by the words and details beside it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.classification.prose import find_in_prose
from jupyter_privguard.classification.spans import find_spans


def found(text: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.entity) for span in find_in_prose(text, find_spans(text))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Spoke to Cordelia Ebberfeld about the refund.", [("Cordelia Ebberfeld", "PERSON_NAME")]),
        ("Called Umvelt Zorgan (+91 81234 55555) twice.", [("Umvelt Zorgan", "PERSON_NAME")]),
        ("asha@example.org, Umvelt Zorgan: no answer", [("Umvelt Zorgan", "PERSON_NAME")]),
        ("Umvelt Zorgan wrote from umvelt.zorgan@example.org again", [("Umvelt Zorgan", "PERSON_NAME")]),
        ("The patient Umvelt Zorgan reports pain", [("Umvelt Zorgan", "PERSON_NAME")]),
        ("Der Kunde Jürgen Müller-Wexheim zahlt nicht", [("Jürgen Müller-Wexheim", "PERSON_NAME")]),
        ("M. Jean-Luc de la Tour attend", [("Jean-Luc de la Tour", "PERSON_NAME")]),
        ("wants to hear from J. R. Hartley", [("J. R. Hartley", "PERSON_NAME")]),
        ("Dear Priya, thanks", [("Priya", "PERSON_NAME")]),
        (
            "Umvelt Zorgan, born 3 May 1980, moved",
            [("Umvelt Zorgan", "PERSON_NAME"), ("3 May 1980", "DATE_OF_BIRTH")],
        ),
        ("DOB: 1956-08-16, caller is upset", [("1956-08-16", "DATE_OF_BIRTH")]),
        ("date of birth (08/16/1956) checked", [("08/16/1956", "DATE_OF_BIRTH")]),
        ("sent to 2594 Cobblestone Avenue today", [("2594 Cobblestone Avenue", "ADDRESS")]),
        ("wohnt in der Lindenallee 14 seit 2020", [("Lindenallee 14", "ADDRESS")]),
        ("habite 12, rue des Lilas", [("12, rue des Lilas", "ADDRESS")]),
        ("Customer CUST-39087 paid", [("CUST-39087", "CUSTOMER_ID")]),
        ("employee id E-10023 left", [("E-10023", "EMPLOYEE_ID")]),
        ("patient no: 8891233 came", [("8891233", "MEDICAL_RECORD_NUMBER")]),
        ("account 00123456789 closed", [("00123456789", "BANK_ACCOUNT")]),
    ],
)
def test_what_is_said_of_persons(text: str, said: list[tuple[str, str]]) -> None:
    assert found(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "The Garden Birds book by Penguin Classics arrived on Monday Morning.",
        "Asked about the Premium Plan in New York and San Francisco.",
        "Please call the Support Team; Dear Customer Service Team, the Credit Card form is gone.",
        "Black Friday order, Blue Cross Insurance, Home Depot.",
        "Patient reports Chest Pain since Sunday, prescribed Ibuprofen.",
        "Customer since 2019, user guide v10 attached, member of 12 groups",
        "shipped 2024-03-01, due 2024-03-09, opened on 3 May 2024",
        "3 cars in the last lane, 12 people on the street",
        "HTTP Error 500 in Module Loader at Line 14",
        "",
    ],
)
def test_what_is_about_nobody_stays(text: str) -> None:
    assert found(text) == []


WORDS = st.sampled_from(
    "Customer Asha Kulkarni asha@example.org born 1980-02-03 12 Maple Street, Dr. J. de la CUST-39087 "
    "(+91 81234 55555) \n Regards, ß İ Ünal 李 '".split(" ")
)


@given(st.lists(WORDS | st.text(max_size=6), max_size=12).map(" ".join))
def test_spans_are_in_order_and_apart_from_those_found_before(text: str) -> None:
    before = find_spans(text)
    spans = sorted([*before, *find_in_prose(text, before)])

    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
