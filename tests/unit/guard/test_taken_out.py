"""What cells take out of tables is masked in their outputs; what only happens to be equal is not."""

from __future__ import annotations

import contextlib
import io
import sqlite3
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_privguard.guard.cells.cell import CellOptions
from tests.unit.guard.conftest import Notebook

ROWS = 11
FIRST = "Ottoline Barnaby Clemency Desmond Eudora Fergus Griselda Horatio Isadora Jocelyn Kermit".split()
LAST = "Quennell Ravenhill Satterley Tregarthen Uppington Vosper Wrexhall Yardleigh Zouchier Ashcombe Bickerton".split()
SALARY = [204_517 + 8_311 * n + n * n * 37 for n in range(ROWS)]
BORN = [f"19{51 + 3 * n}-0{1 + n % 9}-1{n % 9}" for n in range(ROWS)]
AGE = [73 - 3 * n for n in range(ROWS)]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRIVGUARD_HOME", str(tmp_path_factory.mktemp("taken") / "home"))
        patch.delenv("PRIVGUARD_POLICY", raising=False)
        book = Notebook()
        book.space["table"] = {
            "full_name": [f"{a} {b}" for a, b in zip(FIRST, LAST, strict=True)],
            "email": [f"{a.lower()}.{b.lower()}@corp.example" for a, b in zip(FIRST, LAST, strict=True)],
            "salary": SALARY,
            "dob": BORN,
            "age": AGE,
            "orders": [3, 5, 8, 13, 21, 1, 2, 4, 6, 7, 9],
        }
        book.run("df = pd.DataFrame(table); df['born'] = pd.to_datetime(df.dob)")
        book.run(
            "r = np.random.default_rng(5); n = 200_000\n"
            "big = pd.DataFrame({'employee_id': 500000 + r.permutation(n), "
            "'email': [f'u{i}@mail.example' for i in range(n)],"
            " 'salary': r.integers(100_000, 999_999, n),"
            " 'balance': r.integers(-500_000, 9_800_000, n) / 100,"
            " 'dob': pd.Timestamp('1950-01-01') + pd.to_timedelta(r.integers(0, 18_000, n), unit='D')})\n"
            "del r"
        )
        yield book
        book.close()


PATHS = [
    "df.salary[2]",
    "df['salary'][2]",
    "df.salary.iloc[2]",
    "df.salary.loc[2]",
    "df.salary.iat[2]",
    "df.salary.at[2]",
    "df.salary.get(2)",
    "df.at[2, 'salary']",
    "df.iat[2, 2]",
    "df.loc[2, 'salary']",
    "df.iloc[2, 2]",
    "df.iloc[2].salary",
    "df.iloc[2]['salary']",
    "df.loc[2].to_dict()['salary']",
    "df.iloc[2].tolist()[2]",
    "tuple(df.iloc[2])[2]",
    "df.set_index('email').salary.iloc[2]",
    "df.salary.tolist()[2]",
    "list(df.salary)[2]",
    "df.salary.values[2]",
    "df.salary.to_numpy()[2]",
    "df.salary.array[2]",
    "np.array(df.salary)[2]",
    "np.asarray(df)[2][2]",
    "df.values[2, 2]",
    "df.to_numpy()[2, 2]",
    "df.to_dict('records')[2]['salary']",
    "df.to_dict()['salary'][2]",
    "df.to_records()[2]['salary']",
    "next(df.iloc[2:].itertuples()).salary",
    "next(df.iloc[2:].iterrows())[1].salary",
    "dict(df.salary.items())[2]",
    "[s for s in df.salary][2]",
    "df.salary.iloc[2:3].item()",
    "df.salary.iloc[2:3].squeeze()",
    "df.salary.iloc[:3].max()",
    "df.salary.iloc[2:].min()",
    "max(df.salary[:3])",
    "df.nlargest(9, 'salary').salary.iloc[-1]",
    "df.sort_values('salary').salary.iloc[2]",
    "df.salary.iloc[2:4].mode()[2 - 2]",
    "df.salary.iloc[2:].quantile(0)",
    "df.salary.iloc[2:3].sum()",
    "df.salary.iloc[2:3].mean()",
    "df.salary.iloc[1:4].median()",
    "df[df.orders == 8].salary.mean()",
    "df.salary.sum() - df.salary.drop(2).sum()",
    "df.salary.cumsum()[2] - df.salary.cumsum()[1]",
    "df.salary.rename('other')[2]",
    "df.rename(columns={'salary': 'x'}).x[2]",
    "df.describe().loc['min', 'salary'] + 0 * df.salary[2] + (df.salary[2] - df.salary.min())",
    "df.apply(lambda r: r.salary, axis=1).iloc[2]",
    "df.salary.map(str)[2]",
    "df.groupby('full_name').salary.first().loc[df.full_name[2]]",
    "df.salary.unique()[2]",
    "pd.qcut(df.salary.iloc[2:], 2, retbins=True)[1][0]",
    "pd.factorize(df.salary)[1][2]",
    "df.salary.factorize()[1][2]",
    "pd.unique(df.salary)[2]",
    "list(df.groupby('salary'))[2][0]",
    "list(df.groupby('salary').groups)[2]",
    "list(df.groupby('salary').indices)[2]",
    "df.to_records(index=False).salary[2]",
]
FORMS = ["{}", "{:,}", "{:,.2f}", "{:.0f}", "pay={}", "[{}, 1]", "{:e}"]


