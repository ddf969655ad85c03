"""Plain IPython, no kernel: the screen is what leaves the process by file descriptors 1 and 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kernel.conftest import in_plain_ipython

DRIVER = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in json.load(open(sys.argv[1])):
    print("<<", flush=True)
    silent = cell.startswith("# silent")
    result = shell.run_cell(cell, store_history=not silent, silent=silent)
    print(">>", "ok" if result.success else "failed", flush=True)
"""
PEOPLE = """
import pandas as pd
df = pd.DataFrame({"email": ["asha.kulkarni77@corp.example", "ravi.menon42@corp.example"] * 4,
                   "full_name": ["Asha Kulkarni", "Ravi Menon"] * 4, "amount": [137, 254] * 4})
"""
SECRETS = ("asha.kulkarni77", "ravi.menon42", "Kulkarni", "Menon")


@pytest.fixture
def terminal(tmp_path: Path, home):
    def run(*cells: str) -> list[tuple[str, bool]]:
        parts = in_plain_ipython(DRIVER, cells, tmp_path, home)
        return [(part.rpartition(">>")[0], ">> ok" in part) for part in parts]

    return run


CELLS = {
    "frame": "df",
    "print": "print(df)",
    "list": "df.email.tolist()",
    "row": "df.loc[0]",
    "f-string": "print(f'{df.full_name[0]} {df.email[0]}')",
    "stderr": "import sys; print(df.email[0], file=sys.stderr)",
    "original stdout": "import sys; print(df.email[0], file=sys.__stdout__)",
    "logging": "import logging; logging.warning(df.full_name[0])",
    "shell": "x = df.email[0]\n!echo $x",
    "error": "raise ValueError(df.full_name[0])",
    "flushed": "import sys\nfor part in (df.full_name[0][:10], df.full_name[0][10:], '\\n'):\n"
    "    sys.stdout.write(part); sys.stdout.flush()",
    "pieces": "for c in df.email[0]: print(c, end='')\nprint()",
}


def test_nothing_raw_reaches_the_terminal(terminal, home) -> None:
    shown = terminal("%load_ext jupyter_privguard", PEOPLE, *CELLS.values())

    found = {
        name: [s for s in SECRETS if s in text]
        for name, (text, _) in zip(("load", "people", *CELLS), shown, strict=True)
    }
    assert not any(found.values()), found
    assert [ok for _, ok in shown].count(False) == 1, "only the error fails"
    assert all("137" in shown[2 + list(CELLS).index(name)][0] for name in ("frame", "print", "row"))
    assert [e["outcome"] for e in home.events("cell.run")][1:] == ["error" if n == "error" else "ok" for n in CELLS]


def test_harmless_output_is_the_same_with_and_without(terminal) -> None:
    cells = (
        "print('café', 7 * 6)",
        "'text'",
        "import sys; sys.stderr.write('x\\n'); None",
        "print('a', end='\\r')",
        "1/0",
    )

    bare = terminal("import pandas as pd", *cells)
    guarded = terminal("%load_ext jupyter_privguard", *cells)

    assert guarded[1:] == bare[1:]


def test_it_can_be_taken_out_again(terminal, home) -> None:
    shown = terminal("%load_ext jupyter_privguard", PEOPLE, "%unload_ext jupyter_privguard", "print(df.email[0])")

    assert shown[3] == ("asha.kulkarni77@corp.example\n", True)
    assert [e["action"] for e in home.events()][-1] == "guard.unload"


def test_silent_cells_are_logged_and_end(terminal, home) -> None:
    terminal(
        "%load_ext jupyter_privguard",
        "# silent\ny = 1",
        "# silent\n1/0",
        "y",
    )

    assert [e["outcome"] for e in home.events("cell.run")] == ["ok", "error", "ok"]
    assert len(home.events("cell.start")) == 3
