"""Data files of many forms as tables to learn from: whatever in them is no table is left out, and nothing is an error.

For what a program or a command prints of a file. `files` reads the files that somebody names as input, and is strict.
"""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

__all__ = [
    "DATA_ENDINGS",
    "MOST_BYTES",
    "PARQUET",
    "SQLITE",
    "ZIP",
    "FileTable",
    "is_data_file",
    "separator_of",
    "tables_of",
]

MOST_BYTES = 64 << 20
"""Of a file that is longer no more than that is read."""
DATA_ENDINGS = frozenset(
    """
    .csv .tsv .tab .psv .txt .dat .data .log .json .jsonl .ndjson .geojson .parquet .pq .feather .arrow .ipc .db
    .sqlite .sqlite3 .db3 .xlsx .xlsm
    """.split()
)
_PACKED = ".gz"
_HEAD = 1 << 16
_SEPARATORS = ",\t;|"
_SHEET_ROWS = 200_000
SQLITE = b"SQLite format 3\0"
PARQUET = b"PAR1"
_ARROW = (b"ARROW1", b"\xff\xff\xff\xff")
ZIP = b"PK\x03\x04"
_DEPTH = 3
"""Lists of records within records that are read."""
_LEVELS = 8
"""Records within records whose fields are columns."""
_LOOKED_AT = 20


class FileTable(NamedTuple):
    """A table in a file."""

    frame: Any
    """A frame of pandas."""
    separator: str = ""
    """What parts the fields of a text's lines; empty for all other forms."""
    text: str = ""
    """All lines, of a text with separators."""


def is_data_file(name: str) -> bool:
    """Whether a file called ``name`` ends as data do, packed by gzip or not."""
    suffixes = [suffix.lower() for suffix in Path(name).suffixes[-2:]]
    if suffixes and suffixes[-1] == _PACKED:
        suffixes.pop()
    return bool(suffixes) and suffixes[-1] in DATA_ENDINGS


def tables_of(path: str) -> list[FileTable]:
    """The tables in a file, by its content and its name; none if it holds none or cannot be read.

    CSV and the like with any of four separators, in UTF-8, UTF-16 or Latin-1; JSON, one object a line too; Parquet,
    Arrow, SQLite and Excel sheets; all texts also packed by gzip. Of a text of more than 64 MiB the first 64 are read,
    of other forms of that size nothing.
    """
    try:
        with Path(path).open("rb") as file:
            head = file.read(_HEAD)
            file.seek(0)
            return list(_tables(file, path, head))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - files are whatever they are, and so are the words of the libraries that read them
        return []


def _tables(file: BinaryIO, path: str, head: bytes) -> Iterator[FileTable]:
    if head.startswith((SQLITE, PARQUET, *_ARROW, ZIP)):
        if file.seek(0, io.SEEK_END) <= MOST_BYTES:
            file.seek(0)
            yield from _binary_tables(file, path, head)
        return
    text = _text_of(file, head)
    if text is None:
        return
    if text[:_HEAD].lstrip()[:1] in ("{", "["):
        frames = _json_frames(text)
        if frames:
            yield from (FileTable(frame) for frame in frames)
            return
    yield from _separated(text)


def _binary_tables(file: BinaryIO, path: str, head: bytes) -> Iterator[FileTable]:
    import pandas

    if head.startswith(SQLITE):
        yield from map(FileTable, _sqlite_frames(path))
    elif head.startswith(PARQUET):
        yield FileTable(pandas.read_parquet(file))
    elif head.startswith(_ARROW):
        import pyarrow.ipc

        reader = pyarrow.ipc.open_file if head.startswith(_ARROW[0]) else pyarrow.ipc.open_stream
        yield FileTable(reader(file).read_all().to_pandas())
    elif Path(path).suffix.lower() in (".xlsx", ".xlsm"):
        for frame in pandas.read_excel(file, sheet_name=None, nrows=_SHEET_ROWS).values():
            yield FileTable(frame)


