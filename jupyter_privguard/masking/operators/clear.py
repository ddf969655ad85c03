"""clear: nothing is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...model import Operator

if TYPE_CHECKING:
    from ..operator import MaskContext

__all__ = ["Clear"]


class Clear:
    """The values themselves."""

    name = Operator.CLEAR
    iso_20889 = "none"
    is_reversible = False
    needs_key = False

    def apply(self, values: list[Any], context: MaskContext) -> list[Any]:
        """The same values."""
        return list(values)
