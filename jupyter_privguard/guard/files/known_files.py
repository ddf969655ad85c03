"""What was read of data files: their tables, which are known as loaded ones are, and their lines.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from ...frames import FrameView, view
from ...frames.data_files import MOST_BYTES, FileTable, tables_of
from .rows import FileRows, MaskField

if TYPE_CHECKING:
    from ..knowledge import Knowledge

__all__ = ["KnownFiles", "MaskTable"]

MaskTable = Callable[[Any, FrameView], Callable[[int, Any], str | None]]
"""For a frame: what masks a value of the column at a position; None where the value may be shown."""


class _State(NamedTuple):
    time: int
    size: int


class _Table(NamedTuple):
    frame: Any
    rows: FileRows | None
    """None where nothing in it is sensitive."""


class _File(NamedTuple):
    """What was read of one file."""

    state: _State
    tables: list[_Table]


class KnownFiles:
    """The files read last, no more than fit into 64 MiB, but one; values that were learned stay known."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._files: OrderedDict[str, _File] = OrderedDict()

    def learn(self, path: str, *, may_read: Callable[[], bool]) -> None:
        """Know the file as it is by now; it is read where that is news and ``may_read`` lets it."""
        try:
            found = os.stat(path)  # noqa: PTH116 - at each text that leaves
        except OSError:
            return
        now, known = _State(found.st_mtime_ns, found.st_size), self._files.get(path)
        if known is not None and known.state == now:
            self._files.move_to_end(path)
        elif now.size and may_read():
            tables = [self._known_table(path, table) for table in tables_of(path)]
            self._files.pop(path, None)
            self._files[path] = _File(now, [table for table in tables if table is not None])
            self._drop_old()

    def tables_in(self, path: str) -> list[Any]:
        """The frames in a file that was read."""
        file = self._files.get(path)
        return [table.frame for table in file.tables] if file is not None else []

    def rows_of(self, path: str) -> int:
        """Rows of the tables in a file that was read; 0 of one that was not."""
        seen = map(view, self.tables_in(path))
        return sum(one.rows for one in seen if one is not None)

    def _known_table(self, name: str, table: FileTable) -> _Table | None:
        """What is known of a table; None of one that nobody can look at, which must not take all outputs with it."""
        try:
            self._knowledge.loaded(table.frame, name)
            seen = view(table.frame)
            assert seen is not None  # noqa: S101 - tables_of() returns pandas frames
            found = self._knowledge.classification(table.frame, seen)
            is_sensitive = any(verdict.is_sensitive for verdict in found)
            rows = FileRows(table.separator, table.text, seen, found) if is_sensitive else None
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - labels and cells may be anything
            return None
        return _Table(table.frame, rows)

    def _drop_old(self) -> None:
        while len(self._files) > 1 and sum(min(f.state.size, MOST_BYTES) for f in self._files.values()) > MOST_BYTES:
            self._files.popitem(last=False)

    def may_begin_row(self, text: str) -> bool:
        """Whether the last line of ``text`` may be the beginning of a known file's line."""
        tables = [table.rows for file in self._files.values() for table in file.tables if table.rows is not None]
        if not tables:
            return False
        line = text[max(text.rfind("\n"), text.rfind("\r")) + 1 :]
        return any(rows.may_begin(line) for rows in tables)

    def exchanged(self, text: str, mask: MaskTable, *, in_view: Collection[str]) -> str:
        """``text`` with the lines of known files in it masked; the same object if there are none.

        ``in_view`` are the paths of those that its cell reads.
        """
        for name, file in self._files.items():
            for table in file.tables:
                if table.rows is None:
                    continue
                is_in_view, fields = name in in_view, _Masking(table, table.rows.numeric, mask)
                if table.rows.separator and (is_in_view or table.rows.separator in text):
                    text = _exchanged(text, table.rows, fields, is_in_view=is_in_view)
                if is_in_view:
                    text = table.rows.numbers_masked(text, fields, self._places_in)
        return text

    def _places_in(self, text: str) -> list[tuple[int, int]]:
        return [(hit.start, hit.end) for hit in self._knowledge.values.find(text)]


class _Masking:
    """Masks the fields of one file; remembers answers."""

    def __init__(self, table: _Table, numeric: frozenset[int], mask: MaskTable) -> None:
        self._table = table
        self._numeric = numeric
        self._of_table = mask
        self._mask: Callable[[int, Any], str | None] | None = None
        self._answers: dict[tuple[int, str], str] = {}

    def __call__(self, at: int, text: str) -> str:
        if (at, text) not in self._answers:
            if self._mask is None:  # most texts hold nothing of most files
                seen = view(self._table.frame)
                assert seen is not None  # noqa: S101 - it was one when it was read
                self._mask = self._of_table(self._table.frame, seen)
            answer = self._mask(at, _number(text) if at in self._numeric else text)
            self._answers[at, text] = text if answer is None else answer
        return self._answers[at, text]


def _number(text: str) -> Any:
    with suppress(ValueError):
        return int(text)
    with suppress(ValueError):
        return float(text)
    return text


def _exchanged(text: str, rows: FileRows, mask: MaskField, *, is_in_view: bool) -> str:
    lines, is_changed = text.splitlines(keepends=True), False
    for place, line in enumerate(lines):
        if not is_in_view and line.count(rows.separator) < rows.width - 1:
            continue
        body = line.rstrip("\r\n")
        masked = rows.masked(body, mask, is_in_view=is_in_view)
        if masked is not None:
            lines[place] = masked + line[len(body) :]
            is_changed = True
    return "".join(lines) if is_changed else text
