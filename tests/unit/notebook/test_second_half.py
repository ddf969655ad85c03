"""Half of the guard is imported when the first cell, table or text needs it: before anything runs or leaves."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SHELL = """
import json, os, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
"""
LOAD = "shell.run_line_magic('load_ext', 'jupyter_privguard')\n"
BREAK = "sys.modules['jupyter_privguard.guard.{}'] = None\n"
PEOPLE = "full_name,email\n" + "".join(f"Asha Kulkarni{chr(97 + n)},asha{n}@corp.example\n" for n in range(20))
KNOWN = "Kulkarnid"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    (tmp_path / "people.csv").write_text(PEOPLE)

    def run(code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", SHELL + code], capture_output=True, text=True, timeout=120, cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    return run


def cell(code: str) -> str:
    return f"shell.run_cell({code!r})\n"


@pytest.mark.parametrize("module", ["parts", "texts.outgoing"])
def test_where_it_cannot_be_imported_no_cell_runs_and_nothing_leaves(run, tmp_path: Path, module: str) -> None:
    shown = run(LOAD + BREAK.format(module) + cell("open('ran', 'w').close()\nprint('asha7@corp.example')"))

    assert "privguard: on" in shown
    assert "privguard: an output could not be masked and is withheld (ModuleNotFoundError" in shown
    assert "asha7" not in shown
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("module", ["parts", "cells.cell"])
def test_nor_does_what_the_loading_cell_shows_itself(run, module: str) -> None:
    shows = "print('plain')\ndisplay('asha7@corp.example')\nraise ValueError('asha7@corp.example')"

    loads = f"%load_ext jupyter_privguard\nimport sys\nfrom IPython.display import display\n{BREAK.format(module)}"

    shown = run(cell(loads + shows))

    assert "privguard: on" in shown
    assert "privguard: an output could not be masked and is withheld (ModuleNotFoundError" in shown
    assert ("asha7" in shown, "plain" in shown) == (False, False)


def test_nor_is_a_library_of_tables_imported_then(run, tmp_path: Path) -> None:
    load = f"%load_ext jupyter_privguard\nimport sys\n{BREAK.format('tables.watch')}"

    shown = run(cell(load + "import pandas as pd\nopen('ran', 'w').close()"))

    assert "privguard: on" in shown
    assert not (tmp_path / "ran").exists()


def test_who_has_no_guard_then_can_still_take_it_out(run) -> None:
    taken_out = cell("%unload_ext jupyter_privguard") + cell("print(6 * 111111)")

    shown = run(LOAD + BREAK.format("parts") + cell("%unload_ext jupyter_privguard\nprint(7 * 111111)") + taken_out)

    assert "privguard: off" in shown
    assert ("666666" in shown, "777777" in shown) == (True, False)


def test_it_comes_again_when_the_reason_is_gone(run) -> None:
    mended = "del sys.modules['jupyter_privguard.guard.parts']\n"

    shown = run(LOAD + BREAK.format("parts") + cell("print(6 * 111111)") + mended + cell("print(7 * 111111)"))

    assert ("666666" in shown, "777777" in shown) == (False, True)


@pytest.mark.parametrize(
    "rest",
    [
        "import pandas as pd\ndf = pd.read_csv('people.csv')\nprint(df.full_name[3])",
        "rows = open('people.csv').read().splitlines()\nprint(rows[4])",
    ],
    ids=["table", "lines"],
)
def test_what_the_loading_cell_reads_is_known_at_once(run, rest: str) -> None:
    shown = run(cell(f"%load_ext jupyter_privguard\n{rest}\nprint('done')"))

    assert "done" in shown
    assert KNOWN not in shown


def test_tables_that_were_there_before_are_known(run) -> None:
    made = cell("import pandas as pd\ndf = pd.read_csv('people.csv')")

    shown = run(made + LOAD + cell("print(df.full_name[3], 'done')"))

    assert "done" in shown
    assert KNOWN not in shown


def test_no_folder_that_the_program_puts_first_supplies_a_module_of_it(run) -> None:
    """All that is not ours was imported when the guard was loaded, or belongs to the shell."""
    names = "before = set(sys.modules)\n" + cell("pass")
    told = "os.write(1, f'NEW{json.dumps(sorted(set(sys.modules) - before))}\\n'.encode())\n"

    def new(code: str) -> set[str]:
        return set(json.loads(run(code + names + told).rpartition("NEW")[2].splitlines()[0]))

    ours = new(LOAD) - new("")

    assert "jupyter_privguard.guard.parts" in ours
    assert [name for name in sorted(ours) if not name.startswith("jupyter_privguard.")] == []
