"""South Africa: identity number, birth date, sex, citizenship, Luhn.

Identification Act 68 of 1997 s. 7; Department of Home Affairs.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national
from ..shapes import is_day

__all__ = ["ZA_ID"]


def _check(plain: str) -> bool:
    return is_day(plain[:2], plain[2:4], plain[4:6]) and checksums.luhn(plain)


ZA_ID = national(
    "za_id",
    written=r"\d{6} ?\d{4} ?[012]\d ?\d",
    check=_check,
    certainty=DATED,
    headers="rsa id, sa id, sa id number, sa id no, south african id, south african id number, rsa id number",
    says="the birth date and Luhn check digit of a South African identity number",
)
