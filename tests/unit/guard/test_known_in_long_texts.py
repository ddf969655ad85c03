"""In long texts known values are found as in short ones: the same hits, wherever they stand."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jupyter_privguard.frames import phrases
from jupyter_privguard.guard.texts import known as known_module
from jupyter_privguard.guard.texts import known_index, known_search
from jupyter_privguard.guard.texts.known import KnownValues

VALUES = {
    "PERSON_NAME": [
        "Asha Kulkarni",
        "Seán O'Brien",
        "Sea\u0301n Groß",
        "Wendeline Osterhaus",
        "Jürgen Weiß",
        "王 小明明明",
    ],
    "EMAIL_ADDRESS": ["asha.k@corp.example", "w.osterhaus71@mail.example"],
    "PHONE_NUMBER": ["+91 98765 43210", "9876501234", "020 7946 0123"],
    "CREDIT_CARD": ["4111111111111111"],
    "ADDRESS": ["12 MG Road, Pune 411001", "12 MG Road", "1 Long Lane " + " ".join(f"part{n}" for n in range(20))],
    "CUSTOMER_ID": ["CUST-00017"],
    "DIAGNOSIS": ["Asthma", "Type 2 diabetes"],
}
PIECES = st.sampled_from(
    [
        *(value for values in VALUES.values() for value in values),
        *"asha|ASHA|Kulkarni|kulkarni|12|MG|Road|98765|43210|9876543210|987 65 4321 0|4111|1111 1111 1111".split("|"),
        *"+91|2|Type|x|_|-|.|,|(|\n|\r\n|\t| |  |   |...|…|\0|\ud800|é|ß|٣|²|９８７６５|ſ|İ|\\n|&amp;".split("|"),
        *"&#39;|%20|<b>|</b>".split("|"),
        "\x1b[31m", "\x1b[0 q", "\x1b[", "\\", "&", "1", "2024-01-05 12:33:45", "2024-01-05 98765 43210", "0" * 9,
        "0.987, 6.54321", "3.98765 4.3210", ".98765,", "43210.5", "0.98765", "43210", "98", "76", "54", "32", "10",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(PIECES, max_size=60).map("".join),
    st.lists(PIECES, max_size=60).map(" ".join),
    st.lists(PIECES, max_size=20).map(" - ".join),
    st.text(max_size=60),
)


@pytest.fixture(scope="module")
def known() -> KnownValues:
    found = KnownValues()
    for entity, values in VALUES.items():
        found.learn(entity, values)
    return found


@pytest.fixture(scope="module")
def packed() -> KnownValues:
    """The same, learned as the values of long columns are."""
    found = KnownValues()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known_index, "_MANY", 1)
        patch.setattr(phrases, "_FEW_FIRSTS", 0)
        for entity, values in VALUES.items():
            found.learn(entity, values)
    assert found._index.columns
    return found


def _carefully(known: KnownValues, text: str, monkeypatch) -> list:
    with monkeypatch.context() as patch:
        patch.setattr(known_module, "_SHORT", len(text))
        return known.find(text)


def _part_by_part(known: KnownValues, text: str, size: int, monkeypatch) -> list:
    with monkeypatch.context() as patch:
        patch.setattr(known_module, "_SHORT", -1)
        patch.setattr(known_search, "_SIZE", size)
        return known.find(text)


@pytest.mark.parametrize("size", [1, 40, 1000])
@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
@example(text="Asha" + "-" * 5000 + "Kulkarni")
@example(text="\n".join(["Asha Kulkarni"] * 90))
@example(text="x" * 3000 + " 98765 43210")
def test_hits_are_those_of_a_careful_look_at_each_word(known, size, text):
    with pytest.MonkeyPatch.context() as patch:
        assert _part_by_part(known, text, size, patch) == _carefully(known, text, patch)


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_values_of_long_columns_are_found_as_others_are(known, packed, text):
    with pytest.MonkeyPatch.context() as patch:
        found = _part_by_part(packed, text, 100, patch)
        assert found == _carefully(packed, text, patch)
        assert [hit[:3] for hit in found] == [hit[:3] for hit in _part_by_part(known, text, 100, patch)]


def test_values_at_the_end_of_a_part_are_found(known, monkeypatch):
    line = "word " * 20 + "\n"
    for shift in range(0, 200, 7):
        text = line * 160 + "y" * shift + " Asha Kulkarni, 12 MG Road, Pune 411001 " + line * 160
        assert [hit.value for hit in known.find(text)] == ["Asha Kulkarni", "12 MG Road, Pune 411001"]


def test_a_text_of_signs_alone_takes_no_longer_than_others(known, monkeypatch):
    looked_at = 0
    original = known_search._Words

    class Counting(original):
        def __init__(self, text: str) -> None:
            nonlocal looked_at
            looked_at += len(text)
            super().__init__(text)

    monkeypatch.setattr(known_search, "_Words", Counting)
    text = "Asha " + "- " * 1_000_000 + "Kulkarni"

    assert [hit.value for hit in known.find(text)] == ["Asha Kulkarni"]
    assert looked_at < 5 * len(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("[0.98765, 43210.5]", 0),
        ("0.98765 43210.5", 0),
        ("0.98765,43210.5", 0),
        ("0.98765, 98765.43210", 1),
        ("98765 43210.5", 1),
        ("98765,43210", 1),
        ("9,876,543,210.00", 1),
        ("98.765.43210", 1),
        ("at 2024-01-05 12:33:45,123 done", 0),
        ("at 2024/01/05 12:33 done", 0),
        ("call 20240 10512", 1),
        ("call 2024-01-05 12 now", 1),
        ("2024-01-05 12:33 call 20240 10512", 1),
    ],
)
def test_digits_of_times_and_of_two_decimals_are_no_groups_of_a_number(text, count, monkeypatch):
    known = KnownValues()
    known.learn("PHONE_NUMBER", ["2024010512", "0105123345", "9876543210"])

    assert len(known.find(text)) == count
    assert _part_by_part(known, text, 1000, monkeypatch) == known.find(text)
