"""ORCID iD of a researcher: sixteen characters in four groups, the last one a check character.

ISO 27729 (ISNI) with the blocks kept for ORCID; MOD 11-2 of ISO/IEC 7064.
"""

from __future__ import annotations

from .. import checksums
from ..detector import Detector
from ..shapes import full

__all__ = ["ORCID"]

_id = full(r"(?:https?://orcid\.org/)?(?:0000-000[1-3]|0009-00(?:0\d|10))-\d{4}-\d{3}[\dX]", ignore_case=True)


def _shape(text: str) -> bool:
    return bool(_id(text))


def _proof(text: str) -> bool:
    return _shape(text) and checksums.iso7064_mod11_2(text.upper()[-19:].replace("-", ""))


ORCID = Detector(
    name="orcid",
    entity="CUSTOMER_ID",
    shape=_shape,
    proof=_proof,
    kind="checksum",
    alone=0.95,
    few=True,
    headers="orcid, orcid id, researcher id",
    says="the blocks and check character of ORCID iDs",
)
