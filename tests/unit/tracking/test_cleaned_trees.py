"""Dicts and lists on their way to a tracking store: masked as their text is, and else the very same object."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.tracking.cleaning import cleaned_tree, is_number, name_of

MAIL = "dora@corp.example"
SECRET = re.compile(r"dora@corp\.example|\b51234\b")


def clean(text: str) -> str:
    return SECRET.sub(lambda found: "[redacted]" if found[0] == MAIL else "50k-60k", text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"who": MAIL}, {"who": "[redacted]"}),
        (
            {"rows": [{"mail": MAIL, "income": 51234, "n": 3}]},
            {"rows": [{"mail": "[redacted]", "income": "50k-60k", "n": 3}]},
        ),
        ([[1, 51234], [2, 51235]], [[1, "50k-60k"], [2, 51235]]),
        ((MAIL, 1.5), ("[redacted]", 1.5)),
        ({MAIL: 1}, {"[redacted]": 1}),
        (f"to {MAIL}", "to [redacted]"),
        ({"text": f"a\nb {MAIL}"}, {"text": "a\nb [redacted]"}),
        (
            {"quoted": f"it's {MAIL}", "list": ["a, b", MAIL, "c"]},
            {"quoted": "it's [redacted]", "list": ["a, b", "[redacted]", "c"]},
        ),
        (51234, "50k-60k"),
    ],
)
def test_values_are_masked_wherever_they_stand(value: Any, expected: Any) -> None:
    assert cleaned_tree(value, clean) == expected


def test_two_keys_that_are_masked_alike_stay_two() -> None:
    made = cleaned_tree({MAIL: 1, f"{MAIL}": 2, "x": {"dora@corp.example": 1}}, clean)

    assert len(made) == 2 and MAIL not in str(made)


@pytest.mark.parametrize(
    "value", [{}, [], None, True, {"C": 0.5, "layers": [1, 2], "on": False, "x": None}, "plain", 7, ("a", ["b"])]
)
def test_what_holds_nothing_is_the_same_object(value: Any) -> None:
    assert cleaned_tree(value, clean) is value


def test_a_mask_with_signs_of_the_form_in_it_does_not_shift_values() -> None:
    made = cleaned_tree(["a", MAIL, "b"], lambda text: text.replace(MAIL, "x, [y], {z"))

    assert made[0] == "a" and made[2] == "b" and MAIL not in str(made)


def test_objects_of_other_kinds_are_somebody_elses() -> None:
    marker = object()

    assert cleaned_tree({"a": marker}, clean, lambda one: "made" if one is marker else one) == {"a": "made"}


def test_what_is_nested_without_end_is_refused() -> None:
    value: list[Any] = []
    value.append(value)

    with pytest.raises(ValueError, match="nested"):
        cleaned_tree(value, clean)


_TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False) | st.sampled_from([MAIL, 51234]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(_TREES)
def test_nothing_is_left_and_nothing_else_changes(value: Any) -> None:
    made = cleaned_tree(value, clean)

    assert MAIL not in str(made) and not re.search(r"\b51234\b", str(made).replace("-", " "))
    assert made == value or MAIL in str(value) or "51234" in str(value)


@pytest.mark.parametrize(("name", "expected"), [("C", "C"), ("a/b c", "a/b c"), (f"of {MAIL}", "of _redacted_")])
def test_names_stay_names(name: str, expected: str) -> None:
    assert name_of(name, clean) == expected


def test_numbers_of_numpy_are_numbers_and_truth_is_none() -> None:
    numpy = pytest.importorskip("numpy")

    assert is_number(numpy.int64(3)) and is_number(numpy.float32(1.5)) and is_number(2)
    assert not is_number(True) and not is_number(numpy.bool_(1)) and not is_number("3")
