"""``files: refuse`` beyond what pandas and polars write: nothing reaches the disk or another machine."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

EMAIL = "asha.k7@corp.example"
BEGIN = """
import csv, json, logging, os, pathlib, pickle, shutil, sqlite3, urllib.request
import numpy as np, pandas as pd, jupyter_privguard as pg
df = pd.read_csv('members.csv')
mails = df.mail.tolist()
"""


@pytest.fixture
def refusing(start, tmp_path: Path):
    """A kernel under a policy that refuses files, with a table of people in it."""
    lines = [f"asha.k{n}@corp.example,{41000 + 137 * n},day" for n in range(40)]
    (tmp_path / "members.csv").write_text("mail,income,turn\n" + "\n".join(lines) + "\n")
    (tmp_path / "policy.yaml").write_text("version: 1\nfiles: refuse\n")
    kernel = start(PRIVGUARD_POLICY=str(tmp_path / "policy.yaml"))
    kernel.run("%load_ext jupyter_privguard")
    assert kernel.run(BEGIN).ok
    return kernel


def test_values_do_not_get_into_files(refusing, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    for code in (
        "open('out', 'w').write(df.mail[7])",
        "df.to_csv('out', columns=['turn', 'mail'])",
        "open('out', 'w').write(df.head(2).to_html())",
        "pathlib.Path('out').write_text(str(df.income.tolist()))",
        "with open('out', 'w', newline='') as file: csv.writer(file).writerows(df.values.tolist())",
        "with open('out', 'w') as file: json.dump(mails, file)",
        "with open('out', 'w') as file: print(*mails, file=file)",
        "pickle.dump(df, open('out', 'wb'))",
        "pickle.dump(mails, open('out', 'wb'))",
        "np.save('out', df.income)",
        "shutil.copy('members.csv', 'out')",
        "pathlib.Path('out').write_bytes(df.to_csv().encode())",
    ):
        refused = refusing.run(code)

        assert not refused.ok, code
        sentence = refused.of("error")[0]["traceback"][0]
        assert sentence.startswith("privguard: the policy refuses to let") and "masked copy" in sentence, code
        for path in set(tmp_path.iterdir()) - before:
            assert not path.is_file() or not path.name.startswith("out") or path.stat().st_size == 0, code
        refusing.run("for name in ('out', 'out.npy'): pathlib.Path(name).unlink(missing_ok=True)")


def test_values_do_not_get_to_other_machines_nor_into_databases(refusing, home) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.2)
        sent = refusing.run(
            f"urllib.request.urlopen('http://127.0.0.1:{server.getsockname()[1]}/', data=df.to_csv().encode())"
        )
        with pytest.raises(TimeoutError):
            server.accept()

    assert not sent.ok and "be sent to another machine" in sent.screen
    filled = refusing.run(
        "db = sqlite3.connect('n.db')\ndb.execute('create table t (a)')\n"
        "db.executemany('insert into t values (?)', [(mail,) for mail in mails])"
    )
    assert not filled.ok and "privguard: the policy refuses to let rows be written to a database" in filled.streams
    assert refusing.run("print(db.execute('select count(*) from t').fetchall())").streams == "[(0,)]\n"
    last = [event for event in home.events("cell.run") if event["outcome"] == "refused"]
    assert [event["rule"] for event in last] == ["files"] * 2


def test_notebooks_that_write_no_values_go_on(refusing, tmp_path: Path) -> None:
    for code in (
        "with open('run.txt', 'w') as file: print('rows', len(df), file=file)",
        "with open('mean.json', 'w') as file: json.dump({'mean': float(df.income.mean()), 'rows': len(df)}, file)",
        "open('turn.txt', 'w').write(df['turn'].value_counts().to_string())",
        "logging.basicConfig(filename='run.log', force=True)\nlogging.warning('epoch 1')",
        "pickle.dump({'depth': 3}, open('settings.pkl', 'wb'))",
        "np.save('grid.npy', np.arange(3))",
        "pg.mask(df).to_csv('masked.csv')",
        "df[['turn']].to_parquet('turn.parquet')",
        "df.to_csv('turn.csv', columns=['turn'])",
        "import json.tool, wave",
        "db = sqlite3.connect('plain.db')\ndb.execute('create table t (a)')",
        "db.execute('insert into t values (1)')\ndb.commit()",
    ):
        cell = refusing.run(code)

        assert cell.ok, (code, cell.of("error"))
    assert (tmp_path / "run.txt").read_text() == "rows 40\n"
    assert EMAIL not in (tmp_path / "masked.csv").read_text()


def test_a_query_or_a_lazy_table_writes_no_values(refusing, tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    refusing.run("import duckdb, polars as pl, pyarrow.parquet as pq, pyarrow as pa")
    for code in (
        "duckdb.sql(\"copy df to 'out' (format csv)\")",
        "duckdb.sql(\"copy (select mail from df) to 'out' (format csv)\")",
        "duckdb.sql('select mail from df').write_csv('out')",
        "pl.scan_csv('members.csv').sink_csv('out')",
        "pq.write_table(pa.Table.from_pandas(df), 'out')",
    ):
        assert not refusing.run(code).ok, code
        assert not (tmp_path / "out").exists(), code
    for code in (
        "_ = duckdb.sql(\"copy (select turn from df) to 'a.csv'\")",
        "pl.scan_csv('members.csv').select('turn').sink_csv('b.csv')",
        "pg.mask(pl.scan_csv('members.csv')).sink_csv('c.csv')",
        "pq.write_table(pg.mask(pa.Table.from_pandas(df)), 'd.parquet')",
    ):
        cell = refusing.run(code)
        assert cell.ok, (code, cell.of("error"))
    assert EMAIL not in (tmp_path / "c.csv").read_text()
