"""The entities that a policy's own patterns add, and what is wrong with a pattern beyond its form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..model import ENTITIES, DataClass
from .yaml12 import Document, Place

__all__ = ["ENTITY_NAME", "custom_classes", "custom_entities", "pattern_problems"]

# `Any` in this file is part of a document that may not have passed the schema yet.

ENTITY_NAME = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_WITHOUT_FORM = frozenset("NONE INTERNAL_UNKNOWN FREE_TEXT_WITH_PII IMAGE_OF_PERSON".split())
"""Entities that are no form of a value."""


def custom_entities(document: Document) -> set[str]:
    """Names of new entities; of any document, even one that is no policy."""
    listed: Any = document.value.get("patterns") if isinstance(document.value, dict) else None
    names = (
        [pattern.get("entity") for pattern in listed if isinstance(pattern, dict)] if isinstance(listed, list) else []
    )
    return {name for name in names if isinstance(name, str) and ENTITY_NAME.fullmatch(name) and name not in ENTITIES}


def custom_classes(document: Document) -> dict[str, DataClass]:
    """The classes of the new entities of a document that has passed the schema."""
    return {
        pattern["entity"]: DataClass(pattern.get("class", DataClass.INTERNAL))
        for pattern in document.value.get("patterns", ())
        if pattern["entity"] not in ENTITIES
    }


def pattern_problems(document: Document) -> list[tuple[Place, str]]:
    """Where and why patterns of a document that has passed the schema cannot be used."""
    return list(_problems(document))


def _problems(document: Document) -> Iterator[tuple[Place, str]]:
    patterns = document.value.get("patterns", ())
    if not patterns:
        return
    from ..patterns.engine import MISSING, is_available, problem

    if not is_available():
        yield document.keys["patterns",], f"`patterns` {MISSING}"
        return
    first: dict[str, str] = {}
    for place, pattern in enumerate(patterns):
        entity = pattern["entity"]
        at = document.values["patterns", place, "entity"]
        known = ENTITIES.get(entity)
        given = pattern.get("class", known.value if known else DataClass.INTERNAL.value)
        if entity in _WITHOUT_FORM:
            yield at, f"`{entity}` is nothing that a value looks like; choose another name"
        elif known is not None and given != known:
            yield at, f"`{entity}` is built in and of class {known.value}; leave `class` out or choose another name"
        elif first.setdefault(entity, given) != given:
            yield at, f"`{entity}` has class {first[entity]} in an earlier pattern"
        found = problem(pattern["regex"]) if "regex" in pattern else None
        if found is not None:
            yield document.values["patterns", place, "regex"], f"`patterns {place + 1}, regex` {found}"