@pytest.mark.parametrize("path", PATHS)
def test_a_number_by_any_way_out_of_its_table(notebook: Notebook, path: str) -> None:
    assert eval(f"float({path})", dict(notebook.space)) == SALARY[2]
    seen = notebook.run(
        f"value = {path}\nfor form in {FORMS[:1] if 'map(str)' in path else FORMS}: print(form.format(value))\nvalue"
    )
    for form in (str(SALARY[2]), f"{SALARY[2]:,}", f"{SALARY[2]:e}"):
        assert form not in seen
    later = notebook.run("print('then', value)")
    assert str(SALARY[2]) not in later
    assert later.startswith("then ")


@pytest.mark.parametrize(
    "form",
    [
        "str(day)",
        "day.isoformat()",
        "day.strftime('%d/%m/%Y')",
        "day.strftime('%m/%d/%y')",
        "day.strftime('%d %B %Y')",
        "f'{day:%b %d, %Y}'",
        "repr(day)",
        "repr(day.to_pydatetime())",
        "repr(day.date())",
        "int(day.timestamp())",
        "day.to_datetime64()",
        "{'born': day}",
    ],
)
@pytest.mark.parametrize("path", ["df.born[4]", "df.born.tolist()[4]", "df.iloc[4].born", "pd.Timestamp(df.dob[4])"])
def test_a_date_in_any_notation(notebook: Notebook, path: str, form: str) -> None:
    seen = notebook.run(f"day = {path}\nprint({form})")
    day = pd.Timestamp(BORN[4])
    written = [day.strftime(f) for f in ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%y", "%d %B", "%b %d", "%m-%d")]
    for text in (*written, f"{day.month}, {day.day}", str(int(day.timestamp()))):
        assert text not in seen


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("print(df.salary.mean())", str(np.mean(SALARY))),
        ("print(df.salary.sum())", str(sum(SALARY))),
        ("print(int(df.salary.median()))", str(SALARY[5])),
        ("print(round(df.salary.std(), 2))", str(round(float(pd.Series(SALARY).std()), 2))),
        ("print(int(np.median(df.salary)))", str(SALARY[5])),
        (
            "total = 0\nfor s in df.salary: total += s\nprint(total, total / len(df))",
            f"{sum(SALARY)} {np.mean(SALARY)}",
        ),
        ("import statistics\nprint(statistics.median(df.salary))", str(SALARY[5])),
        ("print(int(df.describe().loc['50%', 'salary']))", str(SALARY[5])),
        ("print(int(df.salary.quantile(0.5)))", str(SALARY[5])),
        ("print(len(df), df.shape, df.salary.count())", f"{ROWS} (11, 7) {ROWS}"),
        ("x = df.salary[2]\nprint(x > 0, df.orders.tolist())", "True [3, 5, 8, 13, 21, 1, 2, 4, 6, 7, 9]"),
        (f"x = df.salary[2]\nprint({SALARY[2]})", str(SALARY[2])),
        (f"print({SALARY[3] - 1} + 1, '{BORN[3]}')", f"{SALARY[3]} {BORN[3]}"),
        (f"y = df.salary[2]\nprint({SALARY[3] - 1} + 1)", str(SALARY[3])),
        (f"print('mean salary:', {SALARY[3] - 1} + 1)", f"mean salary: {SALARY[3]}"),
        ("print('salary:', df.salary.median())", str(SALARY[5])),
        ("n = 0\nfor s in big.salary: n += s > 500_000\nprint(n)", ""),
        ("print((big.salary.values > 500_000).sum())", ""),
        (
            "print(pd.date_range('2031-01-01', periods=3).tolist(), big.dob[0].year > 0)",
            "Timestamp('2031-01-03 00:00:00')",
        ),
    ],
)
def test_statistics_and_what_was_typed_stay(notebook: Notebook, code: str, text: str) -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, dict(notebook.space))
    assert notebook.run(code) == out.getvalue()
    assert text in out.getvalue()


