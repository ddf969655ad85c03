"""Switzerland: AHV number, 756 for the country, nine digits, check digit as in EAN-13.

AHVG art. 50c (2008); AHVV art. 133. No trade number begins with 756: GS1 Switzerland has 760 to 769.
"""

from __future__ import annotations

from .. import checksums
from ..national import DATED, national

__all__ = ["CH_AHV"]


def _check(plain: str) -> bool:
    return checksums.weighted(plain, (1, 3) * 6 + (1,)) % 10 == 0


CH_AHV = national(
    "ch_ahv",
    written=r"756\.?\d{4}\.?\d{4}\.?\d{2}",
    check=_check,
    certainty=DATED,
    headers=("ahv, ahv nummer, ahv nr, ahvnr, ahvn13, avs, numero avs, no avs, navs13, numero avs13, numero ahv"),
    says="the country and check digit of an AHV number",
    span=r"756\.\d{4}\.\d{4}\.\d{2}",
)
