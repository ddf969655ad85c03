"""A word on what else there is, beside the first masked table of somebody who has written no policy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...model import Tier

if TYPE_CHECKING:
    from .show import Shown

__all__ = ["FirstHint"]

_WORDS = "; begin a cell with %%secure --tier internal for readable handles instead (said once)"


class FirstHint:
    """Said once in a session, or not at all."""

    def __init__(self, *, is_wanted: bool) -> None:
        self._is_wanted = is_wanted

    def beside(self, shown: Shown, tier: Tier) -> Shown:
        """``shown``, with the hint in its legend where that is due."""
        if not (self._is_wanted and shown.changed and tier is Tier.PUBLIC):
            return shown
        self._is_wanted = False
        return replace(shown, legend=shown.legend + _WORDS)
