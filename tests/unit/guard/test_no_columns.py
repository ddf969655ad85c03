"""Tables that have rows and no column, and tables on their side that have none."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from jupyter_privguard import frames

MAIL = "asha.verma@mail.example"


@pytest.mark.parametrize("is_on_its_side", [False, True])
def test_they_are_shown_with_masked_labels(guarded: Any, is_on_its_side: bool) -> None:
    table = pd.DataFrame(columns=[MAIL, "amount"]).T if is_on_its_side else pd.DataFrame(index=[MAIL, "amount"])

    shown = guarded.session.show(table, None).native

    assert shown.shape == (2, 0)
    assert MAIL not in repr(shown) and "amount" in repr(shown)
    assert frames.first_column(frames.view(table)) == []
