"""pandas and polars: the content of a table as one hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

__all__ = ["content_of"]

# `Any` in this file is a table of either library.


def content_of(native: Any) -> bytes | None:
    """As `frames.content.content_of`."""
    found = hashlib.sha256()
    is_polars = type(native).__module__.partition(".")[0] == "polars"
    for part in _of_polars(native) if is_polars else _of_pandas(native):
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.digest()


def _of_pandas(native: Any) -> Iterator[bytes]:
    import pandas as pd

    frame = native if isinstance(native, pd.DataFrame) else native.to_frame() if hasattr(native, "to_frame") else None
    if frame is None:
        return
    yield repr([(str(label), str(kind)) for label, kind in zip(frame.columns, frame.dtypes, strict=True)]).encode()
    yield pd.util.hash_pandas_object(frame.index, index=False).to_numpy().tobytes()
    for position in range(frame.shape[1]):
        column = frame.iloc[:, position]
        try:
            hashed = pd.util.hash_pandas_object(column, index=False)
        except TypeError:  # cells of lists and the like
            hashed = pd.util.hash_pandas_object(column.map(repr), index=False)
        yield hashed.to_numpy().tobytes()


def _of_polars(native: Any) -> Iterator[bytes]:
    frame = native if hasattr(native, "columns") else native.to_frame()
    yield repr([(name, str(kind)) for name, kind in frame.schema.items()]).encode()
    yield frame.hash_rows(0).to_numpy().tobytes()
