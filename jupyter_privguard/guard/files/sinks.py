"""Where a cell's data may go: files that its code writes, machines that it reaches, programs that it starts.

What Python tells of (`process_events`) is noted in the cell that runs, without what libraries do for themselves:
imports, caches, temporary files. Under ``files: refuse`` a file is not opened, and no connection made, by a cell that
has sensitive data in its hands (`in_hand`); what goes into a file as text is looked at while it is written
(`checked_files`). What a started program does with what it is given is not seen, which the record says.

Events come in any thread and in the midst of anything, so nothing here waits for the session's lock unless the
policy refuses files.
"""

from __future__ import annotations

import os
import shlex
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ..._later import later
from ...errors import Refused
from ...model import Decision
from ...settings import Home
from ..cells.cell import CellRun
from .callers import is_of_library, is_of_program, is_of_tracker, is_own, judged_around
from .checked_files import CheckedFiles
from .databases import Databases
from .in_hand import columns_in_hand
from .process_events import Listener, ignore, listen
from .programs import SHELLS, programs_in, shell_lines, written_in

if TYPE_CHECKING:
    from ..session import Session

__all__ = ["Sinks"]

_NO_DATA = frozenset(".pyc .pyo .lock .db-wal .db-shm .db-journal".split())
_DATABASES = frozenset(".db .db3 .sqlite .sqlite3 .duckdb".split())
"""Of these it is told which tables are written."""
_QUOTED_FILE = later(r"""(['"])((?:(?!\1)[^\n\\]){1,400}\.\w{1,10})\1""")
_MOST_LOOKED_AT = 100
_NOT_FILES = ("/dev/", "/proc/", "/sys/")
_METHOD = later(rb"([A-Z]{3,8}) \S+ HTTP/")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_JUDGED = frozenset({"writing", "picture"})
"""Hooks that have judged what they write by what is in it."""


def _look(place: str) -> tuple[int, int, int] | None:
    """What tells whether a file was written to; None of what is no file."""
    try:
        found = os.stat(place)  # noqa: PTH116 - any text
    except (OSError, ValueError):
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if stat.S_ISREG(found.st_mode) else None


