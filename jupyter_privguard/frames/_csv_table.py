"""A CSV or TSV file as a table in chunks: checked once, then read as often as needed."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO

import pandas as pd

from ..errors import InputError
from ._csv import Block, blocks, fields_of_rows, first_row_end, line_at, line_breaks, other_separator
from ._csv_types import ColumnTypes, parsed, texts_of
from .as_written import Written

__all__ = ["CsvTable"]

_SEPARATORS = {",": "by commas", "\t": "by tabs", ";": "by semicolons", "|": "by bars"}
_UNREADABLE = (pd.errors.ParserError, pd.errors.ParserWarning, ValueError, OverflowError)


class CsvTable:
    """Rows of CSV (RFC 4180, UTF-8), in blocks of about ``block`` bytes.

    A row with more or fewer fields than the first line is an error, not a guess, and so is a byte
    that is not UTF-8.
    """

    def __init__(self, file: BinaryIO, called: str, separator: str, block: int, done: Callable[[int], None]) -> None:
        """Check the whole file; InputError names the line, never a value. ``done`` hears of bytes."""
        self._file, self._called, self._separator = file, called, separator
        self._places: list[tuple[int, int]] = []
        self._width = 0
        self._lines = 0
        try:
            self._check(block, done)
            if not self._width:
                raise self._error("the file has no columns")
            self._dtypes = self._types.dtypes()
        except _UNREADABLE:
            # The library's own words quote fields of the file.
            raise self._no_table() from None

    def _check(self, size: int, done: Callable[[int], None]) -> None:
        for block in blocks(self._file, self._separator, size):
            if not block.start:
                self._refuse_other_files(block.data)
            self._refuse_other_bytes(block.data)
            if not self._width:
                self._refuse_other_separator(block.data)
            self._refuse_ragged_rows(block)
            self._learn(block)
            self._lines += line_breaks(block.data)
            done(len(block.data))

    def _learn(self, block: Block) -> None:
        begin, data = block.start, block.data
        if not self._width:
            end = first_row_end(block.outline)
            if not end:
                return
            self._labels = pd.read_csv(
                io.BytesIO(data[:end]), sep=self._separator, index_col=False, low_memory=False
            ).columns
            self._width = len(self._labels)
            self._written = [
                str(text) for text in texts_of(data[:end], self._separator, self._width, [*range(self._width)]).iloc[0]
            ]
            self._types = ColumnTypes(self._width, self._separator)
            begin, data = begin + end, data[end:]
        self._types.learn(data)
        self._places.append((begin, len(data)))

    @property
    def types(self) -> list[Any]:
        """None: CSV says nothing of types."""
        return []

    @property
    def size(self) -> int:
        """Bytes of all rows."""
        return sum(length for _, length in self._places)

    def chunks(self, done: Callable[[int], None]) -> Iterator[pd.DataFrame]:
        """All rows again, one frame a block; every frame has the same dtypes. At least one, if without rows."""
        return (frame for frame, _ in self.chunks_as_written(done))

    def chunks_as_written(self, done: Callable[[int], None]) -> Iterator[tuple[pd.DataFrame, Written]]:
        """`chunks`, and beside each frame what was written."""
        for start, length in self._places:
            self._file.seek(start)
            data = self._file.read(length)
            try:
                frame = parsed(data, self._separator, self._width, None, self._dtypes)
            except _UNREADABLE:
                raise self._no_table() from None
            frame.columns = self._labels
            yield frame, Written(self._written, partial(texts_of, data, self._separator, self._width))
            done(length)

    def _refuse_other_files(self, data: bytes) -> None:
        if data[:4] == b"PAR1":
            raise self._error("this is a Parquet file; give it the ending .parquet")
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise self._error("this is UTF-16 text; convert it to UTF-8 first")

    def _refuse_other_bytes(self, data: bytes) -> None:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = self._line(data, error.start)
            raise self._error(f"line {line} is not UTF-8 text; convert the file first") from None
        nul = data.find(b"\0")
        if nul >= 0:
            raise self._error(f"line {self._line(data, nul)} holds a NUL byte; this is not a text table")

    def _refuse_other_separator(self, data: bytes) -> None:
        other = other_separator(data, self._separator)
        if other is not None:
            usual = _SEPARATORS[self._separator]
            cure = "give it the ending .tsv" if other == "\t" else f"save it with fields parted {usual}"
            raise self._error(f"its fields are parted {_SEPARATORS[other]}, not {usual}; {cure}")

    def _refuse_ragged_rows(self, block: Block) -> None:
        found = fields_of_rows(block.outline, self._separator)
        if found is None:
            return
        first, place, fields = found
        wanted = self._width or first
        if first != wanted:
            place, fields = self._first_filled(block), first
        if place >= 0:
            line = self._lines + line_at(block, place) + 1
            has = f"{fields} field{'s' if fields != 1 else ''}"
            raise self._error(f"line {line} has {has} where the first line has {wanted}; mend that line")

    @staticmethod
    def _first_filled(block: Block) -> int:
        return line_breaks(block.outline[: first_row_end(block.outline)].rstrip(b"\r\n"))

    def _line(self, data: bytes, offset: int) -> int:
        return self._lines + line_breaks(data[:offset]) + 1

    def _no_table(self) -> InputError:
        return self._error("its quotes or rows do not make a table")

    def _error(self, what: str) -> InputError:
        return InputError(f"privguard: {self._called}: {what}.")
