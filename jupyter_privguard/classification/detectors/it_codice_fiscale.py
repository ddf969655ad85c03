"""Italy: codice fiscale, the last letter by odd and even values modulo 26.

Decreto Ministeriale 23 dicembre 1976 (13813). Digits may be replaced by letters where two persons would be equal.
"""

from __future__ import annotations

from ..national import FORM, national

__all__ = ["IT_CODICE_FISCALE"]

_ODD_VALUES = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def _check(plain: str) -> bool:
    total = 0
    for position, character in enumerate(plain[:15]):
        value = int(character) if character.isdigit() else ord(character) - ord("A")
        total += _ODD_VALUES[value] if position % 2 == 0 else value
    return chr(ord("A") + total % 26) == plain[15]


IT_CODICE_FISCALE = national(
    "it_codice_fiscale",
    written=r"[A-Z]{6}[\dLMNP-V]{2}[A-EHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]",
    check=_check,
    certainty=FORM,
    headers="codice fiscale, cod fisc, cod fiscale, codicefiscale",
    says="the check letter of a codice fiscale",
    span=r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]",
)