def test_single_values_of_a_long_column_in_which_every_fifth_number_stands(notebook: Notebook) -> None:
    values = notebook.space["big"].salary.tolist()
    notebook.run("held = big.salary.tolist()")
    for code in (
        "big.salary[7]",
        "big.salary.values[7]",
        "big.salary.tolist()[7]",
        "held[7]",
        "max(held)",
        "held[5:9]",
    ):
        seen = notebook.run(code)
        assert str(values[7]) not in seen
        assert str(max(values)) not in seen
    assert str(values[7]) not in notebook.run("for s in big.salary.iloc[7:9]: print(s)")
    assert "-0" not in notebook.run("print(big.dob.dt.date.tolist()[7], big.dob[8])")


WHOLE = [
    "for i in range(5): print('step', i, 'of', 5, 'rows', len(held) // (i + 1))",
    "print(np.corrcoef(held, held[::-1]).round(1), np.eye(2))",
    "print((held > 40_000).sum(), held.shape, [1, 2, 3], 0.5, 24.5)",
    "print(big.balance.mean(), big.balance.median().round(1))",
    "print(f'{held.mean():.1f} of {len(held):,} in 17 batches')",
]


@pytest.mark.parametrize("code", WHOLE)
def test_counts_and_steps_beside_a_long_column_with_cents(notebook: Notebook, code: str) -> None:
    notebook.run("held = big.balance.to_numpy()")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, dict(notebook.space))

    assert notebook.run(code) == out.getvalue()


@pytest.mark.parametrize(
    "code", ["held[:9]", "held[:9].tolist()", "held[3:7].round(1)", "max(held), min(held)", "held[4]"]
)
def test_values_of_a_long_column_with_cents(notebook: Notebook, code: str) -> None:
    notebook.run("held = big.balance.to_numpy()")
    seen = notebook.run(f"print({code})")
    values = eval(code, dict(notebook.space))

    assert not [value for value in np.ravel(values) if f"{value:g}" in seen or repr(float(value)) in seen]


