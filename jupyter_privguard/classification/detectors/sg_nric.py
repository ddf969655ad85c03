"""Singapore: NRIC and FIN, a letter for the kind, seven digits, check letter modulo 11.

National Registration Act 1965; Immigration & Checkpoints Authority (series M since 2022).
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national

__all__ = ["SG_NRIC"]

_LETTERS = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}
_OFFSET = {"S": 0, "F": 0, "T": 4, "G": 4, "M": 3}


def _check(plain: str) -> bool:
    total = checksums.weighted(plain[1:8], (2, 7, 6, 5, 4, 3, 2)) + _OFFSET[plain[0]]
    return _LETTERS[plain[0]][total % 11] == plain[8]


SG_NRIC = national(
    "sg_nric",
    written=r"[STFGM]\d{7}[A-Z]",
    check=_check,
    certainty=DATED,
    headers="nric, nric no, nric number, nric fin, fin number, singapore id, singapore nric",
    says="the check letter of an NRIC or FIN",
)
