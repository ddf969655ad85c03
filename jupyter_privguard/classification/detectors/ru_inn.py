"""Russia: ИНН of a person, twelve digits, two of them check digits modulo 11.

Приказ ФНС России № ЕД-7-14/559@ (2020); Налоговый кодекс ст. 84.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national

__all__ = ["RU_INN"]

_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def _check(plain: str) -> bool:
    first = checksums.weighted(plain[:10], _WEIGHTS[1:]) % 11 % 10
    second = checksums.weighted(plain[:11], _WEIGHTS) % 11 % 10
    return plain[10:] == f"{first}{second}" and len(set(plain)) > 1


RU_INN = national(
    "ru_inn",
    written=r"\d{12}",
    check=_check,
    certainty=DATED,
    headers="inn, инн, nomer inn",
    says="both check digits of an ИНН",
)