def test_numbers_in_the_row_of_a_person_who_is_named(notebook: Notebook) -> None:
    text = f"hire(name='{FIRST[3]} {LAST[3]}', {SALARY[3] - 1} + 1, {AGE[3] - 1} + 1)"
    code = f"print(df.full_name[3], {SALARY[3] - 1} + 1, {AGE[3] - 1} + 1, {SALARY[4] - 1} + 1, {AGE[4] - 1} + 1)"
    seen = notebook.run(code)
    assert FIRST[3] not in seen
    assert str(SALARY[3]) not in seen
    assert f" {AGE[3]} " not in seen
    assert str(SALARY[4]) in seen
    assert f" {AGE[4]}" in seen
    assert text not in seen


@pytest.mark.parametrize(
    "form", ["salary: {}", "'salary': {}", '"salary": {}', "salary={}", "salary = {}", "salary=np.int64({})"]
)
def test_a_value_behind_its_label(notebook: Notebook, form: str) -> None:
    code = f"print({form!r}.format({SALARY[3] - 1} + 1), {form!r}.format({SALARY[3] + 1} + 1))"
    seen = notebook.run(code)
    assert str(SALARY[3]) not in seen
    assert str(SALARY[3] + 2) in seen


@pytest.mark.parametrize(
    "marks", [("\x1b[1;36m", "\x1b[0m"), ('<span style="color: #008080; font-weight: bold">', "</span>")]
)
def test_a_date_of_which_each_part_has_a_colour(notebook: Notebook, marks: tuple[str, str]) -> None:
    before, after = marks
    seen = notebook.run(f"print('-'.join({before!r} + part + {after!r} for part in df.dob[3].split('-')))")

    assert seen == f"{before}{BORN[3][:4]}{after}\n"


@pytest.mark.parametrize("form", ["dob    {}", "│ dob          {}   │", "dob\t\t{}"])
def test_a_date_across_from_its_label(notebook: Notebook, form: str) -> None:
    year, month, day = map(int, BORN[3].split("-"))
    code = f"import datetime; print({form!r}.format(datetime.date({year - 1} + 1, {month}, {day})))"

    assert str(year) in notebook.run(code) and BORN[3] not in notebook.run(code)
    assert BORN[3] in notebook.run(code.replace("dob", "built").replace(f"{year - 1} + 1", f"{year - 2} + 2"))


def _rows_of(table: pd.DataFrame) -> list[sqlite3.Row]:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        table.to_sql("t", connection, index=False)
        connection.row_factory = sqlite3.Row
        return connection.execute("select * from t").fetchall()


@pytest.mark.parametrize(
    ("make", "use"),
    [
        ("box = df.salary.tolist()", "print([repr(one) for name, one in list(globals().items()) if name == 'box'])"),
        ("box = df.salary.tolist()", "print(eval('box'))"),
        ("box = {'a': [df.salary[6]]}", "box"),
        ("import dataclasses\n@dataclasses.dataclass\nclass Rec:\n    pay: int\nbox = Rec(int(df.salary[6]))", "box"),
        ("box = np.array(df.salary)", "box[6]"),
        ("box = f'pay {df.salary[6]:,}'", "print(box)"),
        ("df.salary[6]", "print(_)"),
        ("box = [tuple(r) for r in df[['salary', 'orders']].values]", "box[6]"),
        ("box = np.array(list(zip(df.orders, df.salary)), dtype=[('n', 'i8'), ('pay', 'i8')])", "box['pay'][6]"),
        ("box = df[['orders', 'salary']].to_records(index=False)", "box.salary[6]"),
        ("box = df[['orders', 'salary']].to_records(index=False)[6]", "box"),
        ("from collections import deque; box = deque(df.salary, maxlen=5)", "box"),
        ("box = rows_of(df[['orders', 'salary']])", "[row['salary'] for row in box][6]"),
        ("box = df.salary.tolist()", "again = box[6:]\nagain"),
        ("import io; box = io.StringIO(); print(df.salary[6], file=box)", "print(box.getvalue())"),
        ("import io; box = io.BytesIO(str(df.salary[6]).encode())", "print(box.getvalue().decode())"),
        ("box = ValueError('bad', int(df.salary[6]))", "print(box)"),
        ("import functools; box = functools.partial(print, int(df.salary[6]))", "box()"),
        ("box = (lambda pay: lambda: pay)(int(df.salary[6]))", "box()"),
        ("box = lambda pay=int(df.salary[6]): pay", "box()"),
        ("import argparse; box = argparse.Namespace(a=[{'b': int(df.salary[6])}])", "box"),
        ("import queue; box = queue.Queue(); box.put(int(df.salary[6]))", "box.get()"),
        ("from decimal import Decimal; box = [Decimal(int(df.salary[6]))]", "box"),
    ],
)
def test_variables_that_hold_what_was_taken_out(notebook: Notebook, make: str, use: str) -> None:
    notebook.space["rows_of"] = _rows_of
    notebook.run(f"{make}\n_ = df.salary.tolist()")
    seen = notebook.run(use)
    assert str(SALARY[6]) not in seen
    assert f"{SALARY[6]:,}" not in seen


