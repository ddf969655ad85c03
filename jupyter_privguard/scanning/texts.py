"""Text files: notebooks, CSV, JSON, settings, source code, prose; long ones window by window."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath
from typing import BinaryIO

from .findings import Finding, Place
from .json_parts import parts_of
from .json_texts import Scalar, scalars
from .judging import Judge
from .letters import encoding_of, text_of
from .long_texts import Look, found_in_windows, write_fixed
from .merging import merged
from .notebooks import pieces_of_notebook
from .pieces import Column, Form, Part, Piece, Unreadable
from .records import pieces_of_json, tables_of_json
from .sources import LARGEST, Source
from .tables import columns_of_csv, table_in
from .verdicts import Verdict
from .windows import LONG

__all__ = ["LongText", "found_in_text", "long_text", "suffix_of"]

_LONGEST_WHOLE = 64 * 2**20
"""Bytes of the longest notebook or JSON document that is read as such."""
_PROSE = frozenset({".md", ".txt", ".rst", ".markdown", ".log", ""})
_SETTINGS = frozenset({".env", ".yaml", ".yml", ".ini", ".cfg", ".toml", ".conf", ".properties", ".netrc", ".pypirc"})
_CODE = frozenset({".py", ".r", ".jl", ".js", ".ts", ".sh", ".sql", ".scala"})
_LINES = frozenset({".jsonl", ".ndjson"})
_JSON = _LINES | {".json", ".geojson"}
_TABLES = frozenset({".csv", ".tsv"})
_LOCKS = frozenset(
    {"package-lock.json", "yarn.lock", "poetry.lock", "uv.lock", "pipfile.lock", "cargo.lock", "pnpm-lock.yaml"}
)
_NOT_JSON = "not all of its lines are JSON; the text around those was looked at as plain text"


@dataclass(frozen=True, slots=True)
class LongText:
    """A text that is looked at window by window."""

    source: Source
    encoding: str
    look: Look
    rows: bool
    """Whether each line, or row, is for itself."""
    table: bool
    problems: list[str]
    """Gets half-sentences on what could not be looked at."""
    of_windows: list[str]
    """What is said of single windows."""

    def found(self) -> Iterator[Finding]:
        """What stands in it."""
        yield from found_in_windows(self.source, self.encoding, self.look, rows=self.rows, table=self.table)
        if self.of_windows:
            self.problems.append(_NOT_JSON)

    def write_fixed(self, out: BinaryIO, counting: Callable[[list[Finding]], list[Finding]]) -> int:
        """Write it to ``out`` without what is found in it and is left by ``counting``; how many values that were."""
        return write_fixed(
            self.source,
            out,
            self.encoding,
            lambda text: counting(list(self.look(text))),
            rows=self.rows,
            table=self.table,
        )


def long_text(
    path: str, name: str, source: Source, judge: Judge, problems: list[str], called: str = ""
) -> LongText | None:
    """The text in ``source`` where it is too long to be looked at at once; None where it is not, or no text."""
    suffix = suffix_of(name)
    is_document = suffix == ".ipynb" or suffix in _JSON - _LINES
    if source.size <= (_LONGEST_WHOLE if is_document else LONG) or (encoding := encoding_of(source)) is None:
        return None
    if is_document:
        problems.append(f"it is larger than {_LONGEST_WHOLE >> 20} MB; it was looked at as plain text")
    said: list[str] = []
    look = _Text(path, name, "" if is_document else suffix, judge, said, called or path).found
    return LongText(source, encoding, look, suffix in _TABLES | _LINES, suffix in _TABLES, problems, said)


def found_in_text(
    path: str, name: str, source: Source, judge: Judge, problems: list[str], called: str
) -> Iterator[Finding] | None:
    """What stands in a text; None where it is none. ``called`` is the name of the table that it may be."""
    if (long := long_text(path, name, source, judge, problems, called)) is not None:
        return long.found()
    if source.size > LARGEST or (read := text_of(source.whole())) is None:
        return None
    return _Text(path, name, suffix_of(name), judge, problems, called).found(read[0])


def suffix_of(name: str) -> str:
    """How a file's name ends, or all of a name that is an ending."""
    return PurePosixPath(name).suffix.lower() or (name.lower() if name.startswith(".") else "")


class _Text:
    """Looks at the whole of a text, or at a window of it."""

    def __init__(self, path: str, name: str, suffix: str, judge: Judge, problems: list[str], called: str) -> None:
        self._path, self._name, self._suffix, self._judge = path, name, suffix, judge
        self._problems, self._called = problems, called

    def found(self, text: str) -> Iterator[Finding]:
        """What stands in ``text``."""
        if self._suffix == ".ipynb":
            try:
                yield from self._judge.pieces(self._path, list(pieces_of_notebook(text)), text)
                return
            except Unreadable as reason:
                self._problems.append(f"{reason}; it was looked at as plain text")
        elif self._suffix in _TABLES:
            try:
                table = columns_of_csv(text)
                yield from self._judge.columns(self._path, table, self._of_csv(text, table))
                return
            except Unreadable:
                pass  # not of one length: notes rather than a table
        elif self._suffix in _JSON:
            try:
                yield from self._json(text)
                return
            except Unreadable as reason:
                self._problems.append(f"{reason}; it was looked at as plain text")
        form = Form.DATA if self._suffix in _JSON else _form(self._name, self._suffix)
        piece = Piece(text, Place(), form, (Part(0, len(text), 0, len(text)),))
        yield from self._judge.pieces(self._path, [piece], text)

    def _of_csv(self, text: str, table: list[Column]) -> Sequence[Verdict | None]:
        """Verdicts as `privguard classify` has them; none where it reads the file otherwise, or not at all."""
        try:
            data = text.encode("utf-8", "surrogatepass")
            verdicts = self._judge.of_file(table_in(data, "table" + self._suffix), self._called)
        except Unreadable:
            return ()
        return verdicts if len(verdicts) == len(table) else ()

    def _json(self, text: str) -> list[Finding]:
        """Tables in it and all else; Unreadable where it is no JSON, and then nothing is told twice."""
        parts = parts_of(scalars(text, int(text.startswith("\ufeff"))))
        found = [list(self._of_part(labels, part, text)) for labels, part in parts]
        told = chain.from_iterable(found)
        return list(told if len(found) < 2 else merged(told, with_edits=True))

    def _of_part(self, labels: list[Scalar], part: list[Scalar], text: str) -> Iterator[Finding]:
        taken: set[tuple[int, int]] = set()
        for table in tables_of_json(labels + part) if self._name.lower() not in _LOCKS else ():
            for one in self._judge.columns(self._path, table):
                taken |= {(edit.start, edit.end) for edit in one.edits}
                yield one
        rest = [one for one in part if (one.start, one.end) not in taken]
        yield from self._judge.pieces(self._path, list(pieces_of_json(rest)), text)


def _form(name: str, suffix: str) -> Form:
    if name.lower() in _LOCKS:
        return Form.DATA
    if name.startswith(".env") or suffix in _SETTINGS:
        return Form.SETTINGS
    if suffix in _PROSE:
        return Form.SETTINGS if name in ("credentials", "config") else Form.PROSE
    return Form.CODE if suffix in _CODE else Form.DATA
