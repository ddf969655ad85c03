"""Data files that cells read without making a table of them: by `open`, by `sqlite3`, or by programs that they start.

What Python opens it tells of (`opened_files`). What a program opens it does not, so the files that its cell names
count (`named_files`). They are read when the cell's next text is to leave, before it does: their values are known
from then on as those of a loaded table are, and lines of theirs are masked field by field (`file_rows`). That does not
count as loading them.

A file is read once while its time and size stay the same; one that goes on changing is read some times a cell, no
more. Of a file that is longer than 64 MiB only the beginning is known: what a cell's programs print is withheld when
it names such a file. Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

import os
import re
import sys
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..._later import later
from ...frames.data_files import DATA_ENDINGS, MOST_BYTES, is_data_file
from ...frames.data_heads import labels_in
from ...settings import Home
from ..cells.cell import DataRead
from ..columns.datasets import name_of_source
from .callers import is_installed
from .known_files import KnownFiles
from .named_files import named_files
from .opened_files import NO_DATA, NOT_THE_USERS, VALUES
from .programs import written_in

if TYPE_CHECKING:
    from ..cells.cell import CellRun
    from ..knowledge import Knowledge
    from .known_files import MaskTable
    from .opened_files import OpenedFiles

__all__ = ["ReadFiles"]

_DATA_NAME = later(r"\.(?:" + "|".join(ending[1:] for ending in sorted(DATA_ENDINGS)) + r")\b", re.IGNORECASE)
_READER = later(r"\bread_\w+\(|\bopen\(|\bto_\w+\(|\bload\w*\(")
_NAME = later(r"[A-Za-z_]\w*")
_SET = later(
    r"(?:^|;)\s*([A-Za-z_][\w\s,()*]*?)\s*[-+*/|&]?=(?!=)|\bfor\s+([\w\s,()]+?)\s+in\b|\b(?:as|def|class)\s+(\w+)|(\w+)\s*:=",
    re.MULTILINE,
)
"""What a cell may give a value to."""
_MOST_RUNS = 50
_MOST_READS = 20
"""How often a cell has one file read that goes on changing."""
_MOST_SCANS = 20
"""How often the source of a cell with programs is searched for names of files."""


class _Run:
    """What one cell does with files."""

    def __init__(self) -> None:
        self.in_view: dict[str, None] = {}
        self.commands: list[tuple[str | None, str | None]] = []
        self.names: dict[str, None] = {}
        self.has_programs = False
        self.written: set[str] = set()
        """Where its programs were told to write, by whole path."""
        self.scans = 0
        self.reads: dict[str, int] = {}
        self.opened: dict[str, str] = {}
        """Files that its code opened, or that its programs were told to read: by whole path as they were called."""
        self.is_too_long = False
        """Whether its programs may read a file that is too long to be known."""
        self.is_told = False
        self.is_new = True
        self.carries = 0
        """Of how many files the names that the cell sets are carried on."""


class ReadFiles:
    """The files that the cells of one session read."""

    def __init__(self, knowledge: Knowledge, opened: OpenedFiles) -> None:
        """``opened`` has noted files since the guard was loaded."""
        self._knowledge = knowledge
        self._opened = opened
        self._known = KnownFiles(knowledge)
        self._runs: OrderedDict[str, _Run] = OrderedDict()
        self._carried: dict[str, tuple[str, ...]] = {}
        """By variable the files that the cell read that set it."""
        self._home = str(Home.from_environment().root)

    @property
    def is_reading(self) -> bool:
        """Whether this thread reads a file only to know it: no table of the user's comes into being."""
        return self._opened.is_reading

    def expect(self, source: str | None) -> None:
        """A table is being made of ``source`` in this thread, or, with None, has been."""
        self._opened.expect(source)

    # --- before text leaves -----------------------------------------------------------------------

    def look(self, run: CellRun | None, newest: CellRun | None, namespace: Mapping[str, Any]) -> None:
        """Know the files that were opened by now, or that ``run`` names if it has started a program.

        ``newest`` is the cell that runs: what was opened lately is its.
        """
        self.note(newest or run, namespace)
        if run is not None and run is not newest:
            self._note_names(run, namespace)
        for key in {"" if one is None else one.key for one in (run, newest, None)}:
            if key in self._runs:
                self._learn_all(self._runs[key])

    def note(self, run: CellRun | None, namespace: Mapping[str, Any]) -> None:
        """What happened by now was done by ``run``. Nothing is read yet: most cells show nothing of it."""
        while self._opened.waiting:
            what, first, second = self._opened.waiting.popleft()
            state = self._state_of(run)
            if what == "run":
                state.commands.append((first, second))
            elif self._is_the_users(first):
                if what != "values":
                    state.names.setdefault(os.path.realpath(first))
                if what not in ("database", "made"):
                    state.opened.setdefault(os.path.realpath(first), first)
        if run is not None:
            self._note_names(run, namespace)

    def read_by(self, run: CellRun) -> Iterator[DataRead]:
        """The data files that ``run`` opened, or named to its programs, each once."""
        state = self._runs.get(run.key)
        self._opened.forget_values()
        if state is None:
            return
        for place, called in state.opened.items():
            labels = self.labels_of(place)
            is_own = self._knowledge.guesses.files.has(place)
            if labels is None and not self._holds_values(place) and (is_own or not is_data_file(place)):
                continue
            yield DataRead(name_of_source(called), called, labels or [], self._known.rows_of(place))
        state.opened.clear()

    def tables_read(self, run: CellRun, namespace: Mapping[str, Any]) -> list[Any]:
        """The frames in the data files that ``run`` has opened by now."""
        self.note(run, namespace)
        state = self._runs.get(run.key)
        opened = list(state.opened) if state is not None else []
        for place in opened:
            if state is not None:
                self._learn(place, state)
        return [frame for place in opened for frame in self._known.tables_in(place)]

    def labels_of(self, path: str) -> list[str] | None:
        """The labels in a file; None of one that holds no table."""
        with self._opened.reading():
            return labels_in(path)

    def unpickled_from(self) -> str | None:
        """The file of pickled objects that this thread has opened last."""
        return self._opened.values

    def _holds_values(self, place: str) -> bool:
        return os.path.splitext(place)[1].lower() in VALUES - {".joblib"}  # noqa: PTH122 - as above

    def _note_names(self, run: CellRun, namespace: Mapping[str, Any]) -> None:
        if run.key in self._runs or self._carried or _DATA_NAME.search(run.code):
            state = self._state_of(run)
            self._look_at_names(run, state, namespace)
            self._carry(run, state)

    def _state_of(self, run: CellRun | None) -> _Run:
        key = run.key if run is not None else ""
        if key not in self._runs:
            self._runs[key] = _Run()
            while len(self._runs) > _MOST_RUNS:
                self._runs.popitem(last=False)
        return self._runs[key]

    def _look_at_names(self, run: CellRun, state: _Run, namespace: Mapping[str, Any]) -> None:
        has_programs = bool(state.commands) or state.has_programs
        texts = [(command, folder) for command, folder in state.commands if command]
        state.commands.clear()
        # Libraries that read in C of their own are not told of; those that are make tables by `read_...`.
        is_read_in_c = _DATA_NAME.search(run.code) is not None and _READER.search(run.code) is None
        if state.scans < (_MOST_SCANS if has_programs else is_read_in_c):  # a program may make a file and then show it
            state.scans += 1
            texts.append((run.code, None))
        state.has_programs = has_programs
        for text, folder in texts:
            if has_programs:
                state.written |= {os.path.realpath(Path(folder or ".") / target) for target in written_in(text)}
            for path in named_files(text, namespace, folder=folder):
                self._name(path, state, is_written=os.path.realpath(path) in state.written)

    def _name(self, path: Path, state: _Run, *, is_written: bool) -> None:
        name = os.path.realpath(path)
        if path.suffix.lower() in NO_DATA or not self._is_the_users(name):
            return
        if state.has_programs:
            state.names.setdefault(name)
            if is_data_file(name) and not is_written:
                state.opened.setdefault(name, os.fspath(path))
            with suppress(OSError):
                if is_data_file(name) and Path(name).stat().st_size > MOST_BYTES:
                    state.is_too_long = True
        elif not self._knowledge.guesses.files.has(name):
            state.names.setdefault(name)

    def _carry(self, run: CellRun, state: _Run) -> None:
        """A cell that uses what another one set from a file shows that file, and so do those that use what it sets."""
        if state.is_new and self._carried:
            for name in set(_NAME.findall(run.code)) & self._carried.keys():
                state.names.update(dict.fromkeys(self._carried[name]))
        state.is_new = False
        if len(state.names) > state.carries:
            state.carries = len(state.names)
            for names in _SET.findall(run.code):
                for name in _NAME.findall(" ".join(names)):
                    self._carried[name] = tuple(state.names)

    def _is_the_users(self, path: str) -> bool:
        real, here = os.path.realpath(path), str(Path.cwd()) + os.sep
        if real.startswith((self._home + os.sep, *NOT_THE_USERS)):
            return False
        if any(part.startswith(".") for part in Path(real.removeprefix(here)).parts):
            return False  # caches and settings of programs
        return not (real.startswith((sys.prefix + os.sep, sys.base_prefix + os.sep)) or is_installed(real, here))

    def _learn_all(self, state: _Run) -> None:
        for name in list(state.names):
            self._learn(name, state)

    def _learn(self, name: str, state: _Run) -> None:
        state.in_view.setdefault(name)

        def may_read() -> bool:
            state.reads[name] = state.reads.get(name, 0) + 1
            return state.reads[name] <= _MOST_READS

        with self._opened.reading():
            self._known.learn(name, may_read=may_read)

    # --- text on its way out ------------------------------------------------------------------------

    def may_go_on(self, text: str) -> bool:
        """Whether the last line of ``text`` may be the beginning of a known file's line."""
        return self._known.may_begin_row(text)

    def withheld(self, run: CellRun | None) -> str | None:
        """What stands in place of the outputs of ``run``: once a sentence, then nothing; None if they may be shown."""
        state = self._runs.get(run.key) if run is not None else None
        if state is None or not state.is_too_long:
            return None
        if state.is_told:
            return ""
        state.is_told = True
        return (
            f"privguard: a data file is longer than {MOST_BYTES >> 20} MiB, so what this cell's commands print is "
            "withheld; read the file into a table and show that.\n"
        )

    def exchanged(self, text: str, run: CellRun | None, mask: MaskTable) -> str:
        """``text`` with the lines of known files in it masked; the same object if there are none."""
        state = self._runs.get(run.key) if run is not None else None
        return self._known.exchanged(text, mask, in_view=state.in_view if state is not None else ())
