"""Known values are found however they are written, and never by coincidence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.guard.texts.known import KnownValues


def known(entity: str, *values: object) -> KnownValues:
    values_ = KnownValues()
    values_.learn(entity, values)
    return values_


@pytest.mark.parametrize(
    ("entity", "value", "text"),
    [
        ("PERSON_NAME", "Asha Kulkarni", "dear Asha Kulkarni, hello"),
        ("PERSON_NAME", "Asha Kulkarni", "ASHA   KULKARNI"),
        ("PERSON_NAME", "Asha Kulkarni", "asha\tkulkarni"),
        ("PERSON_NAME", "Asha Kulkarni", "\x1b[31mAsha\x1b[0m \x1b[1mKulkarni\x1b[0m"),
        ("PERSON_NAME", "Asha Kulkarni", r"'row\nAsha Kulkarni'"),
        ("PERSON_NAME", "Asha Kulkarni", "Mr. Kulkarni called"),
        ("PERSON_NAME", "Seán O'Brien", "Seán O&#39;Brien"),
        ("PERSON_NAME", "Sea\u0301n Groß", "SEA\u0301N GROSS"),
        ("EMAIL_ADDRESS", "asha.k@corp.example", "ASHA.K@CORP.EXAMPLE"),
        ("CUSTOMER_ID", "CUST-00017", "id=cust_00017;"),
        ("PHONE_NUMBER", "+91 98765 43210", "call 9876543210"),
        ("PHONE_NUMBER", "9876543210", "call 98765-43210"),
        ("PHONE_NUMBER", 9876543210.0, "9876543210"),
        ("CREDIT_CARD", "4111111111111111", "4111 1111 1111 1111"),
        ("ADDRESS", "12 MG Road, Pune 411001", "12 MG ROAD PUNE 411001"),
        ("DIAGNOSIS", "Asthma", "has asthma"),
    ],
)
def test_a_known_value_is_found_in_any_notation(entity: str, value: object, text: str) -> None:
    hits = known(entity, value).find(text)

    assert [hit.entity for hit in hits] == [entity]


@pytest.mark.parametrize(
    ("entity", "value", "text"),
    [
        ("INCOME", 52000, "52000"),
        ("INCOME", 123456789012, "123456789012"),
        ("AGE", 34, "34"),
        ("POSTCODE", "411001", "411001"),
        ("DATE_OF_BIRTH", "1984-03-02", "1984-03-02"),
        ("CUSTOMER_ID", "10023", "10023"),
        ("PERSON_NAME", "Grant", "a Grant was given"),
        ("PERSON_NAME", "Frank Good", "a frank word, a Good one"),
        ("PERSON_NAME", "An Le", "an le"[:2]),
        ("PERSON_NAME", "Asha Kulkarni", "a kulkarni-like pattern"),
        ("RELIGION", "Hindu", "the Hindu newspaper"),
        ("PERSON_NAME", "Asha Kulkarni", "AshaKulkarniX"),
    ],
)
def test_a_number_or_a_common_word_is_never_found_by_coincidence(entity: str, value: object, text: str) -> None:
    assert known(entity, value).find(text) == []


def test_the_longest_value_wins() -> None:
    values = known("PERSON_NAME", "Maria Santos", "Maria Santos Silva")

    hits = values.find("for Maria Santos Silva today")

    assert [hit.value for hit in hits] == ["Maria Santos Silva"]


def test_a_value_at_the_very_end_is_found_beside_a_longer_one() -> None:
    values = known("PERSON_NAME", "Maria Santos", "Maria Santos Silva")

    assert [hit.value for hit in values.find("for Maria Santos")] == ["Maria Santos"]


def test_a_stream_that_may_go_on_to_a_value_is_recognised() -> None:
    values = known("PERSON_NAME", "Asha Kulkarni")

    assert values.may_begin("dear Ash")
    assert values.may_begin("dear Asha Kulk")
    assert not values.may_begin("progress 50")


def test_the_repr_shows_no_value() -> None:
    assert "Kulkarni" not in repr(known("PERSON_NAME", "Asha Kulkarni"))


@settings(max_examples=150)
@given(st.text(min_size=1, max_size=60), st.text(max_size=40), st.text(max_size=40))
def test_hits_lie_inside_the_text_in_order(value: str, before: str, after: str) -> None:
    text = f"{before} {value} {after}"

    hits = known("ADDRESS", value).find(text)

    edges = [edge for hit in hits for edge in (hit.start, hit.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
