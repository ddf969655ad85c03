"""`make matrix`: the wheel in environments of other versions; writes docs/compatibility.md.

Needs a package index. What could not be had here is said in the table.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "compatibility.md"
TOUR = Path(__file__).with_name("matrix_tour.py")
COLUMNS = ("command line", "kernel", "log, report", "enable", "panel, server", "Lab", "Notebook")


class Combination(NamedTuple):
    """An environment to try."""

    python: str
    what: str
    pins: tuple[str, ...]


OLDEST = ("pandas==2.2.*", "jupyterlab==4.2.*", "notebook==7.2.*", "ipykernel==7.0.*", "ipython==9.0.*")
MIDDLE = ("pandas==2.3.*", "jupyterlab==4.4.*", "notebook==7.4.*", "ipykernel==7.1.*", "ipython==9.5.*")
NEWEST = ("pandas>=3", "jupyterlab>=4.6", "notebook>=7.5")
COMBINATIONS = (
    Combination("3.11", "oldest", OLDEST),
    Combination("3.11", "newest", NEWEST),
    Combination("3.12", "between", MIDDLE),
    Combination("3.12", "newest", NEWEST),
    Combination("3.13", "pandas 2.2", ("pandas==2.2.*", "jupyterlab>=4.6", "notebook>=7.5")),
    Combination("3.13", "newest", NEWEST),
    Combination("3.13", "no Notebook", ("pandas>=3", "jupyterlab==4.5.*")),
)
HEAD = """# What was tried with what

Made by `make matrix`: for each row the wheel is installed, with all that it requires, into an empty environment, and
used there. What is not in the table was not tried.

- command line: `classify`, `mask` and `completion`.
- kernel: one that `jupyter_client` starts without a Jupyter server, as VS Code does. Tables, printed text, groups and
  `%privguard` show no value of a person.
- log, report: `audit verify`, `report` and `report verify` over what that kernel wrote.
- enable: a kernel that loads the guard by itself.
- panel, server: `jupyter labextension list` and `jupyter server extension list` say enabled.
- Lab, Notebook: a real server answers the panel's routes, and its page loads the panel. What a browser does with it is
  tested in `tests/browser`, with the newest of both.
"""
FOOT = """
The installer refuses Python before 3.11, pandas before 2.2, JupyterLab before 4.2, IPython before 9 and ipykernel
before 7. So hosted notebooks that fix older ones, as Colab does with IPython 7, cannot load the guard; a kernel of
one's own, to which such a page connects, can: that is the column "kernel".

With pandas 2 texts are objects that are written to in place. A single cell that is set so in a table of more than a
million cells of text may be noticed only when the cell is shown.
"""


def interpreter(version: str) -> str | None:
    """The path of a Python of this version, if there is one."""
    places = [shutil.which(f"python{version}"), *sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))]
    for place in filter(None, places):
        try:
            said = subprocess.run([str(place), "--version"], capture_output=True, text=True, timeout=30).stdout
        except OSError:
            continue
        if said.startswith(f"Python {version}."):
            return str(place)
    return None


def install(python: str, folder: Path, wheel: Path, pins: tuple[str, ...]) -> Path:
    """The Python of a new environment with ``wheel`` in it; by uv where there is one."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(ROOT / ".venv/uv/bin"))
    own = folder / "venv" / "bin" / "python"
    if uv:
        subprocess.run([uv, "venv", "-q", "-p", python, str(folder / "venv")], check=True)
        subprocess.run([uv, "pip", "install", "-q", "--python", str(own), str(wheel), *pins], check=True)
    else:
        subprocess.run([python, "-m", "venv", str(folder / "venv")], check=True)
        subprocess.run([str(own), "-m", "pip", "install", "-q", str(wheel), *pins], check=True)
    return own


def tour(python: Path, folder: Path) -> dict[str, Any]:
    """What `matrix_tour.py` saw, in a folder where nothing is."""
    place = folder / "work"
    place.mkdir()
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("JUPYTER", "PYTHON", "PRIVGUARD", "IPYTHON"))
    }
    states = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "PRIVGUARD_HOME", "HOME")
    own = {name: str(folder / name.lower()) for name in states}
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [str(python), str(TOUR)],
        cwd=place,
        env={**kept, **own, "PATH": path, "VIRTUAL_ENV": str(folder / "venv")},
        capture_output=True,
        text=True,
        timeout=900,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-600:])
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def tried(combination: Combination, wheel: Path) -> dict[str, Any]:
    """The result of one combination, or why there is none."""
    python = interpreter(combination.python)
    if python is None:
        return {"python": combination.python, "problem": "this Python could not be had where the table was made"}
    with tempfile.TemporaryDirectory(prefix="matrix-") as name:
        folder = Path(name)
        try:
            return tour(install(python, folder, wheel, combination.pins), folder)
        except subprocess.CalledProcessError:
            return {"python": combination.python, "problem": "these versions do not install together"}
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            return {"python": combination.python, "problem": f"the tour broke off: {error}"}


def row(combination: Combination, result: dict[str, Any]) -> str:
    """A line of the table."""
    if problem := result.get("problem"):
        return f"| {result['python']} | {combination.what}: {' '.join(str(problem).split())[:200]} |" + " |" * 12
    versions, seen = result["versions"], result["seen"]
    names = ("pandas", "numpy", "jupyterlab", "notebook", "jupyter-server", "ipykernel", "ipython")
    cells = [result["python"], *(versions[name] or "–" for name in names)]
    marks = ["–" if column not in seen else "yes" if seen[column] == "ok" else "**no**" for column in COLUMNS]
    return f"| {' | '.join([*cells[:1], combination.what, *cells[1:], *marks])} |"


def page(rows: list[str]) -> str:
    """The document."""
    names = (
        "Python",
        "set",
        "pandas",
        "NumPy",
        "JupyterLab",
        "Notebook",
        "server",
        "ipykernel",
        "IPython",
        *COLUMNS[:-1],
        "Notebook page",
    )
    return "\n".join([HEAD, f"| {' | '.join(names)} |", "|" + "---|" * len(names), *rows, FOOT])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--only", help="combinations in whose Python or name this word stands; the page is not written")
    options = parser.parse_args()
    rows, good = [], True
    for combination in COMBINATIONS:
        if options.only and options.only not in f"{combination.python} {combination.what}":
            continue
        result = tried(combination, options.wheel.resolve())
        print(json.dumps([combination.python, combination.what, result]), file=sys.stderr, flush=True)
        good &= all(mark == "ok" for mark in result.get("seen", {"": "ok"}).values())
        rows.append(row(combination, result))
    if options.only:
        print("\n".join(rows))
    else:
        PAGE.write_text(page(rows))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