class Sinks(Listener):
    """Tells the running cell of ``session``."""

    def __init__(self, session: Session, *, newest: Callable[[], CellRun | None]) -> None:
        """``newest`` is the cell that runs; it must not wait for anything."""
        self._session = session
        self._newest = newest
        self._home = str(Home.from_environment().root) + os.sep
        self._own = _Own()
        self._checked: CheckedFiles | None = None
        self.databases = Databases(newest, is_told=self._is_told_database, may_write=self._may_fill)
        listen(self)

    # --- files ------------------------------------------------------------------------------------

    def writing(self, path: str, mode: str | None) -> None:
        """Refused where the policy does, and the cell has sensitive data in its hands."""
        run = self._newest()
        if run is None or not self._session.policy.refuses_files or self._own.is_checked or not self._is_told(path):
            return
        if judged_around().isdisjoint(_JUDGED):
            self._check(run, "a file be written")

    def opened_to_write(self, path: str) -> None:
        """A sink of the running cell."""
        run = self._newest()
        if run is not None and self._is_told(path) and not Path(path).is_dir():  # a file without a name may be in one
            run.sink("file", path, place=os.path.realpath(path))

    def look_for_files(self, run: CellRun) -> None:
        """``run`` has ended: files that its code names, and that libraries wrote in C meanwhile, are sinks."""
        for place, (name, before) in run.named.items() if not run.refused else ():
            if _look(place) not in (None, before) and ("file", place) not in run.places:
                run.sink("file", name, place=place)
        run.named.clear()

    def _note_names(self, run: CellRun) -> None:
        for match in islice(_QUOTED_FILE.finditer(run.source), _MOST_LOOKED_AT):
            ending = os.path.splitext(match[2])[1].lower()  # noqa: PTH122 - as above
            with suppress(OSError, ValueError):
                if ending not in (*_NO_DATA, *_DATABASES) and not self._is_hidden(match[2]):
                    place = os.path.realpath(match[2])
                    run.named.setdefault(place, (match[2], _look(place)))

    def moved(self, source: str, target: str) -> None:
        """What was written under another name first is now at ``target``."""
        run = self._newest()
        if run is None or not self._is_told(target):
            return
        before, place = ("file", os.path.realpath(source)), os.path.realpath(target)
        found = run.places.pop(before, None)
        if found is None:
            run.sink("file", target, place=place)
        elif ("file", place) in run.places:
            run.sinks.remove(found)
        else:
            found["target"] = target
            run.places["file", place] = found

    def _is_told(self, path: str) -> bool:
        if self._session.files.is_reading or path.startswith(_NOT_FILES):
            return False
        if os.path.splitext(path)[1].lower() in _NO_DATA or "__pycache__" in path:  # noqa: PTH122 - for each file
            return False
        return not (self._is_hidden(path) or is_own() or is_of_library() or not is_of_program())

    def _is_hidden(self, path: str) -> bool:
        """Whether a file is ours, an installed package's, or a cache or setting of a program."""
        real, here = os.path.realpath(path), str(Path.cwd()) + os.sep
        if real.startswith((self._home, sys.prefix + os.sep, sys.base_prefix + os.sep)):
            return not real.startswith(here)
        return any(part.startswith(".") for part in Path(real.removeprefix(here)).parts[:-1])

    # --- other machines ---------------------------------------------------------------------------

    def resolved(self, host: str, port: int | None) -> None:
        """Remember how the program calls the machine that it is about to reach."""
        self._own.host = host, port

    def connecting(self, host: str, port: int | None, *, sends: bytes | None = None) -> None:
        """A sink; Refused where the policy does, and the cell has sensitive data in its hands."""
        run = self._newest()
        if run is None or is_own() or is_of_library():
            return
        named, at = self._own.host
        if sends is None and named and at == port:
            host = named
        if self._session.policy.refuses_files and "reading" not in judged_around():
            self._check(run, "data be sent to another machine")
        found = run.sink("net", f"{host}:{port}" if port is not None else host)
        if sends:
            found["bytes"] = found.get("bytes", 0) + len(sends)
            if method := _METHOD.match(sends):
                direction = "in" if method[1].decode() in _READING else "out"
                found["direction"] = "out" if found.get("direction", direction) != direction else direction

    # --- programs ---------------------------------------------------------------------------------

    def starting(self, words: list[str] | None) -> None:
        """A sink of which nobody sees what it reads and writes."""
        run = self._newest()
        if run is None or is_own() or is_of_library(starts_program=True):
            return
        target = self._program(run, words)
        if target:
            run.sink("process", target, unseen=True)
        for path in written_in(self._shell_text(run, words)):
            run.sink("file", path, place=os.path.realpath(path))

    def _shell_text(self, run: CellRun, words: list[str] | None) -> str:
        """What a shell is told to run; the words of a program that none starts."""
        if words is None or (os.path.basename(words[0]) in SHELLS and len(words) < 3):  # noqa: PTH119 - as below
            return "\n".join(shell_lines(run.source))
        is_shell = os.path.basename(words[0]) in SHELLS and words[1] in ("-c", "/c")  # noqa: PTH119
        return words[2] if is_shell else shlex.join(words)

    def _program(self, run: CellRun, words: list[str] | None) -> str:
        if words is None:
            return " | ".join(programs_in("\n".join(shell_lines(run.source))))
        name = os.path.basename(words[0])  # noqa: PTH119 - a name of either kind of path
        if name in SHELLS and len(words) > 2 and words[1] in ("-c", "/c"):
            return " | ".join(programs_in(words[2])) or name
        if name in SHELLS and (inner := programs_in("\n".join(shell_lines(run.source)))):
            return f"{name}: {' | '.join(inner)}"
        return name

    def _is_told_database(self, path: str) -> bool:
        if self._newest() is None or self._session.files.is_reading or is_own() or not is_of_program():
            return False
        return path in ("", ":memory:") or not (self._is_hidden(path) or is_of_tracker())

    # --- refusing -----------------------------------------------------------------------------------

    @contextmanager
    def checked(self) -> Iterator[None]:
        """While a file is opened of which every text is looked at."""
        self._own.is_checked = True
        try:
            yield
        finally:
            self._own.is_checked = False

    def renew(self, run: CellRun) -> None:
        """A cell begins: databases tell of it, and where the policy refuses files, what is written into them."""
        self.databases.renew()
        self._note_names(run)
        if self._session.policy.refuses_files and self._checked is None:
            self._checked = CheckedFiles(self)
            self._checked.install()

    def close(self) -> None:
        """Look at nothing any more."""
        ignore(self)
        self.databases.restore()
        if self._checked is not None:
            self._checked.restore()
            self._checked = None

    def is_checked(self, path: str) -> bool:
        """Whether what goes into the file ``path`` is to be looked at."""
        if self._newest() is None or not self._session.policy.refuses_files or not self._is_told(path):
            return False
        return judged_around().isdisjoint(_JUDGED)

    def check_text(self, text: str, path: str) -> None:
        """Refused if ``text``, on its way into a file, holds what the running cell's tier may not see."""
        run = self._newest()
        if run is None or not self._session.holds_hidden(text, run):
            return
        sentence = (
            f"privguard: the policy refuses to let this text be written to {self._session.safe(path)}, for it holds "
            "values of sensitive columns; write a masked copy, jupyter_privguard.mask(df), or leave them out."
        )
        self._session.admission.check(run, Decision(allowed=False, rule="files", reason=sentence))

    def _may_fill(self, run: CellRun) -> bool:
        """Whether ``run`` may write rows into a database; SQLite tells the program no more than that it may not."""
        if not self._session.policy.refuses_files or "writing" in judged_around():
            return True
        try:
            self._check(run, "rows be written to a database")
        except Refused as error:
            print(error, file=sys.stderr)
            return False
        return True

    def check_unseen(self) -> None:
        """Refused where the policy refuses files, and the running cell has sensitive data in its hands."""
        run = self._newest()
        if run is not None and self._session.policy.refuses_files:
            self._check(run, "a file be written")

    def _check(self, run: CellRun, what: str) -> None:
        columns = columns_in_hand(self._session, run)
        if not columns:
            return
        sentence = (
            f"privguard: the policy refuses to let {what} by a cell that has {columns} in its hands; do it in a cell "
            "that uses none of these columns, or with a masked copy, jupyter_privguard.mask(df)."
        )
        self._session.admission.check(run, Decision(allowed=False, rule="files", reason=sentence))


class _Own(threading.local):
    """What this thread is in the midst of."""

    def __init__(self) -> None:
        self.host: tuple[str, int | None] = ("", None)
        self.is_checked = False
