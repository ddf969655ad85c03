"""Ireland: PPS number, seven digits, check letter modulo 23, since 2013 a second letter.

Social Welfare Consolidation Act 2005 s. 262; Department of Social Protection, 2013.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national

__all__ = ["IE_PPS"]


def _check(plain: str) -> bool:
    second = plain[8:9].replace("W", "")
    total = checksums.weighted(plain[:7], range(8, 1, -1)) + (9 * (ord(second) - 64) if second else 0)
    return chr(64 + (total % 23 or 23)) == plain[7]


IE_PPS = national(
    "ie_pps",
    written=r"\d{7}[A-W][A-IW]?",
    check=_check,
    certainty=DATED,
    headers="pps, ppsn, pps number, pps no, personal public service number",
    says="the check letter of a PPS number",
)
