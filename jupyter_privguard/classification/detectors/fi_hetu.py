"""Finland: henkilötunnus, birth date, century sign, serial, check character modulo 31.

Laki väestötietojärjestelmästä 661/2009 § 11; since 2023 more signs stand for a century (asetus 690/2022).
"""

from __future__ import annotations

from ..national import FORM, national
from ..shapes import is_day

__all__ = ["FI_HETU"]

_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def _check(plain: str) -> bool:
    body = plain[:6] + plain[-4:-1]
    return is_day(plain[4:6], plain[2:4], plain[:2]) and _CHARACTERS[int(body) % 31] == plain[-1]


FI_HETU = national(
    "fi_hetu",
    written=r"\d{6}[-+A-FU-Y]\d{3}[\dA-FHJ-NPR-Y]",
    check=_check,
    certainty=FORM,
    headers="henkilotunnus, henkilotunnukset, hetu, sotu, personbeteckning, finnish personal identity code",
    says="the birth date and check character of a henkilötunnus",
    span=r"\d{6}[-+A-FU-Y]\d{3}[\dA-FHJ-NPR-Y]",
)
