"""Mexico: CURP, letters of the name, birth date, sex, state, consonants, check digit modulo 10.

Instructivo Normativo para la asignación de la CURP (DOF 18 October 2021).
"""

from __future__ import annotations

from ..national import FORM, national
from ..shapes import is_day

__all__ = ["MX_CURP"]

# The states, Mexico City under its old and new letters, and NE for those born abroad: annex of the Instructivo.
_STATES = "AS|BC|BS|CC|CS|CH|CL|CM|CX|DF|DG|GT|GR|HG|JC|MC|MN|MS|NT|NL|OC|PL|QT|QR|SP|SL|SR|TC|TS|TL|VZ|YN|ZS|NE"
_CHARACTERS = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"


def _check(plain: str) -> bool:
    total = sum(_CHARACTERS.index(character) * (18 - place) for place, character in enumerate(plain[:17]))
    return (10 - total % 10) % 10 == int(plain[17]) and is_day(plain[4:6], plain[6:8], plain[8:10])


MX_CURP = national(
    "mx_curp",
    written=rf"[A-Z][AEIOUX][A-Z]{{2}}\d{{6}}[HMX](?:{_STATES})[B-DF-HJ-NP-TV-Z]{{3}}[0-9A-Z]\d",
    check=_check,
    certainty=FORM,
    headers="curp, clave curp",
    says="the birth date and check digit of a CURP",
    span=r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d",
)
