"""Malaysia: MyKad number, birth date, place of birth, serial; no check digit.

National Registration Regulations 1990; Jabatan Pendaftaran Negara. Bare digits look like a time of day, so only the
form with hyphens proves anything.
"""

from __future__ import annotations

from ..national import DATED, national
from ..shapes import is_day

__all__ = ["MY_NRIC"]


def _check(plain: str) -> bool:
    return is_day(plain[:2], plain[2:4], plain[4:6])


MY_NRIC = national(
    "my_nric",
    written=r"\d{6}-(?:0[1-9]|1[0-6]|[2-5]\d|6[0-8]|7[124-9]|8[2-9]|9[0-389])-\d{4}",
    check=_check,
    certainty=DATED,
    headers="mykad, mykad no, no kad pengenalan, kad pengenalan, malaysian ic, ic number, ic no",
    says="the birth date and place of a MyKad number",
    also=r"\d{12}",
)
