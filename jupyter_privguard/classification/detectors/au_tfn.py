"""Australia: tax file number, nine digits, weights 1-4-3-7-5-8-6-9-10 modulo 11.

Income Tax Assessment Act 1936 part VA; Australian Taxation Office.
"""

from __future__ import annotations

from .. import checksums
from ..national import ONE_DIGIT, national

__all__ = ["AU_TFN"]


def _check(plain: str) -> bool:
    return len(set(plain)) > 1 and checksums.weighted(plain, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


AU_TFN = national(
    "au_tfn",
    written=r"\d{9}|\d{3}[ -]\d{3}[ -]\d{3}",
    check=_check,
    certainty=ONE_DIGIT,
    headers="tfn, tax file number, tax file no, tfn number",
    says="the check digit of a tax file number",
)
