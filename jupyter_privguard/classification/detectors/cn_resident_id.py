"""China: resident identity number, region, birth date, serial, MOD 11-2 (GB 11643-1999)."""

from __future__ import annotations

import re

from .. import checksums
from ..detector import Detector
from ..shapes import full, is_day

__all__ = ["CN_RESIDENT_ID"]

_shape = full(r"[1-8]\d{5}(?:18|19|20)\d{9}[\dXx]")


def _proof(text: str) -> bool:
    if not _shape(text) or not is_day(text[6:10], text[10:12], text[12:14]):
        return False
    return checksums.iso7064_mod11_2(text.upper())


CN_RESIDENT_ID = Detector(
    "cn_resident_id", "CN_RESIDENT_ID", shape=_shape, proof=_proof, kind="checksum", alone=0.97, few=True,
    span=re.compile(r"(?<![\w.-])[1-8]\d{5}(?:18|19|20)\d{9}[\dXx](?![\w-]|\.\d)"),
    headers="身份证, 身份证号, 身份证号码, 公民身份号码, chinese id, resident id number, shenfenzheng",
    says="the birth date and check character of a resident identity number",
)  # fmt: skip
