"""Values inside running text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.classification.spans import find_spans, redact_spans


def _found(text):
    return [(text[span.start : span.end], span.entity) for span in find_spans(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to asha@example.org.", [("asha@example.org", "EMAIL_ADDRESS")]),
        ("card 4111 1111 1111 1111, twice", [("4111 1111 1111 1111", "CREDIT_CARD")]),
        ("IBAN GB82 WEST 1234 5698 7654 32 ok", [("GB82 WEST 1234 5698 7654 32", "IBAN")]),
        ("call +49 30 1234567 now", [("+49 30 1234567", "PHONE_NUMBER")]),
        ("call (202) 555-0143 or 202-555-0144", [("(202) 555-0143", "PHONE_NUMBER"), ("202-555-0144", "PHONE_NUMBER")]),
        ("ssn=536-90-4399;", [("536-90-4399", "US_SSN")]),
        ("from 192.0.2.7 to 198.51.100.9", [("192.0.2.7", "IP_ADDRESS"), ("198.51.100.9", "IP_ADDRESS")]),
        ("<a href='mailto:asha@example.org'>", [("asha@example.org", "EMAIL_ADDRESS")]),
        ("Row(id=7, e_mail='asha@example.org', n=1)", [("asha@example.org", "EMAIL_ADDRESS")]),
        ("to='o'hara@example.org'", [("o'hara@example.org", "EMAIL_ADDRESS")]),
        ("user=7 email=asha@example.org", [("asha@example.org", "EMAIL_ADDRESS")]),
        ("asha=corp.example@lists.example", [("asha=corp.example@lists.example", "EMAIL_ADDRESS")]),
        ("x='.asha@example.org", [("x='.asha@example.org", "EMAIL_ADDRESS")]),
        ("mac 00:00:5E:00:53:AF up", [("00:00:5E:00:53:AF", "MAC_ADDRESS")]),
        ("PAN ABCPE1234F given", [("ABCPE1234F", "IN_PAN")]),
    ],
)
def test_values_are_found_in_sentences(text, found):
    assert _found(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-02 and 02.01.2024, /data/2024-01-02/run.csv",
        "e = 2.718281828459045, pi = 3.141592653589793",
        "listening on 127.0.0.1:8888, version 4.18.0.305",
        "order SO-1234-5678 and part 000-12-3456",
        "0.4111111111111111 of it",
        "sha a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
        "epoch 1700000000, rows 123456789012",
        "mean 4532.25 std 1200.75 count 600",
        "@decorator def f(x): return x @ y",
        "",
        "no digits here",
    ],
)
def test_harmless_text_stays_whole(text):
    assert find_spans(text) == []


BODY = "sk-zjM9SxeAyMDbK91lE1y7Ug6jRk2lqZaa08S_s4xk"


@pytest.mark.parametrize("mask", [f"tok:hs256:40a0e457:{BODY}", f"enc:siv256:40a0e457:{BODY}uyAfINKdt7fX3w"])
def test_letters_of_a_masked_value_are_no_credential(mask):
    assert _found(BODY) == [(BODY, "CREDENTIAL")]
    assert _found(f"a,{mask},b\n{mask}") == []
    assert _found(f"{mask} {BODY}") == [(BODY, "CREDENTIAL")]


@pytest.mark.parametrize("text", [f"tok:hs256:40a0e457:{BODY}AB", f"note:hs256:40a0e457:{BODY}", f"tok:hs256:{BODY}"])
def test_what_only_resembles_a_masked_value_is_looked_into(text):
    assert [entity for _, entity in _found(text)] == ["CREDENTIAL"]


def test_redaction_replaces_the_spans_only():
    assert redact_spans("to asha@example.org, bye") == "to [redacted], bye"


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_spans_are_sorted_inside_the_text_and_do_not_overlap(text):
    spans = find_spans(text)

    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= two.start for one, two in pairwise(spans))


def test_a_long_line_without_values_is_looked_through():
    assert find_spans("a1" * 50_000 + " " + "x.y-" * 20_000) == []


@pytest.mark.parametrize("text", ["order 234123412346", "5901234123457", "ean 4222222222222", "[630400000000000]"])
def test_bare_digits_that_pass_one_check_digit_by_chance_are_left_alone(text):
    assert find_spans(text) == []


@pytest.mark.parametrize(
    "text", ["Aadhaar no. 234123412346", "card 4222222222222", "4111111111111111", "2341 2341 2346"]
)
def test_bare_digits_that_are_named_or_grouped_or_of_a_large_issuer_are_found(text):
    assert len(find_spans(text)) == 1
