"""Taiwan: national identification card number, a letter for the place, nine digits, modulo 10.

戶籍法 art. 51; 內政部戶政司. The second character is 1 or 2 for citizens, 8 or 9 for residents (2021).
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national

__all__ = ["TW_NID"]

_PLACES = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))


def _check(plain: str) -> bool:
    digits = f"{_PLACES[plain[0]]}{plain[1:]}"
    return checksums.weighted(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0


TW_NID = national(
    "tw_nid",
    written=r"[A-Z][1289]\d{8}",
    check=_check,
    certainty=DATED,
    headers="taiwan id, taiwan national id, 身分證字號, 身分證號碼, 身分證統一編號, 身份證字號",
    says="the place and check digit of a Taiwanese identification number",
)
