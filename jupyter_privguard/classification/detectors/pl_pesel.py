"""Poland: PESEL, birth date with the century in its month, serial, weights 1-3-7-9 modulo 10.

Ustawa o ewidencji ludności (2010) art. 15.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national
from ..shapes import is_day

__all__ = ["PL_PESEL"]


def _check(plain: str) -> bool:
    month = str(int(plain[2:4]) % 20).zfill(2)
    right = (checksums.weighted(plain, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1))) % 10 == 0
    return right and is_day(plain[:2], month, plain[4:6])


PL_PESEL = national(
    "pl_pesel",
    written=r"\d{11}",
    check=_check,
    certainty=DATED,
    headers="pesel, nr pesel, numer pesel, pesel nr",
    says="the birth date and check digit of a PESEL",
)
