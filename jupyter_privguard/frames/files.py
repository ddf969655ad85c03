"""CSV, TSV (also packed by gzip) and Parquet files as tables, with errors that name file and line, never a value."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast

from .. import _files
from ..errors import InputError

if TYPE_CHECKING:
    from .as_written import Written

__all__ = ["SUFFIXES", "Table", "check_target", "needs_pyarrow", "opened", "read", "read_from", "read_head", "table_in"]

SUFFIXES = (".csv", ".tsv", ".parquet")
"""Endings of files that can be read and written."""
_READABLE = (*SUFFIXES, ".csv.gz", ".tsv.gz")

_HEAD = 1 << 18

# `Any` in this file is a pandas frame: pandas is imported only when a file is read or written.


class Table(Protocol):
    """A table that is read chunk by chunk, as often as needed."""

    @property
    def types(self) -> list[Any]:
        """The Arrow types of columns, then of index levels; empty where the file has none."""
        ...

    @property
    def size(self) -> int:
        """What ``done`` hears in all, in one pass over the chunks."""
        ...

    def chunks(self, done: Callable[[int], None]) -> Iterator[Any]:
        """Pandas frames of the same labels and dtypes, one at least; ``done`` hears of bytes or rows as they pass."""
        ...

    def chunks_as_written(self, done: Callable[[int], None]) -> Iterator[tuple[Any, Written | None]]:
        """`chunks`, and beside each frame what was written; None where the file has types."""
        ...


def _nobody(amount: int) -> None:
    return None


def read(path: str) -> Any:
    """The pandas frame in the CSV, TSV or Parquet file ``path``, which may end in .csv.gz; InputError in one sentence.

    Numbers with leading zeros stay text: they are codes. Whole numbers stay whole beside gaps. A
    row with more or fewer fields than the first line is an error, not a guess.
    """
    with opened(path) as file:
        return read_from(file, path)


def read_from(file: BinaryIO, called: str) -> Any:
    """What `read` makes of a file that is open already; ``called`` ends as its form does."""
    import pandas

    frames = list(table_in(file, called, block=max(1, _size(file)), done=_nobody).chunks(_nobody))
    # The chunks of a packed file are smaller than what is in it; Parquet has row numbers of its own.
    return frames[0] if len(frames) == 1 else pandas.concat(frames, ignore_index=_form(called) != ".parquet")


def read_head(path: str, rows: int) -> Any:
    """The first ``rows`` of a file, as far as they are in its first quarter of a megabyte.

    As `read` makes them, but whatever parts the fields of a text.
    """
    with opened(path) as file:
        if Path(path).suffix.lower() == ".parquet":
            table = table_in(file, path, block=_HEAD, done=_nobody)
        else:
            table = _head_of_text(_unpacked(file, path).read(_HEAD), path)
        return next(table.chunks(_nobody)).iloc[:rows]


def _head_of_text(data: bytes, path: str) -> Table:
    import io

    from ._csv import blocks, other_separator
    from ._csv_table import CsvTable

    usual = _separator(path)
    separator = other_separator(data, usual) or usual
    if len(data) == _HEAD:  # there may be more, so the last row may be half a one
        try:
            data = next(blocks(io.BytesIO(data), separator, _HEAD)).data
        except (StopIteration, ValueError):
            raise InputError(f"privguard: {path}: its rows are too long to be looked at.") from None
    return CsvTable(io.BytesIO(data), path, separator, block=_HEAD, done=_nobody)


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The file ``path`` to be read as a table. InputError if it cannot be one."""
    file = Path(path)
    if file.is_dir():
        raise InputError(f"privguard: {path}: this is a folder; name a file in it.")
    if _form(path) not in _READABLE:
        raise _unreadable(path)
    try:
        if not file.exists():
            raise InputError(f"privguard: {path}: there is no such file.")
        if not file.is_file():  # a pipe would block, a device never end
            raise InputError(f"privguard: {path}: this is not a regular file.")
        handle = file.open("rb")
    except OSError as error:
        raise InputError(f"privguard: {path}: the file cannot be read ({error.strerror or 'I/O error'}).") from None
    with handle:
        yield handle


def table_in(file: BinaryIO, called: str, *, block: int, done: Callable[[int], None]) -> Table:
    """The table in an open file, in chunks of about ``block`` bytes. ``called`` ends as its form does.

    CSV is read to its end, to check it and to learn its types; ``done`` hears of the bytes.
    """
    form = _form(called)
    if form not in _READABLE:
        raise _unreadable(called)
    file.seek(0)
    file = _unpacked(file, called)
    if not file.read(1):
        raise InputError(f"privguard: {called}: the file is empty.")
    file.seek(0)
    if form != ".parquet":
        from ._csv_table import CsvTable

        return CsvTable(file, called, _separator(called), block=block, done=done)
    try:
        from ._parquet import ParquetTable
    except ImportError:
        raise needs_pyarrow("reading") from None
    return ParquetTable(file, called, block=block)


def needs_pyarrow(what: str) -> InputError:
    """What to say where Parquet is asked for and pyarrow is not installed."""
    return InputError(f"privguard: {what} Parquet needs pyarrow: pip install 'jupyter-privguard[parquet]'.")


def _form(name: str) -> str:
    """Its ending, in small letters; of a packed file both."""
    return "".join(Path(name).suffixes[-2 if name.lower().endswith(".gz") else -1 :]).lower()


def _inner(name: str) -> str:
    """The name without the ending of a packed file."""
    return name[:-3] if name.lower().endswith(".gz") else name


def _unpacked(file: BinaryIO, called: str) -> BinaryIO:
    if not called.lower().endswith(".gz"):
        return file
    from ._unpacked import Unpacked

    return cast("BinaryIO", Unpacked(file, called))


def _unreadable(called: str) -> InputError:
    return InputError(f"privguard: {called}: only {', '.join(_READABLE)} files can be read.")


def _separator(name: str) -> str:
    return "\t" if _inner(name.lower()).endswith(".tsv") else ","


def _size(file: BinaryIO) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size


def check_target(path: str) -> None:
    """InputError if ``path`` cannot be the name of a table to write; writes nothing."""
    file = Path(path)
    if file.suffix.lower() not in SUFFIXES:
        raise InputError(f"privguard: {path}: only {', '.join(SUFFIXES)} files can be written.")
    _files.check_target(file)
