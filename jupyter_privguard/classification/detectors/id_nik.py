"""Indonesia: NIK, province and district, birth date (women's day plus 40), serial; no check digit.

UU No. 23/2006 Administrasi Kependudukan; Permendagri No. 72/2022.
"""

from __future__ import annotations

from ..national import DATED, national
from ..shapes import is_day

__all__ = ["ID_NIK"]


def _check(plain: str) -> bool:
    day = str(int(plain[6:8]) % 40).zfill(2)
    return is_day(plain[10:12], plain[8:10], day)


ID_NIK = national(
    "id_nik",
    written=r"(?:1[1-9]|2[01]|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])[0-7]\d[0-7]\d\d{6}(?!0000)\d{4}",
    check=_check,
    certainty=DATED,
    headers="nik, nik ktp, no ktp, nomor induk kependudukan, nomor ktp, ktp",
    says="the province and birth date of a NIK",
)
