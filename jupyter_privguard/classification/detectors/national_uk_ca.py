"""United Kingdom and Canada: National Insurance number, NHS number, Social Insurance Number."""

from __future__ import annotations

import re

from .. import checksums
from ..detector import Detector
from ._shapes import bare, full

__all__ = ["CA_SIN", "UK_NHS", "UK_NINO"]

# HMRC National Insurance Manual NIM39110: letters and pairs that are not issued; suffix A–D.
_NINO = r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]"
_nino = full(_NINO)


def _nhs(text: str) -> bool:
    """Ten digits, weights 10–2, remainder 11 (NHS Data Dictionary, NHS NUMBER)."""
    digits = text.replace(" ", "").replace("-", "")
    if len(digits) != 10 or not digits.isdecimal() or len(set(digits)) == 1:
        return False
    return (11 - checksums.weighted(digits[:9], range(10, 1, -1)) % 11) % 11 == int(digits[9])


def _sin(text: str) -> bool:
    """Nine digits with Luhn; 0 and 8 are not issued to persons (Service Canada)."""
    digits = text.replace(" ", "").replace("-", "")
    return len(digits) == 9 and digits[:1] not in "08" and checksums.luhn(digits)


UK_NINO = Detector(
    "uk_nino", "NATIONAL_ID", shape=full(r"[A-Z]{2}[\d ]{6,10}[A-Z]?", ignore_case=True),
    proof=lambda text: _nino(text.upper()), alone=0.92, share=0.8,
    span=re.compile(rf"(?<![\w-]){_NINO}(?![\w-])"), says="the structure of National Insurance numbers",
)  # fmt: skip
UK_NHS = Detector(
    "uk_nhs", "NATIONAL_ID", shape=lambda text: len(bare(text)) == 10 and bare(text).isdecimal(), proof=_nhs,
    kind="checksum", alone=0.85, with_person=0.9, share=0.8, says="the check digit of NHS numbers",
)  # fmt: skip
CA_SIN = Detector(
    "ca_sin", "NATIONAL_ID", shape=lambda text: len(bare(text)) == 9 and bare(text).isdecimal(), proof=_sin,
    kind="checksum", alone=0.8, with_person=0.88, share=0.8, says="the Luhn check digit of a nine-digit number",
)  # fmt: skip
