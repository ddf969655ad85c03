"""What is wrong in a policy beyond its form: roles that nobody has described, days that no calendar has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from .yaml12 import Document, Place, shown_key

__all__ = ["meaning_problems"]

# `Any` in this file is part of a document that has passed the schema.

_MOST_HINTS = 50
"""As many problems as anybody is told of at once."""


def meaning_problems(document: Document) -> list[tuple[Place, str]]:
    """Where and why a document that has passed the schema cannot be used."""
    return [*_unknown_roles(document), *_no_days(document)]


def _unknown_roles(document: Document) -> Iterator[tuple[Place, str]]:
    from .schema import nearest

    value: Any = document.value
    known = value.get("roles", {})
    told = 0
    for name, principal in value.get("principals", {}).items():
        for place, role in enumerate(principal["roles"]):
            if role not in known:
                told += 1
                near = nearest(role, list(known)) if told <= _MOST_HINTS else None  # each costs a look at all of them
                hint = f"; did you mean `{shown_key(near)}`?" if near is not None else ""
                at = document.values["principals", name, "roles", place]
                yield at, f"a role of `{shown_key(name)}` is not among `roles`{hint}"


def _no_days(document: Document) -> Iterator[tuple[Place, str]]:
    for name, purpose in document.value.get("purposes", {}).items():
        try:
            date.fromisoformat(purpose.get("expires", "2000-01-01"))
        except ValueError:
            at = document.values["purposes", name, "expires"]
            yield at, f"`purposes, {shown_key(name)}, expires` is a day that no calendar has"
