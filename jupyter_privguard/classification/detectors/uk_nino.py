"""United Kingdom: National Insurance number, two letters, six digits, suffix A to D; no check digit.

HMRC National Insurance Manual NIM39110: letters and pairs that are not given.
"""

from __future__ import annotations

from ..national import DATED, national

__all__ = ["UK_NINO"]


def _check(plain: str) -> bool:
    return plain[2:8] != "000000"


UK_NINO = national(
    "uk_nino",
    written=r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?\d\d[ -]?\d\d[ -]?\d\d[ -]?[A-D]",
    check=_check,
    certainty=DATED,
    headers=(
        "nino, ni number, ni no, national insurance, national insurance number, national insurance no, nat ins no"
    ),
    says="the structure of National Insurance numbers",
    also=r"[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Z]?",
    span=r"[A-CEGHJ-PR-TW-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]",
)
