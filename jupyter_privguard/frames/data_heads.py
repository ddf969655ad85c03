"""The labels of the columns in a data file, from its beginning alone: for the record of who read what."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from .data_files import PARQUET, SQLITE, ZIP, separator_of

__all__ = ["labels_in"]

_HEAD = 1 << 16
_MOST = 5000
_ARROW, _PACKED = b"ARROW1", b"\x1f\x8b"


def labels_in(path: str) -> list[str] | None:
    """The labels of the table, or of all tables, in a file; None of one that is no table or cannot be read.

    Text with separators, JSON records (one a line too), both also packed by gzip; Parquet and Arrow where pyarrow is
    installed; SQLite. An Excel file is a table whose labels are not looked for.
    """
    try:
        with Path(path).open("rb") as file:
            head = file.read(_HEAD)
            file.seek(0)
            found = _labels(file, path, head)
    except Exception:  # noqa: BLE001 - files are whatever they are, and so are the words of the libraries that read them
        return None
    return None if found is None else [str(label) for label in islice(found, _MOST) if label != ""]


def _labels(file: BinaryIO, path: str, head: bytes) -> list[Any] | None:
    if head.startswith(SQLITE):
        return _of_database(path)
    if head.startswith(PARQUET):
        parquet = _module("pyarrow.parquet")
        return list(parquet.read_schema(file).names) if parquet is not None else []
    if head.startswith(_ARROW):
        ipc = _module("pyarrow.ipc")
        return list(ipc.open_file(file).schema.names) if ipc is not None else []
    if head.startswith(ZIP):
        return [] if Path(path).suffix.lower() in (".xlsx", ".xlsm") else None
    if head.startswith(_PACKED):
        import gzip

        with contextlib.suppress(EOFError), gzip.open(file) as unpacked:
            head = unpacked.read(_HEAD)
    return None if b"\0" in head[:_HEAD] else _of_text(head.decode("utf-8-sig", "replace"), path)


def _module(name: str) -> Any:
    """A module of pyarrow; None where that is not installed."""
    with contextlib.suppress(ImportError):
        return import_module(name)
    return None


def _of_database(path: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(Path(path).resolve().as_uri() + "?mode=ro", uri=True)) as connection:
        names = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
        return [
            row[1] for (name,) in names for row in connection.execute("select * from pragma_table_info(?)", (name,))
        ]


def _of_text(text: str, path: str) -> list[Any] | None:
    start = text.lstrip()
    if start[:1] in ("{", "["):
        return _of_json(start)
    separator = separator_of(text)
    if separator is None and Path(path).name.lower().split(".")[1:2] != ["csv"]:
        return None
    import csv

    return next(csv.reader(text.splitlines(), delimiter=separator or ","), None)


def _of_json(text: str) -> list[Any] | None:
    """Of records the keys of the first; of one that is cut off by the end of the text what there is of it."""
    decoder, begin = json.JSONDecoder(), 1 if text[0] == "[" else 0
    while begin < len(text) and text[begin].isspace():
        begin += 1
    first, _ = decoder.raw_decode(text, begin)
    is_list = text[0] == "[" or "\n{" in text
    if isinstance(first, dict):
        lists = all(isinstance(value, (list, dict)) for value in first.values())
        return list(first) if is_list or (first and lists) else None
    return None
