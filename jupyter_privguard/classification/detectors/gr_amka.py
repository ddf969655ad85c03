"""Greece: ΑΜΚΑ, birth date, five digits, the last by Luhn.

Νόμος 3655/2008 άρθρο 153; ΗΔΙΚΑ.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national
from ..shapes import is_day

__all__ = ["GR_AMKA"]


def _check(plain: str) -> bool:
    return is_day(plain[4:6], plain[2:4], plain[:2]) and checksums.luhn(plain)


GR_AMKA = national(
    "gr_amka",
    written=r"\d{11}",
    check=_check,
    certainty=DATED,
    headers="amka, αμκα, amka number",
    says="the birth date and Luhn check digit of an ΑΜΚΑ",
)
