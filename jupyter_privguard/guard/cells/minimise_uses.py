"""Begins cells that have declared their columns, and notes what they use; see `minimise`."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

from ...frames.uses import KEPT, Uses

if TYPE_CHECKING:
    from ...frames.uses import Node
    from ..session import Session
    from .cell import CellRun
    from .minimise import Minimised

__all__ = ["MinimisedUses", "begin"]


def begin(session: Session, run: CellRun) -> None:
    """Before ``run`` begins: if it declares its columns, or runs within a cell that did, these hold for it.

    It is refused where that cannot be made sure of.
    """
    outer = session.run_of(None)
    if not run.options.minimise or run.refused:
        run.minimised = outer.minimised if outer is not None else None
        return
    if outer is not None:
        run.refused = "privguard: --minimise is for a cell of its own, not for one that another one runs."
        return
    try:
        from .minimise import Minimised  # few cells declare their columns

        run.minimised = Minimised(session, run)
        run.uses = MinimisedUses(run.minimised)
    except Exception as error:  # noqa: BLE001 - a table may hold anything, and what cannot be looked at is not passed
        kind = type(error).__name__
        run.refused = f"privguard: the tables that are there cannot be looked at ({kind}), so this cell did not run."


class MinimisedUses(Uses):
    """What a cell uses that has declared its columns; threads may call it, as its base."""

    def __init__(self, minimised: Minimised) -> None:
        super().__init__()
        self._minimised = minimised

    def note(self, node: Node, labels: Iterable[Hashable], how: str) -> None:
        """As the base; Refused for columns that are not declared."""
        labels = list(labels)
        if how != KEPT:  # such a part was looked at when it was made
            self._minimised.check(node, labels)
        super().note(node, labels, how)

    def cut(self, node: Node) -> None:
        """As the base; Refused for a part that was chosen by columns that are not declared."""
        self._minimised.check_part(node)
        super().cut(node)
