"""Tables that people name in a command."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from .._listing import first_of

if TYPE_CHECKING:
    from ..guard.session import Session

__all__ = ["no_such_table"]

_LISTED = 5
"""Names of tables in a sentence."""


def no_such_table(session: Session, name: str) -> UsageError:
    """The error that says that nothing is a table by this ``name``, and what was meant or is there."""
    names = sorted({known for known, _, _ in session.knowledge.tables()})
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    known = f"did you mean {near[0]}?" if near else f"there are {first_of(names, _LISTED)}." if names else "load one."
    return UsageError(f"privguard: there is no table of that name; {session.safe(known)}")
