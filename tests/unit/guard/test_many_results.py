"""Many results of cells live on: what is taken out of the oldest of them is masked all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.guard.columns.naming import TableNames
from jupyter_privguard.guard.texts import known_columns
from tests.fuzzing import fuzz
from tests.unit.guard.conftest import Notebook

TABLE = (
    "pd.DataFrame({{'name': ['Asha Kulkarni{0}'] * 8, 'income': [{1} + n for n in range(8)], 'plan': ['gold'] * 8}})"
)


@pytest.fixture
def notebook(tmp_path, monkeypatch) -> Iterator[Notebook]:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    monkeypatch.setattr(known_columns, "_MOST_OTHERS", 3)
    made = Notebook()
    made.run("old = []")
    for at in range(8):
        made.run(f"old.append({TABLE.format(chr(97 + at), 51_237 + 1_913 * at)}); old[-1].head(2)")
    yield made
    made.close()


@pytest.mark.parametrize("at", [0, 4, 7])
def test_a_value_out_of_any_of_them_is_masked(notebook: Notebook, at: int) -> None:
    income, name = 51_237 + 1_913 * at, f"Asha Kulkarni{chr(97 + at)}"

    seen = notebook.run(f"print(old[{at}].name[0], 'has', old[{at}].income[0], old[{at}].income.tolist()[:2])")

    assert str(income) not in seen and name not in seen and "has" in seen


def test_what_hides_nothing_is_shown(notebook: Notebook) -> None:
    assert notebook.run("print(old[0].plan[0], len(old[0]), 51238 - 51000)") == "gold 8 238\n"


def test_few_are_looked_at_one_by_one(notebook: Notebook) -> None:
    columns = notebook.session.takings._columns

    assert len(columns._known) <= 6 and sorted(columns._older) == ["income", "name"]
    assert len(notebook.session.knowledge.names.datasets.tables()) >= 8


def test_one_that_a_variable_holds_again_is_looked_at_again(notebook: Notebook) -> None:
    notebook.run("first = old[0]")
    seen = notebook.run("print(first.income.max())")

    assert "51244" not in seen
    assert any(
        column.seen is not None and column.seen.native is notebook.space["first"]
        for column in notebook.session.takings._columns.of("income")
        if column.rows
    )


steps = st.lists(st.tuples(st.sampled_from(["a", "b", "z", "_i1", "_2", "_"]), st.booleans()), max_size=4)


@fuzz(100)
@given(st.lists(steps, max_size=12))
def test_variables_that_came_and_went_are_known(cells: list[list[tuple[str, bool]]]) -> None:
    names, space = TableNames(), dict[str, object]()
    names.namespace = space
    for cell in cells:
        for name, is_set in cell:
            if is_set:
                space[name] = object()
            else:
                space.pop(name, None)
        assert dict(names.look()) == {name: value for name, value in space.items() if name in ("a", "b", "z")}
