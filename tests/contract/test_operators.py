"""Every masking operator keeps the promises of the protocol, and has vectors."""

from __future__ import annotations

import base64
import datetime
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.masking.operator import OPERATORS, MaskContext
from jupyter_privguard.model import ENTITIES, Operator

VECTORS = Path(__file__).parents[1] / "vectors" / "operators"
RING = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/00000000")
OTHER_RING = KeyRing(master=b"n" * 32, seed=b"s" * 32, origin="privguard/00000000")
ODD: list[Any] = [
    "", " ", "x", "0", "\ud800", "日本", 0, -1, 10**30, 10**5000, 0.0, -0.5, 1e308, 5e-324, float("inf"), True, False,
    Decimal("1E+1000000"), Decimal("0.1"), datetime.date(2001, 2, 3), datetime.datetime(2001, 2, 3, 4, 5),
    pd.Timestamp("2001-02-03", tz="UTC"), pd.Period("2001-02"), datetime.time(1), datetime.timedelta(1),
    b"abc", b"\xff",
    bytearray(b"x"), (1.5, 2.5), ["list"], {"a": 1}, None.__class__, 1 + 2j,
]  # fmt: skip


def context(entity: str, *, on_screen: bool = False, ring: KeyRing = RING, **more: Any) -> MaskContext:
    return MaskContext(entity, entity, ring, on_screen, subject_domain="CUSTOMER_ID", year=2026, **more)


def cases() -> list[tuple[Operator, dict[str, Any]]]:
    return [
        (name, vector)
        for name in OPERATORS
        for vector in yaml.safe_load((VECTORS / f"{name.value}.yaml").read_text(encoding="utf-8"))
    ]


def test_every_name_of_the_model_has_an_operator_and_enough_vectors() -> None:
    assert set(OPERATORS) == set(Operator)
    for name in OPERATORS:
        assert (VECTORS / f"{name.value}.yaml").is_file(), f"vectors for {name.value} are missing"
    assert {file.stem for file in VECTORS.glob("*.yaml")} == {name.value for name in OPERATORS}


@pytest.mark.parametrize(("name", "vector"), cases(), ids=lambda part: str(part)[:60])
def test_vectors(name: Operator, vector: dict[str, Any]) -> None:
    value = vector["value"]
    about = {"hierarchy": vector.get("hierarchy", {}), "subjects": ["P1"]}
    full = OPERATORS[name].apply([value], context(vector["entity"], **about))[0]
    screen = OPERATORS[name].apply([value], context(vector["entity"], on_screen=True, **about))[0]

    if "digits" in vector:
        assert full == screen and type(full) is type(value) and (full < 0) == (value < 0)
        assert len(str(abs(int(full)))) == vector["digits"]
    elif "pattern" in vector:
        assert re.fullmatch(vector["pattern"], full) and re.fullmatch(vector["screen"], screen)
    else:
        assert full == screen == vector["gives"] and type(full) is type(vector["gives"])
    assert vector.get("unchanged", False) == (str(full) == str(value))


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_an_operator_says_what_it_is(name: Operator) -> None:
    operator = OPERATORS[name]

    assert operator.name is name and operator.iso_20889
    assert not (operator.is_reversible and not operator.needs_key)
    values, whose = ["x1y2", "2001-02-03"], ["P1", "P2"]

    def applied(entity: str, ring: KeyRing) -> list[Any]:
        return operator.apply(values, context(entity, ring=ring, subjects=whose))

    assert any(applied(e, RING) != applied(e, OTHER_RING) for e in ENTITIES) == operator.needs_key


@pytest.mark.parametrize("name", sorted(set(OPERATORS) - {Operator.CLEAR}))
def test_odd_values_of_any_type_are_masked_for_every_entity(name: Operator) -> None:
    for entity in sorted(set(ENTITIES) - {"NONE"}):
        for on_screen in (True, False):
            out = OPERATORS[name].apply(list(ODD), context(entity, on_screen=on_screen, subjects=ODD))
            assert len(out) == len(ODD)
            for value, masked in zip(ODD, out, strict=True):
                share = name is Operator.ROUND and isinstance(value, float) and 0 <= value <= 1
                assert share or masked != value, (name, entity, type(value))
                assert isinstance(masked, (str, int, float, datetime.date))


values = st.one_of(
    st.text(max_size=30),
    st.integers(),
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(),
    st.binary(max_size=20),
    st.from_regex(r"[0-9]{3,12}", fullmatch=True),
    st.emails(),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(values, max_size=6), st.sampled_from(sorted(set(ENTITIES) - {"NONE"})), st.booleans())
def test_masks_differ_from_their_input_and_are_deterministic(items: list[Any], entity: str, on_screen: bool) -> None:
    for name, operator in OPERATORS.items():
        once = operator.apply(list(items), context(entity, on_screen=on_screen, subjects=["P1"] * len(items)))
        again = operator.apply(list(items), context(entity, on_screen=on_screen, subjects=["P1"] * len(items)))
        assert once == again and len(once) == len(items)
        for value, masked in zip(items, once, strict=True):
            exempt = name is Operator.CLEAR or (name is Operator.ROUND and isinstance(value, float) and 0 <= value <= 1)
            assert exempt or masked != value or masked == "[redacted]"


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=24), st.sampled_from(sorted(set(ENTITIES) - {"NONE"})))
def test_partial_never_shows_more_than_half_of_a_short_value(text: str, entity: str) -> None:
    masked = OPERATORS[Operator.PARTIAL].apply([text], context(entity))[0]

    size = sum(c.isalnum() for c in text)
    shown = sum(c.isalnum() for c in masked) if masked != "[redacted]" and "@" not in masked else 0
    assert shown <= max(size // 2, size - 5)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=40), st.integers()))
def test_what_is_encrypted_can_be_opened_and_is_the_same_text(value: str | int) -> None:
    sealed = OPERATORS[Operator.ENCRYPT].apply([value], context("CUSTOMER_ID"))[0]

    head, key_id, body = sealed.rsplit(":", 2)
    (opened,) = RING.open("CUSTOMER_ID", [base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))])
    assert (head, key_id) == ("enc:siv256", RING.key_id)
    assert opened.decode("utf-8", "surrogatepass") == str(value)
