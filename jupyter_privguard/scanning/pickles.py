"""Files of models and arrays: the data that they keep, and the texts beside it; nothing is ever loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..frames.stored.found import Kept
from ..frames.stored.npy import read_npy
from ..frames.stored.onnx import read_onnx
from ..frames.stored.pickles import Pickled, read_pickle
from ..frames.stored.skops import read_skops
from ..frames.stored.tensors import read_safetensors, read_torch
from .archives import Archive
from .findings import Finding, Place
from .judging import Judge
from .pieces import Cell, Column, Form, Piece

__all__ = [
    "found_in_array",
    "found_in_model",
    "found_in_onnx",
    "found_in_safetensors",
    "found_in_skops",
    "found_in_torch",
    "pieces_of_bytes",
]

_RUN = re.compile(rb"[\x09\x20-\x7e\x80-\xff]{6,}")
_WIDE = re.compile(rb"(?:[\x20-\x7e]\0\0\0){5,}(?:\0{4})*")


def found_in_model(path: str, data: bytes, judge: Judge, problems: list[str]) -> Iterator[Finding]:
    """What a pickle, plain or joblib's, holds; ``problems`` gets a half-sentence where not all of it could be read."""
    yield from _found(path, read_pickle(data), judge, problems)


def found_in_array(path: str, data: bytes, judge: Judge, problems: list[str]) -> Iterator[Finding]:
    """What an array of numpy holds; Unreadable where it is none."""
    yield from _found(path, read_npy(data), judge, problems)


def found_in_skops(path: str, members: Mapping[str, bytes], judge: Judge, problems: list[str]) -> Iterator[Finding]:
    """What a model of skops holds; Unreadable where its schema cannot be read."""
    yield from _found(path, read_skops(members), judge, problems)


def found_in_torch(path: str, archive: Archive, judge: Judge, problems: list[str]) -> Iterator[Finding]:
    """What a checkpoint of PyTorch holds: its pickle, and the tensors that it names."""
    yield from _found(path, read_torch(archive.content(archive.torch), archive.storage), judge, problems)


def found_in_safetensors(path: str, data: bytes, judge: Judge, problems: list[str]) -> Iterator[Finding]:
    """What a file of safetensors holds; Unreadable where it is none."""
    yield from _found(path, read_safetensors(data), judge, problems)


def found_in_onnx(path: str, data: bytes, judge: Judge, problems: list[str]) -> Iterator[Finding]:
    """What a model of ONNX holds."""
    read = read_onnx(data)
    if read.problem:
        problems.append(read.problem)
    yield from _of_kept(path, read.kept, judge)
    yield from judge.pieces(path, [_texts(read.texts)] if read.texts else [], "")


def _found(path: str, read: Pickled, judge: Judge, problems: list[str]) -> Iterator[Finding]:
    if read.problem:
        problems.append(read.problem)
    yield from _of_kept(path, read.kept, judge)
    judged = {cell for one in read.kept for column in one.cells for cell in column if isinstance(cell, str)}
    texts = [text for text in read.texts if text not in judged]
    pieces = [_texts(texts)] if texts else []
    for code in read.codes:
        pieces += pieces_of_bytes(code, Place(part="bytes in it"))
    pieces += pieces_of_bytes(read.rest, Place(part="bytes in it"))
    yield from judge.pieces(path, pieces, "")


def _texts(texts: Sequence[str]) -> Piece:
    return Piece("\n".join(texts), Place(part="texts in it"), Form.PROSE)


def _of_kept(path: str, kept: Sequence[Kept], judge: Judge) -> Iterator[Finding]:
    """Columns that hold something; of rows in which nothing is recognised that they are kept."""
    for one in kept:
        place = Place(part=one.where)
        labels = one.labels or ("",) * len(one.cells)
        columns = [
            Column(label, [Cell(value) for value in column], place)
            for label, column in zip(labels, one.cells, strict=False)
        ]
        found = list(judge.columns(path, columns))
        judged = min(map(len, one.cells), default=0)
        of = f"the first {judged:,} of " if 0 < judged < one.rows else ""
        shape = f"{one.rows:,} row{'s' * (one.rows != 1)} × {one.columns:,} column{'s' * (one.columns != 1)}"
        yield from (replace(each, excerpt=f"{each.excerpt}, in {of}{shape}") for each in found)
        if not found:
            yield from judge.kept_rows(path, place, one, shape)


def pieces_of_bytes(data: bytes, place: Place) -> list[Piece]:
    """Runs of letters in ``data``, also those that numpy writes with four bytes a letter."""
    runs = [found.group().decode("utf-8", "replace") for found in _RUN.finditer(data)]
    if b"\0\0\0" in data:
        runs += [found.group().replace(b"\0", b"").decode("ascii") for found in _WIDE.finditer(data)]
    return [Piece("\n".join(runs), place, Form.DATA)] if runs else []
