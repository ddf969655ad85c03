"""Japan: individual number (マイナンバー), eleven digits and a check digit modulo 11.

行政手続における特定の個人を識別するための番号の利用等に関する法律施行令; 平成26年総務省令第85号 art. 5.
"""

from __future__ import annotations

from .. import checksums
from ..national import ONE_DIGIT, national

__all__ = ["JP_MY_NUMBER"]


def _check(plain: str) -> bool:
    rest = checksums.weighted(plain[10::-1], (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)) % 11
    return len(set(plain)) > 1 and int(plain[11]) == (0 if rest <= 1 else 11 - rest)


JP_MY_NUMBER = national(
    "jp_my_number",
    written=r"\d{12}|\d{4}[ -]\d{4}[ -]\d{4}",
    check=_check,
    certainty=ONE_DIGIT,
    headers="my number, mynumber, my number card, individual number, kojin bango, マイナンバー, 個人番号",
    says="the check digit of an individual number",
)
