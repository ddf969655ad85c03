"""Argentina: CUIT or CUIL of a person, kind, number of the DNI, check digit modulo 11.

Resolución General AFIP 10/1997; ANSES. Persons have 20, 23, 24, 25, 26 or 27 in front.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national

__all__ = ["AR_CUIT"]


def _check(plain: str) -> bool:
    rest = 11 - checksums.weighted(plain[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return int(plain[10]) == (0 if rest == 11 else 9 if rest == 10 else rest)


AR_CUIT = national(
    "ar_cuit",
    written=r"2[034567]-?\d{8}-?\d",
    check=_check,
    certainty=DATED,
    headers="cuit, cuil, cuit cuil, numero cuit, numero cuil",
    says="the kind and check digit of a CUIT or CUIL",
)
