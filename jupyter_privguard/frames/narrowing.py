"""A table cut to some of its columns, whatever the library; the table itself stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import explicit_view

__all__ = ["narrowed"]


def narrowed(obj: Any, keeps: Callable[[str], bool]) -> tuple[Any, list[str], list[str]] | None:
    """A new table with the columns of ``obj`` whose label ``keeps`` wants, then their labels, and the others'.

    None for what is no table. An index of pandas whose levels are not wanted becomes row numbers. The same object
    where all of its columns are wanted; of a single column that is not wanted, and where none is, a table of none.
    """
    seen = explicit_view(obj, header_only=True)
    if seen is None:
        return None
    labels = [str(label) for label in seen.labels]
    wanted = [keeps(label) for label in labels]
    kept = [label for label, is_wanted in zip(labels, wanted, strict=True) if is_wanted]
    dropped = [label for label, is_wanted in zip(labels, wanted, strict=True) if not is_wanted]
    if not dropped:
        return obj, kept, dropped
    positions = [at for at in range(seen.width) if wanted[at]]
    library = str(type(obj).__module__).partition(".")[0]
    if library != "pandas":
        return _selected(obj, [seen.labels[at] for at in positions]), kept, dropped
    part = (obj if positions else None) if getattr(obj, "ndim", 1) == 1 else obj.iloc[:, positions]
    if part is not None and not all(wanted[seen.width :]):
        names = part.index.names
        levels = [at for at, name in enumerate(names) if name is None or not keeps(str(name))]
        part = part.reset_index(level=levels, drop=True)
    return part, kept, dropped


def _selected(obj: Any, labels: list[Any]) -> Any:
    """Of a column, or a batch of rows that cannot select, nothing."""
    select = getattr(obj, "select", None)
    return select(labels) if select is not None else obj if labels else None
