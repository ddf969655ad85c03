"""Serbia and its neighbours: JMBG, in Slovenia EMŠO, birth date, region, serial, check digit modulo 11.

Zakon o matičnom broju (SFRJ 1976); Zakon o centralnem registru prebivalstva (RS 1/1999).
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national
from ..shapes import is_day

__all__ = ["RS_JMBG"]


def _check(plain: str) -> bool:
    right = checksums.weighted(plain[:12], (7, 6, 5, 4, 3, 2) * 2) + int(plain[12])
    return right % 11 == 0 and is_day(plain[4:7], plain[2:4], plain[:2])


RS_JMBG = national(
    "rs_jmbg",
    written=r"[0-3]\d[01]\d[90]\d{8}",
    check=_check,
    certainty=DATED,
    headers="jmbg, emso, embg, maticni broj, jedinstveni maticni broj",
    says="the birth date and check digit of a JMBG",
)
