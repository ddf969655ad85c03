"""France: NIR, thirteen characters and a key, 97 minus the number modulo 97.

Décret n° 82-103 (1982) art. 4; INSEE. Corsica is 2A or 2B and counts as 19 or 18.
"""

from __future__ import annotations

from ..national import FORM, national

__all__ = ["FR_NIR"]


def _check(plain: str) -> bool:
    number = plain[:13].replace("2A", "19").replace("2B", "18")
    return 97 - int(number) % 97 == int(plain[13:])


FR_NIR = national(
    "fr_nir",
    written=r"[1-478] ?\d{2} ?(?:0[1-9]|[1-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d{2}",
    check=_check,
    certainty=FORM,
    headers=(
        "nir, insee, numero insee, numero securite sociale, numero de securite sociale, numero secu, "
        "securite sociale, no secu, num secu"
    ),
    says="the key of a NIR",
    span=r"[12] ?\d\d ?\d\d ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d",
)
