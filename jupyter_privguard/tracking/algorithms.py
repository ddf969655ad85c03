"""What kind of model something is: its class and the versions of the libraries behind it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NamedTuple

__all__ = ["Algorithm", "algorithm_of", "is_fitted"]

# `Any` in this file is an object of whatever library; only its class and its own plain parts are looked at.

_MOST_PARTS = 20


class Algorithm(NamedTuple):
    """A class and what it was run with."""

    name: str
    """Module and class; of a pipeline with the classes of its steps."""
    library: str
    """The package that the class is from; empty for one of the program's own."""
    version: str
    """Of the library; empty where it tells none."""

    def to_event(self) -> dict[str, str]:
        """As the log has it."""
        return {"class": self.name, "library": self.library, "version": self.version}


def algorithm_of(model: Any) -> Algorithm:
    """The algorithm of ``model``; nothing of it is run."""
    kind = type(model)
    library = str(kind.__module__).partition(".")[0]
    parts = [type(part).__name__ for part in _steps(model)]
    name = f"{kind.__module__}.{kind.__qualname__}"
    if parts:
        name = f"{name}({', '.join(parts)})"
    if library in ("__main__", "builtins"):
        return Algorithm(name, "", "")
    version = getattr(sys.modules.get(library), "__version__", "")
    return Algorithm(name, library, version if isinstance(version, str) else "")


def is_fitted(obj: Any) -> bool:
    """Whether it looks like a model that has been trained: it can, and has what training leaves behind."""
    kind = type(obj)
    if not callable(getattr(kind, "fit", None)) or not callable(getattr(kind, "predict", None)):
        return False
    if _steps(obj):
        return any(_has_learned(part) for part in _steps(obj))
    return _has_learned(obj)


def _has_learned(obj: Any) -> bool:
    return any(name.endswith("_") and not name.startswith("_") for name in getattr(obj, "__dict__", {}))


def _steps(model: Any) -> list[Any]:
    """The parts of a pipeline, in order; none of anything else."""
    steps = getattr(model, "__dict__", {}).get("steps")
    found: list[Any] = []
    if isinstance(steps, Iterable) and not isinstance(steps, str):
        with suppress(Exception):  # an object of anybody's
            found = [part for _, part in list(steps)[:_MOST_PARTS] if part is not None and not isinstance(part, str)]
    return found
