"""The parts of a session by their names; they are made when one of them is first asked for (`parts`)."""

from __future__ import annotations

import decimal  # noqa: F401 - parts need it, and when they come a program may have put another in its place
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._later import Once
    from .cells.admission import Admission
    from .cells.uses import CellUses
    from .files.read_files import ReadFiles
    from .files.sinks import Sinks
    from .knowledge import Knowledge
    from .overrides.changes import ClassChanges
    from .parts import Parts
    from .policies.approved import Leave
    from .tables.shower import TableShower
    from .taken.takings import Takings
    from .texts.known import KnownValues
    from .texts.remembered import RememberedTexts

__all__ = ["LateParts"]


class LateParts:
    """Where they cannot be made each of these raises, and what cannot be looked at is refused or withheld."""

    _parts: Once[Parts]

    def _values(self) -> KnownValues:
        if self._parts.made is not None:
            return self._parts.made.knowledge.values
        from .texts.known import KnownValues  # nothing is known before there are tables

        return KnownValues()

    @property
    def knowledge(self) -> Knowledge:
        """The tables and values that it met."""
        return self._parts().knowledge

    @property
    def files(self) -> ReadFiles:
        """What cells read without making a table of it."""
        return self._parts().files

    @property
    def admission(self) -> Admission:
        """Whether cells may run and read."""
        return self._parts().admission

    @property
    def classes(self) -> ClassChanges:
        """What people say that columns hold."""
        return self._parts().classes

    @property
    def takings(self) -> Takings:
        """What cells take out of tables; its ``taker`` is told by hooks in DataFrame libraries."""
        return self._parts().takings

    @property
    def uses(self) -> CellUses:
        """Which columns cells use; its ``tracker`` is told by hooks in DataFrame libraries."""
        return self._parts().uses

    @property
    def sinks(self) -> Sinks:
        """Where cells' data goes."""
        return self._parts().sinks

    @property
    def remembered(self) -> RememberedTexts:
        """Texts that tables and charts became."""
        return self._parts().remembered

    @property
    def _leave(self) -> Leave:
        return self._parts().leave

    @property
    def _shower(self) -> TableShower:
        return self._parts().shower
