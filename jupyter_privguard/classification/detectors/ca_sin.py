"""Canada: Social Insurance Number, nine digits, Luhn; 0 and 8 are not given to persons.

Employment Insurance Act s. 138; Service Canada.
"""

from __future__ import annotations

from .. import checksums
from ..national import ONE_DIGIT, national

__all__ = ["CA_SIN"]


def _check(plain: str) -> bool:
    return len(set(plain)) > 1 and checksums.luhn(plain)


CA_SIN = national(
    "ca_sin",
    written=r"[1-79]\d{8}|[1-79]\d{2}[ -]\d{3}[ -]\d{3}",
    check=_check,
    # Israeli numbers are checked alike, and one in five of them begins with 0 or 8.
    certainty=ONE_DIGIT._replace(share=0.9),
    headers=(
        "sin, sin number, sin no, social insurance number, social insurance no, social insurance, numero "
        "assurance sociale"
    ),
    says="the Luhn check digit of a Social Insurance Number",
)
