"""The files that a command names, in all the ways in which people name them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_privguard.guard.files.named_files import named_files


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    for name in ("people.csv", "data/inner.csv", "data/other.tsv", "my file.csv", "notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x\n")
    (tmp_path / "show.py").write_text("print(open('people.csv').read())\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


NAMED = {
    "!head -3 people.csv": ["people.csv"],
    "!cat 'my file.csv'": ["my file.csv"],
    "!cut -d, -f3 people.csv | sort > out.txt": ["people.csv"],
    "!cat < people.csv": ["people.csv"],
    "!cd data && cat inner.csv": ["inner.csv"],
    "%%bash\ncd data\ncat inner.csv other.tsv": ["inner.csv", "other.tsv"],
    "!cat data/*.csv": ["inner.csv"],
    "!cat d*/inner.csv": ["inner.csv"],
    "!grep -r x data": ["inner.csv", "other.tsv"],
    "!find data -exec cat {} +": ["inner.csv", "other.tsv"],
    "!cat *": ["my file.csv", "notes.txt", "people.csv", "show.py"],
    "x = 3 * y": [],
    "!cat {where}/inner.csv": ["inner.csv"],
    "!cat $chosen": ["people.csv"],
    "subprocess.run(['cat', path])": ["people.csv"],
    "subprocess.run(['cat', *paths])": ["people.csv", "notes.txt"],
    "!python show.py": ["show.py", "people.csv"],
    "duckdb.sql(\"select * from 'people.csv'\")": ["people.csv"],
    "os.system('head people.csv')": ["people.csv"],
    "!ls -l": [],
    "!cat nowhere.csv": [],
    "!echo people": [],
    "!cat \0": [],
    "": [],
}


@pytest.mark.parametrize("text", NAMED)
def test_names(folder: Path, text: str) -> None:
    space = {"where": "data", "chosen": "people.csv", "path": Path("people.csv"), "paths": ["people.csv", "notes.txt"]}

    assert sorted(path.name for path in named_files(text, space)) == sorted(NAMED[text])


def test_a_command_may_run_elsewhere(folder: Path) -> None:
    assert [path.name for path in named_files("cat inner.csv", {}, folder="data")] == ["inner.csv"]


def test_a_script_that_names_itself_is_looked_into_once(folder: Path) -> None:
    (folder / "loop.sh").write_text("sh loop.sh; cat notes.txt; sh other.sh")
    (folder / "other.sh").write_text("cat people.csv")

    assert sorted(path.name for path in named_files("sh loop.sh", {})) == ["loop.sh", "notes.txt", "other.sh"]
