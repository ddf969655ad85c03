"""Sweden: personnummer, birth date, three digits, Luhn.

Folkbokföringslag (1991:481) § 18; a samordningsnummer (lag 2022:1697) adds 60 to the day.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national
from ..shapes import is_day

__all__ = ["SE_PERSONNUMMER"]


def _check(plain: str) -> bool:
    number = plain.replace("+", "")[-10:]
    day = str(int(number[4:6]) % 60).zfill(2)
    return is_day(number[:2], number[2:4], day) and checksums.luhn(number)


SE_PERSONNUMMER = national(
    "se_personnummer",
    written=r"(?:18|19|20)?\d{6}[-+]?\d{4}",
    check=_check,
    certainty=DATED,
    headers=("personnummer, personnr, samordningsnummer, swedish personal number, swedish personal identity number"),
    says="the birth date and Luhn check digit of a personnummer",
)
