"""What cells use of data that an earlier cell has asked for, opened or put into variables: truth by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

ALL = {"member", "mail", "income", "turn"}
BEGIN = """
import csv, io, itertools, json, operator, sqlite3
import numpy as np, pandas as pd
df = pd.read_csv('members.csv')
con = sqlite3.connect('club.db')
"""


@pytest.fixture
def told(reguarded, home, tmp_path: Path):
    """A function that runs cells and gives the record of each."""
    lines = [f"M-{n:05d},asha.k{n}@corp.example,{41000 + 137 * n},{'day' if n % 3 else 'night'}" for n in range(40)]
    (tmp_path / "members.csv").write_text("member,mail,income,turn\n" + "\n".join(lines) + "\n")
    make = (
        "import sqlite3, pandas as pd\nc = sqlite3.connect('club.db')\nd = pd.read_csv('members.csv')\n"
        "_ = d.to_sql('m', c, index=False)\nd.to_json('members.json', orient='records')\nc.close()\ndel d"
    )
    assert reguarded.run(make).ok
    assert reguarded.run(BEGIN).ok

    def run(codes: list[str]) -> list[dict[str, Any]]:
        before = len(home.events("cell.run"))
        for code in codes:
            done = reguarded.run(code)
            assert done.ok, (code, done.reply)
        return home.events("cell.run")[before:]

    return run


def _columns(record: dict[str, Any]) -> dict[str, set[str]]:
    return {Path(one["source"] or one["name"]).name: set(one["columns"]) for one in record["datasets"]}


def _check(told: Any, truth: list[tuple[str, dict[str, set[str]]]]) -> None:
    records = told([code for code, _ in truth])
    found = [_columns(record) for record in records]
    wrong = [(code, columns) for (code, uses), columns in zip(truth, found, strict=True) if columns != uses]
    assert not wrong
    assert "M-00001" not in str(records)


def test_rows_of_a_query_are_used_by_the_cell_that_fetches_them(told) -> None:
    _check(
        told,
        [
            ("cur = con.execute('select mail, income from m where turn > \\'e\\'')", {"club.db": ALL - {"member"}}),
            ("one = cur.fetchone()", {"club.db": ALL - {"member"}}),
            ("some = [row for row, _ in zip(cur, range(2))]", {"club.db": ALL - {"member"}}),
            ("rest = cur.fetchall()", {"club.db": ALL - {"member"}}),
            ("cur.fetchall()", {}),
            ("len(rest)", {"club.db": ALL - {"member"}}),
            ("cur.close()", {}),
        ],
    )


def test_a_query_of_duckdb_is_no_query_of_another_database(told) -> None:
    pytest.importorskip("duckdb")
    _check(
        told,
        [
            ("_ = con.execute('select mail from m').fetchall()", {"club.db": {"mail"}}),
            (
                "import duckdb\ndc = duckdb.connect('it.duckdb')\n_ = dc.execute('create table m as from df')",
                {"members.csv": ALL},
            ),
            ("_ = dc.execute('select mail from m')", {"it.duckdb": {"mail"}}),
            ("rows = dc.fetchall()", {"it.duckdb": {"mail"}}),
            ("_ = dc.execute('select mail as a, turn from m')", {"it.duckdb": {"mail", "turn"}}),
            ("table = dc.df()", {"it.duckdb": {"mail", "turn"}, "table": {"a", "turn"}}),
            ("table.a.max()", {"it.duckdb": {"mail"}}),
            ("dc.close()", {}),
        ],
    )


def test_a_database_that_is_copied_is_written_and_one_that_is_dropped_is_not(told) -> None:
    copied, dropped = told(["con.backup(sqlite3.connect('copy.db'))", "con.execute('drop table m')"])

    assert [(one["kind"], one["target"]) for one in copied["sinks"]] == [("file", "copy.db")]
    assert [(one["name"], one["how"], set(one["columns"])) for one in copied["datasets"]] == [("m", ["exported"], ALL)]
    assert (dropped["sinks"], dropped["datasets"]) == ([], [])


def test_fields_of_records_are_those_that_the_code_takes(told) -> None:
    _check(
        told,
        [
            ("data = json.load(open('members.json'))", {"members.json": ALL}),
            ("[row['income'] for row in data]", {"members.json": {"income"}}),
            ("len(data)", {}),
            (
                "for row in data:\n    if row.get('turn') == 'day':\n        row['mail']",
                {"members.json": {"turn", "mail"}},
            ),
            ("label = 'in' + 'come'\n[row[label] for row in data]", {"members.json": ALL}),
            ("def mails(rows): return [row['mail'] for row in rows]", {}),
            ("mails(data)", {"members.json": ALL}),
            ("rich = [row for row in data if row['income'] > 43000]", {"members.json": {"income"}}),
            ("rich[0]['mail']", {"members.json": {"mail"}}),
            ("sorted(data, key=operator.itemgetter('income'))[0]['member']", {"members.json": {"income", "member"}}),
            ("by = {row['member']: row for row in data}", {"members.json": {"member"}}),
            ("by['M-00' + '001']['turn']", {"members.json": {"turn"}}),
            ("rows = csv.DictReader(open('members.csv'))", {"members.csv": ALL}),
            ("for row in rows: row['mail']", {"members.csv": {"mail"}}),
            ("file = open('members.csv')", {"members.csv": ALL}),
            ("text = file.read()", {"members.csv": ALL}),
            (
                "con.row_factory = sqlite3.Row\nfound = con.execute('select mail, turn from m').fetchall()",
                {"club.db": {"mail", "turn"}},
            ),
            ("[row['mail'] for row in found]", {"club.db": {"mail"}}),
            ("[tuple(row) for row in found]", {"club.db": {"mail", "turn"}}),
        ],
    )


def test_what_is_no_data_is_none_also_beside_data(told) -> None:
    _check(
        told,
        [
            (
                "few = [1, 2, 3]\nnumbers = np.arange(9)\ncount = itertools.count()\nout = open('out.txt', 'w')\n"
                "mails = df.mail.tolist()\ndata = json.load(open('members.json'))",
                {"members.csv": {"mail"}, "members.json": ALL},
            ),
            ("sum(few), numbers.sum(), next(count)", {}),
            ("_ = out.write('x')\nout.close()", {}),
            ("len(set(mails))", {"members.csv": {"mail"}}),
            ("import collections\ntally = collections.Counter(df.turn)", {"members.csv": {"turn"}}),
            ("tally.most_common(1)", {"members.csv": {"turn"}}),
            ("lines = !cat members.csv", {"members.csv": ALL}),
            ("len(set(lines))", {"members.csv": ALL}),
            ("data[0]['turn']", {"members.json": {"turn"}}),
        ],
    )


def test_a_table_that_was_made_of_records_comes_from_where_these_came_from(told) -> None:
    _check(
        told,
        [
            ("rows = con.execute('select mail, income from m').fetchall()", {"club.db": {"mail", "income"}}),
            ("people = pd.DataFrame(rows, columns=['mail', 'pay'])", {"club.db": {"mail", "income"}}),
            ("people.mail.max()", {"club.db": {"mail"}}),
            ("people.pay.max()", {"club.db": {"mail", "income"}}),
            (
                "cur = con.execute('select turn, income from m')\n"
                "found = pd.DataFrame(cur.fetchall(), columns=['turn', 'income'])",
                {"club.db": {"turn", "income"}},
            ),
            ("found.turn.nunique()", {"club.db": {"turn"}}),
            ("data = json.load(open('members.json'))\nflat = pd.json_normalize(data)", {"members.json": ALL}),
            ("flat.income.max()", {"members.json": {"income"}}),
            ("own = pd.DataFrame({'x': [1, 2]})\ndf.income.max()", {"members.csv": {"income"}}),
            ("own.x.sum()", {"own": {"x"}}),
        ],
    )


def test_a_relation_is_used_where_it_is_run(told) -> None:
    pytest.importorskip("duckdb")
    _check(
        told,
        [
            (
                "import duckdb\nrelation = duckdb.sql('select mail, income as pay from df')",
                {"members.csv": {"mail", "income"}},
            ),
            ("relation.columns, relation.types", {}),
            ("relation", {"members.csv": {"mail", "income"}}),
            ("top = relation.order('pay').limit(2)", {"members.csv": {"mail", "income"}}),
            ("top.fetchall()", {"members.csv": {"mail", "income"}}),
            ("relation = top = None", {}),
        ],
    )


def test_a_table_that_was_read_and_changed_has_the_columns_of_its_file(told) -> None:
    _check(
        told,
        [
            ("df['half'] = df.income / 2", {"members.csv": {"income"}}),
            ("df.half.max()", {"members.csv": {"income"}}),
            ("df['shift'] = np.where(df.turn > 'e', df.turn, 'x')", {"members.csv": {"turn"}}),
            ("df['shift'].nunique()", {"members.csv": {"turn"}}),
            ("df.columns = ['id', 'b', 'pay', 'd', 'e', 'f']", {}),
            ("df.pay.mean()", {"members.csv": {"income"}}),
            ("df.rename(columns={'b': 'contact'}, inplace=True)", {}),
            ("df.contact.nunique()", {"members.csv": {"mail"}}),
            ("df", {"members.csv": ALL}),
        ],
    )


def test_files_and_tables_of_one_name_stay_apart(told, home) -> None:
    codes = [
        "import os\nos.makedirs('a', exist_ok=True)\nos.makedirs('b', exist_ok=True)\n"
        "df.to_csv('a/m.csv', index=False)\ndf[['member', 'turn']].to_csv('b/m.csv', index=False)",
        "one = pd.read_csv('a/m.csv')",
        "other = pd.read_csv('b/m.csv')",
        "kept = pd.read_sql('select * from m', con)",
        "both = one.merge(other, on='member')",
    ]
    joined = told([*codes, "both.turn_y.max(), kept.income.max()"])[-1]

    assert {(one["source"], *one["columns"]) for one in joined["datasets"]} == {
        ("b/m.csv", "turn"),
        ("club.db", "income"),
    }
    assert {one["source"]: one["as"] for one in joined["datasets"]} == {"b/m.csv": ["both"], "club.db": ["kept"]}
    assert "read from a/m.csv" in home.command("audit", "lineage", "one").stdout.splitlines()[0]
    behind = home.command("audit", "lineage", "both").stdout
    assert "from m (b/m.csv).turn\n" in behind and "read from club.db" not in behind
    unused = home.command("audit", "unused", "--format", "json").stdout
    assert '"a/m.csv"' in unused and '"club.db"' in unused
