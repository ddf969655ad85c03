"""Bulgaria: ЕГН, birth date, region and sex, check digit modulo 11.

Закон за гражданската регистрация (1999) чл. 11; the month has 20 added before 1900 and 40 from 2000 on.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national
from ..shapes import is_day

__all__ = ["BG_EGN"]


def _check(plain: str) -> bool:
    month = str(int(plain[2:4]) % 20).zfill(2)
    right = checksums.weighted(plain[:9], (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == int(plain[9])
    return right and int(plain[2:4]) <= 52 and is_day(plain[:2], month, plain[4:6])


BG_EGN = national(
    "bg_egn",
    written=r"\d{10}",
    check=_check,
    certainty=DATED,
    headers="egn, edinen grazhdanski nomer, grazhdanski nomer, егн, единен граждански номер",
    says="the birth date and check digit of an ЕГН",
)
