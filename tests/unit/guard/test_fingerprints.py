"""A server finds in texts what a guard knows, by fingerprints alone."""

from __future__ import annotations

from array import array
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.guard.texts.fingerprinting import Fingerprinting
from jupyter_privguard.guard.texts.fingerprints import Batch, FingerprintedValues
from jupyter_privguard.guard.texts.known import KnownValues
from jupyter_privguard.keys.fingerprints import FingerprintKey

KEY = FingerprintKey(b"a secret of both", "kernel-1")
NAMES = ["Ottokar Quellenberg", "Ananya Iyer-Krishnan", "Zoë Ångström"]


def told(known: KnownValues, key: FingerprintKey = KEY) -> FingerprintedValues:
    """What a server knows that was told everything, over bytes."""
    found, making = FingerprintedValues(key), Fingerprinting(KEY, known)
    for batch in making.batches(making.news()):
        assert found.take(Batch.decoded(batch.encoded()))
    return found


def learned() -> KnownValues:
    known = KnownValues()
    known.learn("PERSON_NAME", NAMES, column="name")
    known.learn("EMAIL_ADDRESS", ["w.obermann-lang@example.org"], column="email")
    known.learn("PHONE_NUMBER", ["+49 30 1234567890", 919876543210], column="phone")
    known.learn("CUSTOMER_ID", ["C-00417-X", 123456789012], column="id")
    known.learn("DIAGNOSIS", ["hypertension", "Type 2 diabetes mellitus"], column="diagnosis")
    known.learn("CITY", ["Quellenberg an der Weser"], column="city")
    return known


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("a note on Ottokar Quellenberg, yes", {"PERSON_NAME"}),
        ("OTTOKAR   quellenberg", {"PERSON_NAME"}),
        ("\x1b[31mOttokar\x1b[0m Quellenberg", {"PERSON_NAME"}),
        ("only Quellenberg", {"PERSON_NAME"}),
        ("Zoë Ångström", {"PERSON_NAME"}),
        ("w.obermann-lang", {"EMAIL_ADDRESS"}),
        ("call 98765 43210", {"PHONE_NUMBER"}),
        ("n=123456789012", {"CUSTOMER_ID"}),
        ("c-00417-x", {"CUSTOMER_ID"}),
        ("has type 2 diabetes mellitus and hypertension", {"DIAGNOSIS"}),
        ("in Quellenberg an der Weser", {"CITY"}),
        ("the word quellenberg is no name in small letters", set()),
        ("Ottokar Quellen", {"PERSON_NAME"}),
        ("type 2 diabetes", set()),
        ("123456789013 and 12345 6789", set()),
        ("harmless words, 42 and 2026-01-01 12:00:00", set()),
        ("", set()),
    ],
)
def test_what_the_guard_finds_is_found_by_fingerprints(text: str, entities: set[str]) -> None:
    known = learned()

    for one in (text, f"{text} {'harmless words here ' * 200}", f"{'harmless words here ' * 1200}{text}"):
        assert told(known).entities_in(one) == {hit.entity for hit in known.find(one)} == entities


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.text("abcdeZ0123456789 -.@", min_size=1, max_size=24), min_size=1, max_size=8),
    st.sampled_from(["PERSON_NAME", "CUSTOMER_ID", "EMAIL_ADDRESS", "PHONE_NUMBER", "ADDRESS", "DIAGNOSIS"]),
)
def test_any_value_is_found_where_the_guard_finds_it_and_nowhere_else(values: list[str], entity: str) -> None:
    known = KnownValues()
    known.learn(entity, values, column="c")
    found = told(known)

    for text in (*values, " ".join(values), "".join(values), *(f"{a[:5]}{b}" for a, b in pairwise(values))):
        assert found.entities_in(text) == {hit.entity for hit in known.find(text)}


def test_a_long_column_is_told_as_well() -> None:
    known = KnownValues()
    known.learn("CUSTOMER_ID", [f"CUST-{n:07d}-Q" for n in range(12_000)], column="id")
    known.learn("PERSON_NAME", [f"Vorname{n} Familienname{n}" for n in range(12_000)], column="name")

    found = told(known)

    assert found.entities_in("see cust-0011999-q") == {"CUSTOMER_ID"}
    assert found.entities_in("Vorname7 Familienname7") == {"PERSON_NAME"}
    assert found.entities_in("see cust-0012000-q, Vorname7 Familienname8") == frozenset()


def test_another_key_or_kernel_finds_nothing() -> None:
    known = learned()

    for key in (FingerprintKey(b"another", "kernel-1"), FingerprintKey(b"a secret of both", "kernel-2")):
        assert told(known, key).entities_in(" ".join(NAMES)) == frozenset()
    with pytest.raises(ValueError, match="key"):
        FingerprintKey(b"", "kernel-1")


def test_what_goes_over_holds_no_value() -> None:
    making = Fingerprinting(KEY, learned())

    body = b"".join(batch.encoded() for batch in making.batches(making.news())).lower()

    for word in (b"ottokar", b"quellenberg", b"example", b"1234567890", b"diabetes", b"hypertension"):
        assert word not in body


def test_only_news_is_told_and_everything_anew_where_something_was_forgotten() -> None:
    known = learned()
    making = Fingerprinting(KEY, known)
    first = making.news()

    assert not any(making.news())
    known.learn("PERSON_NAME", ["Wilhelmine Obermüller"], column="name")
    assert ("wilhelmine", "obermüller") in [words for words, _ in making.news().phrases]
    known.judge("city", None)
    assert len(making.news().phrases) > 3
    making.again()
    assert len(making.news().phrases) >= len(first.phrases)


def test_a_change_is_told_of_at_once() -> None:
    known, calls = KnownValues(), list[int]()
    known.changed = lambda: calls.append(1)

    known.learn("PERSON_NAME", NAMES, column="name")
    known.learn("PERSON_NAME", NAMES, column="name")
    known.judge("name", None)

    assert len(calls) == 2


def test_no_more_is_kept_than_there_is_room_for() -> None:
    found = FingerprintedValues(KEY, most=3)
    making = Fingerprinting(KEY, learned())
    batch = next(making.batches(making.news()))

    assert found.take(batch)
    assert found.is_full
    size = len(found)
    assert not found.take(batch)
    assert len(found) == size


def test_a_value_that_began_in_what_was_sent_before_counts_once() -> None:
    found = told(learned())

    assert found.entities_in(" Quellenberg", before="Herr Ottokar") == {"PERSON_NAME"}
    assert found.entities_in(" says", before="Ottokar Quellenberg") == frozenset()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\x00\x00\x02{}",
        b"\x00\x00\x00\x02[]",
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x39" + b'{"meanings": [["E", true]], "sizes": [], "counts": [1,0,0]}',
        b"\x00\x00\x00\x04null",
    ],
)
def test_what_is_no_batch_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="no batch"):
        Batch.decoded(body)


def test_a_fingerprint_without_a_meaning_is_refused() -> None:
    with pytest.raises(ValueError, match="meaning"):
        FingerprintedValues(KEY).take(Batch(phrases=array("Q", [5])))


def test_a_proof_is_for_one_nonce_and_body() -> None:
    proof = KEY.proof(b"nonce", b"body")

    assert KEY.proves(proof, b"nonce", b"body")
    assert not KEY.proves(proof, b"other", b"body")
    assert not KEY.proves(proof, b"nonce", b"bod")
    assert not FingerprintKey(b"another", "kernel-1").proves(proof, b"nonce", b"body")
    assert "secret" not in repr(KEY)
