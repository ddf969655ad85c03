"""Israel: mispar zehut, nine digits, weights 1 and 2 as in Luhn.

Population Registry Law 5725-1965; Population and Immigration Authority.
"""

from __future__ import annotations

from .. import checksums
from ..national import ONE_DIGIT, national

__all__ = ["IL_TZ"]


def _check(plain: str) -> bool:
    return len(set(plain)) > 1 and checksums.luhn(plain)


IL_TZ = national(
    "il_tz",
    written=r"\d{9}|\d{8}-\d",
    check=_check,
    # Canadian numbers pass too; where both do, the narrower one is meant.
    certainty=ONE_DIGIT._replace(alone=0.38, with_person=0.85),
    headers="teudat zehut, mispar zehut, zehut, israeli id, israeli id number, תעודת זהות, מספר זהות",
    says="the check digit of an Israeli identity number",
)
