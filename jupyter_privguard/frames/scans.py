"""Files of tables that an object reads in parts, in C code that tells nobody which: data sets of pyarrow."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["scan_of"]


def scan_of(obj: Any) -> tuple[list[str], list[str]] | None:
    """The paths of the files behind a data set, and its labels; None of anything else. Imports nothing."""
    module = sys.modules.get("pyarrow.dataset")
    if module is None or not issubclass(type(obj), getattr(module, "Dataset", ())):
        return None
    return [str(path) for path in getattr(obj, "files", ())], list(obj.schema.names)
