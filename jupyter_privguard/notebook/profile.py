"""``%privguard profile``: what a table is like, without its values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.error import UsageError
from IPython.display import display

from ..frames import view
from ..guard.cells.exploring import explore
from .named_tables import no_such_table

if TYPE_CHECKING:
    from .extension import Extension

__all__ = ["profile"]


def profile(extension: Extension, words: list[str]) -> None:
    """Explore a table safely: nulls, banded ranges, distributions, frequent values that many rows share."""
    session = extension.session
    if session is None:
        raise UsageError(extension.refusal)
    if len(words) != 1:
        raise UsageError("privguard: profile takes the name of one variable: %privguard profile df")
    obj = extension.shell.user_ns.get(words[0])
    seen = view(obj)
    if seen is None:
        raise no_such_table(session, words[0])
    with session.takings.own_words():
        display(explore(session, obj, seen, session.run_of(None)))
