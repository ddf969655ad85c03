"""India: PAN and GSTIN of the tax office.

PAN (Income-tax Rules 1962, rule 114): five letters, four digits, a letter; the fourth letter is
the holder's kind, P for a person. GSTIN (CGST Rules 2017, rule 10): state, PAN, entity, Z, check.
"""

from __future__ import annotations

import re

from .. import checksums
from ..detector import Detector
from ..shapes import full

__all__ = ["IN_GSTIN", "IN_PAN"]

_PAN = r"[A-Z]{3}[ABCEFGHJLPT][A-Z](?!0000)\d{4}[A-Z]"
_pan = full(_PAN)
_looks_like_pan = full(r"[A-Z]{5}\d{4}[A-Z]", ignore_case=True)
_gstin = full(rf"(?:0[1-9]|[12]\d|3[0-8]|97|99){_PAN}[1-9A-Z]Z[0-9A-Z]")


def _gstin_proof(text: str) -> bool:
    return bool(_gstin(text.upper())) and checksums.luhn_mod36(text.upper())


IN_PAN = Detector(
    "in_pan", "IN_PAN", shape=_looks_like_pan, proof=lambda text: _pan(text.upper()), alone=0.9, share=0.85,
    span=re.compile(rf"(?<![\w-]){_PAN}(?![\w-])"), says="the structure of a PAN with its fourth letter",
)  # fmt: skip
IN_GSTIN = Detector(
    "in_gstin", "TAX_ID", shape=full(r"\d{2}[A-Z0-9]{13}", ignore_case=True), proof=_gstin_proof, kind="checksum",
    alone=0.95, few=True, span=re.compile(rf"(?<![\w-])\d\d{_PAN}[1-9A-Z]Z[0-9A-Z](?![\w-])"),
    says="the structure and check character of a GSTIN",
)  # fmt: skip
