"""Norway: fødselsnummer, birth date, three digits, two check digits modulo 11.

Forskrift til folkeregisterloven 2017 § 2-2-1; a D-number adds 40 to the day.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national
from ..shapes import is_day

__all__ = ["NO_FNR"]

_FIRST, _SECOND = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def _check(plain: str) -> bool:
    day = str(int(plain[:2]) % 40).zfill(2)
    right = checksums.weighted(plain, _FIRST) % 11 == 0 and checksums.weighted(plain, _SECOND) % 11 == 0
    return right and is_day(plain[4:6], plain[2:4], day)


NO_FNR = national(
    "no_fnr",
    written=r"\d{6} ?\d{5}",
    check=_check,
    certainty=DATED,
    headers="fodselsnummer, fodselsnr, fnr, personnummer, personnr, norwegian national id",
    says="the birth date and both check digits of a fødselsnummer",
)
