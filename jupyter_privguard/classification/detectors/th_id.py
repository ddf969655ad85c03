"""Thailand: citizen identification number, thirteen digits, weights 13 to 2 modulo 11.

People Registration Act B.E. 2534 (1991); Department of Provincial Administration.
"""

from __future__ import annotations

from .. import checksums
from ..national import ONE_DIGIT, national

__all__ = ["TH_ID"]


def _check(plain: str) -> bool:
    return (11 - checksums.weighted(plain[:12], range(13, 1, -1)) % 11) % 10 == int(plain[12])


TH_ID = national(
    "th_id",
    written=r"[1-8]\d{12}|[1-8]-\d{4}-\d{5}-\d{2}-\d",
    check=_check,
    certainty=ONE_DIGIT,
    headers="thai id, thai national id, thai citizen id, bat prachachon, เลขบัตรประชาชน, เลขประจำตัวประชาชน",
    says="the check digit of a Thai citizen number",
)
