"""Iceland: kennitala of a person, birth date, serial, check digit modulo 11, century.

Lög um skráningu einstaklinga nr. 140/2019, 4. gr.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national
from ..shapes import is_day

__all__ = ["IS_KENNITALA"]


def _check(plain: str) -> bool:
    right = checksums.weighted(plain[:9], (3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    return right and is_day(plain[4:6], plain[2:4], plain[:2])


IS_KENNITALA = national(
    "is_kennitala",
    written=r"\d{6}[- ]?\d{3}[089]",
    check=_check,
    certainty=DATED,
    headers="kennitala, kt nr, icelandic id",
    says="the birth date and check digit of a kennitala",
)
