"""Latvia: personas kods, birth date, century, serial, check digit modulo 11.

Fizisko personu reģistra likums (2017) 5. pants; codes since 2017 begin with 32 and have neither date nor check, so
only the older ones are proved.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national
from ..shapes import is_day

__all__ = ["LV_PK"]


def _check(plain: str) -> bool:
    right = (1 + checksums.weighted(plain[:10], (10, 5, 8, 4, 2, 1, 6, 3, 7, 9))) % 11 % 10 == int(plain[10])
    return right and plain[6] in "012" and is_day(plain[4:6], plain[2:4], plain[:2])


LV_PK = national(
    "lv_pk",
    written=r"[0-3]\d{5}-?\d{5}",
    check=_check,
    certainty=DATED,
    headers="personas kods, personas kodi, latvian personal code",
    says="the birth date and check digit of a personas kods",
)
