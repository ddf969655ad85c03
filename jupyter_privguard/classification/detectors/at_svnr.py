"""Austria: social insurance number, serial, check digit, birth date; weights modulo 11.

ASVG § 31 Abs. 4 Z 1; Dachverband der Sozialversicherungsträger. A month above 12 marks that a day's numbers ran out.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national

__all__ = ["AT_SVNR"]


def _check(plain: str) -> bool:
    right = checksums.weighted(plain, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11 == int(plain[3])
    return right and 1 <= int(plain[4:6]) <= 31 and 1 <= int(plain[6:8]) <= 15


AT_SVNR = national(
    "at_svnr",
    written=r"[1-9]\d{3}[ -]?\d{6}",
    check=_check,
    certainty=DATED,
    headers=(
        "svnr, sv nr, sv nummer, svnummer, sozialversicherungsnummer, sozialversicherungsnr, e card "
        "nummer, austrian social insurance number"
    ),
    says="the birth date and check digit of an Austrian insurance number",
)
