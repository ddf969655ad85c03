"""redact: the value is withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...model import Operator
from ..canonical import REDACTED

if TYPE_CHECKING:
    from ..operator import MaskContext

__all__ = ["Redact"]


class Redact:
    """The same text for every value, so that not even equality shows."""

    name = Operator.REDACT
    iso_20889 = "suppression: masking"
    is_reversible = False
    needs_key = False

    def apply(self, values: list[Any], context: MaskContext) -> list[Any]:
        """``[redacted]`` for each."""
        return [REDACTED] * len(values)
