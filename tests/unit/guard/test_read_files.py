"""Files that a cell reads, or has a program read, are known before anything of them is shown."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jupyter_privguard.guard.cells.cell import CellOptions, CellRun
from jupyter_privguard.guard.files import known_files, read_files
from tests.made_up_people import people, secrets_of

ROWS = people(11, 20)
PAY = [f"${51_234.81 + 8_311.07 * n:,.2f}" for n in range(20)]
EUROS = [f"{31_234.81 + 9_117.23 * n:,.2f}".translate(str.maketrans(",.", ".,")) for n in range(20)]
BORN = ["{1}/{2}/{0}".format(*row["dob"].split("-")) for row in ROWS]
SECRETS = secrets_of(ROWS).union(BORN, PAY, EUROS, (pay.strip("$") for pay in PAY))
NESTED = [
    {
        "name": {"full": row["full_name"], "title": "Ms"},
        "contact": {"email": row["email"], "work": {"income": row["income"], "since": 2011}},
        "dob": {"date": f"{row['dob']}T10:31:06.083Z"},
        "score": number / 7,
    }
    for number, row in enumerate(ROWS)
]


class Desk:
    """A guard session whose cells run in a folder with the same people in several files."""

    def __init__(self, guarded: Any, folder: Path) -> None:
        self.session = guarded.session
        self.space = guarded.space
        self.folder = folder
        self.run: CellRun | None = None
        self._cells = 0

    def begin(self, source: str) -> None:
        self._cells += 1
        if self.run is not None:
            self.session.close_run(self.run.key, "ok")
        self.run = self.session.open_run(
            f"cell-{self._cells}", CellOptions(), source, execution_count=self._cells, cell_id=None
        )

    def shown(self, source: str, text: Callable[[], str]) -> str:
        """What is shown of what a cell with ``source`` prints."""
        self.begin(source)
        return self.session.clean(text(), self.run)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Made before the session, which has not seen its files."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    frame = pd.DataFrame(ROWS)
    for name, separator in (("people.csv", ","), ("people.tsv", "\t")):
        Path(name).write_text(frame.to_csv(index=False, sep=separator))
    pd.DataFrame({"full_name": frame.full_name, "salary": PAY, "gehalt": EUROS}).to_csv("pays.csv", index=False)
    Path("american.csv").write_text("n,born\n" + "".join(f"{n},{born}\n" for n, born in enumerate(BORN)))
    Path("people.json").write_text(json.dumps(ROWS))
    Path("nested.json").write_text(json.dumps({"n": 20, "results": NESTED}))
    Path("nested.jsonl").write_text("\n".join(json.dumps(record) for record in NESTED))
    Path("families.json").write_text(json.dumps([{"town": "Leeds", "members": NESTED[:9]}, {"members": NESTED[9:]}]))
    Path("colours.csv").write_text("colour,amount\nred,51234\nblue,48765\n")
    with closing(sqlite3.connect("people.db")) as connection:
        frame.to_sql("people", connection, index=False)
    return folder


@pytest.fixture
def desk(folder, guarded) -> Desk:
    return Desk(guarded, folder)


def leaked(text: str) -> list[str]:
    return sorted(secret for secret in SECRETS if secret in text)


def _query(statement: str) -> str:
    with closing(sqlite3.connect("people.db")) as connection:
        return repr(connection.execute(statement).fetchall())


def _program(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(Path(name).read_text().splitlines()))


def _lines() -> list[str]:
    return Path("people.csv").read_text().splitlines(keepends=True)


READ: dict[str, Callable[[], str]] = {
    "a line": lambda: Path("people.csv").read_text().splitlines()[2],
    "all": lambda: Path("people.csv").read_text(),
    "tabs": lambda: Path("people.tsv").read_text(),
    "a list of lines": lambda: repr(Path("people.csv").read_text().splitlines(keepends=True)[1:4]),
    "the beginning": lambda: Path("people.csv").read_text()[:200],
    "rows": lambda: repr(list(csv.reader(_lines()))[1:3]),
    "records": lambda: "\n".join(map(str, csv.DictReader(_lines()))),
    "incomes": lambda: repr([row["income"] for row in csv.DictReader(_lines())]),
    "dates": lambda: "\n".join(row["dob"] for row in csv.DictReader(_lines())),
    "json": lambda: repr(json.loads(Path("people.json").read_text())[:2]),
    "records in records": lambda: "\n".join(map(repr, json.loads(Path("nested.json").read_text())["results"])),
    "one a line": lambda: "\n".join(Path("nested.jsonl").read_text().splitlines()[2:5]),
    "records in lists": lambda: repr(json.loads(Path("families.json").read_text())[0]["members"][3:7]),
    "a field of each": lambda: repr([one["dob"] for one in json.loads(Path("nested.json").read_text())["results"][:4]]),
    "days of times": lambda: repr(
        [one["dob"]["date"][:10] for one in json.loads(Path("nested.json").read_text())["results"][:4]]
    ),
    "times written otherwise": lambda: "\n".join(f"{row['dob']} 10:31:06+02:00" for row in csv.DictReader(_lines())),
    "dates of another country": lambda: "\n".join(row["born"] for row in _rows("american.csv")[:4]),
    "amounts": lambda: repr([row["salary"] for row in _rows("pays.csv")][:4]),
    "amounts without their sign": lambda: "\n".join(row["salary"].strip("$") for row in _rows("pays.csv")[:4]),
    "amounts of another country": lambda: "\n".join(row["gehalt"] for row in _rows("pays.csv")[:4]),
    "a database": lambda: _query("select full_name, dob, income from people"),
    "numbers of a database": lambda: _query("select income from people"),
    "with line numbers": lambda: "\n".join(f"{n}\t{line}" for n, line in enumerate(_lines(), 1)),
    "with a file's name": lambda: "".join(f"people.csv:{line}" for line in _lines()),
    "with blanks": lambda: Path("people.csv").read_text().replace(",", "   "),
}


@pytest.mark.parametrize("what", READ)
def test_what_python_opens_is_known(desk: Desk, what: str) -> None:
    assert leaked(desk.shown("whatever", READ[what])) == []


def test_a_date_within_a_note_is_masked_with_the_note(desk: Desk, folder: Path) -> None:
    notes = [f"Pt {row['full_name']} seen, DOB {born}, c/o headache" for row, born in zip(ROWS, BORN, strict=True)]
    names = [row["full_name"] for row in ROWS]
    pd.DataFrame({"full_name": names, "born": BORN, "note": notes}).to_csv("notes.csv", index=False)

    def text() -> str:
        return "\n".join(row["note"] for row in _rows("notes.csv"))

    seen = desk.shown("whatever", text)

    assert leaked(seen) == [] and "headache" not in seen, seen[:200]


PROGRAMS = {
    "!head -3 people.csv": ("head", "-3", "people.csv"),
    "!cut -d, -f5 people.csv": ("cut", "-d,", "-f5", "people.csv"),
    "!cut -d, -f4,5 people.csv": ("cut", "-d,", "-f4,5", "people.csv"),
    "!sed -n 3p people.csv": ("sed", "-n", "3p", "people.csv"),
    "!tail -c 200 people.tsv": ("tail", "-c", "200", "people.tsv"),
    "!cat {name}": ("cat", "people.csv"),
    "!cat *.csv": ("cat", "people.csv"),
}


@pytest.mark.parametrize("source", PROGRAMS)
def test_what_a_program_reads_is_known_by_the_cell(desk: Desk, source: str) -> None:
    desk.space["name"] = "people.csv"

    assert leaked(desk.shown(source, lambda: _program(*PROGRAMS[source]))) == []


def test_a_program_in_another_folder(desk: Desk, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)

    def text() -> str:
        return subprocess.run(
            ["head", "-2", "people.csv"], cwd="work", capture_output=True, text=True, check=True
        ).stdout

    assert leaked(desk.shown("run()", text)) == []


HARMLESS: dict[str, Callable[[], str]] = {
    "labels": lambda: _lines()[0],
    "plans": lambda: repr([row["plan"] for row in csv.DictReader(_lines())]),
    "visits": lambda: repr([row["visits"] for row in csv.DictReader(_lines())]),
    "count": lambda: f"{len(Path('people.csv').read_text().splitlines())} people.csv",
    "mean": lambda: f"mean {sum(row['income'] for row in json.loads(Path('people.json').read_text())) / 20}",
    "a median that is somebody's": lambda: f"median income: {json.loads(Path('people.json').read_text())[3]['income']}",
    "order numbers": lambda: Path("people.csv").read_text()[:0] + repr([123_456 + 37 * n for n in range(60)]),
    "order dates": lambda: Path("people.csv").read_text()[:0] + repr([f"2024-03-{n:02}" for n in range(1, 29)]),
    "things": lambda: Path("colours.csv").read_text(),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_is_nobodys_stays(desk: Desk, what: str) -> None:
    text = ""

    def once() -> str:
        nonlocal text
        text = HARMLESS[what]()
        return text

    assert desk.shown("whatever", once) is text


def test_later_cells_show_what_was_kept(desk: Desk) -> None:
    with Path("people.csv").open() as file:
        desk.shown("rows = list(csv.reader(file))", lambda: "")
        rows = list(csv.reader(file))
    desk.shown("fields = rows[3]", lambda: "read")

    assert leaked(desk.shown("fields[4]", lambda: rows[3][4])) == []
    assert leaked(desk.shown("print(rows[3][4], rows[4][3])", lambda: f"{rows[3][4]} {rows[4][3]}")) == []
    number = rows[3][4]
    assert desk.shown("print(accuracy)", lambda: number) is number


def test_a_file_that_changed_is_read_again(desk: Desk) -> None:
    desk.shown("first", lambda: Path("colours.csv").read_text())
    Path("colours.csv").write_text(Path("people.csv").read_text())

    assert leaked(desk.shown("again", lambda: Path("colours.csv").read_text())) == []


def test_an_unchanged_file_is_read_once(desk: Desk, monkeypatch) -> None:
    read: list[str] = []
    original = known_files.tables_of
    monkeypatch.setattr(known_files, "tables_of", lambda path: (read.append(path), original(path))[1])

    for _ in range(3):
        desk.shown("x", lambda: Path("people.csv").read_text())

    assert len(read) == 1


def test_tables_of_pandas_are_not_read_twice(desk: Desk, monkeypatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(known_files, "tables_of", lambda path: read.append(path) or [])

    desk.begin("df = pd.read_csv('people.csv')")
    frame = pd.read_csv("people.csv")
    desk.session.clean("done", desk.run)

    assert len(frame) == len(ROWS)
    assert read == []


def test_a_reader_may_open_its_file_several_times(desk: Desk, monkeypatch) -> None:
    """As the reader of long CSV files does; the table that it makes is known, so its file need not be."""
    read: list[str] = []
    monkeypatch.setattr(known_files, "tables_of", lambda path: read.append(path) or [])
    original = pd.io.parsers.readers._read

    def twice(path: Any, *args: Any) -> Any:
        for _ in range(2):
            Path(path).read_text()
        return original(path, *args)

    monkeypatch.setattr(pd.io.parsers.readers, "_read", twice)
    assert "full_name" in desk.shown("df = pd.read_csv('people.csv')", lambda: str(list(pd.read_csv("people.csv"))))
    assert read == []


def test_a_file_that_no_reader_could_read_is_known_when_it_is_opened(desk: Desk) -> None:
    def text() -> str:
        with suppress(ValueError):
            pd.read_csv("people.csv", usecols=["no such column"])
        return Path("people.csv").read_text()

    assert leaked(desk.shown("whatever", text)) == []


def test_numbers_of_documents_that_are_texts(desk: Desk) -> None:
    numbers = [f"{n:08d}" for n in range(40_131_977, 95_000_000, 2_718_281)]
    rows = [{"mrn": number, "full_name": row["full_name"]} for number, row in zip(numbers, ROWS, strict=False)]
    Path("wards.jsonl").write_text("\n".join(map(json.dumps, rows)))

    def text() -> str:
        return str([json.loads(line)["mrn"] for line in Path("wards.jsonl").read_text().splitlines()[:3]])

    shown = desk.shown("whatever", text)
    assert [number for number in numbers if number in shown] == []
    assert desk.shown("whatever", lambda: text() and "12345678 rows") == "12345678 rows"


def test_reading_a_file_is_not_loading_it(desk: Desk) -> None:
    desk.shown("x", lambda: Path("people.csv").read_text())

    assert desk.run is not None
    assert desk.run.touched == {}


def test_lines_follow_what_is_said_of_columns(desk: Desk, guarded) -> None:
    desk.begin("df = pd.read_csv('people.csv')")
    desk.space["df"] = pd.read_csv("people.csv")
    guarded.set("df", "visits", "INCOME")
    line = Path("people.csv").read_text().splitlines()[1]
    visits = line.rpartition(",")[2]

    shown = desk.shown("x", lambda: Path("people.csv").read_text().splitlines()[1])

    assert leaked(shown) == []
    assert not shown.endswith("," + visits)


def test_the_output_of_a_cell_whose_file_is_too_long_is_withheld(desk: Desk, monkeypatch) -> None:
    monkeypatch.setattr(read_files, "MOST_BYTES", 100)
    desk.begin("!cat people.csv")
    _program("true")

    first, second = desk.session.withheld(desk.run), desk.session.withheld(desk.run)

    assert first is not None
    assert first.startswith("privguard: ")
    assert second == ""
    desk.begin("print(1)")
    assert desk.session.withheld(desk.run) is None
    desk.begin("!echo people")
    _program("true")
    assert desk.session.withheld(desk.run) is None


def test_a_file_that_nobody_can_look_at_takes_no_output_with_it(desk: Desk, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(known_files, "FileRows", broken)
    mail = str(ROWS[0]["email"])

    shown = desk.shown("x", lambda: f"{len(Path('people.csv').read_text())} letters, {mail}")

    assert "letters" in shown
    assert mail not in shown


def test_files_of_programs_are_left_alone(desk: Desk, monkeypatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(known_files, "tables_of", lambda path: read.append(path) or [])
    for name in (".cache/fonts.json", "script.py", "picture.png"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("a,b\n1,2\n")

    desk.shown("x", lambda: "".join(Path(n).read_text() for n in (".cache/fonts.json", "script.py", "picture.png")))
    desk.shown("y", lambda: Path(os.devnull).read_text() + Path("/etc/hostname").name)

    assert read == []


@pytest.mark.parametrize(
    ("on_path", "metadata", "is_data"),
    [
        ("libs", "libs/plots-1.0.dist-info", False),
        ("libs", "other/plots-1.0.dist-info", True),
        ("other", "libs/plots-1.0.dist-info", True),
        (".", "plots-1.0.dist-info", True),  # packages were put beside the program
    ],
)
def test_data_of_packages_is_theirs_wherever_they_are_installed(
    desk: Desk, monkeypatch, on_path: str, metadata: str, is_data: bool
) -> None:
    read: list[str] = []
    monkeypatch.setattr(known_files, "tables_of", lambda path: read.append(path) or [])
    for folder in (metadata, "libs/plots", "other"):
        Path(folder).mkdir(parents=True, exist_ok=True)
    Path("libs/plots/colours.csv").write_text("name,code\nred,1\n")
    monkeypatch.syspath_prepend(Path(on_path).resolve())

    desk.shown("x", lambda: Path("libs/plots/colours.csv").read_text())

    assert bool(read) is is_data


def test_the_open_line_of_a_known_file_waits_for_its_end(desk: Desk) -> None:
    line = Path("people.csv").read_text().splitlines()[1]
    desk.shown("x", lambda: Path("people.csv").read_text())

    assert desk.session.row_may_go_on("done\n" + line[:5])
    assert desk.session.row_may_go_on(line[:40])
    assert not desk.session.row_may_go_on("Name? ")
    assert not desk.session.row_may_go_on(line + "\n")
