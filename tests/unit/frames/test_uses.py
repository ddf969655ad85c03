"""Which columns of pandas tables a piece of code uses: truth by hand."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from jupyter_privguard.frames.engines import pandas_uses
from jupyter_privguard.frames.uses import Tracker
from tests.unit.frames.conftest import runner

ALL = {"id", "town", "pay", "age", "born"}


@pytest.fixture
def used() -> Iterator[object]:
    """A function that runs code as a program's and says what it used, by table."""
    people = pd.DataFrame(
        {
            "id": [1, 2, 3, 4],
            "town": ["Pune", "Delhi", "Pune", "Delhi"],
            "pay": [5, 6, 7, 8],
            "age": [30, 40, 50, 60],
            "born": ["1990", "1980", "1970", "1960"],
        }
    )
    visits = pd.DataFrame({"id": [1, 2, 3], "count": [9, 8, 7]})
    names = {id(people): "people", id(visits): "visits"}
    tracker = Tracker(lambda table: names.get(id(table), "another"))
    undo = pandas_uses.install(tracker)
    space = {"__name__": "__main__", "df": people, "visits": visits, "pd": pd, "np": np, "copy": copy, "pickle": pickle}

    yield runner(tracker, space)
    undo()


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        # columns that are written as words, and such that are not
        ("df['pay']", {"pay"}),
        ("df.pay.mean()", {"pay"}),
        ("df[['pay', 'age']]", {"pay", "age"}),
        ("getattr(df, 'p' + 'ay')", {"pay"}),
        ("for name in df.columns[1:3]: df[name].max()", {"town", "pay"}),
        ("df.iloc[:, 2]", {"pay"}),
        ("df.iloc[1, 2]", {"pay"}),
        ("df.iat[1, 2]", {"pay"}),
        ("df.at[1, 'age']", {"age"}),
        ("df.loc[:, 'town':'age']", {"town", "pay", "age"}),
        ("df.loc[df.age > 35, 'pay']", {"age", "pay"}),
        ("df.filter(regex='^p')", {"pay"}),
        ("df.select_dtypes('number')", {"id", "pay", "age"}),
        ("df.get('town')", {"town"}),
        ("df.loc[2, ['pay']]", {"pay"}),
        ("df.copy().pop('town')", {"town"}),
        ("df.compare(df)", ALL),
        ("df.compare(df.assign(pay=1)).shape", ALL),
        # rows
        ("df.loc[2]", ALL),
        ("df.iloc[0].town", {"town"}),
        ("df.xs(1)['pay']", {"pay"}),
        ("df.iloc[0]['pay':'age']", ALL),
        # a part counts by what is done with it
        ("df.head(2)", ALL),
        ("df.head(2)['pay']", {"pay"}),
        ("df.copy()", ALL),
        ("part = df.copy()\npart['town']", {"town"}),
        ("df.sort_values('age').iloc[0].town", {"age", "town"}),
        ("df[df.age > 35].shape", {"age"}),
        ("len(df[df.age > 35])", {"age"}),
        ("df[df.age > 35].index.tolist()", {"age"}),
        ("df[['pay', 'town']].shape", {"pay", "town"}),
        ("len(df.loc[df.age > 35, ['pay', 'town']])", {"age", "pay", "town"}),
        ("df[['pay', 'town']].head(2).index", {"pay", "town"}),
        ("df[['pay', 'town']].describe()", {"pay", "town"}),
        ("df[['pay', 'town', 'age']].groupby('town').pay.max()", {"pay", "town"}),
        ("df.sort_values('age').index[0]", {"age"}),
        ("df.query('age > 35').empty", {"age"}),
        ("df.loc[df.age > 35].size", {"age"}),
        ("part = df.copy()\npart.index = part.index + 1\npart.pay", {"pay"}),
        ("df.drop(columns=['pay', 'age'])", {"id", "town", "born"}),
        ("df.rename(columns={'pay': 'money'})['money']", {"pay"}),
        ("df.rename(columns={'pay': 'money'}).groupby('town').money.max()", {"pay", "town"}),
        ("df.add_prefix('x_')['x_age']", {"age"}),
        ("df.assign(double=lambda t: t.pay * 2)['double']", {"pay"}),
        ("df.assign(double=df.pay * 2)['double']", {"pay"}),
        ("df.set_index('id')['pay']", {"id", "pay"}),
        ("df.pipe(lambda t: t['pay'])", {"pay"}),
        # expressions
        ("df.query('age > 35 and town == \"Pune\"')['pay']", {"age", "town", "pay"}),
        ("limit = 35\ndf.query('age > @limit')[['pay']]", {"age", "pay"}),
        ("df.eval('pay / age')", {"pay", "age"}),
        ("df.eval('ratio = pay / age')['ratio']", {"pay", "age"}),
        # groups
        ("df.groupby('town').pay.mean()", {"town", "pay"}),
        ("df.groupby('town')[['pay', 'age']].sum()", {"town", "pay", "age"}),
        ("df.groupby('town').agg(top=('pay', 'max'))", {"town", "pay"}),
        ("df.groupby('town').agg({'age': 'min'})", {"town", "age"}),
        ("df.groupby('town').mean(numeric_only=True)", {"town", "id", "pay", "age"}),
        ("df.groupby('town').size()", {"town"}),
        ("df.groupby('town').ngroups", {"town"}),
        ("df.groupby('town').apply(lambda g: g['pay'].max())", {"town", "pay"}),
        ("for _, part in df.groupby('town'): part['age'].max()", {"town", "age"}),
        ("df.groupby(df.town.str.lower()).pay.max()", {"town", "pay"}),
        ("df.rolling(2)['pay'].mean()", {"pay"}),
        (
            "means = df.rename(columns={'town': 'place'}).groupby('place').pay.mean().reset_index()\nmeans.place.max()",
            {"town", "pay"},
        ),
        ("made = pd.DataFrame({'a': df.pay, 'b': 1})\nmade.b.max() + made.a.max()", {"pay"}),
        # statistics and forms
        ("df.describe()", {"id", "pay", "age"}),
        ("df.corr(numeric_only=True)", {"id", "pay", "age"}),
        ("df.isna().sum()", ALL),
        ("df.agg({'pay': 'sum', 'age': 'max'})", {"pay", "age"}),
        ("df.value_counts(['town', 'age'])", {"town", "age"}),
        ("df.duplicated(['town']).sum()", {"town"}),
        ("df.pivot_table(index='town', values='pay')", {"town", "pay"}),
        ("df.melt(id_vars='id', value_vars=['pay'])", {"id", "pay"}),
        ("df.melt(id_vars='id')", ALL),
        ("pd.crosstab(df.town, df.age)", {"town", "age"}),
        ("pd.get_dummies(df[['town']])", {"town"}),
        ("df.apply(lambda row: row['pay'] * 2, axis=1)", {"pay"}),
        ("df[['pay', 'age']].apply(np.mean)", {"pay", "age"}),
        ("pd.get_dummies(df, columns=['town'])['town_Pune'].sum()", {"town"}),
        ("pd.get_dummies(df[['town', 'pay', 'age']]).pay.max()", {"town", "pay"}),
        ("part = df[['id']].copy()\npart['double'] = df.pay * 2\npart.double.max()", {"pay"}),
        ("sums = df.groupby('town', as_index=False).pay.sum()\nsums['n'] = [1, 2]\nsums.n.max()", {"town", "pay"}),
        ("(df[['pay']] > 6).sum()", {"pay"}),
        ("df['pay'].corr(df['age'])", {"pay", "age"}),
        # whole tables
        ("df * 2", ALL),
        ("df.T", ALL),
        ("df.to_dict()", ALL),
        ("df.values", ALL),
        ("np.asarray(df)", ALL),
        ("str(df)", ALL),
        ("pickle.dumps(df)", ALL),
        ("copy.copy(df)", ALL),
        ("for row in df.itertuples(): pass", ALL),
        ("df[['pay', 'age']].to_numpy()", {"pay", "age"}),
        ("pd.DataFrame({'a': df.pay}).sum()", {"pay"}),
        # functions
        ("def top(table, name): return table[name].max()\ntop(df, 'pay')", {"pay"}),
        ("exec(\"df['born'].max()\")", {"born"}),
    ],
)
def test_columns_are_those_that_were_used(used, code: str, columns: set[str]) -> None:
    assert used(code) == {"people": columns}


