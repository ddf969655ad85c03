"""Tables in files of their own forms: Parquet, Arrow, ORC, Stata, SAS, DuckDB; judged part by part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ..errors import InputError
from ..frames import view
from ..frames.files import table_in as parquet_in
from ..frames.stored.frames import Form, frames_in, tables_of_duckdb
from .findings import Finding, Place
from .judging import Judge
from .merging import merged
from .pieces import NOWHERE, Unreadable
from .sources import LARGEST, Source
from .tables import columns_of_table

__all__ = ["found_in_duckdb", "found_in_form", "found_in_frames", "found_in_parquet"]

_BLOCK = 16 * 2**20
"""Bytes of a Parquet file, unpacked, that are judged at once."""


def found_in_parquet(path: str, source: Source, judge: Judge, called: str) -> Iterator[Finding]:
    """What the columns of a Parquet file hold; Unreadable where it is none. ``called`` is the name of its data set."""
    try:
        frames = parquet_in(source.opened(), "table.parquet", block=_BLOCK, done=lambda _: None).chunks(lambda _: None)
        yield from found_in_frames(path, frames, judge, called)
    except InputError as error:
        if "needs pyarrow" in str(error):
            raise Unreadable("Parquet is not read without pyarrow; install it") from None
        raise Unreadable("it cannot be read as Parquet") from None


def found_in_form(path: str, form: Form, source: Source, judge: Judge, called: str) -> Iterator[Finding]:
    """What the columns of a table of ``form`` hold; Unreadable where it is none, or cannot be read here."""
    if source.size > LARGEST:
        raise Unreadable(f"{form.called} of more than {LARGEST >> 20} MB is not looked at; split it")
    yield from found_in_frames(path, frames_in(form, source.opened()), judge, called)


def found_in_duckdb(path: str, source: Source, judge: Judge) -> Iterator[Finding]:
    """What the tables of a DuckDB file hold; Unreadable within an archive, and where it cannot be read here."""
    if not source.path:
        raise Unreadable("DuckDB within another file is not read; unpack it")
    for name, frames in tables_of_duckdb(source.path):
        said = name if name.isidentifier() and len(name) <= 40 else "one"
        yield from found_in_frames(path, frames, judge, None, Place(part=f"table {said}"))


def found_in_frames(
    path: str, frames: Iterable[Any], judge: Judge, called: str | None, place: Place = NOWHERE
) -> Iterator[Finding]:
    """What the columns of one table hold, whose rows come in frames."""

    def found() -> Iterator[Finding]:
        for frame in frames:
            seen = view(frame)
            if seen is not None and seen.rows:
                columns = [replace(column, place=place) for column in columns_of_table(seen)]
                yield from judge.columns(path, columns, judge.of_file(seen, called))

    return merged(found())
