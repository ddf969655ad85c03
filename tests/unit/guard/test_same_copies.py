"""A table that is shown again is masked once, and whatever has changed meanwhile is masked anew."""

from __future__ import annotations

import pandas as pd
import pytest

from jupyter_privguard.guard.cells.cell import CellOptions
from jupyter_privguard.guard.tables import copying
from jupyter_privguard.model import Tier
from tests.unit.guard.conftest import PEOPLE, Guarded


def table() -> pd.DataFrame:
    return pd.DataFrame({**PEOPLE, "note": ["nothing here"] * 30})


@pytest.fixture
def masked(monkeypatch) -> list[int]:
    """How often a table was masked."""
    calls: list[int] = []
    original = copying.mask_table
    monkeypatch.setattr(copying, "mask_table", lambda *args, **kwargs: (calls.append(1), original(*args, **kwargs))[1])
    return calls


def shown(guarded: Guarded, obj: object, tier: Tier = Tier.PUBLIC) -> str:
    key = f"{tier}"
    run = guarded.session.run_of(key) or guarded.session.open_run(
        key, CellOptions(tier=tier), "df", execution_count=1, cell_id=None
    )
    copy = guarded.session.show(obj, run)
    with guarded.session.rendering():
        return copy.fix(copy.native.to_string())


def test_the_same_table_is_masked_once(guarded, masked) -> None:
    df = guarded.space["df"] = table()

    first = shown(guarded, df)
    assert [shown(guarded, df) for _ in range(3)] == [first] * 3
    assert len(masked) == 1 and "person." not in first and "Kulkar" not in first

    head = shown(guarded, df.head())
    assert shown(guarded, df.head()) == head and len(masked) == 2, "a part that is cut anew is the same part"


@pytest.mark.parametrize(
    ("label", "value"),
    [("name", "Zedekiah Quillon"), ("email", "zq@other.example"), ("income", 78_321), ("note", "see zq@other.example")],
)
@pytest.mark.parametrize("row", [0, 17])
def test_a_cell_that_is_set_in_place_is_masked_like_any_other(guarded, masked, label, value, row) -> None:
    df = guarded.space["df"] = table()
    before = shown(guarded, df)

    df.loc[row, label] = value

    after = guarded.session.clean(shown(guarded, df), guarded.session.run_of(None))
    assert str(value) not in after and "zq@other" not in after and "Quillon" not in after
    assert after != before or label == "income"  # in a band there may be both


def test_a_tier_and_what_somebody_says_of_a_column_count(guarded, masked) -> None:
    df = guarded.space["df"] = table()
    public, internal = shown(guarded, df), shown(guarded, df, Tier.INTERNAL)
    assert public != internal and len(masked) == 2

    guarded.set("df", "shelf", "CUSTOMER_ID")
    assert "QX-77120" in public and "QX-77120" not in shown(guarded, df)


def test_a_name_that_is_known_by_now_is_masked_in_a_note_shown_before(guarded, masked) -> None:
    df = guarded.space["df"] = pd.DataFrame({"note": ["ask Zedekiah Quillon about it"] * 3, "n": [1, 2, 3]})
    session = guarded.session

    def seen() -> str:
        text = shown(guarded, df)
        session.rendered([text])
        return session.clean(text, None)

    assert seen() == seen()
    names = ["Zedekiah Quillon", *PEOPLE["name"][1:]]
    guarded.space["people"] = pd.DataFrame({"full_name": names, "email": PEOPLE["email"]})
    assert "Quillon" not in seen() and seen() == seen()


def test_who_writes_into_what_is_shown_does_not_write_into_the_next(guarded, masked) -> None:
    df = guarded.space["df"] = table()
    first = shown(guarded, df)
    copy = guarded.session.show(df, None)
    copy.native.columns = [label.upper() for label in copy.native.columns]
    copy.native.iloc[0, 0] = "written by a formatter"

    assert shown(guarded, df) == first and "EMAIL" not in first


def test_lists_in_cells_are_looked_at_each_time(guarded, masked) -> None:
    df = guarded.space["df"] = pd.DataFrame({**PEOPLE, "tags": [["a"] for _ in range(30)]})
    shown(guarded, df)

    df.loc[0, "tags"].append("Zedekiah Quillon")

    assert "Zedekiah" in shown(guarded, df) and len(masked) == 2
