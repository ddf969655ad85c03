"""`%privguard rescue`: work that cannot be shown, or stands in a kernel that runs no more cells, is saved sealed."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest

EMAIL = "asha.kulkarni77@corp.example"
NAME = "Asha Kulkarni"
BROKEN = """
from jupyter_privguard.guard.tables.shower import TableShower
def fails(*args, **kwargs): raise MemoryError
TableShower.masked_copy = fails
"""


def test_a_table_that_cannot_be_shown_is_saved_sealed_and_recorded(guarded, home) -> None:
    guarded.run(BROKEN)
    assert "%privguard rescue" in guarded.run("df").data[0]["text/plain"]

    saved = guarded.run("%privguard rescue df kept.sealed")

    path = guarded.folder / "kept.sealed"
    assert saved.streams.startswith("privguard: df is sealed as kept.sealed;"), saved.streams
    assert path.stat().st_mode & 0o777 == 0o600
    assert not any(value in path.read_bytes() for value in (EMAIL.encode(), NAME.encode(), b"full_name", b"PAR1"))
    [event] = home.events("data.seal")
    assert event["dataset"]["name"] == "df" and event["sinks"] == [{"kind": "file", "target": "kept.sealed"}]
    again = guarded.run("import jupyter_privguard as pg\nprint(pg.read_sealed('kept.sealed').equals(df))")
    assert again.streams == "True\n"


@pytest.mark.parametrize("made", ["pl.DataFrame(df)", "pa.Table.from_pandas(df)", "df.email", "df.set_index('email')"])
def test_tables_of_any_kind_come_back_as_tables(reguarded, made: str) -> None:
    reguarded.run(f"import polars as pl, pyarrow as pa, jupyter_privguard as pg\nx = {made}")

    assert reguarded.run("%privguard rescue x 'a kept.sealed'").ok

    back = reguarded.run("y = pg.read_sealed('a kept.sealed')\nprint('asha' in str(y.to_dict()), len(y))")
    assert back.streams == "True 8\n"


def test_other_objects_are_pickled(guarded, home) -> None:
    guarded.run("found = {'who': [df.full_name[0]], 'n': {1, 2}}\ndf2 = df.assign(mixed=[1, 'a', None, 2.5] * 2)")

    assert "pickled" in guarded.run("%privguard rescue found found.sealed").streams
    assert guarded.run("%privguard rescue df2 df2.sealed").ok

    done = home.command("unseal", str(guarded.folder / "found.sealed"), "-o", str(guarded.folder / "found.pickle"))
    assert done.returncode == 0, done.stderr
    assert pickle.loads((guarded.folder / "found.pickle").read_bytes()) == {"who": [NAME], "n": {1, 2}}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "rescue takes the name"),
        ("df", "rescue takes the name"),
        ("nothing kept.sealed", "no variable of that name"),
        ("df there.csv", "is there already"),
        ("df missing/kept.sealed", "there is no folder"),
        ("odd kept.sealed", "cannot be pickled (TypeError)"),
    ],
)
def test_what_cannot_be_saved_is_said_in_a_sentence(reguarded, home, line: str, said: str) -> None:
    (reguarded.folder / "there.csv").write_text("mine")
    reguarded.run("odd = (i for i in df.email)")

    cell = reguarded.run(f"%privguard rescue {line}")

    assert not cell.ok
    assert f"privguard: {said}" in cell.screen or said in cell.screen
    assert EMAIL not in cell.screen and "Traceback" not in cell.streams
    assert (reguarded.folder / "there.csv").read_text() == "mine"
    assert not (reguarded.folder / "kept.sealed").exists()
    assert home.events("data.seal") == []


def test_it_works_where_no_cell_runs_any_more(guarded, home) -> None:
    shutil.move(home.folder / "log", home.folder / "gone")
    (home.folder / "log").write_text("")
    guarded.run("ip = get_ipython()\nip._privguard.session._log.close()")
    refused = guarded.run("df")
    assert not refused.ok and EMAIL not in refused.screen

    saved = guarded.run("%privguard rescue df kept.sealed")

    assert "could not be logged" in saved.streams, saved.screen
    assert (guarded.folder / "kept.sealed").exists()
    assert not guarded.run("%privguard rescue df {1 + 1}").ok, "what runs code is no way out"


def test_without_a_guard_the_way_out_is_to_unload_it(start, tmp_path: Path) -> None:
    kernel = start(PRIVGUARD_POLICY=str(tmp_path / "no-such.yaml"))
    kernel.run("df = 1")
    kernel.run("%load_ext jupyter_privguard")

    cell = kernel.run("%privguard rescue df kept.sealed")

    assert "%unload_ext jupyter_privguard" in cell.screen
