"""Parts of JSON that somebody else may have written: what is missing or of another form is empty, never an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["as_mapping", "as_mappings", "as_text", "as_texts", "as_whole_number"]


def as_mapping(value: object) -> Mapping[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_mappings(value: object) -> list[Mapping[str, Any]]:
    """The objects in a list."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, (list, tuple)) else []


def as_text(value: object) -> str:
    """Anything as text; empty for null."""
    return "" if value is None else str(value)


def as_texts(value: object) -> tuple[str, ...]:
    """The texts in a list."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, (list, tuple)) else ()


def as_whole_number(value: object) -> int | None:
    """A whole number, which true and false are not; None for anything else."""
    return value if type(value) is int else None
