"""India: Aadhaar, twelve digits, never beginning with 0 or 1, the last by Verhoeff (UIDAI)."""

from __future__ import annotations

import re

from .. import checksums
from ..detector import Detector
from ..shapes import bare, full

__all__ = ["IN_AADHAAR"]

_digits = full(r"\d{12}")
# Masked Aadhaar shows the last four (UIDAI circular 2018): still somebody's number.
_masked = full(r"(?:[Xx*]{4}[ -]?){2}\d{4}")
_written = full(r"[2-9]\d{3}([ -]?)\d{4}\1\d{4}")


def _shape(text: str) -> bool:
    return bool(_digits(bare(text))) or bool(_masked(text))


def _proof(text: str) -> bool:
    return bool(_written(text)) and checksums.verhoeff(bare(text))


IN_AADHAAR = Detector(
    "in_aadhaar", "IN_AADHAAR", shape=_shape, proof=_proof, kind="checksum", alone=0.92,
    span=re.compile(r"(?<![\w.+-])[2-9]\d{3}([ -]?)\d{4}\1\d{4}(?![\w-]|\.\d)"),
    says="twelve digits with a Verhoeff check digit",
)  # fmt: skip
