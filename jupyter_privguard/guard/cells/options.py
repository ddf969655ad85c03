"""What the header of a cell asks for."""

from __future__ import annotations

from typing import NamedTuple

from ...model import Tier

__all__ = ["CellOptions"]


class CellOptions(NamedTuple):
    """What a ``%%secure`` header asks for; a plain cell asks for nothing."""

    tier: Tier = Tier.PUBLIC
    purpose: str | None = None
    experiment: str | None = None
    reason: str | None = None
    has_tier: bool = False
    """Whether the tier was asked for; else the notebook's counts."""
    minimise: tuple[str, ...] = ()
    """The only columns that the cell gets; empty for all."""

    def within(self, *, tier: Tier, purpose: str | None, experiment: str | None) -> CellOptions:
        """These options with what holds for the whole notebook."""
        return self._replace(
            tier=self.tier if self.has_tier else max(self.tier, tier),
            purpose=self.purpose or purpose,
            experiment=self.experiment or experiment,
        )