@pytest.mark.parametrize("use", ["_", "print(_, __)", "print(f'{__}', ___)", "Out", "list(_oh.values())"])
@pytest.mark.parametrize("between", ["", "6 * 7", "df.age[0]"])
def test_outputs_of_earlier_cells(notebook: Notebook, use: str, between: str) -> None:
    notebook.space["_oh"] = notebook.space.setdefault("Out", {})
    notebook.run("int(df.salary[6])")
    notebook.run("df.dob[3]")
    if between:
        notebook.run(between)
    notebook.run("x = df.age[2]")

    seen = notebook.run(use)

    assert str(SALARY[6]) not in seen
    assert BORN[3] not in seen


@pytest.mark.parametrize(
    "code",
    [
        "df.assign(x1=df.born)[['orders', 'x1']]",
        "df.born.rename('x2')",
        "pd.DataFrame({'x3': [day.replace('-', '/') for day in df.dob]})",
        "pd.DataFrame({'x4': [day.date() for day in df.born], 'n': 1})",
        "df.assign(x5=df.born).set_index('x5').orders",
        "pd.DataFrame({'x6': df.dob.tolist()}).groupby('x6').size()",
        "import polars as pl; pl.DataFrame({'x7': df.born.dt.date.tolist()})",
    ],
)
def test_birth_dates_under_another_name(notebook: Notebook, code: str) -> None:
    seen = notebook.run(f"print({code.rpartition(';')[2].strip()})" if ";" not in code else code.replace("; ", "\n"))
    assert not [day for day in BORN for form in (day, day.replace("-", "/")) if form in seen]
    assert BORN[2][:4] in seen


@pytest.mark.parametrize("name", ["ordered", "founded"])
def test_dates_of_orders_stay(notebook: Notebook, name: str) -> None:
    days = [*BORN[:3], "2024-02-11", "2024-03-05"]
    notebook.space["orders"] = pd.DataFrame({name: days, "when": pd.to_datetime(days), "total": [3, 5, 8, 13, 21]})
    assert notebook.run("print(orders)") == f"{notebook.space['orders']}\n"


@pytest.mark.parametrize("values", ["max", "min", "first"])
def test_pivots_of_the_same_labels(notebook: Notebook, values: str) -> None:
    notebook.run("df['plan'] = ['gold', 'basic', 'trial', 'gold'] * 2 + ['basic', 'gold', 'trial']")
    notebook.run("pd.crosstab(df.email, df.plan)")

    seen = notebook.run(f"pd.crosstab(df.orders > 5, df.plan, values=df.salary, aggfunc='{values}')")

    assert not [pay for pay in SALARY if str(pay) in seen]


def test_an_output_that_was_nobodys_stays(notebook: Notebook) -> None:
    notebook.run("int(df.salary[6])")
    notebook.run(f"{SALARY[6] - 1} + 1")

    assert notebook.run("print(_)") == f"{SALARY[6]}\n"


