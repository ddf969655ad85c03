"""A table masked for a file holds nothing that a table on a screen would not show."""

from __future__ import annotations

import pandas as pd
import pytest

import jupyter_privguard as pg

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize("tier", ["public", "internal"])
def test_one_address_in_a_thousand_notes_does_not_reach_a_file(tier: str) -> None:
    notes = [f"word{number} liked it" for number in range(999)] + ["write to anna.smith@example.org soon"]
    frame = pd.DataFrame({"note": notes, "order": [f"ORD-{number}" for number in range(1000)]})

    masked = pg.mask(frame, tier=tier)

    assert not masked.note.str.contains("anna.smith").any()
    assert masked.note.iloc[-1].startswith("write to ") and masked.note.iloc[-1].endswith(" soon")
    assert masked.note.iloc[:-1].equals(frame.note.iloc[:-1]) and masked.order.equals(frame.order)


def test_the_first_start_says_that_it_made_keys(capsys) -> None:
    frame = pd.DataFrame({"email": ["anna.smith@example.org"] * 3})

    pg.mask(frame)
    first = capsys.readouterr()
    pg.mask(frame)

    assert first.err.startswith("privguard: made keys in ") and first.out == ""
    assert capsys.readouterr() == ("", "")
