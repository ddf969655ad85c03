"""Columns that a cell's code names are found without running it."""

from __future__ import annotations

import pytest

from jupyter_privguard.guard.cells.lineage import columns_named, names_bound, names_run, statements_run

TABLES = {"df": ["email", "income", "plan"], "other": ["email", "7"]}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("df['email'].str.lower()", {"df": ["email"]}),
        ("df.income.mean()", {"df": ["income"]}),
        ("df[['plan', 'email']]", {"df": ["email", "plan"]}),
        ("df.groupby('plan')['income'].mean()", {"df": ["income", "plan"]}),
        ("df", {"df": ["email", "income", "plan"]}),
        ("print(df.head())", {"df": ["email", "income", "plan"]}),
        ("df.assign(plan=1)", {"df": ["plan"]}),
        ("other[7]", {"other": ["7"]}),
        ("x = 1", {}),
        ("df = 1", {}),
        ("'df'", {}),
        ("# df", {}),
        ("this is not python", {}),
        ("", {}),
    ],
)
def test_columns_are_those_the_code_names(source: str, found: dict[str, list[str]]) -> None:
    assert columns_named(source, TABLES) == found


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a.b(c)", {"a", "c"}),
        ("def f(x):\n    return a", set()),
        ("def f(x=a):\n    return b", {"a"}),
        ("class A:\n    y = a", {"a"}),
        ("if False:\n    a\nelse:\n    b", {"b"}),
        ("while 0:\n    a", set()),
        ("%%time\nlen(a)", {"len", "a"}),
        ("%time len(a)", {"len", "a"}),
        ("!cat a\nb", {"b"}),
        ("x = !cat a", set()),
        ("%%bash\necho a", set()),
        ("a = 1", set()),
        ("1 +", set()),
        # names of comprehensions and lambdas are no variables, but what they go through is one
        ("[r.x for r in rows if r]", {"rows"}),
        ("[r for r in r]", {"r"}),
        ("{k: v + a for k, v in d.items()}", {"d", "a"}),
        ("[x for part in parts for x in part]", {"parts"}),
        ("sum(r for r in rows) + r", {"sum", "rows", "r"}),
        ("f(lambda d, *rest, k=a: d.x + rest + k + b)", {"f", "a", "b"}),
        ("f(lambda: d.x)", {"f", "d"}),
    ],
)
def test_names_are_those_that_are_read_where_code_runs(source: str, names: set[str]) -> None:
    assert set(names_run(source)) == names


def test_what_comes_after_an_error_did_not_run() -> None:
    assert names_run("a\nb\nc", until=(2, 5)) == ["a", "b"]
    assert names_run("a; b", until=(1, 1)) == ["a"]


def test_variables_that_are_given_values() -> None:
    bound = [
        name
        for statement in statements_run("a, b = 1, 2\nimport c\ndef d(): e = 1\nfor f in g: h = [i for i in g]")
        for name in names_bound(statement)
    ]

    assert sorted(bound) == ["a", "b", "f", "h"]
