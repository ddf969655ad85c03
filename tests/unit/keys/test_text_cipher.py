"""Texts encrypted in their own form: FF1 underneath, there and back, nothing left as it was."""

from __future__ import annotations

import hashlib
import hmac
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.keys.keyring import KeyRing

RING = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/00000000")
CIPHER = RING.text_cipher("CUSTOMER_ID")


def form(text: str) -> str:
    """What may not change: which characters are digits, small or capital letters, and all others."""
    return re.sub("[A-Z]", "A", re.sub("[a-z]", "a", re.sub("[0-9]", "0", text)))


@pytest.mark.parametrize(
    ("text", "radix"), [("0123456789", 10), ("999999", 10), ("abcdefghij", 26), ("QWERTY", 26), ("Zebra", 26)]
)
def test_plain_numerals_are_ff1_of_the_domain(text: str, radix: int) -> None:
    first = ord("0") if radix == 10 else ord("a")
    numerals = [ord(character) - first for character in text.lower()]

    made = CIPHER.encrypt([text])[0]

    expected = RING.format_cipher("CUSTOMER_ID", radix=radix, tweak=b"CUSTOMER_ID").encrypt(numerals)
    assert made is not None and [ord(character) - first for character in made.lower()] == expected


texts = st.one_of(
    st.from_regex(r"[0-9]{6,24}", fullmatch=True),
    st.from_regex(r"[A-Za-z]{5,20}", fullmatch=True),
    st.from_regex(r"[A-Z]{3,5}[0-9]{4,8}[A-Za-z -]{1,8}", fullmatch=True),
    st.text(st.characters(max_codepoint=127), max_size=20),
    st.text(max_size=12),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(texts, max_size=8))
def test_texts_keep_their_form_and_come_back(values: list[str]) -> None:
    made = CIPHER.encrypt(values)

    assert made == [CIPHER.encrypt([value])[0] for value in values]  # whatever stands beside it
    for value, new in zip(values, made, strict=True):
        if new is None:
            continue
        assert new != value and form(new) == form(value)
        assert CIPHER.decrypt([new]) == [value]


@pytest.mark.parametrize("text", ["", "12345", "abcd", "a1b2", "--------", "９９９９９９９", "naïvenaïve", "1234567é"])
def test_what_could_be_tried_out_or_would_show_through_is_not_encrypted(text: str) -> None:
    assert CIPHER.encrypt([text]) == [None]


@settings(max_examples=150, deadline=None)
@given(st.integers(10**5, 10**21))
def test_whole_numbers_keep_their_digits_and_the_types_that_hold_them(number: int) -> None:
    made = CIPHER.encrypt([str(number)], whole=True)[0]

    assert made is not None and made[0] != "0" and len(made) == len(str(number))
    assert all((int(made) < bound) == (number < bound) for bound in (2**31, 2**32, 2**53, 2**63, 2**64))
    assert CIPHER.decrypt([made], whole=True) == [str(number)]


def test_all_texts_of_a_form_are_permuted_and_none_stays() -> None:
    values = [f"{number:06d}" for number in range(1_000_000)]

    made = CIPHER.encrypt(values)

    fixed = [value for value, new in zip(values, made, strict=True) if new is None]
    assert len(fixed) < 10  # one is to be expected
    assert {*filter(None, made), *fixed} == set(values)
    assert CIPHER.encrypt(values[:100], whole=False) == made[:100]


def test_domains_and_keys_are_kept_apart() -> None:
    other = KeyRing(master=b"n" * 32, seed=b"s" * 32, origin="privguard/00000000", older=[b"m" * 32])
    values = ["0123456789", "ABCPE1234F", "Ada Lovelace"]

    made = [
        CIPHER.encrypt(values),
        RING.text_cipher("TAX_ID").encrypt(values),
        other.text_cipher("CUSTOMER_ID").encrypt(values),
    ]

    assert len({text for column in made for text in column}) == 9
    assert other.text_cipher("CUSTOMER_ID", key_id=RING.key_id).decrypt(made[0]) == values  # type: ignore[arg-type]


@given(st.binary(max_size=200))
def test_a_digest_is_hmac_sha_256(value: bytes) -> None:
    key = RING._key("digest", "CUSTOMER_ID", 32)

    assert RING.digest("CUSTOMER_ID", [value, b""])[0] == hmac.digest(key, value, hashlib.sha256)