def test_a_column_that_is_not_there_is_not_used(used) -> None:
    assert used("df.get('nothing'); df.get('nothing', 1)") == {}


@pytest.mark.parametrize(
    "code",
    [
        "def later(df): return df['pay'].max()",
        "if False: df['pay']",
        "alias = df",
        "len(df), df.shape, df.columns, df.dtypes, df.index",
        "held = {'a': df}",
        "df.insert(0, 'new', 1)\ndel df['new']",
        "'df.pay'",
        "try:\n    df['nowhere']\nexcept KeyError:\n    pass",
        "pd.DataFrame({'x': [1]}).sum()",
    ],
)
def test_what_uses_nothing_says_so(used, code: str) -> None:
    assert used(code) == {}


def test_tables_that_are_joined_keep_their_columns_apart(used) -> None:
    joined = used("df.merge(visits, on='id').groupby('town')['count'].sum()")

    assert joined == {"people": {"id", "town"}, "visits": {"id", "count"}}
    assert used("pd.concat([df[['pay']], visits[['count']]], axis=1)") == {"people": {"pay"}, "visits": {"count"}}
    assert used("df.merge(visits).town.max()") == {"people": {"id", "town"}, "visits": {"id"}}
    assert used("df[['pay']].merge(visits, how='cross').pay.max()") == {"people": {"pay"}, "visits": set()}
    assert used("df.join(visits.set_index('id'), on='id')['count'].max()") == {
        "people": {"id"},
        "visits": {"id", "count"},
    }


