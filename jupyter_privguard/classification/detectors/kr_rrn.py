"""South Korea: resident registration number, birth date, sex and century, check digit modulo 11.

주민등록법 시행규칙 § 2; numbers given since October 2020 have no check, so a share of the values must do.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national
from ..shapes import is_day

__all__ = ["KR_RRN"]


def _check(plain: str) -> bool:
    rest = checksums.weighted(plain[:12], (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11
    return (11 - rest) % 10 == int(plain[12]) and is_day(plain[:2], plain[2:4], plain[4:6])


KR_RRN = national(
    "kr_rrn",
    written=r"\d{6}-?\d{7}",
    check=_check,
    certainty=DATED,
    headers=(
        "rrn, resident registration number, resident registration no, jumin, jumin number, korean rrn, "
        "주민등록번호, 주민번호"
    ),
    says="the birth date and check digit of a resident registration number",
    span=r"\d{6}-\d{7}",
)
