"""Türkiye: T.C. kimlik numarası, nine digits, two check digits modulo 10.

5490 sayılı Nüfus Hizmetleri Kanunu (2006) art. 46; Nüfus ve Vatandaşlık İşleri Genel Müdürlüğü.
"""

from __future__ import annotations

from ..national import DATED, national

__all__ = ["TR_TCKN"]


def _check(plain: str) -> bool:
    odd, even = sum(map(int, plain[:9:2])), sum(map(int, plain[1:8:2]))
    first = (odd * 7 - even) % 10
    return plain[9:] == f"{first}{(odd + even + first) % 10}"


TR_TCKN = national(
    "tr_tckn",
    written=r"[1-9]\d{10}",
    check=_check,
    certainty=DATED,
    headers="tc kimlik, tckn, tckno, tc kimlik no, tc kimlik numarasi, kimlik no, kimlik numarasi, tc no",
    says="both check digits of a T.C. kimlik numarası",
)
