"""United Kingdom: NHS number, ten digits, weights 10 to 2 modulo 11.

NHS Data Dictionary, NHS NUMBER; ISB 0149. An ISBN-10 is checked the same way.
"""

from __future__ import annotations

from .. import checksums
from ..national import ONE_DIGIT, national

__all__ = ["UK_NHS"]


def _check(plain: str) -> bool:
    return len(set(plain)) > 1 and checksums.weighted(plain, (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


UK_NHS = national(
    "uk_nhs",
    written=r"\d{10}|\d{3}[ -]\d{3}[ -]\d{4}",
    check=_check,
    certainty=ONE_DIGIT,
    headers="nhs number, nhs no, nhs id, nhsno, nhs nr",
    says="the check digit of NHS numbers",
)