def test_what_no_cell_shows_is_looked_up_anew_while_a_cell_runs(notebook: Notebook) -> None:
    notebook.run("kept = int(df.salary[6])")
    text = f"kept = {SALARY[6]}"
    assert notebook.session.clean(text, None) != text
    notebook.session.open_run("late", CellOptions(), "1", execution_count=None, cell_id=None)

    assert notebook.session.clean(text, None) != text

    notebook.session.close_run("late", "ok")


@pytest.mark.parametrize("form", ["{}{}", "id{0}{1}", "{0}{1}, {1}"])
def test_a_number_directly_behind_a_name(notebook: Notebook, form: str) -> None:
    seen = notebook.run(f"print({form!r}.format(df.full_name[3], df.salary[3]))")

    assert str(SALARY[3]) not in seen and LAST[3] not in seen


@pytest.mark.parametrize("colour", ["\x1b[32m", "\x1b[1;36m", "\x1b[38;5;204m"])
def test_numbers_and_dates_behind_a_colour_code(notebook: Notebook, colour: str) -> None:
    code = f"start = {colour!r}\nprint(f'{{start}}{{df.salary[6]}}\\x1b[0m {{start}}{{df.dob[6]}}\\x1b[0m')"
    seen = notebook.run(code)

    assert str(SALARY[6]) not in seen and BORN[6] not in seen
    assert seen.count("\x1b[0m") == seen.count(colour) == 2, "what is around them stays"
    assert str(SALARY[6]) not in notebook.run(
        f"print('{colour}salary\\x1b[0m={colour}{{}}'.format({SALARY[6] - 1} + 1))"
    )


@pytest.mark.parametrize(
    "code",
    [
        "pd.testing.assert_series_equal(df.salary, df.salary + 1)",
        "pd.testing.assert_frame_equal(df[['salary']], df[['salary']] + 1)",
        "np.testing.assert_array_equal(df.salary, df.salary + 1)",
    ],
)
def test_an_error_of_a_comparison_quotes_what_was_compared(notebook: Notebook, code: str) -> None:
    seen = notebook.run(f"try:\n    {code}\nexcept AssertionError as found:\n    print(found)")

    assert "different" in seen or "not equal" in seen
    assert [pay for pay in SALARY if str(pay) in seen] == []


@pytest.mark.parametrize(
    "code",
    [
        "df.astype({'dob': int})",
        "df.dob.astype(float)",
        "pd.to_datetime(df.dob, format='%d/%m/%Y')",
        "pd.to_numeric(df.dob)",
        "pd.concat([df.set_index('salary')] * 2, verify_integrity=True)",
        "pd.concat([df.head(3)] * 2).set_index('salary', verify_integrity=True)",
    ],
)
def test_an_error_of_a_table_quotes_its_values(notebook: Notebook, code: str) -> None:
    seen = notebook.run(f"try:\n    {code}\nexcept Exception as found:\n    print(type(found).__name__, found)")

    assert "Error" in seen
    assert [one for one in (*BORN, *map(str, SALARY)) if one in seen] == []


def test_what_groups_of_polars_are_made_by(notebook: Notebook) -> None:
    notebook.run("import polars as pl; flock = pl.from_pandas(df[['full_name', 'salary', 'dob', 'orders']])")
    for code in (
        "for k, _ in flock.group_by('salary'): print(k)",
        "print([k for k, _ in flock.group_by(pl.col('dob'))])",
    ):
        seen = notebook.run(code)
        assert [one for one in (*BORN, *map(str, SALARY)) if one in seen] == []
    assert notebook.run("print(sorted(k[0] for k, _ in flock.group_by('orders')))").startswith("[1, 2, 3,")


