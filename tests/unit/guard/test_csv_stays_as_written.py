"""What a masked copy of CSV does not mask stays as it was written: no digit, no NA, no label is another one."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.guard.files.masking import mask_file
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.model import Tier
from jupyter_privguard.policy.load import built_in

RING = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/test")
ROWS = 40
MAILS = [f"person.{n}@corp.example" for n in range(ROWS)]
KEPT = {
    "price": [f"{n}.50" for n in range(ROWS)],
    "exact": [f"0.1234567890123456789{n}" for n in range(ROWS)],
    "power": ["1e5", "2.50E-3"] * 20,
    "flag": ["TRUE", "false", "True", "FALSE"] * 10,
    "country": ["NA", "IN", "null", "N/A"] * 10,
    "gap": ["", "7", "NaN", "8"] * 10,
    "nothing": ["NA", "", "n/a", "None"] * 10,
    "code": [f"00{n % 4}" for n in range(ROWS)],
    "below": ["-5", "-0", "-1.10", "3"] * 10,
    "blank": [" a ", "a", " ", ""] * 10,
    "whole": ["7", "8", "9", "10"] * 10,
    "late": ["1"] * (ROWS - 1) + ["1.0"],
}
WHOLE = 1 << 20
BLOCKS = [60, WHOLE]


def masked(source: Path, out: Path, block: int = 1 << 20) -> list[list[str]]:
    mask_file(
        str(source),
        str(out),
        tier=Tier.PUBLIC,
        policy=built_in(),
        keys=lambda: RING,
        ready=lambda found: None,
        block=block,
    )
    with out.open(newline="") as file:
        return list(csv.reader(file, delimiter="\t" if out.suffix == ".tsv" else ","))


def write(path: Path, head: Sequence[str], columns: Sequence[Sequence[str]]) -> Path:
    with (gzip.open if path.suffix == ".gz" else open)(path, "wt", newline="") as file:
        out = csv.writer(file, delimiter="\t" if ".tsv" in path.name else ",", lineterminator="\n")
        out.writerow(head)
        out.writerows(zip(*columns, strict=True))
    return path


@pytest.mark.parametrize(
    ("source", "out", "block"),
    [
        ("t.csv", "u.csv", 60),  # less than a line
        ("t.csv", "u.csv", WHOLE),
        ("t.tsv", "u.tsv", 600),
        ("t.tsv", "u.tsv", WHOLE),
        ("t.csv.gz", "u.tsv", 600),
        ("t.csv.gz", "u.tsv", WHOLE),
    ],
)
def test_cells_that_are_not_masked_are_the_same_texts(source: str, out: str, block: int, tmp_path: Path) -> None:
    path = write(tmp_path / source, ["email", *KEPT], [MAILS, *KEPT.values()])

    head, *rows = masked(path, tmp_path / out, block)

    assert head == ["email", *KEPT]
    for at, (name, cells) in enumerate(KEPT.items(), start=1):
        assert [row[at] for row in rows] == cells, name
    assert {row[0] for row in rows} == {"***@corp.example"}


@pytest.mark.parametrize(
    "head", [["", "email", "x"], ["x", "x", "email"], ["email", "x", "x.1"], ["a", "", ""], ["NA", "1.50", "email"]]
)
def test_labels_are_the_same_texts(head: list[str], tmp_path: Path) -> None:
    columns = [MAILS if name == "email" else [str(n % 3) for n in range(ROWS)] for name in head]

    assert masked(write(tmp_path / "t.csv", head, columns), tmp_path / "u.csv")[0] == head


def test_a_byte_order_mark_is_no_part_of_a_label(tmp_path: Path) -> None:
    write(tmp_path / "t.csv", ["email", "x"], [MAILS, ["1.0"] * ROWS])
    (tmp_path / "t.csv").write_bytes(b"\xef\xbb\xbf" + (tmp_path / "t.csv").read_bytes())

    assert masked(tmp_path / "t.csv", tmp_path / "u.csv")[0] == ["email", "x"]


@pytest.mark.parametrize("block", BLOCKS)
def test_what_a_spreadsheet_would_run_is_written_as_the_number_that_it_is(block: int, tmp_path: Path) -> None:
    cells = ["+5", "-1e2", "+1.50", "-2.50"] * 10

    _, *rows = masked(write(tmp_path / "t.csv", ["email", "x"], [MAILS, cells]), tmp_path / "u.csv", block)

    assert [row[1] for row in rows] == ["5.0", "-100.0", "1.5", "-2.50"] * 10


def test_a_masked_column_keeps_nothing_of_what_was_written(tmp_path: Path) -> None:
    incomes = [f"{51_000 + 7 * n}.50" for n in range(ROWS)]
    notes = ["NA", "met person.3@corp.example", "fine", ""] * 10
    path = write(tmp_path / "t.csv", ["email", "income", "note"], [MAILS, incomes, notes])

    _, *rows = masked(path, tmp_path / "u.csv")

    assert not {row[1] for row in rows} & set(incomes)
    assert [row[2] for row in rows][:4] == ["", "met [EMAIL_ADDRESS]", "fine", ""], "its nulls stay nulls"


cells = st.one_of(
    st.sampled_from(["", "NA", "nan", "1.50", "01", "1e3", "TRUE", "-0", "-7", "0.10", "x", "null", " 1", "1 ", "inf"]),
    st.floats(allow_nan=False).map(repr),
    st.integers().map(str),
)


@settings(max_examples=60, deadline=None)
@given(column=st.lists(cells, min_size=1, max_size=12), block=st.sampled_from(BLOCKS))
def test_whatever_a_column_holds(column: list[str], block: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("csv")

    _, *rows = masked(write(folder / "t.csv", ["x", "y"], [column, ["b"] * len(column)]), folder / "u.csv", block)

    for old, (new, _) in zip(column, rows, strict=True):
        assert new == old or (old.startswith("-") and float(new.lstrip("'")) == float(old))


def test_types_and_labels_of_parquet_are_not_touched_by_it(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", ["email", "price", "price"], [MAILS, KEPT["price"], KEPT["whole"]])
    mask_file(
        str(path),
        str(tmp_path / "u.parquet"),
        tier=Tier.PUBLIC,
        policy=built_in(),
        keys=lambda: RING,
        ready=lambda found: None,
    )

    found = pd.read_parquet(tmp_path / "u.parquet")

    assert found.dtypes.astype(str).to_dict() | {"email": ""} == {"email": "", "price": "float64", "price.1": "int64"}
