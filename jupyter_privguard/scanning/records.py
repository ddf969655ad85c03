"""JSON of data: records and columns in it are judged as tables, all else as texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .findings import Edit, Place
from .json_texts import Path, Scalar
from .pieces import REDACTED, Cell, Column, Form, Piece, joined

__all__ = ["pieces_of_json", "tables_of_json"]

_FEW = 6
_HASH = re.compile(r"[0-9a-f]{16,128}")
_MOST_COLUMNS = 2_000
_MOST_DEPTH = 40
_MANY_KEYS = 30
"""Objects in an object from which on its keys are no names of columns or settings."""
_HARMLESS_KEY = re.compile(r"(?:hash|sha\d*|digest|integrity|checksum|id|uuid|version|commit|mlflow_version)\Z", re.I)


def pieces_of_json(found: list[Scalar]) -> Iterator[Piece]:
    """Each string, each long number and each key by itself."""
    for one in found:
        key = one.path[-1] if one.path and isinstance(one.path[-1], str) else ""
        if one.kind == "key":
            key = ""
        if len(one.value) < _FEW or (one.kind == "number" and len(one.value) < 9) or _HARMLESS_KEY.match(key):
            continue
        piece = joined([(one.value, one.start, one.end)], Place(), Form.DATA, key)
        if one.kind == "number":
            piece = Piece(piece.text, piece.place, piece.form, (piece.parts[0]._replace(kind="number"),))
        yield piece


def tables_of_json(found: list[Scalar]) -> Iterator[list[Column]]:
    """Values under one name in each record, and the columns of arrays beside a list of their names."""
    tables: dict[Path, dict[str, list[Cell]]] = {}
    labels = {
        (*one.path[:-2], one.path[-1]): one.value
        for one in found
        if one.kind == "text" and len(one.path) >= 2 and one.path[-2] == "columns" and isinstance(one.path[-1], int)
    }
    lists = _keyed_lists(found)
    for one in found:
        if one.kind == "key" or not 1 < len(one.path) < _MOST_DEPTH or one.path[-2:-1] == ("columns",):
            continue
        last, before = one.path[-1], one.path[:-1]
        label = last if isinstance(last, str) else ""
        if isinstance(last, int):
            label = _column_of(one.path, labels)
            if not label:  # a list under a name is a column
                label, before = _list_name(one.path), one.path[:-2]
        if not label:
            continue
        table = tables.setdefault(_shape(before, lists), {})
        if label in table or len(table) < _MOST_COLUMNS:
            table.setdefault(label, []).append(_cell(one))
    for columns in tables.values():
        yield [Column(label, cells) for label, cells in columns.items() if not _are_hashes(label, cells)]


def _keyed_lists(found: list[Scalar]) -> set[Path]:
    """Objects of many objects, which are a list of them under keys of any kind; where they are."""
    children: dict[Path, set[str | int]] = {}
    for holder in {one.path[:-1] for one in found if 2 < len(one.path) < _MOST_DEPTH}:
        for depth in range(1, len(holder)):
            if isinstance(holder[depth], str):
                children.setdefault(holder[:depth], set()).add(holder[depth])
    return {path for path, names in children.items() if len(names) >= _MANY_KEYS}


def _shape(path: Path, lists: set[Path]) -> Path:
    """The path with a zero for each index, and each key that does the work of one."""
    return tuple(0 if isinstance(step, int) or path[:at] in lists else step for at, step in enumerate(path))


def _are_hashes(label: str, cells: list[Cell]) -> bool:
    """Whether they are digests and called so: those of a baseline are nobody's finger."""
    if not _HARMLESS_KEY.match(label) and label != "fingerprint":
        return False
    return all(isinstance(cell.value, str) and _HASH.fullmatch(cell.value) for cell in cells)


def _column_of(path: Path, labels: dict[Path, str]) -> str:
    """The label of a cell in ``data`` beside ``columns``, as tables are split for a model's input."""
    is_cell = len(path) >= 3 and path[-3] == "data" and isinstance(path[-2], int)
    return labels.get((*path[:-3], path[-1]), "") if is_cell else ""


def _list_name(path: Path) -> str:
    name = path[-2]
    return name if isinstance(name, str) else ""


def _cell(one: Scalar) -> Cell:
    if one.kind == "text":
        return Cell(one.value, Edit(one.start, one.end, REDACTED))
    try:
        number: object = float(one.value) if re.search("[.eE]", one.value) else int(one.value)
    except ValueError:  # more digits than Python turns into a number
        number = one.value
    return Cell(number, Edit(one.start, one.end, f'"{REDACTED}"'))