def _sqlite_frames(path: str) -> Iterator[Any]:
    import pandas

    address = Path(path).resolve().as_uri() + "?mode=ro"
    with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        names = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (name,) in names:
            quoted = '"' + name.replace('"', '""') + '"'
            with contextlib.suppress(sqlite3.Error):  # a virtual table whose module is missing
                cursor = connection.execute(f"select * from {quoted}")  # noqa: S608 - a name that the file itself gave
                yield pandas.DataFrame(cursor.fetchall(), columns=[about[0] for about in cursor.description])


def _text_of(file: BinaryIO, head: bytes) -> str | None:
    """The text in a file, as far as it is read; None if it holds none."""
    if head.startswith(b"\x1f\x8b"):
        import gzip

        with contextlib.suppress(EOFError, zlib.error), gzip.open(file) as unpacked:
            return _decoded(unpacked.read(MOST_BYTES))
        return None
    return _decoded(file.read(MOST_BYTES))


def _decoded(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:_HEAD]:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The last letter may be cut off; and a file of another encoding is read letter by letter.
        return data[: error.start].decode("utf-8-sig") if error.start > len(data) - 4 else data.decode("latin-1")


def _json_frames(text: str) -> list[Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = list(_json_lines(text))
    return [frame for records in _record_lists(content, _DEPTH) for frame in _frames_of(records, _DEPTH)]


def _json_lines(text: str) -> Iterator[Any]:
    for line in text.splitlines():
        with contextlib.suppress(ValueError, RecursionError):
            yield json.loads(line)


def _record_lists(content: Any, depth: int) -> Iterator[list[dict[str, Any]]]:
    """The lists of records in JSON: the whole of it, and what stands under its keys; a lone record is a list of one."""
    if isinstance(content, list):
        records = [item for item in content if isinstance(item, dict)]
        if records:
            yield records
    elif isinstance(content, dict):
        below = list(content.values())
        if below and all(isinstance(value, dict) for value in below):
            yield below
        elif any(not isinstance(value, (dict, list)) for value in below):
            yield [content]
        elif below and all(isinstance(value, list) and not any(isinstance(v, dict) for v in value) for value in below):
            longest = max(map(len, below))
            yield [{key: value[at] for key, value in content.items() if at < len(value)} for at in range(longest)]
            return
        if depth:
            for value in below:
                if isinstance(value, (dict, list)):
                    yield from _record_lists(value, depth - 1)


def _frames_of(records: list[dict[str, Any]], depth: int) -> Iterator[Any]:
    """``records`` as a table, with a column for each field of a record within them; and those in lists within them."""
    import pandas

    is_flat = not any(isinstance(value, dict) for record in records for value in record.values())
    try:
        frame = pandas.DataFrame(records) if is_flat else pandas.json_normalize(records, max_level=_LEVELS)
    except Exception:  # noqa: BLE001 - what cannot be made flat is still a table, and what can be none is nothing
        try:
            frame = pandas.DataFrame(records)
        except (ValueError, TypeError):
            return
    yield frame
    for at, kind in enumerate(frame.dtypes) if depth else ():
        lists = (cell for cell in frame.iloc[:, at] if isinstance(cell, list)) if kind.kind == "O" else ()
        within = [item for cell in lists for item in cell if isinstance(item, dict)]
        if within:
            yield from _frames_of(within, depth - 1)


def _separated(text: str) -> Iterator[FileTable]:
    import pandas

    separator = separator_of(text[:_HEAD])
    if separator is None:
        return
    frame = pandas.read_csv(
        io.StringIO(text), sep=separator, on_bad_lines="skip", low_memory=False, index_col=False, skipinitialspace=True
    )
    yield FileTable(frame, separator, text)


def separator_of(head: str) -> str | None:
    """What parts the first lines into the same number of fields, two at least; None if nothing does."""
    import csv

    lines = [line for line in head.splitlines()[: _LOOKED_AT + 1] if line.strip()]
    if len(lines) > _LOOKED_AT:
        lines = lines[:-1]  # the last one may be cut off
    if len(lines) < 2:
        return None
    best, most = None, 1
    for separator in _SEPARATORS:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
        if len(widths) > 1 and widths.count(widths[0]) >= 0.9 * len(widths) and widths[0] > most:
            best, most = separator, widths[0]
    return best
