"""Croatia: osobni identifikacijski broj, eleven digits, MOD 11,10 of ISO/IEC 7064.

Zakon o osobnom identifikacijskom broju (NN 60/2008) čl. 7.
"""

from __future__ import annotations

from .. import checksums
from ..national import ONE_DIGIT, national

__all__ = ["HR_OIB"]


def _check(plain: str) -> bool:
    return checksums.iso7064_mod11_10(plain)


HR_OIB = national(
    "hr_oib",
    written=r"\d{11}",
    check=_check,
    certainty=ONE_DIGIT,
    headers="oib, osobni identifikacijski broj, oib broj",
    says="the check digit of an OIB",
)
