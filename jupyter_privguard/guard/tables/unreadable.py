"""Tables among a user's variables that could not be looked at: nobody knows which values they hold."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ...errors import MaskingError
from ..cells.cell import CellRun
from ..taken.cell_source import CellSource

__all__ = ["Unreadable"]

_LIBRARIES = frozenset({"pandas", "polars", "pyarrow", "duckdb", "numpy"})


class Unreadable:
    """Their variables, with the kind of error. Not thread-safe: the session holds the lock."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}

    def note(self, name: str, obj: Any, error: Exception | None) -> None:
        """The variable ``name`` holds ``obj``, and ``error`` came of looking at it, or nothing."""
        is_table = any(base.__module__.partition(".")[0] in _LIBRARIES for base in type(obj).__mro__)
        if name and error is not None and is_table:
            self._kinds[name] = type(error).__name__
        elif self._kinds:
            self._kinds.pop(name, None)

    def check(self, run: CellRun | None, names: Collection[str]) -> None:
        """MaskingError where an output of ``run`` may show such a table; ``names`` are the variables there are.

        An output of no cell may show any.
        """
        self._kinds = {name: kind for name, kind in self._kinds.items() if name in names}
        used = self._kinds if run is None else self._kinds.keys() & set(CellSource(run.code).names)
        for name in sorted(used):
            raise MaskingError(
                f"privguard: the table {name} could not be looked at ({self._kinds[name]}), so nothing that may come "
                "from it is shown; mend it, or save it sealed with %privguard rescue NAME PATH."
            )

    def __bool__(self) -> bool:
        return bool(self._kinds)
