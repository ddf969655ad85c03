"""Spain: DNI and NIE, the number modulo 23 gives the letter.

Real Decreto 1553/2005 art. 11; Orden INT/2058/2008.
"""

from __future__ import annotations

from ..national import DATED, national

__all__ = ["ES_NIF"]

_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def _check(plain: str) -> bool:
    number = plain[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return _LETTERS[int(number) % 23] == plain[-1]


ES_NIF = national(
    "es_nif",
    written=r"(?:\d{2}\.?\d{3}\.?\d{3}|[XYZ]-?\d{7})-?[A-Z]",
    check=_check,
    certainty=DATED,
    headers="nif, dni, nie, dni nie, numero dni, numero nif, documento nacional de identidad",
    says="the check letter of a DNI or NIE",
    also=r"\d{7}-?[A-Z]",
    span=r"(?:\d{8}|[XYZ]-?\d{7})-?[A-Z]",
)
