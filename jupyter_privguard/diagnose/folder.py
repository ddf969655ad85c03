"""The folder where one works: data in plain, and what killed commands have left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .. import runtime
from .check import Check, listed

if TYPE_CHECKING:
    from ..guard.tables.plain_copies import PlainCopy

__all__ = ["QUICK_FILES", "first_plain_copy", "parts", "plain_copies"]

_NAMED = 5
"""Files that a check names."""
QUICK_FILES = 10
"""Files that a quick look reads."""


def first_plain_copy() -> Check:
    """Whether one of the first files of this folder does; stops at the first that does."""
    from ..guard.tables.plain_copies import plain_copies as copies_in

    return _files(copies_in(Path.cwd(), runtime.policy(), files=QUICK_FILES, most=1))


def plain_copies() -> Check:
    """Whether files of this folder hold direct identifiers in plain."""
    from ..guard.tables.plain_copies import plain_copies as copies_in

    return _files(copies_in(Path.cwd(), runtime.policy()))


def _files(found: list[PlainCopy]) -> Check:
    if not found:
        return Check("files", True, "no table with direct identifiers in plain in this folder, as far as looked at")
    named = "; ".join(f"{copy.name} ({', '.join(copy.entities)})" for copy in found[:_NAMED])
    more = "; and in more files" if len(found) > _NAMED else ""  # they are not looked for to the last one
    return Check(
        "files",
        False,
        f"direct identifiers stand in plain in {named}{more}",
        "`privguard seal FILE --remove` keeps them safe; `privguard mask FILE -o OUT` makes a copy to work with.",
    )


def parts() -> Check:
    """Whether files were left half written."""
    from .._files import left_parts
    from ..classification.classifier import shown_label

    left = left_parts(Path.cwd())
    if not left:
        return Check("parts", True, "no file in this folder was left half written")
    patterns = runtime.policy().all_patterns
    named = listed([shown_label(str(part.relative_to(Path.cwd())), patterns) for part in left])
    return Check(
        "parts",
        False,
        f"a command that was killed left {named}",
        "Delete them: one of `privguard unseal` holds data in plain. The same command with the same OUT does so too.",
    )
