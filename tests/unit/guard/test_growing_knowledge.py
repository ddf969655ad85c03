"""However small the tables are by which values become known: packed in between, they are found as if they were not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.frames import phrases
from jupyter_privguard.guard.texts import known_index
from jupyter_privguard.guard.texts.fingerprinting import Fingerprinting
from jupyter_privguard.guard.texts.fingerprints import FingerprintedValues
from jupyter_privguard.guard.texts.known import KnownValues
from jupyter_privguard.keys.fingerprints import FingerprintKey
from tests.fuzzing import fuzz

KEY = FingerprintKey(b"a key of a kernel's connection", "7c3f")
FIRST = ["Asha", "Jörg", "Wendeline", "Seán", "winter"]
LAST = ["Kulkarni", "Müßig", "O'Brien", "Oster & Sons"]
COLUMNS = {
    "PERSON_NAME": st.builds("{} {}".format, st.sampled_from(FIRST), st.sampled_from(LAST)),
    "EMAIL_ADDRESS": st.builds("{}.k{}@corp.example".format, st.sampled_from(["asha", "jörg"]), st.integers(0, 9)),
    "PHONE_NUMBER": st.builds("+91 98765 4321{}".format, st.integers(0, 9)),
    "CUSTOMER_ID": st.builds("CUST-{:05d}".format, st.integers(0, 9)),
    "EMPLOYEE_ID": st.builds("CUST-{:05d}".format, st.integers(0, 9)),  # the same ones: the first meaning counts
    "INCOME": st.integers(50_000, 50_009),
}
LEARNED = st.one_of(
    *(
        st.tuples(st.just(entity), st.lists(values, max_size=5), st.sampled_from("abc"), st.sampled_from(["", "own"]))
        for entity, values in COLUMNS.items()
    )
)
TEXT = " and ".join(
    [
        *(f"{first} {last}" for first in FIRST for last in LAST),
        *(f"{name}.k{at}@corp.example {name}.k{at}" for name in ("asha", "jörg") for at in range(10)),
        *(f"+91 98765 4321{at} or 9876543-21{at}" for at in range(10)),
        *(f"cust_{at:05d} {50_000 + at}" for at in range(10)),
        "Asha Kul... …O'Brien Oster Müssig winter",
    ]
)


def learned(steps: list[tuple[str, list[Any], str, str]], many: int) -> KnownValues:
    known = KnownValues()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known_index, "_MANY", many)
        patch.setattr(phrases, "_FEW_FIRSTS", many)
        for entity, values, column, domain in steps:
            known.learn(entity, values, column=(entity, column), domain=domain)
    return known


@given(st.lists(LEARNED, max_size=25), st.integers(1, 6))
@fuzz(60)
def test_the_same_is_known_however_often_it_was_packed(steps: Any, many: int) -> None:
    one, packed = learned(steps, 1_000_000), learned(steps, many)

    assert [hit[:5] for hit in packed.find(TEXT)] == [hit[:5] for hit in one.find(TEXT)]
    assert [packed.find(part) for part in TEXT.split(" and ")] == [one.find(part) for part in TEXT.split(" and ")]
    assert len(packed.find_cut(TEXT)) == len(one.find_cut(TEXT))
    for _, values, _, _ in steps:
        assert packed.columns_with(values) == one.columns_with(values)
        assert all(packed.columns_with([value]) == one.columns_with([value]) for value in values)
    for entity, values, _, _ in steps:
        assert packed.domain_of(entity, values, label="a") == one.domain_of(entity, values, label="a")


@given(st.lists(LEARNED, min_size=1, max_size=20), st.integers(1, 6), st.data())
@fuzz(60)
def test_a_column_is_forgotten_however_often_it_was_packed(steps: Any, many: int, data: Any) -> None:
    one, packed = learned(steps, 1_000_000), learned(steps, many)
    entity, _, name, _ = data.draw(st.sampled_from(steps))
    for known in (one, packed):
        known.judge((entity, name), None)

    assert not packed.has((entity, name))
    places = [(hit.start, hit.end) for hit in one.find(TEXT)]
    assert [(hit.start, hit.end) for hit in packed.find(TEXT)] == places


@given(st.lists(LEARNED, max_size=20), st.integers(1, 6), st.integers(0, 20))
@fuzz(40)
def test_a_server_is_told_of_all_however_often_it_was_packed(steps: Any, many: int, told: int) -> None:
    known, found = KnownValues(), FingerprintedValues(KEY)
    making = Fingerprinting(KEY, known)
    for at, (entity, values, column, domain) in enumerate(steps):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(known_index, "_MANY", many)
            known.learn(entity, values, column=(entity, column), domain=domain)
        if at % (told + 1) == told or at == len(steps) - 1:
            for batch in making.batches(making.news()):
                found.take(batch)

    places = [(hit.start, hit.end) for hit in known.find(TEXT)]
    assert [(hit.start, hit.end) for hit in found.find(TEXT)] == places
    assert not any(making.news())


def test_small_tables_leave_no_object_for_each_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_index, "_MANY", 50)
    known = KnownValues()
    for at in range(0, 2000, 10):
        numbers = range(at, at + 10)
        known.learn("CUSTOMER_ID", [f"C{n:07d}" for n in numbers], column="df")
        known.learn("CUSTOMER_ID", [f"C{n:07d}" for n in numbers], column="again")

    index = known.index
    assert len(index.met["df", index.columns[0].meaning].few) < 100 and dict.__len__(index.phrases) < 100
    assert len(index.columns) <= 8
    assert all(known.find(f"id c{n:07d}") for n in range(2000)) and not known.find("id c0002000")
    assert known.columns_with(["C0001999", "C0000000"]) == ["df", "again"]
