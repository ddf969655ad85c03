"""Czechia and Slovakia: rodné číslo, birth date, serial, divisible by 11.

Zákon č. 133/2000 Sb. § 13; zákon č. 301/1995 Z. z. Women have 50 added to the month, full days 20; until 1953 there
were nine digits and no check, so those are only taken with their slash.
"""

from __future__ import annotations

from ..national import DATED, national
from ..shapes import is_day

__all__ = ["CZ_RC"]


def _check(plain: str) -> bool:
    month = int(plain[2:4]) % 50
    month -= 20 if month > 20 else 0
    if not is_day(plain[:2], str(month).zfill(2), plain[4:6]):
        return False
    if len(plain) == 9:
        return int(plain[:2]) < 54
    return int(plain[:9]) % 11 % 10 == int(plain[9])


CZ_RC = national(
    "cz_rc",
    written=r"\d{6}/\d{3,4}|\d{10}",
    check=_check,
    certainty=DATED,
    headers="rodne cislo, rodna cisla, rodne c, rc cislo, birth number",
    says="the birth date and divisibility by 11 of a rodné číslo",
)
