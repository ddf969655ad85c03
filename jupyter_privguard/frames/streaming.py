"""Tables of any size: looked over once, chunk by chunk, and written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from .. import _files
from ..errors import InputError, what_now
from ._type_changed import TypeChanged
from .as_written import Written, as_written
from .files import Table, check_target, needs_pyarrow, opened, table_in
from .spreadsheet import csv_text, defused

__all__ = ["BLOCK", "Written", "as_written", "is_text", "open_table", "write_table"]

BLOCK = 8 << 20
"""Bytes of a file that are in memory as a chunk."""


def is_text(path: str) -> bool:
    """Whether a file of this name has no types: CSV and TSV."""
    return Path(path).suffix.lower() != ".parquet"


@contextmanager
def open_table(path: str, *, block: int = BLOCK, done: Callable[[int], None]) -> Iterator[Table]:
    """The table in the CSV, TSV or Parquet file ``path``.

    CSV is read to its end first; ``done`` hears of the bytes. InputError, without a value, for what is no
    table, and at the end of a pass over the chunks when the file is not what it was.
    """
    with opened(path) as file:
        before = _state(file)
        yield _Steady(table_in(file, path, block=block, done=done), file, before, path)


def _state(file: BinaryIO) -> tuple[int, int]:
    about = os.fstat(file.fileno())
    return about.st_size, about.st_mtime_ns


class _Steady:
    """A table whose file must not change from one pass to the next: one was checked, the other is used."""

    def __init__(self, table: Table, file: BinaryIO, before: tuple[int, int], called: str) -> None:
        self._table, self._file, self._before, self._called = table, file, before, called

    @property
    def types(self) -> list[Any]:
        return self._table.types

    @property
    def size(self) -> int:
        return self._table.size

    def chunks(self, done: Callable[[int], None]) -> Iterator[Any]:
        return (frame for frame, _ in self.chunks_as_written(done))

    def chunks_as_written(self, done: Callable[[int], None]) -> Iterator[tuple[Any, Written | None]]:
        yield from self._table.chunks_as_written(done)
        if _state(self._file) != self._before:
            raise InputError(f"privguard: {self._called}: the file changed while it was read; run this again.")


def write_table(
    path: str,
    chunks: Callable[[], Iterator[pd.DataFrame]],
    *,
    types: Sequence[Any] = (),
    timed: frozenset[int] = frozenset(),
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Write the frames that ``chunks`` gives to a CSV, TSV or Parquet file: whole, or not at all; mode 0600.

    ``chunks`` is asked again where Parquet needs a column as text that began as something else.
    ``types`` are the Arrow types of the source, ``timed`` the positions of points in time that are
    not all dates. ``ready`` is called when everything is written and before the file has its name;
    what it raises leaves nothing behind. A row index that is more than a row number is written
    too; in CSV and TSV, text that a spreadsheet would run as a formula gets a leading apostrophe.
    InputError says what failed.
    """
    check_target(path)
    target, suffix = Path(path), Path(path).suffix.lower()
    as_text: set[int] = set()
    try:
        with _files.whole_file(target) as file:
            while not _write_all(file, suffix, chunks, types, timed, as_text):
                file.seek(0)
                file.truncate()
            ready()
    except OSError as error:
        now = what_now(error, "name another file")
        raise InputError(f"privguard: {path}: cannot be written ({error.strerror or 'I/O error'}); {now}.") from None
    except ImportError:
        raise needs_pyarrow("writing") from None
    except _Unwritable:
        raise InputError(f"privguard: {path}: this table does not fit into {suffix}; try .csv.") from None


class _Unwritable(Exception):
    """Doubled labels in Parquet, lone surrogates."""


def _write_all(
    file: BinaryIO,
    suffix: str,
    chunks: Callable[[], Iterator[pd.DataFrame]],
    types: Sequence[Any],
    timed: frozenset[int],
    as_text: set[int],
) -> bool:
    """Whether all was written; if not, ``as_text`` has one more column, and everything begins again."""
    if suffix != ".parquet":
        writer: Any = _TextWriter(file, "\t" if suffix == ".tsv" else ",", timed)
    else:
        from ._parquet import ParquetWriter

        writer = ParquetWriter(file, source=types, as_text=as_text)
    try:
        for frame in chunks():
            try:
                writer.write(frame, with_index=_has_row_labels(frame))
            except (ValueError, TypeError, OverflowError, NotImplementedError):
                # The words of any library quote values.
                raise _Unwritable from None
    except TypeChanged as changed:
        as_text.add(changed.place)
        return False
    finally:
        writer.close()
    return True


class _TextWriter:
    """Frames as CSV or TSV, the labels once."""

    def __init__(self, file: BinaryIO, separator: str, timed: frozenset[int]) -> None:
        self._file, self._separator, self._timed = file, separator, timed
        self._is_first = True

    def write(self, frame: pd.DataFrame, *, with_index: bool) -> None:
        safe = defused(frame)
        for place in self._timed:
            if place < safe.shape[1] and safe.dtypes.iloc[place].kind == "M":
                # One by one: pandas would leave the time out where all of a chunk's are at midnight.
                safe = safe.copy(deep=False)
                safe.isetitem(place, safe.iloc[:, place].astype(object))
        text = csv_text(safe, line_end=os.linesep, index=with_index, header=self._is_first, sep=self._separator)
        self._file.write(text.encode())
        self._is_first = False

    def close(self) -> None:
        """Nothing is held back."""


def _has_row_labels(frame: pd.DataFrame) -> bool:
    return not isinstance(frame.index, pd.RangeIndex) or frame.index.name is not None
