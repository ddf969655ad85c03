"""Tables as bytes of a file, whole and as they are: for what is sealed at once."""

from __future__ import annotations

import io
from typing import Any

from . import view

__all__ = ["as_parquet"]


def as_parquet(obj: Any) -> bytes | None:
    """``obj`` as a Parquet file, row labels included; None for what is no table, and for a table that has no such form.

    A Series or Index becomes a table of one column.
    """
    if view(obj) is None:
        return None
    buffer = io.BytesIO()
    try:
        _written(obj, buffer)
    except Exception:  # noqa: BLE001 - cells of several types, labels that are no texts, a class of the program's own
        return None
    return buffer.getvalue()


def _written(obj: Any, buffer: io.BytesIO) -> None:
    table = obj.to_frame() if hasattr(obj, "to_frame") else obj
    if hasattr(table, "to_parquet"):
        table.to_parquet(buffer, engine="pyarrow")
    elif hasattr(table, "write_parquet"):
        table.write_parquet(buffer)
    else:
        import pyarrow
        from pyarrow import parquet

        whole = table if isinstance(table, pyarrow.Table) else pyarrow.Table.from_batches([table])
        parquet.write_table(whole, buffer)
