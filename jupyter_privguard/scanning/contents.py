"""What a file is, by its name and first bytes, and what stands in it. Bounded in bytes, never executed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ..frames.stored.npy import MAGIC
from ..frames.stored.pickles import is_pickle
from ..frames.stored.unpacking import unpacked
from ..plots.picture_texts import is_picture, texts_in_picture
from .archives import DEEPEST, Allowance, is_archive, members
from .databases import is_database, pieces_of_database
from .findings import Finding, Place
from .json_texts import scalars
from .judging import Judge
from .notebooks import pieces_of_notebook
from .pickles import found_in_array, found_in_model, found_in_onnx, found_in_skops
from .pieces import Column, Form, Part, Piece, Unreadable
from .records import pieces_of_json, tables_of_json
from .tables import columns_of_csv, columns_of_table, table_in
from .verdicts import Verdict

__all__ = ["LARGEST", "findings_in", "text_of"]

LARGEST = 256 * 2**20
"""Bytes of the largest file that is looked at, databases apart."""
_LARGEST_TABLE = 100 * 2**20
_PROSE = frozenset({".md", ".txt", ".rst", ".markdown", ".log", ""})
_SETTINGS = frozenset({".env", ".yaml", ".yml", ".ini", ".cfg", ".toml", ".conf", ".properties", ".netrc", ".pypirc"})
_PICKLES = frozenset({".pkl", ".pickle", ".joblib", ".p", ".pck", ".dill", ".sav"})
_UNPACKED = "unpacked"
_PACKED_TARS = frozenset({".tgz", ".tbz2", ".txz"})
_PACKED = frozenset({".gz", ".bz2", ".xz", ".lzma", ".lz4", ".z"}) | _PACKED_TARS
_LOCKS = frozenset(
    {"package-lock.json", "yarn.lock", "poetry.lock", "uv.lock", "pipfile.lock", "cargo.lock", "pnpm-lock.yaml"}
)


def text_of(data: bytes) -> tuple[str, str] | None:
    """The text that ``data`` is, and its encoding, which gives the same bytes again; None for what is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16-le" if data[0] == 0xFF else "utf-16-be"
    elif b"\0" in data[:8192]:
        return None
    else:
        encoding = "utf-8"
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        return None if encoding != "utf-8" else (data.decode("latin-1"), "latin-1")


