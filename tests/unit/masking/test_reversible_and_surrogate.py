"""Format-preserving masks go back by key, surrogates by their table alone."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.errors import KeyStoreError, MaskingError
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.masking.canonical import as_bytes, exact_bytes, exact_text, identities, identity
from jupyter_privguard.masking.handles import opened_texts
from jupyter_privguard.masking.operator import MaskContext, MaskingOperator
from jupyter_privguard.masking.operators.encrypt import Encrypt
from jupyter_privguard.masking.operators.fpe import Fpe
from jupyter_privguard.masking.operators.surrogate import Surrogate
from jupyter_privguard.masking.operators.token import Token
from jupyter_privguard.masking.surrogates import MemorySurrogates

RING = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/00000000")
NEXT = KeyRing(master=b"n" * 32, seed=b"s" * 32, origin="privguard/00000000", older=[b"m" * 32])
SECRET = "1234567"


def context(entity: str, *, ring: KeyRing = RING, **more: Any) -> MaskContext:
    return MaskContext(entity, entity, ring, more.pop("on_screen", False), **more)


values = st.one_of(
    st.text(max_size=14),
    st.from_regex(r"[A-Z0-9-]{4,14}", fullmatch=True),
    st.integers(-(10**20), 10**20),
    st.integers(0, 2**53 - 1).map(float),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(values, max_size=6))
def test_what_fpe_made_goes_back(items: list[Any]) -> None:
    made = Fpe().apply(items, context("CUSTOMER_ID"))

    back = Fpe().invert(made, context("CUSTOMER_ID"))

    for value, new, again in zip(items, made, back, strict=True):
        is_handle = isinstance(new, str) and new.startswith("enc:siv256:")
        assert again == (exact_text(value, "x") if is_handle else value)
        assert is_handle or type(new) is type(value) is type(again)


def test_after_a_rotation_the_older_key_still_opens() -> None:
    made = Fpe().apply([SECRET, 7654321, "12"], context("CUSTOMER_ID"))

    assert Fpe().invert(made, context("CUSTOMER_ID", ring=NEXT), key_id=RING.key_id) == [SECRET, 7654321, "12"]
    assert Fpe().apply([SECRET], context("CUSTOMER_ID", ring=NEXT)) != made[:1]


@pytest.mark.parametrize("value", ["12", 7, None, "naïve", datetime.date(2001, 2, 3)])
def test_what_fpe_cannot_have_made_is_refused_without_quoting_it(value: Any) -> None:
    with pytest.raises(MaskingError) as caught:
        Fpe().invert([value], context("CUSTOMER_ID"))

    assert str(value) not in str(caught.value).replace("privguard", "")


def test_a_handle_with_a_flipped_bit_is_refused() -> None:
    (made,) = Fpe().apply(["12"], context("CUSTOMER_ID"))
    changed = made[:-2] + ("A" if made[-2] != "A" else "B") + made[-1]

    with pytest.raises(KeyStoreError):
        Fpe().invert([changed], context("CUSTOMER_ID"))


def test_sealed_handles_are_told_from_text() -> None:
    sealed = RING.seal_written("D", [b"", b"x", b"long enough to be long"], "enc:siv256")

    assert opened_texts([*sealed, "text", 7, None], RING, "D") == ["", "x", "long enough to be long", None, None, None]


odd = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["a\0b", "\0", "a ", "\tb", "7.0", "7.00", "c.0d", "\x1fx", "é", "\ud800", "a|b", "1|.0", "", " \u00a07.0 "]
    ),
    st.integers(),
    st.floats(allow_nan=False),
    st.booleans(),
)


@settings(max_examples=200)
@given(
    st.one_of(st.lists(odd, max_size=5), st.lists(st.text(max_size=5), max_size=5), st.lists(st.integers(), max_size=5))
)
def test_a_column_at_once_gives_what_each_value_gives(items: list[Any]) -> None:
    assert identities(items, "x") == [as_bytes(identity(value, "x")) for value in items]
    assert exact_bytes(items, "x") == [as_bytes(exact_text(value, "x")) for value in items]


@pytest.mark.parametrize("operator", [Encrypt(), Token()], ids=["encrypt", "token"])
@pytest.mark.parametrize("on_screen", [True, False])
@pytest.mark.parametrize("one_length", [True, False])
def test_a_long_column_gets_the_handles_that_its_values_get_alone(
    operator: MaskingOperator, on_screen: bool, one_length: bool
) -> None:
    lengths = [34] if one_length else [0, 1, 14, 15, 16, 17, 30, 31, 32, 33, 34, 5000]
    values: list[Any] = [f"{number:x}".rjust(length, "é")[:length] for number in range(20) for length in lengths]
    if not one_length:
        values += ["\ud800 lone", "7.0", " a ", b"bytes", b"\xff", 7, 7.5, True, datetime.date(2001, 2, 3)]
    values = values * (600 // len(values) + 1)
    where = context("CUSTOMER_ID", on_screen=on_screen)

    made = operator.apply(values, where)

    assert made == [operator.apply([value], where)[0] for value in values]
    if isinstance(operator, Encrypt) and not on_screen:
        assert opened_texts(made, RING, where.domain) == [exact_text(value, "x") for value in values]


# --- surrogates --------------------------------------------------------------------------------


def test_random_surrogates_are_not_derived_and_are_kept_by_domain() -> None:
    kept, other = MemorySurrogates(), MemorySurrogates()

    first = Surrogate().apply(["a", "b", " a "], context("US_SSN", surrogates=kept))

    assert first == Surrogate().apply(["a", "b", "a"], context("US_SSN", surrogates=kept))
    assert len({*first, *Surrogate().apply(["a", "b"], context("US_SSN", surrogates=other))}) == 4
    assert Surrogate().apply(["a"], context("TAX_ID", surrogates=kept)) != first[:1]
    assert all(one.startswith("sur_") and len(one) == 36 for one in first)
    short = Surrogate().apply(["a"], context("US_SSN", surrogates=kept, on_screen=True))
    assert short == [first[0][:12]] and "a" not in repr(kept).replace("MemorySurrogates", "")


@pytest.mark.parametrize("entity", ["PERSON_NAME", "EMAIL_ADDRESS", "USERNAME", "MAC_ADDRESS", "IP_ADDRESS"])
def test_made_up_values_are_consistent_and_rarely_alike(entity: str) -> None:
    names = [f"person {number}" for number in range(5000)]

    made = Surrogate().apply(names, context(entity))

    assert made == Surrogate().apply(names[::-1], context(entity))[::-1]
    assert len(set(made)) >= 4998
    others = Surrogate().apply(names, context(entity, ring=NEXT))
    assert sum(one == other for one, other in zip(made, others, strict=True)) <= 1
