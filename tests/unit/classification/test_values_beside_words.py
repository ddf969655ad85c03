"""A value within a short text is found in a sample and in every cell, in however many cells it stands."""

from __future__ import annotations

import uuid

import pandas as pd
import pytest

from jupyter_privguard.classification import every_cell, spans
from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.classification.detector import DETECTORS
from jupyter_privguard.classification.spans import find_spans, finders
from jupyter_privguard.frames import view
from jupyter_privguard.patterns.engine import Candidates, is_available

WITHIN = {
    "sender": [f"James Smith <james{n}@corp.example>" for n in range(80)],
    "payload": [f'{{"email":"a{n}@corp.example"}}' for n in range(80)],
    "t4": [f"SSN {100 + n}-{10 + n}-{1000 + n}" for n in range(80)],
    "ip": [f"from 10.2.3.{n + 1}" for n in range(80)],
    "origin": [f"from 93.42.3.{n + 1}" for n in range(80)],
    "tel": [f"tel +44 77009{n:05d}" for n in range(80)],
    "x1": [f"note {n}" for n in range(60)] + [f"mail a{n}@corp.example" for n in range(20)],
}
HARMLESS = {
    "invoice": [f"Nr {100 + n}-{10 + n}-{1000 + n}" for n in range(80)],
    "ref": [f"invoice {100 + n}-{10 + n}-{1000 + n}" for n in range(80)],
    "number": [f"{100 + n}-{10 + n}-{1000 + n}" if n % 2 else f"{n}" for n in range(80)],
    "version": [f"release {n % 9}.2.3.{n + 1}" for n in range(80)],
    "price": [f"about 12.{n:02d} per unit" for n in range(80)],
    "card_ref": [f"{4_302_273_394_464_926 + n}" for n in range(80)],
    "code": [f"A{n}-{n % 7}" for n in range(80)],
    "x1": [str(uuid.UUID(int=n**9)) for n in range(80)],
}


def _entity(label, values, *, full):
    return classify(view(pd.DataFrame({label: values})), full=full)[0].entity


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("label", WITHIN)
def test_a_value_beside_words_makes_a_short_text_free_text(label, full):
    assert _entity(label, WITHIN[label], full=full) == "FREE_TEXT_WITH_PII"


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("label", HARMLESS)
def test_what_is_no_value_or_the_number_of_a_paper_does_not(label, full):
    assert _entity(label, HARMLESS[label], full=full) == "NONE"


def test_the_same_is_found_whether_the_engine_looks_first_or_not(monkeypatch):
    texts = [*(text for values in (*WITHIN.values(), *HARMLESS.values()) for text in values), "a\0b", "", "aa:bb:cc"]

    alone = list(every_cell.texts_with_spans(texts, ()))
    monkeypatch.setattr(every_cell, "_MUCH", 0)
    together = dict(every_cell.texts_with_spans(texts, ()))

    assert [together.get(text, []) for text, _ in alone] == [found for _, found in alone]


@pytest.mark.skipif(not is_available(), reason="without the engine every text is asked for")
def test_only_detectors_that_may_find_something_are_asked():
    texts = [f"item number {n} in stock" for n in range(50)] + HARMLESS["x1"] + HARMLESS["code"]
    texts += [f"from 0.{n:018d} to 0.{n:09d}" for n in range(50)]

    assert Candidates([found.span for found in finders()]).hits([*texts, "a@corp.example"]) == {
        len(texts): frozenset({[found.name for found in finders()].index("email_address")})
    }


def test_after_enough_values_of_a_form_no_more_are_looked_for():
    text = "a@corp.example " * 50 + "DE89370400440532013000"

    assert {span.entity for span in find_spans(text, most=2)} == {"EMAIL_ADDRESS", "IBAN"}
    assert len(find_spans(text, most=2)) == 3
    assert len(find_spans(text)) == 51


def test_every_form_has_four_digits_or_a_mark():
    samples = ["aa:bb:cc:dd:ee:ff", "aa-bb-cc-dd-ee-ff", "fe80:0:0:0:0:0:0:a", "a@corp.example", "10.9.9.9"]

    assert all(map(spans._may_hold, samples))
    assert {d.name for d in DETECTORS.values() if d.span} == {d.name for d in finders()}
