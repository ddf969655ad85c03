"""Netherlands: burgerservicenummer, nine digits, weights 9 to 2 and -1 modulo 11.

Wet algemene bepalingen burgerservicenummer 2007; Besluit burgerservicenummer art. 1.
"""

from __future__ import annotations

from .. import checksums
from ..national import ONE_DIGIT, national

__all__ = ["NL_BSN"]


def _check(plain: str) -> bool:
    return len(set(plain)) > 1 and checksums.weighted(plain, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


NL_BSN = national(
    "nl_bsn",
    written=r"\d{9}|\d{4}[. ]\d{2}[. ]\d{3}",
    check=_check,
    certainty=ONE_DIGIT,
    headers="bsn, bsn nummer, bsn number, burgerservicenummer, sofinummer, sofi nummer",
    says="the eleven-test of a burgerservicenummer",
)