def test_what_was_taken_out_is_known_later(used) -> None:
    used("pay = df['pay']\narray = df[['age']].to_numpy()\nyoung = df[df.age < 45]")

    assert used("pay.mean()") == {"people": {"pay"}}
    assert used("young.born.max()") == {"people": {"born"}}
    assert used("del pay, array, young") == {}


def test_nothing_is_noted_while_no_cell_runs_and_hooks_go_away() -> None:
    before = pd.DataFrame.__getitem__, pd.Series.mean, pd.DataFrame.shape
    undo = pandas_uses.install(Tracker(lambda table: "x"))

    assert pd.DataFrame({"a": [1]})["a"].mean() == 1
    undo()

    assert (pd.DataFrame.__getitem__, pd.Series.mean, pd.DataFrame.shape) == before


@pytest.mark.parametrize(
    ("module", "function"),
    [
        ("seaborn.axisgrid", "def _find_numeric_cols(table):\n for name in table: table[name].dtype\n return table"),
        ("seaborn.axisgrid", "def map(table):\n table.values.size\n return table"),
        (
            "statsmodels.formula._manager",
            "def _maybe_convert_data(table):\n"
            " table = table.copy()\n"
            " for name in table: table[name] = table[name].astype(object)\n"
            " return table",
        ),
    ],
)
def test_a_library_that_looks_for_types_or_sizes_uses_nothing(used, module: str, function: str) -> None:
    library = {"__name__": module}
    exec(compile(function, "/lib/site-packages/library.py", "exec"), library)
    used.space["looked"] = next(value for name, value in library.items() if not name.startswith("__"))

    assert used("looked(df).pay.max()") == {"people": {"pay"}}


def test_thousands_of_parts_stay_few_notes(used) -> None:
    assert used("for at in range(2000): df.iloc[at % 4]") == {"people": ALL}


def test_variables_of_functions_are_found_by_queries(used) -> None:
    assert used("def rich(limit): return df.query('pay > @limit').id.tolist()\nassert rich(6) == [3, 4]") == {
        "people": {"pay", "id"}
    }
    assert used("def sums(): \n x = 2\n return df.eval('pay * @x').sum()\nassert sums() == 52") == {"people": {"pay"}}


def test_warnings_name_the_programs_line(used) -> None:
    newer = pd.__version__.startswith("3.")
    with pytest.warns(DeprecationWarning if newer else FutureWarning) as caught:
        used("df.astype({'pay': 'int'}, copy=True)" if newer else "df.applymap(str)")

    assert [warning.filename for warning in caught] == ["<string>"]


