"""What is known of long columns is what would be known of the same values in short ones."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.frames import phrases
from jupyter_privguard.guard.texts import known_index
from jupyter_privguard.guard.texts.known import KnownValues

COLUMNS = {
    "PERSON_NAME": ["Asha Kulkarni", "Jörg Müßig", "Wendeline", "Dean", "Seán O'Brien", "winter", "An Li & Sons"],
    "EMAIL_ADDRESS": ["asha.k77@corp.example", "someone@corp.example", "***@***", "tok_12345678"],
    "PHONE_NUMBER": ["+91 98765 43210", "040-1234567", "9812345678"],
    "CUSTOMER_ID": ["CUST-00017", "K77X91", "123456789", "12345"],
    "DIAGNOSIS": ["Asthma", "type 2 diabetes", "flu"],
    "INCOME": [50_123, 987_654_321, 1_234_567_890],
}
TEXTS = [
    *(str(value) for values in COLUMNS.values() for value in values),
    "dear ASHA  kulkarni and MÜSSIG, call 9876543210 or 98765-43210",
    "the dean of winter had asthma; Kulkarni wrote k77x91 to cust_00017",
    "asha.k77 wrote: 987654321 1234567890 123-456-789 12345 Asha Kulk... and …laus",
    "nothing of that is in here: 40 people, 12 of them in 2024",
    "An Li &amp; Sons, Sean O'Brien, Seán O&#39;Brien",
    "someone said tok_12345678 and ***@***",
]


def learned(monkeypatch, many: int) -> KnownValues:
    monkeypatch.setattr(known_index, "_MANY", many)
    known = KnownValues()
    for entity, values in COLUMNS.items():
        known.learn(entity, values, column=entity.lower(), domain="own" if entity == "CUSTOMER_ID" else "")
    return known


@pytest.fixture
def both(monkeypatch) -> tuple[KnownValues, KnownValues]:
    return learned(monkeypatch, 1_000_000), learned(monkeypatch, 1)


@pytest.mark.parametrize("text", [*TEXTS, "\n".join(TEXTS * 30)])
def test_the_same_is_found(both, text) -> None:
    short, long = both

    assert long.find(text) == short.find(text)
    assert bool(long.find_cut(text)) == bool(short.find_cut(text))


@pytest.mark.parametrize("few_firsts", [10, 0])
def test_a_value_against_other_letters_is_found_where_only_a_long_column_is_known(monkeypatch, few_firsts) -> None:
    monkeypatch.setattr(known_index, "_MANY", 1)
    monkeypatch.setattr(phrases, "_FEW_FIRSTS", few_firsts)
    known = KnownValues()
    known.learn("EMAIL_ADDRESS", ["asha.kale@corp.example", "wendeline.roy@corp.example"], column="mail")

    assert [hit.value for hit in known.find_glued("no 42asha.kale@corp.example")] == ["asha.kale@corp.example"]


@cache
def _made_once() -> tuple[KnownValues, KnownValues]:
    """Both, to be asked alone."""
    with pytest.MonkeyPatch.context() as patch:
        return learned(patch, 1_000_000), learned(patch, 1)


@given(st.text(alphabet="asha kulrni.7@0198+-ö\n&", max_size=40))
@settings(max_examples=150, deadline=None)
def test_the_same_is_found_in_any_text(text: str) -> None:
    short, long = _made_once()
    assert long.find(text) == short.find(text)


def test_no_object_is_kept_for_a_value(both) -> None:
    short, long = both

    assert len(long) == len(short) and "Kulkarni" not in repr(long)
    assert all(not met.few for (_, meaning), met in long._index.met.items() if meaning.entity == "DIAGNOSIS")


@pytest.mark.parametrize(
    "tail", ["to ash", "to Asha Kul", "call 98765", "id CUS", "nothing of xyq", "call 98765 43210 9"]
)
def test_a_stream_that_may_go_on_to_a_value_is_held(both, tail) -> None:
    short, long = both

    assert long.may_begin(tail) or not short.may_begin(tail)


def test_the_columns_of_values_are_the_same(both) -> None:
    for known in both:
        assert known.columns_with(["CUST-00017", "12345"]) == ["customer_id"]
        assert known.columns_with(["CUST-00017", "Asthma"]) == []
        assert known.columns_with([50_123]) == ["income"]
        assert known.domain_of("CUSTOMER_ID", ["K77X91"], label="x") == "own"
        meaning = known.meaning_of(COLUMNS["PERSON_NAME"][:4], label="x", fewest=3)
        assert meaning is not None and meaning.entity == "PERSON_NAME"


@pytest.mark.parametrize("entity", [None, "EMPLOYEE_ID"])
def test_a_column_is_forgotten_or_becomes_another_one(both, entity) -> None:
    for known in both:
        before = known.revision
        known.judge("customer_id", entity, values=["CUST-00017"], sources=["diagnosis"])

        found = known.find("CUST-00017 has asthma")
        assert [hit.entity for hit in found] == [*([entity] if entity else []), "DIAGNOSIS"]
        assert known.revision > before and known.has("customer_id") == (entity is not None)


def test_what_is_learned_again_is_nothing_new(both, monkeypatch) -> None:
    for known, many in zip(both, (1_000_000, 1), strict=True):
        monkeypatch.setattr(known_index, "_MANY", many)
        before, size = known.revision, len(known)
        known.learn("DIAGNOSIS", list(COLUMNS["DIAGNOSIS"]), column="diagnosis")
        known.learn("DIAGNOSIS", list(COLUMNS["DIAGNOSIS"]), column="a part", is_derived=True)

        assert (known.revision, len(known)) == (before, size) and not known.has("a part")


def test_the_first_meaning_of_a_value_counts(monkeypatch) -> None:
    for many in (1_000_000, 1):
        monkeypatch.setattr(known_index, "_MANY", many)
        known = KnownValues()
        known.learn("CUSTOMER_ID", ["AB-77120"], column="one")
        known.learn("EMPLOYEE_ID", ["AB-77120", "AB-77121"], column="other")

        assert [hit.entity for hit in known.find("AB-77120, AB-77121")] == ["CUSTOMER_ID", "EMPLOYEE_ID"]


def test_what_may_be_new_after_an_interrupt_counts_as_new(monkeypatch) -> None:
    known = KnownValues()

    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(known_index.Index, "_learn_one", interrupted)
    with pytest.raises(KeyboardInterrupt):
        known.learn("CUSTOMER_ID", ["AB-77120"], column="one")
    assert known.revision == 1
