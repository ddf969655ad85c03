"""Denmark: CPR number, birth date and four digits, weights 4-3-2-7-6-5-4-3-2-1 modulo 11.

CPR-loven (lov nr. 426, 2000) § 3; since 2007 numbers without the check are given too, so a share of the values must do.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national
from ..shapes import is_day

__all__ = ["DK_CPR"]


def _check(plain: str) -> bool:
    right = checksums.weighted(plain, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    return right and is_day(plain[4:6], plain[2:4], plain[:2])


DK_CPR = national(
    "dk_cpr",
    written=r"\d{6}-?\d{4}",
    check=_check,
    certainty=DATED,
    headers="cpr, cpr nummer, cpr nr, cprnr, cpr number, personnummer",
    says="the birth date and check digit of a CPR number",
)
