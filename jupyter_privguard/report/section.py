"""Sections of the report: one file each in ``sections/``, shown in the order of their numbers."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from .blocks import Block
from .context import Context

__all__ = ["Section", "sections"]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report; a file in ``sections/`` offers it as ``SECTION``."""

    order: int
    id: str
    """The anchor: lower-case letters and dashes."""
    title: str
    build: Callable[[Context], Sequence[Block]]


@cache
def sections() -> tuple[Section, ...]:
    """All sections by number; a doubled number or id and a file without ``SECTION`` are errors."""
    from . import sections as folder

    found: list[Section] = []
    for module in pkgutil.iter_modules(folder.__path__):
        section = import_module(f"{folder.__name__}.{module.name}").SECTION
        twin = next((other for other in found if other.id == section.id or other.order == section.order), None)
        if twin:
            raise RuntimeError(f"report section {section.id!r} has the id or number of {twin.id!r}")
        found.append(section)
    return tuple(sorted(found, key=lambda section: section.order))
