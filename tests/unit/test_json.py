"""What another version, or somebody else, wrote into an event or a message is read without an error."""

from __future__ import annotations

import pytest

from jupyter_privguard._json import as_mapping, as_mappings, as_text, as_texts, as_whole_number

ODD = [None, True, 7, 0.5, "name", ["a", {"b": 1}, None, 3], {"b": 1}, ({"b": 1}, "a")]


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_only_what_has_the_form_is_read(value: object) -> None:
    assert as_mapping(value) == (value if isinstance(value, dict) else {})
    assert as_mappings(value) == ([{"b": 1}] if isinstance(value, (list, tuple)) else [])
    assert as_texts(value) == (("a",) if isinstance(value, (list, tuple)) else ())
    assert as_whole_number(value) == (7 if value == 7 else None)
    assert as_text(value) == ("" if value is None else str(value))
