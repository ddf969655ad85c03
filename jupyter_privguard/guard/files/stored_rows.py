"""Files that a cell has written: rows of training data that a model in them keeps, read without executing anything."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from ...model import Operator, Tier
from ...policy.rules import Policy

__all__ = ["stored_in"]

_SUFFIXES = frozenset(".pkl .pickle .joblib .p .pck .dill .sav .onnx .skops .bin .model".split())
_BEGINNINGS = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
_LARGEST = 64 * 2**20
_MOST_OPERATIONS = 250_000
_MOST_CELLS = 2_000
_MOST_TOLD = 20


def stored_in(path: str, policy: Policy) -> dict[str, Any]:
    """What the log says of a file that may be a model: what it keeps, and whether it was not read to its end.

    ``stored`` is a list of class and attribute, number of rows, and entities in them that ``policy`` hides; empty for
    what is no model, and where it keeps nothing. A second of reading at most; no value.
    """
    data = _read(path)
    if not data:
        return {}
    from ...frames.stored.limits import Unreadable

    try:
        kept, problem = _kept(path, data)
    except Unreadable as reason:
        kept, problem = (), str(reason)
    told = [said for one in kept if (said := _told(one, policy)) is not None][:_MOST_TOLD]
    found: dict[str, Any] = {"stored": told} if told else {}
    return found | {"partly_read": True} if problem else found


def _read(path: str) -> bytes:
    """The bytes of a regular file that may be a model; none where it is not there, is none, or is too large."""
    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122 - for each file
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        with os.fdopen(handle, "rb") as file:
            what = os.fstat(handle)
            if not stat.S_ISREG(what.st_mode) or what.st_size > _LARGEST:
                return b""
            head = file.read(2)
            return head + file.read(_LARGEST) if suffix in _SUFFIXES or head in _BEGINNINGS else b""
    except (OSError, ValueError):
        return b""


def _kept(path: str, data: bytes) -> tuple[tuple[Any, ...], str]:  # of frames.stored.kept.Kept
    from ...frames.stored.onnx import read_onnx
    from ...frames.stored.pickles import read_pickle
    from ...frames.stored.skops import members_of, read_skops
    from ...frames.stored.unpacking import unpacked

    if Path(path).suffix.lower() == ".skops":
        saved = read_skops(members_of(data, _LARGEST), most_cells=_MOST_CELLS)
        return saved.kept, saved.problem
    if Path(path).suffix.lower() == ".onnx":
        model = read_onnx(data, most=_MOST_OPERATIONS, most_cells=_MOST_CELLS)
        return tuple(model.kept), model.problem
    read = read_pickle(unpacked(data), most=_MOST_OPERATIONS, most_cells=_MOST_CELLS)
    return read.kept, read.problem


def _told(one: Any, policy: Policy) -> dict[str, Any] | None:  # as above
    entities = _entities(one, policy)
    if not one.is_rows and not entities:
        return None
    return {"where": one.where, "rows": one.rows, "entities": entities}


def _entities(one: Any, policy: Policy) -> list[str]:
    """What its columns hold of what is masked for everybody."""
    from ...frames import frame_of, view
    from ..columns.assess import assess

    longest = max(map(len, one.cells), default=0)
    labels = [label or f"column {at + 1}" for at, label in enumerate(one.labels or ("",) * len(one.cells))]
    if not longest or len(set(labels)) < len(labels):
        return []
    cells = {
        label: [*column, *[None] * (longest - len(column))] for label, column in zip(labels, one.cells, strict=False)
    }
    seen = view(frame_of(cells))
    verdicts = () if seen is None else assess(seen, policy=policy)
    return sorted(
        {
            verdict.entity
            for verdict in verdicts
            if verdict.is_sensitive and verdict.action.get(Tier.PUBLIC.label) != Operator.CLEAR.value
        }
    )
