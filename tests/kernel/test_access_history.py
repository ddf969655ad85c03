"""What the log says that cells used, wrote, reached and started: truth by hand, in a real kernel."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ALL = {"member", "mail", "income", "turn"}
BEGIN = """
import csv, io, json, os, pathlib, pickle, shutil, sqlite3, subprocess, urllib.request, zipfile
import numpy as np, pandas as pd
df = pd.read_csv('members.csv')
con = sqlite3.connect('club.db')
"""


class _Sink(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Sink)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def told(guarded, home, tmp_path: Path):
    """A function that runs cells and gives the record of each."""
    lines = [f"M-{n:05d},asha.k{n}@corp.example,{41000 + 137 * n},{'day' if n % 3 else 'night'}" for n in range(40)]
    (tmp_path / "members.csv").write_text("member,mail,income,turn\n" + "\n".join(lines) + "\n")
    (tmp_path / "visits.csv").write_text("member,count\n" + "".join(f"M-{n:05d},{n}\n" for n in range(40)))
    make = "import sqlite3, pandas as pd\nc = sqlite3.connect('club.db')\npd.read_csv('members.csv').to_sql('m', c)"
    assert guarded.run(make).ok
    assert guarded.run(BEGIN).ok

    def run(codes: list[str], *, ok: bool = True) -> list[dict[str, Any]]:
        before = len(home.events("cell.run"))
        for code in codes:
            assert guarded.run(code).ok is ok, code
        return home.events("cell.run")[before:]

    return run


def _columns(record: dict[str, Any]) -> dict[str, set[str]]:
    return {one["name"]: set(one["columns"]) for one in record["datasets"]}


def test_columns_that_cells_used(told) -> None:
    truth: list[tuple[str, dict[str, set[str]]]] = [
        ("name = 'inc' + 'ome'\ndf[name].mean()", {"members": {"income"}}),
        ("df.iloc[:, 3].unique()", {"members": {"turn"}}),
        ("df.head(2)", {"members": ALL}),
        ("%time df['turn'].nunique()", {"members": {"turn"}}),
        ("%%time\ndf.groupby('turn').income.max()", {"members": {"turn", "income"}}),
        ("def later(table): return table['mail'].max()", {}),
        ("later(df)", {"members": {"mail"}}),
        ("if False: df.mail", {}),
        ("print('df.mail of members.csv')", {}),
        ("rich = df[df.income > 43000]", {"members": ALL, "rich": ALL}),
        ("rich.turn.value_counts()", {"members": {"turn"}}),
        ("mails = df.mail.tolist()", {"members": {"mail"}}),
        ("len(set(mails))", {"members": {"mail"}}),
        ("grid = df[['income']].to_numpy()", {"members": {"income"}}),
        ("grid.mean()", {"members": {"income"}}),
        ("held = {'a': df}", {}),
        ("held['a'].turn.unique()", {"members": {"turn"}}),
        (
            "df.merge(pd.read_csv('visits.csv'), on='member').groupby('turn')['count'].sum()",
            {"members": {"member", "turn"}, "visits": {"member", "count"}},
        ),
        ("text = pathlib.Path('visits.csv').read_text()", {"visits": {"member", "count"}}),
        ("list(csv.DictReader(open('visits.csv')))[0]['count']", {"visits": {"member", "count"}}),
        ("!wc -l visits.csv", {"visits": {"member", "count"}}),
        (
            "rows = con.execute('select turn, avg(income) from m group by turn').fetchall()",
            {"m": {"turn", "income"}},
        ),
        ("con.execute('select turn, avg(income) from m group by turn').fetchall()", {"m": {"turn", "income"}}),
        ("os.listdir('.')", {}),
        ("df.mail.str.upper().head(2)", {"members": {"mail"}}),
        ("df.to_pickle('kept.pkl')", {"members": ALL}),
        ("pickle.load(open('kept.pkl', 'rb')).turn.max()", {"kept": ALL}),
        ("len(df), df.shape, list(df.columns)", {}),
        ("[part.turn.max() for part in pd.read_csv('members.csv', chunksize=15)]", {"members": ALL}),
        ("[len(p) for p in pd.read_sql('select turn, income from m', con, chunksize=9)]", {"m": {"turn", "income"}}),
        ("pd.read_sql('select turn from m where income > 42000', con).turn.max()", {"m": {"turn", "income"}}),
        ("df[df.income > 43000].index.max()", {"members": {"income"}}),
        ("rows = [1, 2]\n[rows for rows in ('a', 'b')]", {}),
        ("sums = con.execute('select income from m').fetchall()", {"m": {"income"}}),
        ("[sums for sums in 'ab'], (lambda sums: sums)(1)", {}),
        ("sums = None", {}),
        ("query = 'select turn from m'\n_ = con.execute(query).fetchall()", {"m": {"turn"}}),
        ("_ = con.execute(query).fetchall()", {"m": {"turn"}}),
        ("_ = pd.read_csv('visits.csv').to_sql('v', con, index=False)", {"visits": {"member", "count"}}),
        (
            "query = 'select m.turn as shift, sum(v.count) as n from m join v using (member) group by 1'\n"
            "both = pd.read_sql(query, con)",
            {"m": {"turn", "member"}, "v": {"count", "member"}},
        ),
        ("both['shift'].max()", {"m": {"turn"}}),
        ("both.n.max()", {"v": {"count"}}),
        ("df.get('nothing')", {}),
        ("df.to_csv('some.csv', columns=['turn'])", {"members": {"turn"}}),
        ("with open('new.csv', 'w+') as file: df[['turn']].to_csv(file)", {"members": {"turn"}}),
        ("_ = os.system('cp visits.csv copied.csv')", {"visits": {"member", "count"}}),
        (
            "os.makedirs('old', exist_ok=True)\ndf[['turn']].to_csv('old/visits.csv')",
            {"members": {"turn"}},
        ),
    ]

    records = told([code for code, _ in truth])

    wrong = [
        (code, _columns(record))
        for (code, uses), record in zip(truth, records, strict=True)
        if _columns(record) != uses
    ]
    assert not wrong


def test_what_is_made_of_tables_names_its_parents(told) -> None:
    (record,) = told(["paid = df.rename(columns={'income': 'pay'})[['member', 'pay']]"])

    (made,) = [one for one in record["datasets"] if one["name"] == "paid"]
    assert (made["source"], made["as"]) == (None, ["paid"])
    assert made["parents"] == [
        {
            "name": "members",
            "source": "members.csv",
            "columns": [{"label": "member", "from": ["member"]}, {"label": "pay", "from": ["income"]}],
        }
    ]


def test_columns_after_an_error_were_not_used(told) -> None:
    told(["held = df.mail.tolist()"])
    (record,) = told(["df.turn.max()\n1 / 0\nlen(held)\ndf.income"], ok=False)

    assert (record["outcome"], _columns(record)) == ("error", {"members": {"turn"}})


def test_where_data_went(told, port: int) -> None:
    truth: list[tuple[str, list[tuple[str, str]]]] = [
        ("with open('a.txt', 'w') as file: file.write('x')", [("file", "a.txt")]),
        ("pickle.dump(df, open('a.pkl', 'wb'))", [("file", "a.pkl")]),
        ("np.save('a.npy', df.income)", [("file", "a.npy")]),
        ("df.to_csv('a.csv')", [("file", "a.csv")]),
        ("df.to_parquet('a.parquet')", [("file", "a.parquet")]),
        ("shutil.copy('visits.csv', 'b.csv')", [("file", "b.csv")]),
        ("%%writefile note.txt\nhello", [("file", "note.txt")]),
        ("%%bash\nwc -l visits.csv | sort", [("process", "bash: wc | sort")]),
        ("_ = os.system('wc -l visits.csv')", [("process", "wc")]),
        ("os.replace('b.csv', 'c.csv')", [("file", "c.csv")]),
        ("with zipfile.ZipFile('a.zip', 'w') as z: z.writestr('x', df.to_csv())", [("file", "a.zip")]),
        ("with open('t.part', 'w') as file: file.write('x')\nos.replace('t.part', 't.txt')", [("file", "t.txt")]),
        ("subprocess.run(['wc', '-c'], input=b'M-00001', capture_output=True)", [("process", "wc")]),
        ("!echo M-00001 | sort > /dev/null", [("process", "echo | sort")]),
        ("!sort visits.csv > sorted.csv 2>&1", [("process", "sort"), ("file", "sorted.csv")]),
        ("df.to_sql('again', con)", [("table", "again")]),
        ("_ = os.system('cp visits.csv v1.csv')", [("process", "cp"), ("file", "v1.csv")]),
        ("subprocess.run(['cp', 'visits.csv', 'v2.csv'])", [("process", "cp"), ("file", "v2.csv")]),
        ("%%bash\ntee v3.csv < visits.csv > /dev/null", [("process", "bash: tee"), ("file", "v3.csv")]),
        ("_ = con.execute('create table t (a)').execute('insert into t values (1)')", [("table", "t")]),
        (f"_ = urllib.request.urlopen('http://127.0.0.1:{port}/', data=b'x')", [("net", f"127.0.0.1:{port}")]),
        ("import colorsys, email.mime.audio", []),
        ("open('a.txt').read()", []),
        ("open(os.devnull, 'w').write('x')", []),
    ]

    records = told([code for code, _ in truth])

    found = [[(sink["kind"], sink["target"]) for sink in record["sinks"]] for record in records]
    wrong = [(code, sinks) for (code, expected), sinks in zip(truth, found, strict=True) if sinks != expected]
    assert not wrong
    sinks = {sink["target"]: sink for record in records for sink in record["sinks"]}
    assert sinks["a.txt"]["bytes"] == 1
    assert sinks["wc"]["unseen"] and sinks["echo | sort"]["unseen"]
    assert sinks[f"127.0.0.1:{port}"]["direction"] == "out" and sinks[f"127.0.0.1:{port}"]["bytes"] > 1
    assert "M-00001" not in str(records)


def test_engines_in_c_tell_of_their_files_and_columns(told) -> None:
    pytest.importorskip("duckdb")
    truth: list[tuple[str, dict[str, set[str]], list[str]]] = [
        ("import duckdb, polars as pl, pyarrow.csv as pc, pyarrow.parquet as pq", {}, []),
        (
            "duckdb.sql(\"select avg(income) from df where turn = 'day'\").fetchall()",
            {"members": {"income", "turn"}},
            [],
        ),
        ("duckdb.sql('select count(*) from \\'visits.csv\\' where count > 3').fetchall()", {"visits": {"count"}}, []),
        ("_ = duckdb.sql(\"copy (select turn from df) to 'd.csv'\")", {"members": {"turn"}}, ["d.csv"]),
        ("table = pc.read_csv('visits.csv')", {"visits": {"member", "count"}}, []),
        ("table['count'].length()", {"visits": {"count"}}, []),
        ("import pyarrow as pa, pyarrow.dataset as ds\ncopied = pa.Table.from_pandas(df)", {"members": ALL}, []),
        ("copied.select(['turn']).num_rows", {"members": {"turn"}}, []),
        (
            "scan = ds.dataset('members.csv', format='csv')\nscan.to_table(columns=['turn']).num_rows",
            {"members": {"turn"}},
            [],
        ),
        ("scan.head(3, columns=['mail']).num_rows", {"members": {"mail"}}, []),
        ("df[['turn']].to_parquet('g.parquet')", {"members": {"turn"}}, ["g.parquet"]),
        ("pq.ParquetFile('g.parquet').read().num_rows", {"g": {"turn"}}, []),
        ("duckdb.sql(\"select sum(count) from 'visit*.csv'\").fetchall()", {"visits": {"count"}}, []),
        ("pq.write_table(table, 'e.parquet')", {"visits": {"member", "count"}}, ["e.parquet"]),
        (
            "lazy = pl.scan_csv('members.csv').filter(pl.col('income') > 43000).select('turn')",
            {"lazy": {"income", "turn"}},
            [],
        ),
        ("lazy.collect().height", {"members": {"income", "turn"}}, []),
        ("lazy.sink_csv('f.csv')", {"members": {"income", "turn"}}, ["f.csv"]),
        ("parts = copied.append_column('x', copied['income'])", {"members": {"income"}}, []),
        ("import pyarrow.compute as pcm\npcm.max(parts['x'])", {"members": {"income"}}, []),
        ("one = copied['turn']", {"members": {"turn"}}, []),
        ("pcm.count(one)", {"members": {"turn"}}, []),
        ("pc.write_csv(copied.select(['turn']), 'h.csv')", {"members": {"turn"}}, ["h.csv"]),
        (
            "with pq.ParquetWriter('i.parquet', copied.schema) as w: w.write_table(copied)",
            {"members": ALL},
            ["i.parquet"],
        ),
        ("with pa.ipc.new_file('j.arrow', copied.schema) as w: w.write_table(copied)", {"members": ALL}, ["j.arrow"]),
        ("with pc.CSVWriter('k.csv', copied.schema) as w: w.write_table(copied)", {"members": ALL}, ["k.csv"]),
        (
            "for part in pq.ParquetFile('i.parquet').iter_batches(columns=['turn']): part.num_rows",
            {"i": {"turn"}},
            [],
        ),
        ("pa.ipc.open_file(pa.memory_map('j.arrow')).read_all()['turn'].length()", {"j": {"turn"}}, []),
        ("duckdb.execute('select max(count) from read_csv(?)', ['visits.csv']).fetchall()", {"visits": {"count"}}, []),
    ]

    records = told([code for code, _, _ in truth])

    wrong = [
        (code, _columns(record), record["sinks"])
        for (code, uses, files), record in zip(truth, records, strict=True)
        if _columns(record) != uses or [sink["target"] for sink in record["sinks"]] != files
    ]
    assert not wrong
