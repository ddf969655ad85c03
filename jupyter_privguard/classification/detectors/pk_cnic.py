"""Pakistan: CNIC, area, family, sex; no check digit.

NADRA Ordinance 2000. Only the form with hyphens proves anything.
"""

from __future__ import annotations

from ..national import DATED, national

__all__ = ["PK_CNIC"]


def _check(plain: str) -> bool:
    return plain[5:12] != "0000000"


PK_CNIC = national(
    "pk_cnic",
    written=r"[1-7]\d{4}-\d{7}-[1-9]",
    check=_check,
    certainty=DATED,
    headers="cnic, cnic no, cnic number, nicop",
    says="the form of a CNIC",
    also=r"\d{13}",
    span=r"\d{5}-\d{7}-\d",
)
