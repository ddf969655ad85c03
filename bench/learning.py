"""How long it takes until the values of a large table or file are known, and how much memory that needs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from measure import Row, as_text
from tables import SENSITIVE, people

from jupyter_privguard.guard.cells.cell import CellOptions

_ROWS = 1_000_000
_FILE_ROWS = 650_000
_STRINGS = ("customer_id", "full_name", "email", "phone")


def rows() -> list[Row]:
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "jupyter_privguard")
    session = shell._privguard.session
    small = people(100)
    session.clean("what it needs is loaded", None)
    frame = people(_ROWS)[list(SENSITIVE)]
    # Ours first: what the other lets go of is memory that nothing is asked for twice.
    learned, memory = _taken(session.knowledge.learn)
    by_hand, their_memory = _taken(partial(_by_hand, frame))
    found = [
        Row(
            f"the values of {_ROWS:,} × {len(SENSITIVE)} known, once and only when text leaves, +{memory} MB of memory",
            f"{as_text(learned)} of processor time",
            f"2 s (sets of their split words {as_text(by_hand)}, +{their_memory} MB)",
            learned / 2,
            1.0,
        )
    ]
    del small, frame
    with tempfile.TemporaryDirectory() as folder:
        return [*found, _file(session, Path(folder) / "people.csv")]


def _by_hand(frame: Any) -> list[set[tuple[str, ...]]]:
    return [{tuple(value.lower().split()) for value in frame[name].unique()} for name in _STRINGS]


def _file(session: Any, path: Path) -> Row:
    people(_FILE_ROWS)[[*SENSITIVE, "plan", "tenure_months"]].to_csv(path, index=False)
    first = path.read_text().splitlines()[1]
    code = f"print(open({str(path)!r}).readline())"
    run = session.open_run("file", CellOptions(), code, execution_count=1, cell_id=None)
    read, _ = _taken(lambda: path.read_text().splitlines())  # the guard is told of files that are opened
    learned, memory = _taken(lambda: session.clean(first, run))
    assert session.clean(first, run) != first, "the file was not learned"
    return Row(
        f"a cell that shows a line of a file of {path.stat().st_size >> 20} MB, once, +{memory} MB of memory",
        f"{as_text(learned)} of processor time",
        f"reading its lines {as_text(read)}",
        learned / read,
    )


def _taken(function: Callable[[], object]) -> tuple[float, int]:
    """The processor time of one call, and the memory (MB) that is in use after it and was not before."""
    before, began = _memory(), time.process_time()
    kept = function()
    taken, after = time.process_time() - began, _memory()
    del kept
    return taken, round((after - before) / 1e6)


def _memory() -> int:
    """Bytes in use by this process; Linux."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
