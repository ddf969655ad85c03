"""Values that a cell takes out of tables, in the messages of a real kernel: many ways out, many notations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

PEOPLE = """
import pandas as pd, numpy as np, polars as pl, json, logging, sys
first = "Ottoline Barnaby Clemency Desmond Eudora Fergus Griselda Horatio".split()
last = "Quennell Ravenhill Satterley Tregarthen Uppington Vosper Wrexhall Yardleigh".split()
df = pd.DataFrame({
    "full_name": [f"{a} {b}" for a, b in zip(first, last)],
    "email": [f"{a}.{b}@corp.example".lower() for a, b in zip(first, last)],
    "salary": [204_517 + 8_311 * n + 37 * n * n for n in range(8)],
    "dob": [f"19{51 + 3 * n}-0{1 + n}-1{n}" for n in range(8)],
    "orders": [3, 5, 8, 13, 21, 1, 2, 4],
})
born = pd.to_datetime(df.dob)
pdf = pl.DataFrame({name: df[name].tolist() for name in df.columns})
"""
SALARIES = [204_517 + 8_311 * n + 37 * n * n for n in range(8)]
DAYS = [dt.date.fromisoformat(f"19{51 + 3 * n}-0{1 + n}-1{n}") for n in range(8)]
FORMS = [form.format(salary) for salary in SALARIES for form in ("{}", "{:,}", "{:_}")] + [
    form
    for day in DAYS
    for form in (f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y}", f"{day:%Y, }{day.month}, {day.day}", f"{day:%d %b %Y}")
]
CELLS = [
    "df.salary[1]",
    "print(df.salary[1], f'{df.salary[1]:,}', f'{df.salary[1]:,.2f}', df.salary[1] / 1)",
    "df.values[:2]",
    "df.to_dict()",
    "df.to_dict('records')",
    "print(json.dumps(df[['salary', 'dob']].to_dict('records'), indent=1))",
    "df.to_records()[:3]",
    "for i, r in df.iterrows(): print(i, r['salary'], r.dob)",
    "for r in df.itertuples(): print(r.salary, r[4])",
    "[tuple(r) for r in df[['salary', 'dob']].values]",
    "logging.getLogger('etl').warning('row %r', df.iloc[0].to_dict())",
    "df.apply(lambda r: f'{r.salary}:{r.dob}', axis=1)",
    "df.salary.tolist(), sorted(df.salary)[:2], max(df.salary), list(df.dob)",
    "np.sort(df.salary.to_numpy())[-3:], df.salary.to_numpy().reshape(2, 4)",
    "print(born[2], born[2].date(), f'{born[2]:%d/%m/%Y}', repr(born[2].to_pydatetime()), f'{born[2]:%d %b %Y}')",
    "born.dt.date.tolist(), [str(d) for d in born], born.dt.strftime('%d/%m/%Y').tolist()",
    "{'top': df.salary.max(), 'low': df.salary.min(), 'who': df.loc[df.salary.idxmax(), 'dob']}",
    "from dataclasses import dataclass\n@dataclass\nclass Rec:\n    s: int\nRec(int(df.salary[0]))",
    "df[df.orders == 8].salary.mean(), df.salary.sum() - df.salary[1:].sum(), df.salary[:1].sum()",
    "raise ValueError(f'bad salary {df.salary[3]} of {df.dob[3]}')",
    "import warnings; warnings.warn(f'{df.salary[3]:,}')",
    "print(df.salary[3], file=sys.stderr)",
    "print('salary:', df.salary[3], 'dob=', df.dob[2])",
    "pdf.rows()[:2], pdf.to_dicts()[0], pdf['salary'].to_list(), pdf[1, 'dob'], pdf['salary'].max(), pdf.row(3)",
    "for row in pdf.iter_rows(named=True): print(row['salary'], row['dob'])",
    "json.loads(df.to_json())['salary']",
    "from IPython.display import HTML\ndisplay(HTML(f'<b>{df.salary[2]}</b> born <i>{df.dob[2]}</i>'))",
    "pay = df.salary[5]; days = born.tolist(); box = {'x': (pay, days)}; table = df[['salary']].values",
    "pay",
    "print(f'{pay:,}', days[2], box, table[3:])",
    "_",
]


@pytest.fixture
def people(kernel: Any) -> Any:
    assert kernel.run("%load_ext jupyter_privguard").ok
    assert kernel.run(PEOPLE).ok
    return kernel


def test_no_number_or_date_of_a_person_leaves_a_cell_that_took_it_out(people: Any) -> None:
    for code in CELLS:
        screen = people.run(code).screen
        assert not [form for form in FORMS if form in screen], code


def test_other_numbers_and_dates_stay(people: Any) -> None:
    mean, total = sum(SALARIES) / 8, sum(SALARIES)
    assert str(mean) in people.run("print(df.salary.mean(), df.salary.tolist()[:0])").streams
    assert str(total) in people.run("n = 0\nfor s in df.salary: n += s\nprint(n)").streams
    assert "[3, 5, 8, 13, 21, 1, 2, 4]" in people.run("x = df.salary[0]\nprint(df.orders.tolist())").streams
    assert "2031-05-06" in people.run("x = df.dob[0]\nprint('2031-05-0' + str(6))").streams
    unrelated = f"step {SALARIES[2]} of {SALARIES[3]}, {DAYS[3].isoformat()}"
    people.run(f"line = bytes.fromhex('{unrelated.encode().hex()}').decode()")
    assert unrelated in people.run("print(line)").streams
