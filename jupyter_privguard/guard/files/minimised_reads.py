"""Files of tables that a cell with declared columns opens by other means than a reader of tables: they come whole.

What is inside of them cannot be cut, so they are refused: opened by the program or a library that is not hooked, or
named to a program that it starts. Databases are not, for a query chooses its columns.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING

from ..._later import later
from .callers import INSTALLED, PACKAGE, SHELLS_OPEN, is_of_library, is_of_program, is_own
from .process_events import Listener, listen
from .programs import SHELLS

if TYPE_CHECKING:
    from ..session import Session

__all__ = ["MinimisedReads"]

_ENDINGS = "csv|tsv|psv|parquet|feather|arrow|orc|avro|xlsx|xls|xlsb|ods|json|jsonl|ndjson|sav|dta|sas7bdat|xpt"
_TABLE = later(rf"\.(?:{_ENDINGS})(?:\.(?:gz|bz2|xz|zst|zip))?(?![\w.])", re.IGNORECASE)
_READERS = frozenset({"pandas", "polars", "pyarrow", "duckdb"})
"""Libraries whose tables are cut, or whose queries are looked at."""
_DEPTH = 200


class MinimisedReads(Listener):
    """Tells of one cell, with the code ``source``, while it ``runs``; lives as long as somebody keeps it."""

    def __init__(self, session: Session, source: str, runs: Callable[[], bool], refuse: Callable[[str], None]) -> None:
        self._session = session
        self._source = source
        self._runs = runs
        self._refuse = refuse
        self._process = os.getpid()
        listen(self)

    def opened_to_read(self, path: str) -> None:
        """Refused for a table's file that no reader of tables opens."""
        if _TABLE.search(path) is None or any(part in path for part in INSTALLED) or not self._is_cells():
            return
        if not is_of_program() or _is_in_reader():
            return
        # Libraries keep settings of their own in JSON.
        if not path.lower().endswith(".json") or _is_direct():
            name = self._session.safe(os.path.basename(path))  # noqa: PTH119 - as the program called it
            self._refuse(f"{name} is opened as a whole; give its path to a reader of tables, which --minimise can cut.")

    def starting(self, words: list[str] | None) -> None:
        """Refused for a program that is told of a table's file."""
        if os.getpid() != self._process:  # a child on its way to its program, which was told of before
            return
        texts = [self._source, *_commands()] if words is None else list(words)
        if words and os.path.basename(words[0]) in SHELLS:  # noqa: PTH119 - a name of either kind of path
            texts.append(self._source)
        if any(_TABLE.search(text) for text in texts) and self._is_cells() and not is_of_library(starts_program=True):
            self._refuse("a program would read a whole table; read it in the cell, where --minimise can cut it.")

    def _is_cells(self) -> bool:
        return self._runs() and not self._session.files.is_reading and not is_own()


def _is_in_reader() -> bool:
    """Whether a library whose tables are cut does it, by itself or by another one."""
    return any(_module(frame).partition(".")[0] in _READERS for frame in _frames())


def _is_direct() -> bool:
    """Whether the program opens it, perhaps by a module of Python's own, and not an installed library."""
    for frame in _frames():
        package = _module(frame).partition(".")[0]
        is_shells = package == "IPython" and frame.f_code.co_name == SHELLS_OPEN
        if package != PACKAGE and package not in sys.stdlib_module_names and not is_shells:
            return not any(part in frame.f_code.co_filename for part in INSTALLED)
    return False


def _commands() -> list[str]:
    """What IPython is about to run for ``!command``, with the variables in it filled in."""
    found = (frame.f_locals.get("cmd") for frame in _frames() if _module(frame).startswith("IPython.utils._process"))
    return [command for command in found if isinstance(command, str)]


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    for _ in range(_DEPTH):
        if frame is None:
            return
        yield frame
        frame = frame.f_back


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__"))
