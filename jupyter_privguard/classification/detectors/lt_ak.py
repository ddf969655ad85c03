"""Lithuania: asmens kodas, sex and century, birth date, serial, check digit in two rounds modulo 11.

Lietuvos Respublikos gyventojų registro įstatymas (1992) 8 str.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national
from ..shapes import is_day

__all__ = ["LT_AK"]


def _check(plain: str) -> bool:
    return checksums.two_rounds_mod11(plain) and is_day(plain[1:3], plain[3:5], plain[5:7])


LT_AK = national(
    "lt_ak",
    written=r"[1-6]\d{10}",
    check=_check,
    certainty=DATED,
    headers="asmens kodas, asmens kodai, lithuanian personal code",
    says="the birth date and check digit of an asmens kodas",
)