@pytest.mark.parametrize("rows", [5, 7, 11])
@pytest.mark.parametrize(
    "form",
    [
        "df.salary.head({n}).tolist()",
        "df.salary.head({n}).to_dict()",
        "df[['salary']].head({n}).to_dict('list')",
        "pd.io.json.to_json(None, df[['salary']].head({n}), orient='split')",
        "pd.io.json.to_json(None, df.salary.head({n}))",
        "df.salary.head({n}).values",
        "sorted(df.salary.head({n}))",
    ],
)
def test_the_median_of_a_list_is_one_of_its_values(notebook: Notebook, form: str, rows: int) -> None:
    assert rows % 2  # so it is
    seen = notebook.run(f"print({form.format(n=rows)})")

    assert [pay for pay in SALARY if str(pay) in seen] == []


def test_statistics_that_words_name_stay_beside_each_other(notebook: Notebook) -> None:
    code = "pay = df.salary.tolist()\nprint('median', sorted(pay)[5], 'mean', sum(pay) / 11, 'n', len(pay))"

    assert f"median {sorted(SALARY)[5]} mean {sum(SALARY) / 11} n 11" in notebook.run(code)


def test_what_no_cell_shows_may_be_in_any_variable(notebook: Notebook) -> None:
    notebook.run("kept = df.salary.tolist(); count = 17")
    text = f"kept = {SALARY[3]}, {SALARY[6]}; count = 17, of 204516"

    seen = notebook.session.clean(text, None)

    assert str(SALARY[3]) not in seen and str(SALARY[6]) not in seen
    assert "count = 17, of 204516" in seen


@pytest.mark.parametrize(
    "code",
    [
        "print(pd.DataFrame(other).income[1])",
        "print(f'{pd.DataFrame(other).income.max():,}')",
        "for r in pd.DataFrame(other).itertuples(): print(r.income, r.birth_date)",
        "pd.DataFrame(other).values[1]",
        "def read():\n    f = pd.DataFrame(other)\n    return f.income.tolist(), f.iloc[1].birth_date\nread()",
    ],
)
def test_a_table_that_is_gone_when_the_text_leaves(notebook: Notebook, code: str) -> None:
    notebook.space["other"] = {
        "full_name": notebook.space["table"]["full_name"],
        "income": [pay + 1 for pay in SALARY],
        "birth_date": [f"{day[:-1]}9" for day in BORN],
    }
    seen = notebook.run(code)
    assert not [pay for pay in SALARY if str(pay + 1) in seen or f"{pay + 1:,}" in seen]
    assert not [day for day in BORN if f"{day[:-1]}9" in seen]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    numbers=st.lists(st.sampled_from([*SALARY, *AGE]) | st.integers(100_000, 999_999), min_size=1, max_size=20),
    days=st.lists(st.sampled_from(BORN), max_size=4),
)
def test_what_is_only_equal_is_never_masked(notebook: Notebook, numbers: list[int], days: list[str]) -> None:
    notebook.space["mine"] = (numbers, days)
    text = " ".join(map(str, numbers)) + " | " + ", ".join(days) + "\n"
    code = "print(*mine[0], end=' | '); print(*mine[1], sep=', ')"
    assert notebook.run(code) == text


def test_ordinary_text_beside_a_long_table(notebook: Notebook) -> None:
    notebook.space["words"] = [
        f"step {n} loss 0.{n % 97:02d} seen {100_000 + 13 * n} on 19{50 + n % 49}-0{1 + n % 9}-11"
        for n in range(12_000)
    ]
    seen = notebook.run("for line in words: print(line)")
    assert seen == "\n".join(notebook.space["words"]) + "\n"


