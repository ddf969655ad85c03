"""United States: social security number.

Area not 000, 666 or 9xx, group not 00, serial not 0000 (SSA POMS RM 10201.035). There is no check
digit, and invoice numbers are written 3-2-4 too: nearly every value must obey the area and group
rules, which random digits break once in eight.
"""

from __future__ import annotations

import re

from ..detector import Detector
from ..shapes import bare, full

__all__ = ["US_SSN"]

_RULES = r"(?!000|666|9\d\d)\d{3}([- ])(?!00)\d\d\1(?!0000)\d{4}"
# Withdrawn by the SSA because they were printed in advertisements.
_PRINTED = frozenset({"078051120", "219099999", "123456789"})
_written = full(_RULES)
_digits = full(r"\d{7,9}")
_masked = full(r"(?:[Xx*]{3}-?[Xx*]{2}-?)\d{4}")


def _shape(text: str) -> bool:
    return bool(_digits(bare(text))) or bool(_masked(text))


def _proof(text: str) -> bool:
    return bool(_written(text)) and bare(text) not in _PRINTED


US_SSN = Detector(
    "us_ssn", "US_SSN", shape=_shape, proof=_proof, alone=0.85, with_person=0.92, share=0.98,
    span=re.compile(r"(?<![\w.-])(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-]|\.\d)"),
    says="the area, group and serial rules of social security numbers",
)  # fmt: skip
