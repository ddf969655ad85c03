"""Chile: RUN or RUT, seven or eight digits, check character 0 to 9 or K, weights 2 to 7 modulo 11.

Ley N.º 19.477 art. 3; Servicio de Impuestos Internos. Only the form with its hyphen proves anything.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national

__all__ = ["CL_RUT"]


def _check(plain: str) -> bool:
    total = checksums.weighted(plain[-2::-1], (2, 3, 4, 5, 6, 7, 2, 3))
    return "0123456789K0"[11 - total % 11] == plain[-1]


CL_RUT = national(
    "cl_rut",
    written=r"(?:[1-9]\d?|0[1-9])\.?\d{3}\.?\d{3}-[\dK]",
    check=_check,
    certainty=DATED,
    headers="rut, rol unico tributario, rol unico nacional, rut cliente, numero rut",
    says="the check character of a RUN or RUT",
    also=r"[1-9]\d{6,7}[\dK]",
)