class _File:
    """One file or member: what is found in it, and the sentences on what could not be looked at."""

    def __init__(self, path: str, judge: Judge, problems: list[str], allowed: Allowance) -> None:
        self._path, self._judge, self._problems, self._allowed = path, judge, problems, allowed

    def found(self, name: str, data: bytes, member: str = "", depth: int = 0) -> Iterator[Finding]:
        """What ``data``, called ``name``, holds."""
        try:
            for one in self._found(name, data, member, depth):
                yield one if not member else _within(one, member)
        except Unreadable as reason:
            self._problems.append(f"{member}: {reason}" if member else str(reason))

    def _found(self, name: str, data: bytes, member: str, depth: int) -> Iterator[Finding]:
        suffix = PurePosixPath(name).suffix.lower() or (name.lower() if name.startswith(".") else "")
        if is_picture(data):
            pieces = [Piece(text, Place(part="text of the picture")) for text in texts_in_picture(data)]
            yield from _once(self._judge.pieces(self._path, pieces, ""))
        elif is_archive(data) and suffix == ".skops":
            yield from self._skops(data, member, depth)
        elif is_archive(data):
            for inner, held in members(data, self._allowed, depth):
                said = "/".join(filter(None, [member, _member(inner)]))
                if isinstance(held, Unreadable):
                    self._problems.append(f"{said}: {held}")
                else:
                    yield from self.found(PurePosixPath(inner).name, held, said, depth + 1)
        elif data.startswith(b"PAR1") or suffix == ".parquet":
            self._check_table(data)
            seen = table_in(data, "table.parquet")
            yield from self._judge.columns(
                self._path, columns_of_table(seen), self._judge.of_file(seen, self._said(member))
            )
        elif suffix in _PICKLES or is_pickle(data):
            yield from self._kept(found_in_model, unpacked(data), member)
        elif suffix == ".npy" or data.startswith(MAGIC):
            yield from self._kept(found_in_array, data, member)
        elif suffix == ".onnx":
            yield from self._kept(found_in_onnx, data, member)
        elif suffix in _PACKED and depth < DEEPEST and (content := unpacked(data)) is not data:
            self._allowed.spend(len(content))
            inner = name[: -len(suffix)] + (".tar" if suffix in _PACKED_TARS else "")
            yield from self.found(inner, content, "/".join(filter(None, [member, _UNPACKED])), depth + 1)
        elif (read := text_of(data)) is not None:
            yield from self._text(name, suffix, read[0], member)

    def _skops(self, data: bytes, member: str, depth: int) -> Iterator[Finding]:
        parts = {name: held for name, held in members(data, self._allowed, depth) if isinstance(held, bytes)}
        problems: list[str] = []
        yield from found_in_skops(self._path, parts, self._judge, problems)
        self._problems += [f"{member}: {one}" if member else one for one in problems]

    def _kept(self, look: Callable[..., Iterator[Finding]], data: bytes, member: str) -> Iterator[Finding]:
        problems: list[str] = []
        yield from look(self._path, data, self._judge, problems)
        self._problems += [f"{member}: {one}" if member else one for one in problems]

    def _check_table(self, data: bytes) -> None:
        if len(data) > _LARGEST_TABLE:
            raise Unreadable(f"tables of more than {_LARGEST_TABLE >> 20} MB are not looked at; split it")

    def _text(self, name: str, suffix: str, text: str, member: str) -> Iterator[Finding]:
        if suffix == ".ipynb":
            try:
                yield from self._judge.pieces(self._path, list(pieces_of_notebook(text)), text)
                return
            except Unreadable as reason:
                self._problems.append(f"{reason}; it was looked at as plain text")
        elif suffix in (".csv", ".tsv"):
            data = text.encode("utf-8", "surrogatepass")
            self._check_table(data)
            try:
                table = columns_of_csv(text)
                yield from self._judge.columns(self._path, table, self._of_csv(data, suffix, table, member))
                return
            except Unreadable:
                pass  # not of one length: notes rather than a table
        elif suffix in (".json", ".jsonl", ".ndjson"):
            yield from self._json(name, text)
            return
        form = _form(name, suffix)
        piece = Piece(text, Place(), form, (Part(0, len(text), 0, len(text)),))
        yield from self._judge.pieces(self._path, [piece], text)

    def _of_csv(self, data: bytes, suffix: str, table: list[Column], member: str) -> Sequence[Verdict | None]:
        """Verdicts as `privguard classify` has them; none where it reads the file otherwise, or not at all."""
        try:
            seen = table_in(data, "table" + suffix)
        except Unreadable:
            return ()
        verdicts = self._judge.of_file(seen, self._said(member))
        return verdicts if len(verdicts) == len(table) else ()

    def _said(self, member: str) -> str:
        """The file by its path, packed or not; within an archive by the member's name."""
        return member.removesuffix(_UNPACKED).rstrip("/") or self._path

    def _json(self, name: str, text: str) -> Iterator[Finding]:
        try:
            found = list(scalars(text, int(text.startswith("\ufeff"))))
        except Unreadable as reason:
            self._problems.append(f"{reason}; it was looked at as plain text")
            piece = Piece(text, Place(), Form.DATA, (Part(0, len(text), 0, len(text)),))
            yield from self._judge.pieces(self._path, [piece], text)
            return
        taken: set[tuple[int, int]] = set()
        for table in tables_of_json(found) if name.lower() not in _LOCKS else ():
            for one in self._judge.columns(self._path, table):
                taken |= {(edit.start, edit.end) for edit in one.edits}
                yield one
        rest = [one for one in found if (one.start, one.end) not in taken]
        yield from self._judge.pieces(self._path, list(pieces_of_json(rest)), text)


def findings_in(path: str, data: bytes, judge: Judge, problems: list[str]) -> list[Finding]:
    """What the file ``path`` with these bytes holds; ``problems`` gets half-sentences on what could not be read."""
    file = _File(path, judge, problems, Allowance())
    if is_database(data[:16]):
        try:
            return list(_once(judge.pieces(path, list(pieces_of_database(Path(path))), "")))
        except Unreadable as reason:
            problems.append(str(reason))
            return []
    return list(file.found(Path(path).name, data))


def _form(name: str, suffix: str) -> Form:
    if name.startswith(".env") or suffix in _SETTINGS:
        return Form.SETTINGS if name.lower() not in _LOCKS else Form.DATA
    if name.lower() in _LOCKS:
        return Form.DATA
    if suffix in _PROSE:
        return Form.SETTINGS if name in ("credentials", "config") else Form.PROSE
    return Form.CODE if suffix in (".py", ".r", ".jl", ".js", ".ts", ".sh", ".sql", ".scala") else Form.DATA


def _member(name: str) -> str:
    """A member's name as it may be told: without what steers a terminal, and not longer than a line."""
    return "".join(letter if letter.isprintable() else "�" for letter in name)[:120]


def _within(one: Finding, member: str) -> Finding:

    if one.place.member:
        return replace(one, edits=())
    return replace(one, place=one.place._replace(member=member), edits=())


def _once(found: Iterator[Finding]) -> Iterator[Finding]:
    """Each finding once: a text of a picture is read in several ways."""
    seen = set()
    for one in found:
        key = (one.place, one.entity, one.fingerprint)
        if key not in seen:
            seen.add(key)
            yield one
