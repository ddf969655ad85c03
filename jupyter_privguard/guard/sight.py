"""How much an output may show."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..model import Tier

if TYPE_CHECKING:
    from ..model import Approval

__all__ = ["PUBLIC", "Sight"]


class Sight(NamedTuple):
    """One tier for everything, but for the columns that approvals open."""

    tier: Tier
    """Of everything else."""
    approved: Tier
    """Of columns that ``approvals`` name."""
    approvals: tuple[Approval, ...] = ()

    @classmethod
    def of(cls, tier: Tier) -> Sight:
        """``tier`` for everything."""
        return cls(tier, tier)


PUBLIC = Sight.of(Tier.PUBLIC)
