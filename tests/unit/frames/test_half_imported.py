"""While another thread imports a library, its modules are there and lack what comes later: nothing fails by that."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from jupyter_privguard.frames import nested, pandas_frame, styled_frame


@pytest.mark.parametrize(
    ("module", "look", "answer"),
    [
        ("pandas.io.formats.style", styled_frame, None),
        ("pandas", pandas_frame, None),
        ("numpy", lambda obj: nested._is_array(type(obj)), False),
    ],
)
@pytest.mark.parametrize("obj", [3, "text", pd.DataFrame({"a": [1]})])
def test_what_is_not_imported_yet_is_nothing(
    monkeypatch: pytest.MonkeyPatch, module: str, look: Any, answer: object, obj: object
) -> None:
    monkeypatch.setitem(sys.modules, module, ModuleType(module))

    assert look(obj) is answer


def test_a_styler_is_known_once_it_is_there() -> None:
    frame = pd.DataFrame({"a": [1]})

    assert styled_frame(frame.style) is frame and styled_frame(frame) is None