@pytest.mark.parametrize(
    "code",
    [
        "df.set_index(['orders', 'dob']).index.tolist()",
        "df.set_index(['orders', 'dob']).sort_index().index[:3].tolist()",
        "list(df.set_index(['orders', 'dob']).index)",
        "df.set_index(['orders', 'dob']).index[3]",
        "df.set_index(['orders', 'dob']).index.values",
        "df.set_index(['orders', 'born']).index.to_numpy()",
        "df.set_index('salary').orders.to_dict()",
        "dict(df.set_index('salary').orders.items())",
        "df.set_index('dob').orders.to_dict()",
        "[(day, n) for day, n in df.set_index('dob').orders.items()]",
        "df.set_index('salary').orders.to_json()",
        "df.set_index(['dob', 'salary']).orders.to_dict()",
        "df.groupby('dob').orders.sum().to_dict()",
        "df.salary.value_counts().to_dict()",
        "df.set_index('dob').to_dict()",
        "df.set_index('salary').orders.to_csv()",
    ],
)
def test_labels_of_rows_leave_with_what_they_label(notebook: Notebook, code: str) -> None:
    seen = notebook.run(code)
    assert not [pay for pay in SALARY if str(pay) in seen]
    assert not [day for day in BORN if day in seen]


def test_row_numbers_and_labels_of_nobody_stay(notebook: Notebook) -> None:
    notebook.run("shop = pd.DataFrame({'day': ['2024-05-01', '2024-05-02'], 'n': [3, 5], 'no': [204517, 204518]})")
    for code in (
        "shop.set_index(['day', 'no']).index.tolist()",
        "shop.set_index('no').n.to_dict()",
        "shop.n.to_dict()",
    ):
        assert notebook.run(code) == f"{eval(code, {'shop': notebook.space['shop']})}\n"


@pytest.mark.parametrize(
    "code",
    [
        "df.melt(id_vars='email', value_vars=['salary', 'orders'])",
        "pd.DataFrame({'n': np.where(df.orders > 3, df.salary, 0)})",
        "mm.sample(9, random_state=2)",
        "mm.iloc[[0, 15, 16]]",
        "print(mm.value.tolist(), mm.value[3])",
        "import polars as pl; pl.DataFrame({'a': ['one', '5'] + [str(pay) for pay in df.salary]})",
    ],
)
def test_numbers_of_people_beside_others_in_one_column(notebook: Notebook, code: str) -> None:
    notebook.run("mm = df.melt(id_vars='orders', value_vars=['salary', 'age']); mm.iloc[11:, 2] = range(11)")
    notebook.run("pd.DataFrame({'value': [1, 2]})")

    seen = notebook.run(code.replace("; ", "\n"))

    assert not [pay for pay in SALARY if str(pay) in seen]


def test_columns_of_the_same_label_keep_their_numbers(notebook: Notebook) -> None:
    notebook.run("df['plan'] = 'gold'\ndf.melt(id_vars='plan', value_vars=['salary', 'orders'])")
    shop = pd.DataFrame({"variable": ["qty"] * 12, "value": [*range(1, 9), 51_000, 204_000, 7, 3]})
    notebook.space["shop"] = shop

    for code in ("shop", "shop.value.tolist()", "df.melt(id_vars='plan', value_vars=['orders'])"):
        assert notebook.run(code) == f"{eval(code, {'shop': shop, 'df': notebook.space['df']})}\n"
    assert notebook.run("print(df.orders.max(), df.orders.mean())").startswith("21 ")
    assert notebook.run("df.melt(id_vars='plan', value_vars=['salary', 'orders']).tail(4)").count("-") == 0


@pytest.mark.parametrize(
    "code",
    [
        "from polars.testing import assert_series_equal\nassert_series_equal(pay, pay.reverse())",
        "from polars.testing import assert_frame_equal\nassert_frame_equal(pay.to_frame(), pay.reverse().to_frame())",
    ],
)
def test_an_error_of_a_comparison_in_polars_quotes_what_was_compared(notebook: Notebook, code: str) -> None:
    notebook.run("import polars as pl\npay = pl.from_pandas(df[['salary']])['salary']")

    seen = notebook.run("try:\n " + code.replace("\n", "\n ") + "\nexcept AssertionError as error: print(error)")

    assert "different" in seen
    assert not [pay for pay in SALARY if str(pay) in seen]
