"""What is in a table, in few bytes: equal for equal tables, in every process."""

from __future__ import annotations

from importlib import import_module

from .engine import FrameView

__all__ = ["content_of"]


def content_of(seen: FrameView) -> bytes | None:
    """32 bytes that differ when a label, a type, a cell or the order of ``seen`` does; None where nobody can tell.

    It is no secret: whoever guesses a small table can make the same bytes.
    """
    library = type(seen.native).__module__.partition(".")[0]
    if library not in ("pandas", "polars"):
        return None
    found: bytes | None = import_module(".engines.table_content", __package__).content_of(seen.native)
    return found
