"""Estonia: isikukood, sex and century, birth date, serial, check digit in two rounds modulo 11.

Rahvastikuregistri seadus (2017) § 39; EVS 585:2007.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national
from ..shapes import is_day

__all__ = ["EE_IK"]


def _check(plain: str) -> bool:
    return checksums.two_rounds_mod11(plain) and is_day(plain[1:3], plain[3:5], plain[5:7])


EE_IK = national(
    "ee_ik",
    written=r"[1-8]\d{10}",
    check=_check,
    certainty=DATED,
    headers="isikukood, isikukoodid, estonian personal code",
    says="the birth date and check digit of an isikukood",
)
