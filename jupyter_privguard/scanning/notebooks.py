"""Notebooks of any format: sources, outputs of every MIME type, attachments, metadata and the state of widgets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from .codes import readable
from .findings import Place
from .json_texts import Path, Scalar, scalars
from .pieces import Form, Part, Piece, joined

__all__ = ["pieces_of_notebook"]

_PICTURE = re.compile(r"(?:image/(?!svg)|audio/|video/|application/pdf)|(?:png|jpeg|pdf)\Z")
_CODE = frozenset({"source", "input"})
_SHORTEST = 6
_IDS = frozenset({"id", "model_id", "layout", "style"})
_MIME = re.compile(r"[\w.+-]+/[\w.+-]+\Z")


def pieces_of_notebook(text: str) -> Iterator[Piece]:
    """The texts of the notebook in ``text``; Unreadable where it is no JSON."""
    found = list(scalars(text))
    prose = {
        one.path[:-1] for one in found if one.path[-1] == "cell_type" and one.kind == "text" and one.value != "code"
    }
    for name, group in groupby(found, key=_unit):
        lines = list(group)
        first = lines[0]
        if first.kind == "key":
            if len(first.value) >= _SHORTEST and not _MIME.match(first.value):
                yield joined([(first.value, first.start, first.end)], _place(first.path[:-1]), Form.DATA)
            continue
        key = _key(first.path)
        if key in _IDS or (first.kind == "number" and len(first.value) < 9):
            continue
        if _PICTURE.match(key):
            yield from _picture(lines, key)
            continue
        form = _form(name, key, prose)
        if first.kind == "number":
            yield _number(first, key)
        else:
            yield joined([(one.value, one.start, one.end) for one in lines], _place(first.path), form, key)


def _unit(one: Scalar) -> tuple[Path, str, int]:
    """Lines of one text are one; everything else stands alone."""
    path = one.path
    is_line = one.kind == "text" and isinstance(path[-1], int)
    return (path[:-1], "", -1) if is_line else (path, one.kind, one.start)


def _key(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _form(unit: tuple[Path, str, int], key: str, prose: set[Path]) -> Form:
    path = unit[0]
    if key in _CODE and "outputs" not in path:
        cell = path[: path.index(key)] if key in path else path
        return Form.PROSE if cell in prose else Form.CODE
    if "metadata" in path and "outputs" not in path:
        return Form.DATA
    return Form.PROSE if "outputs" in path and key in ("text", "text/plain", "text/markdown") else Form.DATA


def _picture(lines: list[Scalar], key: str) -> Iterator[Piece]:
    code = "".join(one.value for one in lines)
    packed = "".join(code.split())
    first, is_whole = lines[0], len(lines) == 1 and code.strip() == packed
    # Only a code that is written in one piece can be exchanged for another.
    begin = first.start + len(code) - len(code.lstrip())
    parts = (Part(0, 0, begin, begin + len(packed)),) if is_whole and code[:1] == packed[:1] else ()
    place = _place(first.path)
    for text in readable(packed):
        said = place._replace(part=f"{place.part or key}, its texts")
        yield Piece(text, said, Form.DATA, parts, picture=packed if parts else "")


def _number(one: Scalar, key: str) -> Piece:
    piece = joined([(one.value, one.start, one.end)], _place(one.path), Form.DATA)
    return Piece(piece.text, piece.place, piece.form, (piece.parts[0]._replace(kind="number"),))


def _place(path: Path) -> Place:
    """The cell and output by number, and the part by name."""
    cell = output = None
    if "cells" in path:
        at = path.index("cells")
        rest = path[at + 1 :]
        if rest and isinstance(rest[0], int):
            cell, rest = rest[0] + 1, rest[1:]
        if len(rest) > 1 and rest[0] == "outputs" and isinstance(rest[1], int):
            output, rest = rest[1] + 1, rest[2:]
        names = [step for step in rest if isinstance(step, str) and step != "data"]
    else:
        names = [step for step in path if isinstance(step, str)]
    kept = names[:1] if names[:1] == ["source"] else names[:3]
    # Names within are whatever their author typed: only those of the format are told.
    return Place(cell=cell, output=output, part=" ".join(name for name in kept if _is_of_format(name)))


def _is_of_format(name: str) -> bool:
    return name in _FORMAT or (_MIME.match(name) is not None and len(name) < 60)


_FORMAT = frozenset(
    """
    source input text traceback ename evalue name metadata attachments widgets state outputs png html latex json svg
    """.split()
)
