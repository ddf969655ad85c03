"""Text in which released values stand beside what is hidden: the first are shown, the second never."""

from __future__ import annotations

import pytest

from jupyter_privguard.classification.spans import find_spans
from jupyter_privguard.guard.columns.released import Released, ReleasingMasker
from jupyter_privguard.guard.overrides.statements import Column, DataSet
from jupyter_privguard.guard.texts.known import KnownValues
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.model import Tier
from jupyter_privguard.policy.builtin import built_in

PHONE, EMAIL, NAME = "+91 98765 43210", "asha.kulkarni@corp.example", "Asha Kulkarni"
RING = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/test")
TABLE = Column(DataSet("people"), "phone")


@pytest.fixture
def masker() -> ReleasingMasker:
    released = Released(find_spans)
    released.learn(TABLE, [PHONE, EMAIL, "98765", f"see {NAME}"], is_for_all=True)
    return ReleasingMasker(built_in(), RING, released)


def known(**values: str) -> KnownValues:
    found = KnownValues()
    for entity, value in values.items():
        found.learn(entity, [value], column=entity)
    return found


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (f"0  {PHONE}  137  gold", {}),
        (f"12 {PHONE} 13", {}),
        (f"{PHONE}  {PHONE}", {}),
        (f"a {EMAIL} b", {}),
        (f"0  {EMAIL}  {PHONE}  9", {"PERSON_NAME": NAME}),
        (f"<td>{EMAIL}</td><td>{PHONE}</td>", {"USERNAME": "asha.kulkarni"}),
    ],
)
def test_released_values_are_shown(masker, text, holds) -> None:
    assert masker.mask(text, Tier.PUBLIC, known(**holds)).text == text


@pytest.mark.parametrize(
    ("text", "holds", "gone"),
    [
        ("0  +91 98765 43211  137", {}, "43211"),
        (f"{PHONE}  +91 98765 43299  7", {}, "43299"),
        (f"{EMAIL}, b.c@else.example", {}, "b.c@"),
        (f"x{EMAIL}", {}, "kulkarni"),
        (f"{EMAIL}", {"EMAIL_ADDRESS": EMAIL}, "kulkarni"),
        (f"{EMAIL}", {"CUSTOMER_ID": EMAIL}, "kulkarni"),
        (f"0  {PHONE}  137", {"PHONE_NUMBER": "98765 43210"}, "43210"),
        (f"{PHONE}  137", {"CUSTOMER_ID": "9876543210137"}, "43210"),
        (f"{EMAIL} of {NAME}", {"PERSON_NAME": NAME}, NAME),
        (f"see {NAME}", {"PERSON_NAME": NAME}, NAME),
        ("+91 98765 43277", {}, "43277"),
    ],
)
def test_what_is_hidden_stays_hidden_beside_them(masker, text, holds, gone) -> None:
    assert gone not in masker.mask(text, Tier.PUBLIC, known(**holds)).text


def test_nothing_is_shown_that_was_released_for_some_only() -> None:
    released = Released(find_spans)
    released.learn(TABLE, [PHONE], is_for_all=False)

    assert "43210" not in ReleasingMasker(built_in(), RING, released).mask(PHONE, Tier.PUBLIC, known()).text
