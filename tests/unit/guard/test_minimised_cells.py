"""A cell that declares its columns gets these and no others, and nobody's tables are changed for it."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pytest

from jupyter_privguard.errors import Refused
from jupyter_privguard.frames.watch import watch
from jupyter_privguard.guard.cells.cell import CellOptions, CellRun
from jupyter_privguard.guard.tables.watch import TableWatcher
from tests.unit.guard.conftest import opened

ROWS = "name,email,age,income,plan\nAsha,asha@corp.example,31,51234,gold\nRavi,ravi@corp.example,45,48765,basic\n"


class Cells:
    """Runs code as cells of a guarded session, with all of its hooks."""

    def __init__(self, folder: Path) -> None:
        self.session = opened()
        self.space: dict[str, Any] = {"__name__": "__main__", "pd": pd, "np": np, "pl": pl, "pa": pa, "folder": folder}
        self.session.watch_namespace(self.space)
        self._end = watch(TableWatcher(self.session), self.session.takings.taker, self.session.uses.tracker)
        self._keys = itertools.count(1)
        self.last: CellRun | None = None

    def run(self, code: str, *columns: str) -> Any:
        """The value of the last expression; the refusal is raised, as `Refused`."""
        key, tree = str(next(self._keys)), ast.parse(code)
        options = CellOptions(minimise=columns)
        run = self.last = self.session.open_run(key, options, code, execution_count=int(key), cell_id=None)
        self.session.admission.decide_use(run, tree)
        outcome = "error"
        try:
            if run.refused:
                raise Refused(run.refused)
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, str(self.space["folder"] / "cell.py"), "exec"), self.space)
            value = None
            if isinstance(last, ast.Expr):
                value = eval(
                    compile(ast.Expression(last.value), str(self.space["folder"] / "cell.py"), "eval"), self.space
                )
                if value is not None:
                    self.session.show(value, run)
            outcome = "ok"
            return value
        finally:
            self.session.close_run(key, outcome)

    def close(self) -> None:
        self._end()
        self.session.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("data")
    (made / "people.csv").write_text(ROWS)
    (made / "people.json").write_text('[{"name": "Asha", "age": 31}]')
    (made / "orders.csv").write_text("name,amount\nAsha,7\n")
    return made


@pytest.fixture(scope="module")
def session(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cells]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRIVGUARD_HOME", str(tmp_path_factory.mktemp("minimised") / "home"))
        patch.delenv("PRIVGUARD_POLICY", raising=False)
        patch.chdir(folder)
        made = Cells(folder)
        yield made
        made.close()


@pytest.fixture
def cells(session: Cells) -> Cells:
    """Without tables in variables."""
    for name in (
        "df",
        "lazy",
        "short",
        "arrow",
        "emails",
        "by_name",
        "box",
        "adults",
        "x",
        "people",
        "orders",
        "renamed",
    ):
        session.space.pop(name, None)
    return session


@pytest.fixture
def there(cells: Cells) -> Cells:
    """Tables that were there before the cell."""
    cells.run(
        "df = pd.read_csv('people.csv'); lazy = pl.scan_csv('people.csv'); short = pl.read_csv('people.csv')\n"
        "arrow = pa.table(pd.read_csv('people.csv')); emails = df.email.tolist(); by_name = df.set_index('name')\n"
        "box = {'people': df.copy()}"
    )
    return cells


def labels(table: Any) -> list[str]:
    found = table.collect_schema().names() if isinstance(table, pl.LazyFrame) else None
    return found or list(getattr(table, "column_names", None) or table.columns)


@pytest.mark.parametrize(
    "code",
    [
        "pd.read_csv('people.csv')",
        "pd.read_csv('people.csv', index_col='name')",
        "pd.read_table('people.csv', sep=',')",
        "pl.read_csv('people.csv')",
        "pl.scan_csv('people.csv')",
        "pa.csv.read_csv('people.csv')",
    ],
)
def test_what_is_read_is_cut_to_the_declared_columns_and_the_rest_is_named(
    cells: Cells, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    table = cells.run(code, "income", "age")

    assert labels(table) == ["age", "income"]
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and said[0].startswith("privguard: of people --minimise leaves out ")
    assert all(label in said[0] for label in ("name", "email", "plan"))


def test_an_index_that_was_not_declared_is_left_out_and_a_declared_one_stays(cells: Cells) -> None:
    assert cells.run("pd.read_csv('people.csv', index_col='name')", "age").index.tolist() == [0, 1]
    assert cells.run("pd.read_csv('people.csv', index_col='age')", "age", "plan").index.name == "age"


@pytest.mark.parametrize(
    "code",
    [
        "df['name']",
        "df.name",
        "df[['age', 'email']]",
        "x = df[['name']]",
        "df.loc[0, 'email']",
        "df.iloc[0, 0]",
        "df.iloc[0]",
        "row = df.loc[1]; row.email",
        "getattr(df, 'na' + 'me')",
        "for label in df.columns: df[label].nunique()",
        "df.query('plan == \"gold\"')",
        "df.groupby('plan').income.mean()",
        "df.apply(lambda row: row.email, axis=1)",
        "df.head()",
        "df",
        "df.style",
        "repr(df)",
        "df.to_csv()",
        "df.values",
        "df.copy()['name']",
        "df.rename(columns={'name': 'nick'}).nick.max()",
        "df[['name']].rename(columns={'name': 'age'}).age.max()",
        "df.rename(columns={'age': 'years', 'name': 'age'}).age.max()",
        "pd.DataFrame(df)['name']",
        "df.merge(df, on='email')",
        "df.drop(columns=['name', 'age'])",
        "df.sort_values('name')",
        "len(emails)",
        "by_name[['age']]",
        "box['people']['name']",
        "short['email']",
        "short",
        "lazy.select('email').collect()",
        "lazy.filter(pl.col('plan') == 'gold').select('age').collect()",
        "arrow.column('email')",
        "arrow",
    ],
)
def test_using_another_column_of_a_table_that_was_there_is_refused_in_one_sentence(there: Cells, code: str) -> None:
    with pytest.raises(Refused) as refused:
        there.run(code, "age", "income")

    said = str(refused.value)
    assert said.startswith("privguard: this cell has declared age, income and uses ") and "\n" not in said
    assert not any(value in said for value in ("Asha", "corp.example", "51234"))


@pytest.mark.parametrize(
    "code",
    [
        "df.age.mean()",
        "df[['age', 'income']].describe()",
        "df[df.age > 40].income.mean()",
        "adults = df[df.age > 40]; len(adults)",
        "df.drop(columns=['name', 'email', 'plan'])",
        "df.groupby('age').income.sum()",
        "df.iloc[0].age",
        "df[['age', 'income']].iloc[0]",
        "df[['age', 'income']].mean()",
        "df.age.value_counts()",
        "df.rename(columns={'age': 'years'}).years.max()",
        "df.assign(half=df.income / 2).half.max()",
        "df['half'] = df.income / 2; df['half'].max()",
        "df.columns.tolist(), df.shape, len(df)",
        "parts = [df[df.age > n] for n in range(600)]; len(parts)",
        "pd.DataFrame({'a': [1, 2]}).a.sum()",
        "np.asarray(df[['age']]).sum()",
        "emails = [1]; len(emails)",
        "by_name.age.mean()",
        "box['people'].age.mean()",
        "short['age'].mean()",
        "short.select('age')",
        "lazy.select('age').collect()",
        "arrow.column('age')",
        "1 + 1",
    ],
)
def test_declared_columns_and_what_the_cell_makes_of_them_are_free(there: Cells, code: str) -> None:
    there.run(code, "age", "income")

    assert there.last is not None and not there.last.denied


def test_a_column_is_declared_by_the_name_that_it_has(there: Cells) -> None:
    there.run(
        "renamed = df.rename(columns={'name': 'who', 'income': 'pay'}); renamed['both'] = renamed.pay + renamed.age"
    )

    assert there.run("renamed[renamed.both > 0].who.tolist()", "who", "both") == ["Asha", "Ravi"]
    for code in ("renamed.pay.max()", "df.name.max()", "df.income.max()"):
        with pytest.raises(Refused):
            there.run(code, "who", "both")


def test_tables_that_were_there_are_as_they_were_after_it(there: Cells) -> None:
    before, identity = there.space["df"].copy(), id(there.space["df"])
    there.run("df[df.age > 40].income.mean()", "age", "income")
    with pytest.raises(Refused):
        there.run("df.name", "age")

    assert id(there.space["df"]) == identity and there.space["df"].equals(before)
    assert there.run("df.name.tolist()") == ["Asha", "Ravi"]


@pytest.mark.parametrize(
    ("code", "columns", "said"),
    [
        (
            "pd.read_csv('people.csv')",
            ["age", "incme"],
            "no table of this cell has the column incme; did you mean income?",
        ),
        ("pd.read_csv('people.csv')", ["none"], "people has none of the columns"),
        ("pd.read_csv('people.csv')\npd.read_csv('orders.csv')", ["age", "amont"], "orders has none of the columns"),
        ("next(pd.read_csv('people.csv', chunksize=1))", ["age"], "piece by piece"),
        ("pd.read_csv('people.csv', usecols=['name']).squeeze()", ["age"], "people has none of the columns"),
        ("open('people.csv').read()", ["age"], "people.csv is opened as a whole"),
        ("pd.read_csv(open('people.csv'))", ["age"], "people.csv is opened as a whole"),
        ("import json; json.load(open('people.json'))", ["age"], "people.json is opened as a whole"),
        ("np.genfromtxt('people.csv', dtype=str)", ["age"], "people.csv is opened as a whole"),
        ("import subprocess\nsubprocess.run(['true', 'people.csv'])", ["age"], "a program would read a whole table"),
    ],
)
def test_what_cannot_be_cut_or_found_is_refused(cells: Cells, code: str, columns: list[str], said: str) -> None:
    with pytest.raises(Refused, match="privguard: ") as refused:
        cells.run(code, *columns)

    assert said in str(refused.value)


def test_two_tables_may_share_a_declaration(cells: Cells) -> None:
    code = "people = pd.read_csv('people.csv'); orders = pd.read_csv('orders.csv'); [*people, *orders]"

    assert cells.run(code, "age", "amount") == ["age", "amount"]


def test_a_declared_column_that_no_table_has_is_said_at_the_end(
    there: Cells, capsys: pytest.CaptureFixture[str]
) -> None:
    there.run("df.age.mean()", "age", "agee")

    assert "no table of this cell had a column agee, which it declares" in capsys.readouterr().err


@pytest.mark.parametrize("code", ["pd.read_csv('people.csv')", "df", "df['name']", "open('people.csv').read()"])
def test_other_cells_get_everything(there: Cells, code: str) -> None:
    there.run("df.age.mean()", "age")

    assert there.run(code) is not None


def test_nothing_is_written_of_what_is_refused(there: Cells, folder: Path) -> None:
    with pytest.raises(Refused):
        there.run("df.to_csv('out.csv')", "age", "income")
    there.run("df[['age']].to_csv('ages.csv')", "age", "income")

    assert not (folder / "out.csv").exists() and (folder / "ages.csv").exists()


def test_the_log_says_what_was_declared_and_left_out(cells: Cells) -> None:
    from jupyter_privguard import runtime

    cells.run("df = pd.read_csv('people.csv'); df.age.mean()", "age", "income")
    event = [event for event in runtime.log_reader().events() if event["action"] == "cell.run"][-1]
    (dataset,) = event["datasets"]

    assert event["minimise"] == {
        "declared": ["age", "income"],
        "dropped": [{"name": "people", "columns": ["name", "email", "plan"]}],
    }
    assert dataset["columns"] == ["age", "income"] and dataset["uses"] == {"computed": ["age"]}


@pytest.mark.parametrize("make", [lambda: pd.DataFrame({1: [1], "a": [2]}), lambda: pl.DataFrame({"1": [1], "a": [2]})])
def test_a_cut_makes_a_new_table(make: Callable[[], Any]) -> None:
    from jupyter_privguard.frames.narrowing import narrowed

    table = make()
    found = narrowed(table, {"1"}.__contains__)
    same = narrowed(table, lambda _: True)

    assert found is not None and found[1:] == (["1"], ["a"]) and len(table.columns) == 2
    assert same is not None and same[0] is table
    assert narrowed(3, lambda _: True) is None
