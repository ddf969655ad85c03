"""Brazil: CPF, nine digits and two check digits, weights 10–2 and 11–2 modulo 11 (Receita Federal)."""

from __future__ import annotations

import re

from .. import checksums
from ..detector import Detector
from ..shapes import bare, full

__all__ = ["BR_CPF"]

_written = full(r"\d{3}\.\d{3}\.\d{3}-\d\d|\d{11}")


def _proof(text: str) -> bool:
    digits = bare(text)
    if not _written(text) or len(set(digits)) == 1:
        return False
    first = checksums.weighted(digits[:9], range(10, 1, -1)) * 10 % 11 % 10
    second = checksums.weighted(digits[:10], range(11, 1, -1)) * 10 % 11 % 10
    return digits[9:] == f"{first}{second}"


BR_CPF = Detector(
    "br_cpf", "BR_CPF", shape=lambda text: len(bare(text)) in (10, 11) and bare(text).isdecimal(), proof=_proof,
    kind="checksum", alone=0.95, span=re.compile(r"(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d\d(?![\w-]|\.\d)"),
    says="both check digits of a CPF",
)  # fmt: skip
