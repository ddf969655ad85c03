"""What `jupyter_privguard.mask` makes in a real kernel: what is written of it to a file, and how it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

PEOPLE = """
import pandas as pd, jupyter_privguard as pg
names = [f"Aaravind Kulkar{chr(97 + n)}" for n in range(20)]
df = pd.DataFrame({
    "name": names,
    "email": [f"person.{n}@corp.example" for n in range(20)],
    "customer_id": [10_001 + 3 * n for n in range(20)],
    "date_of_birth": [f"19{60 + n}-03-0{1 + n % 9}" for n in range(20)],
    "income": [50_123 + 791 * n for n in range(20)],
    "day": ["mon", "tue"] * 10,
})
"""
VALUES = ("Kulkar", "person.", "10001", "10058", "50123", "65152", "1960-03", "1979-03")


@pytest.fixture
def people(kernel: Any) -> Any:
    assert kernel.run("%load_ext jupyter_privguard").ok
    assert kernel.run(PEOPLE).ok
    return kernel


MADE = (
    "df.head(3)",
    "df.set_index('name')[['income']]",
    "df.groupby('name')['income'].sum()",
    "df.pivot_table(index='day', columns='name', values='income', aggfunc='sum')",
    "df.pivot_table(index='day', columns='customer_id', values='income')",
    "df.set_index(['day', 'email'])[['income']].unstack()",
    "df.head(3).T",
    "df[['day']].rename_axis(columns=names[3])",
    "pd.DataFrame({'note': [f'{name} called' for name in names]})",
)


def test_nobodys_value_is_in_a_file_of_a_copy(people: Any, tmp_path: Path) -> None:
    target = tmp_path / "copy.csv"
    for made in MADE:
        cell = people.run(f"copy = pg.mask({made}); copy.to_csv({str(target)!r}); copy")

        assert cell.ok, made
        written = target.read_text(encoding="utf-8") + cell.screen
        assert not [value for value in VALUES if value in written], made


def test_a_copy_for_inside_shows_short_handles_and_no_more_than_the_public_may_see(people: Any) -> None:
    assert people.run("inside = pg.mask(df, tier='internal')").ok

    public, internal = people.run("inside"), people.run("%%secure --tier internal\ninside")

    for cell in (public, internal):
        assert cell.ok and cell.screen.count("enc_") >= 40 and "enc:" not in cell.screen
        assert not [value for value in VALUES[:4] if value in cell.screen]
    assert not [value for value in VALUES if value in public.screen] and "1960" in public.screen
    assert "1960-03-01" in internal.screen
    assert people.run("print(inside.tail(3))").screen.count("enc_") == 9
