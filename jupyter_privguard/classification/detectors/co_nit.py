"""Colombia: NIT, six to ten digits, check digit with primes as weights modulo 11.

Decreto 2788 de 2004; DIAN, Orden Administrativa 4 de 1989. Only the form with its hyphen proves anything.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national

__all__ = ["CO_NIT"]


def _check(plain: str) -> bool:
    rest = checksums.weighted(plain[-2::-1], (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53)) % 11
    return int(plain[-1]) == (rest if rest < 2 else 11 - rest)


CO_NIT = national(
    "co_nit",
    written=r"\d{1,3}(?:\.?\d{3}){2,3}-\d",
    check=_check,
    certainty=DATED,
    headers="nit, numero nit, numero de identificacion tributaria, nit cliente",
    says="the check digit of a NIT",
    also=r"\d{6,11}",
)
