"""What a message will hold once it is JSON: the same as Jupyter's packer makes of it, from exact types alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_client.session import json_packer

from jupyter_privguard.notebook.plain import plain, plain_metadata


class Liar(str):
    def __str__(self) -> str:
        return "harmless"

    def isspace(self) -> bool:
        return True


@pytest.mark.parametrize(
    "make",
    [
        lambda: {"a": [1, 2.5, None, True, "text"], "b": {"c": ()}},
        lambda: {"a": {1}, "b": iter("xy"), "c": range(3)},
        lambda: {"a": pd.Series(["x", "y"]), "b": np.array([1, 2]), "c": np.int64(3), "d": np.float32(0.5)},
        lambda: {"a": b"bytes", "b": datetime(2026, 1, 2, tzinfo=UTC), "c": date(2026, 1, 2)},
        lambda: {1: "one", None: "none", "text": Liar("Asha")},
        lambda: pd.DataFrame({"a": [1]}),
    ],
)
def test_it_is_what_would_be_sent(make: Callable[[], Any]) -> None:
    made = plain(make())

    assert json_packer(made) == json_packer(make())
    assert _exact(made)


def _exact(value: Any) -> bool:
    if type(value) is dict:
        return all(_exact(key) and _exact(item) for key, item in value.items())
    if type(value) is list:
        return all(map(_exact, value))
    return type(value) in (str, int, float, bool, type(None))


_SINGLE = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(_SINGLE, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_what_is_plain_already_stays(value: Any) -> None:
    assert plain(value) == value


def test_a_text_that_lies_is_its_letters() -> None:
    assert plain([Liar("Asha")]) == ["Asha"] and type(plain(Liar("Asha"))) is str


def test_what_has_no_json_is_an_error() -> None:
    with pytest.raises(TypeError):
        plain({"a": object()})


def test_when_a_kernel_began_stays_a_point_in_time() -> None:
    begun = datetime(2026, 1, 2, tzinfo=UTC)

    assert plain_metadata({"started": begun, "tags": ("a", {"b"})}) == {"started": begun, "tags": ["a", ["b"]]}
