"""Statistics of what texts are long are nobody's texts; those of amounts that were written as texts are amounts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.guard.conftest import Notebook


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRIVGUARD_HOME", str(tmp_path_factory.mktemp("lengths") / "home"))
        patch.delenv("PRIVGUARD_POLICY", raising=False)
        book = Notebook()
        names = [f"Person{'ab' * (n % 7)} {chr(65 + n % 26)}alkerson" for n in range(40)]
        book.space["people"] = {
            "full_name": names,
            "email": [f"{name.replace(' ', '.').lower()}@mail.example" for name in names],
            "note": [f"Spoke to {name} on the phone" + "." * (n % 5) for n, name in enumerate(names)],
            "salary": [f"${51_234.81 + 8_311.07 * n:,.2f}" for n in range(40)],
        }
        book.run("df = pd.DataFrame(people)")
        book.run("df.head(2)")
        yield book
        book.close()


@pytest.mark.parametrize("column", ["full_name", "email", "note"])
@pytest.mark.parametrize("form", ["{}", "print({})", "{}.round(1)"])
def test_lengths_are_shown(notebook: Notebook, column: str, form: str) -> None:
    seen = notebook.run(form.format(f"df.{column}.str.len().describe()"))

    lengths = notebook.space["df"][column].str.len()
    assert f"{float(lengths.min())}" in seen and f"{float(lengths.max())}" in seen
    assert not any(mask in seen for mask in ("tok_", "[redacted]", "***"))


def test_amounts_are_not(notebook: Notebook) -> None:
    seen = notebook.run("df.salary.str.replace('[$,]', '', regex=True).astype(float).describe()")

    assert "51234" not in seen and "375366" not in seen and "40.0" in seen


def test_nor_are_texts_in_a_description_of_all(notebook: Notebook) -> None:
    seen = notebook.run("df.describe()")

    assert "Person" not in seen and "alkerson" not in seen and "unique" in seen
