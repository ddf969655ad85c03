"""round: fewer digits."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING, Any

from ...model import Operator
from ..canonical import REDACTED, number_of
from .generalise import band

if TYPE_CHECKING:
    from ..operator import MaskContext

__all__ = ["Round"]


class Round:
    """Shares (floats in [0, 1]) to two decimals, other numbers to two significant digits.

    Whole numbers stay whole. A number that rounding would not change becomes a band instead, for
    its digits are all there; a share of two decimals stays. What is no number is redacted.
    """

    name = Operator.ROUND
    iso_20889 = "generalization: rounding"
    is_reversible = False
    needs_key = False

    def apply(self, values: list[Any], context: MaskContext) -> list[Any]:
        """Numbers for numbers, text for text that writes a number."""
        return [_rounded(value) for value in values]


def _rounded(value: Any) -> Any:
    number = number_of(value)
    if number is None:
        return REDACTED
    if isinstance(value, float) and 0 <= value <= 1:
        return round(value, 2)
    digits = 1 - floor(log10(abs(number))) if number else 0
    try:
        rounded = round(number, digits)
    except OverflowError:  # the largest floats have no neighbour to round to
        return REDACTED
    if rounded == number:
        return band(number)
    if isinstance(value, str):
        return f"{rounded:.15g}"
    return int(rounded) if rounded.is_integer() and not isinstance(value, float) else rounded
