"""Amounts that stand in a table as texts are amounts: classified, and masked once a cell has made numbers of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.guard.conftest import Notebook

PAY = [51_234.81 + 8_311.07 * n + 37.13 * n * n for n in range(30)]
FORMS = {
    "dollars": [f"${pay:,.2f}" for pay in PAY],
    "euros": [f"{pay:,.2f} €".translate(str.maketrans(",.", ".,")) for pay in PAY],
    "german": [f"{pay:,.2f}".translate(str.maketrans(",.", ".,")) for pay in PAY],
    "french": [f"{pay:,.2f}\u00a0€".translate(str.maketrans(",.", "\u202f,")) for pay in PAY],
    "plain": [f"{pay:.2f}" for pay in PAY],
}
TO_NUMBERS = {
    "dollars": r"df.salary.str.replace(r'[$,]', '', regex=True).astype(float)",
    "euros": r"df.salary.str.replace(r'[^\d,]', '', regex=True).str.replace(',', '.').astype(float)",
    "german": r"df.salary.str.replace('.', '').str.replace(',', '.').astype(float)",
    "french": r"df.salary.str.replace(r'[^\d,]', '', regex=True).str.replace(',', '.').astype(float)",
    "plain": r"pd.to_numeric(df.salary)",
}
SHOWN = [
    "df.head(3)",
    "df.salary.tolist()[:3]",
    "df.salary[2]",
    "print(df.salary[2])",
    "print(df.head(3).to_dict('list'))",
    "pay.head(3)",
    "pay[2], pay.max()",
    "print(pay.tolist()[:3])",
    "print(f'{pay[2]:,.2f}')",
    "pd.DataFrame({'y': pay}).head(3)",
    "pd.DataFrame({'y': pay.values}).head(3)",
    "df.assign(y=pay).drop(columns='salary').head(3)",
]


@pytest.fixture(scope="module", params=FORMS)
def notebook(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRIVGUARD_HOME", str(tmp_path_factory.mktemp("amounts") / "home"))
        patch.delenv("PRIVGUARD_POLICY", raising=False)
        book = Notebook()
        book.space["pays"] = FORMS[request.param]
        book.space["names"] = [f"Person {chr(65 + n)}alker" for n in range(26)] + ["Ida Roe"] * 4
        book.run("df = pd.DataFrame({'full_name': names, 'salary': pays, 'orders': range(30)})")
        book.run(f"pay = {TO_NUMBERS[request.param]}")
        yield book
        book.close()


def test_the_numbers_are_those_of_the_texts(notebook: Notebook) -> None:
    assert [round(pay, 2) for pay in PAY] == notebook.space["pay"].tolist()


@pytest.mark.parametrize("code", SHOWN)
def test_no_amount_is_shown(notebook: Notebook, code: str) -> None:
    seen = notebook.run(code)

    digits = "".join(filter(str.isalnum, seen.replace(r"\u202f", "").replace(r"\xa0", "")))
    assert seen and not [pay for pay in (*PAY[:3], PAY[-1]) if f"{int(pay)}" in digits]
    assert "k-" in seen or "tok_" in seen or "[redacted]" in seen


def test_an_average_of_all_stays(notebook: Notebook) -> None:
    assert f"{sum(round(pay, 2) for pay in PAY) / 30:.1f}" in notebook.run("print(f'{pay.mean():.1f}')")


@pytest.mark.parametrize("code", ["df.orders.head(3)", "print(df.orders.tolist())", "pd.DataFrame({'y': [7.5, 9.25]})"])
def test_other_numbers_stay(notebook: Notebook, code: str) -> None:
    seen = notebook.run(code)

    assert "2" in seen and not any(mask in seen for mask in ("k-", "tok_", "[redacted]"))