MADE = [
    ("m = df.merge(visits.rename(columns={'count': 'pay'}), on='id')", "m.pay_y.sum()", ""),
    ("m = df.merge(visits.rename(columns={'count': 'pay'}), on='id')", "m.pay_x.sum()", "pay"),
    ("m = df.merge(visits.assign(pay=1), on='id', suffixes=('', '_b'))", "m.pay.sum()", "pay"),
    ("m = df.join(visits, lsuffix='_l', rsuffix='_r')", "m.id_l.sum()", "id"),
    ("m = df.melt(id_vars='id', value_vars=['pay', 'age'])", "m['value'].sum()", "pay age"),
    ("m = df.melt(id_vars='id', value_vars=['pay', 'age'])", "m['id'].sum()", "id"),
    ("m = df.melt(id_vars='id', value_vars=['pay', 'age'])", "m['variable'].nunique()", ""),
    ("m = pd.melt(df, id_vars=['id'], value_vars=['pay'], value_name='v')", "m['v'].sum()", "pay"),
    ("m = df.pivot(index='id', columns='town', values='pay')", "m['Pune'].sum()", "pay"),
    ("m = df.pivot_table(values='pay', index='town', columns='born', aggfunc='sum')", "m['1990'].sum()", "pay"),
    ("m = df.pivot_table(index='town', values=['pay', 'age'])", "m.pay.max()", "pay"),
    ("m = df.groupby('town').agg(top=('pay', 'max'), n=('id', 'count'))", "m.top.max()", "pay"),
    ("m = df.groupby('town').agg(top=('pay', 'max'), n=('id', 'count'))", "m.n.max()", "id"),
    ("m = df.groupby('town').agg({'pay': ['min', 'max'], 'age': 'mean'})", "m[('pay', 'max')].max()", "pay"),
    ("m = df.groupby('town', as_index=False).pay.sum()", "m.town.max()", "town"),
    ("m = df.groupby('town')[['pay']].sum()", "m.index.max()", "town"),
    ("m = pd.concat({'a': df.pay, 'b': df.age}, axis=1)", "m['b'].sum()", "age"),
    ("m = df.copy(); m.insert(0, 'z', df.age)", "m.z.sum()", "age"),
    ("m = df.copy(); m['z'] = np.where(m.pay > 5, m.age, 0)", "m.z.sum()", "pay age"),
    ("m = df.copy(); m['z'] = [one * 2 for one in m.pay]", "m.z.sum()", "pay"),
    ("m = df.copy()\nm['z'] = (\n    np.sqrt(m['pay'].to_numpy())\n)", "m.z.sum()", "pay"),
    ("m = df.copy(); m['z'] = pd.cut(m.age, 3)", "m.z.nunique()", "age"),
    ("m = df.copy(); m['z'] = pd.to_datetime(m.born)", "m.z.max()", "born"),
    ("m = df.copy(); m['z'] = m.apply(lambda r: r.pay + r.age, axis=1)", "m.z.max()", "pay age"),
    ("m = df.copy(); m[['p', 'q']] = m[['pay', 'age']]", "m.q.max()", "age"),
    ("m = df.copy(); m['z'] = 1", "m.z.max()", ""),
    ("m = df.copy(); m['z'] = np.arange(4)", "m.z.max()", ""),
    ("m = df.eval('z = pay + id\\nq = age * 2')", "m.q.max()", "age"),
    ("m = df.copy(); m.columns = list('abcde')", "m.c.max()", "pay"),
    ("m = df.copy(); m.rename(columns={'pay': 'p'}, inplace=True)", "m.p.max()", "pay"),
    ("m = df.set_index('id')", "m.index.max()", "id"),
    ("m = df.assign(a=lambda d: d.pay, b=lambda d: d.age)", "m.b.max()", "age"),
    ("m = df.assign(a=df.pay, b=np.log(df.age.to_numpy()))", "m.b.max()", "pay age"),
    ("m = pd.crosstab(df.town, df.born)", "m.sum().sum()", "town born"),
    ("m = df.pay.rolling(2).mean()", "m.max()", "pay"),
    ("m = df.town.str.cat(df.born)", "m.max()", "town born"),
]


@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.parametrize(("make", "code", "columns"), MADE, ids=[f"{make} / {code}" for make, code, _ in MADE])
def test_columns_that_were_made_of_others_come_from_these(used, make: str, code: str, columns: str) -> None:
    used(make)

    assert used(code).get("people", set()) == set(columns.split())


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_a_change_in_place_uses_what_it_names(used) -> None:
    used("m = df.copy()")

    assert used("m.rename(columns={'pay': 'p'}, inplace=True)") == {}
    assert used("m.sort_values('age', inplace=True)") == {"people": {"age"}}
    assert used("m.drop(columns='town', inplace=True)") == {}
