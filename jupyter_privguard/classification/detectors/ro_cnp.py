"""Romania: cod numeric personal, sex and century, birth date, county, serial, check digit modulo 11.

OUG nr. 97/2005, republished 2011; HG nr. 1375/2006.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national
from ..shapes import is_day

__all__ = ["RO_CNP"]


def _check(plain: str) -> bool:
    rest = checksums.weighted(plain[:12], (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return int(plain[12]) == (1 if rest == 10 else rest) and is_day(plain[1:3], plain[3:5], plain[5:7])


RO_CNP = national(
    "ro_cnp",
    written=r"[1-9]\d{12}",
    check=_check,
    certainty=DATED,
    headers="cnp, cod numeric personal, romanian personal code",
    says="the birth date and check digit of a CNP",
)
