"""Values are found where they stand directly against something else, and code that looks like them is not."""

from __future__ import annotations

import pytest

from jupyter_privguard.guard.texts.known import KnownValues

NAME, OTHER, MAIL = "Zdenka Dvorak", "Seán Baker", "z.dvorak77@mail.example"
PHONE, IBAN = "+420 157 948 762", "FI2632880"
MEMBER, PLACE, ILLNESS = "QX42278493K", "34 Storgata, Oslo", "Sarcoidosis"


@pytest.fixture
def known() -> KnownValues:
    """Two people."""
    known = KnownValues()
    for entity, values in {
        "PERSON_NAME": [NAME, OTHER, "Jörg Müßig"],
        "EMAIL_ADDRESS": [MAIL],
        "PHONE_NUMBER": [PHONE],
        "IBAN": [IBAN],
        "CUSTOMER_ID": [MEMBER],
        "ADDRESS": [PLACE],
        "DIAGNOSIS": [ILLNESS, "Chronic hepatitis C"],
    }.items():
        known.learn(entity, values, column=entity)
    return known


def left(text: str, known: KnownValues) -> str:
    """``text`` without what is found in it, apart from the ordinary look."""
    for hit in reversed(known.find_glued(text)):
        text = f"{text[: hit.start]}_{text[hit.end :]}"
    return text


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (f"{PHONE}{NAME}", "+__"),
        (f"{NAME}{PHONE}", f"{NAME}{PHONE}"),
        (f"{NAME}58660", "_58660"),
        (f"1971-09-20{NAME}{IBAN}", "1971-09-20__"),
        (f"{MEMBER}{NAME}", "__"),
        (f"{NAME}{OTHER}", "__"),
        (f"{NAME}{NAME.replace(' ', '')}X", "__X"),
        ("ZdenkaDvorak", "_"),
        ("userZdenkaDvorakRecord", "user_Record"),
        ("Jörg Müßig77", "_77"),
        ("x1Jörg Müßig", "x1_"),
        (f"tel{PHONE[1:]}name", "tel_name"),
        (f"{NAME}{MAIL}", f"{NAME}{MAIL}"),  # no change of letters
        (f"{ILLNESS}2024", "_2024"),
        ("Chronic hepatitis CDvorak", "_Dvorak"),
        (f"id{MEMBER.lower()}", f"id{MEMBER.lower()}"),
        ("Dvorak1987", "_1987"),
    ],
)
def test_what_stands_against_something_else_is_found(known: KnownValues, text: str, rest: str) -> None:
    assert left(text, known) == rest


@pytest.mark.parametrize(
    "text",
    [
        "DvorakModel",
        "class DvorakConfig2(Model): pass",
        "Dvorak2",
        "sarcoidosisModel",
        "float64 int32 utf8 v2 x86_64 sha256 1e10 0x7f3ac01d 10ms 3rd",
        "4f9a1c77b2e0d5",
        "XMLReader2 DataFrame getElementById toISOString",
        "QX4227",
        "948762ms",
        "run157 step948 762nd",
        "",
    ],
)
def test_what_only_looks_like_it_stays(known: KnownValues, text: str) -> None:
    assert left(text, known) == text


def test_nothing_known_is_nothing_found() -> None:
    known = KnownValues()

    assert known.find_glued("12Zdenka Dvorak") == []
