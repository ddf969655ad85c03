"""A table read from a file without a header has somebody's row for labels: they are masked like the rows below."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

import jupyter_privguard as pg
from jupyter_privguard.cli.main import main
from jupyter_privguard.guard.columns.labels import values_in_labels
from tests.unit.guard.conftest import Notebook

GIVEN = ["Asha", "Ravi", "Meera", "John", "Sofia", "Priya"]
LAST = ["Kulkarni", "Menon", "Iyer", "Smith", "Fernandez", "Rao"]
NAMES = [f"{one} {other}" for one in GIVEN for other in LAST]
ROWS = [(name, f"u{n}@mail.example", f"CU{1000 + n}", n % 4) for n, name in enumerate(NAMES)]
FIRST = [NAMES[0], "Asha", "u0@", "CU1000"]
"""What tells of the person in the first row."""


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "people.csv"
    pd.DataFrame(ROWS).to_csv(path, index=False, header=False)
    return path


def test_a_copy_names_nobody(file: Path) -> None:
    table = pd.read_csv(file)
    labels = list(table.columns)

    copy = pg.mask(table)

    assert [one for one in FIRST if one in str(list(copy.columns))] == []
    assert list(table.columns) == labels
    named = pg.mask(pd.DataFrame({"full_name": NAMES}))
    assert copy.iloc[0, 0] == named.full_name[1] and copy.columns[0] == named.full_name[0]
    assert copy.columns[1].startswith("***@") and copy.columns[3] == labels[3]


@pytest.mark.parametrize("form", ["csv", "tsv", "parquet"])
@pytest.mark.parametrize("tier", ["public", "internal"])
def test_nor_does_a_copy_of_the_file(form: str, tier: str, file: Path) -> None:
    out = file.with_name(f"out.{form}")

    with pytest.raises(SystemExit) as left:
        main(["mask", str(file), "-o", str(out), "--tier", tier])

    assert left.value.code == 0
    written = str(pq.read_schema(out).names).encode() + out.read_bytes() if form == "parquet" else out.read_bytes()
    assert [one for one in FIRST if one.encode() in written] == []


@pytest.mark.parametrize("rows", [len(NAMES), 9000])
def test_a_label_that_stands_in_a_column_is_masked_in_a_file_too(rows: int, file: Path) -> None:
    others = [f"{GIVEN[n % 6]} {LAST[n % 5]}{chr(97 + n // 5 % 26)}{chr(97 + n // 130 % 26)}" for n in range(rows - 36)]
    pd.DataFrame({"full_name": [*NAMES, *others], NAMES[3]: 0, "plan": "gold"}).to_csv(file, index=False)

    with pytest.raises(SystemExit):
        main(["mask", str(file), "-o", "out.csv"])

    with open("out.csv", newline="") as masked:
        head, *rows = csv.reader(masked)
    assert head[0] == "full_name" and head[2] == "plan"
    assert head[1] == rows[3][0] and head[1].startswith("tok:")


def test_in_a_notebook_each_column_has_its_own_mask_and_no_text_tells_the_labels(file: Path) -> None:
    notebook = Notebook()
    try:
        notebook.run(f"d = pd.read_csv({str(file)!r})")
        seen = [
            notebook.run(code) for code in ("d", "d.head(2)", "list(d.columns)", "print(d.columns)", "d.iloc[:2].T")
        ]
        run = notebook.session.open_run("shown", _options(), "d", execution_count=9, cell_id=None)
        shown = notebook.session.show(notebook.space["d"], run)
        notebook.session.close_run("shown", "ok")
    finally:
        notebook.close()

    for text in (*seen, str(shown.native.to_csv())):
        assert [one for one in FIRST if one in text] == []
    names, mails = (list(shown.native.iloc[:, at]) for at in (0, 1))
    assert all(one.startswith("tok_") for one in names) and len(set(names)) == len(names)
    assert set(mails) == {"***@mail.example"}


def _options() -> Any:
    from jupyter_privguard.guard.cells.cell import CellOptions

    return CellOptions()


@pytest.mark.parametrize(
    "labels",
    [
        ["full_name", "email", "CU1000", "3"],
        ["Full Name", "E-mail", "Customer", "Plan"],
        ["Asha Kulkarni", "email", "CU1000", "3"],
        ["a", "b", "c", "d"],
        [0, 1, 2, 3],
    ],
    ids=str,
)
def test_with_a_header_only_what_is_itself_a_value_is_one(labels: list[Any]) -> None:
    table = pd.DataFrame(ROWS)
    table.columns = pd.Index(labels, dtype=object)

    found = values_in_labels(labels, pg.classify(table))

    assert found == ({0: "Asha Kulkarni"} if labels[0] == "Asha Kulkarni" else {})


def test_columns_of_one_label_keep_their_own_masks_in_parts_and_their_own_domains(file: Path) -> None:
    mails = [f"u{n}@mail.example" for n in range(len(NAMES))]
    notebook = Notebook()
    try:
        notebook.space["rows"] = list(zip(mails, NAMES, strict=True))
        notebook.run("d = pd.DataFrame(rows, columns=['c', 'c'])")
        seen = [notebook.run(code) for code in ("d.head(2)", "d.tail(1)", "d.iloc[3:5]")]
        notebook.space["named"] = pd.DataFrame({"full_name": NAMES})
        copies = [pg.mask(notebook.space[name]) for name in ("d", "named")]
    finally:
        notebook.close()

    for text in seen:
        assert [one for one in (*NAMES, *GIVEN, *mails) if one in text] == []
        assert "***@" in text and "tok_" in text
    assert list(copies[0].iloc[:, 1]) == list(copies[1]["full_name"])
