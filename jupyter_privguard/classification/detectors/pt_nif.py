"""Portugal: número de identificação fiscal of a person, nine digits, weights 9 to 2 modulo 11.

Decreto-Lei n.º 14/2013, art. 4.º: persons begin with 1, 2 or 3 (non-residents with 45).
"""

from __future__ import annotations

from .. import checksums
from ..national import ONE_DIGIT, national

__all__ = ["PT_NIF"]


def _check(plain: str) -> bool:
    rest = checksums.weighted(plain[:8], range(9, 1, -1)) % 11
    return int(plain[8]) == (0 if rest < 2 else 11 - rest)


PT_NIF = national(
    "pt_nif",
    written=r"(?:[123]\d|45)\d{7}|[123]\d{2} \d{3} \d{3}",
    check=_check,
    certainty=ONE_DIGIT,
    headers=(
        "nif, numero nif, contribuinte, numero contribuinte, numero de contribuinte, numero de identificacao fiscal"
    ),
    says="the check digit of a Portuguese tax number",
)
