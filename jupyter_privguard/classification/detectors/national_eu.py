"""European national ids with check characters: Spain, Italy, France, Germany, Poland."""

from __future__ import annotations

import re

from .. import checksums
from ..detector import Detector
from ._shapes import bare, full, is_day

__all__ = ["DE_TAX_ID", "ES_NIF", "FR_NIR", "IT_CODICE_FISCALE", "PL_PESEL"]

_NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_nif_shape = full(r"[XYZ]?\d{7,8}[A-Z]")
_codice_shape = full(r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]")
_ODD_VALUES = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_nir_shape = full(r"[1-478]\d{2}(?:0[1-9]|[1-9]\d)(?:\d\d|2[AB])\d{8}")


def _nif(text: str) -> bool:
    """DNI and NIE: the number modulo 23 gives the letter (Real Decreto 1553/2005; Orden INT/2058/2008)."""
    plain = bare(text)
    if not _nif_shape(plain):
        return False
    number = plain[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return len(number) == 8 and _NIF_LETTERS[int(number) % 23] == plain[-1]


def _codice(text: str) -> bool:
    """Sixteen characters, the last by odd and even values modulo 26 (Decreto 23 dicembre 1976)."""
    plain = text.upper()
    if not _codice_shape(plain):
        return False
    total = 0
    for position, character in enumerate(plain[:15]):
        value = int(character) if character.isdigit() else ord(character) - ord("A")
        total += _ODD_VALUES[value] if position % 2 == 0 else value
    return chr(ord("A") + total % 26) == plain[15]


def _nir(text: str) -> bool:
    """Thirteen digits and a key, 97 minus the number modulo 97; Corsica 2A, 2B (INSEE)."""
    plain = bare(text)
    if not _nir_shape(plain):
        return False
    number = plain[:13].replace("2A", "19").replace("2B", "18")
    return number.isdecimal() and 97 - int(number) % 97 == int(plain[13:])


def _steuer_id(text: str) -> bool:
    """Eleven digits, one of the first ten doubled or tripled, MOD 11,10 (§ 139b AO, BZSt)."""
    plain = bare(text)
    if len(plain) != 11 or not plain.isdecimal() or plain[0] == "0" or len(set(plain[:10])) not in (8, 9):
        return False
    return checksums.iso7064_mod11_10(plain)


def _pesel(text: str) -> bool:
    """Eleven digits that begin with a birth date, weights 1-3-7-9 (Ustawa o ewidencji ludności)."""
    if len(text) != 11 or not text.isascii() or not text.isdecimal():
        return False
    month = int(text[2:4]) % 20
    total = checksums.weighted(text[:10], (1, 3, 7, 9) * 3)
    return is_day(text[:2], str(month).zfill(2), text[4:6]) and (10 - total % 10) % 10 == int(text[10])


ES_NIF = Detector(
    "es_nif", "NATIONAL_ID", shape=lambda text: _nif_shape(bare(text)), proof=_nif, kind="checksum", alone=0.95,
    span=re.compile(r"(?<![\w-])(?:\d{8}|[XYZ]-?\d{7})-?[A-Z](?![\w-])"), says="the check letter of a DNI or NIE",
)  # fmt: skip
IT_CODICE_FISCALE = Detector(
    "it_codice_fiscale", "NATIONAL_ID", shape=lambda text: _codice_shape(text.upper()), proof=_codice,
    kind="checksum", alone=0.97, few=True,
    span=re.compile(r"(?<![\w-])[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z](?![\w-])"),
    says="the check letter of a codice fiscale",
)  # fmt: skip
FR_NIR = Detector(
    "fr_nir", "NATIONAL_ID", shape=lambda text: _nir_shape(bare(text)), proof=_nir, kind="checksum", alone=0.97,
    few=True, span=re.compile(r"(?<![\w.-])[12] ?\d\d ?\d\d ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d(?![\w-]|\.\d)"),
    says="the key of a NIR",
)  # fmt: skip
DE_TAX_ID = Detector(
    "de_tax_id", "TAX_ID", shape=lambda text: len(bare(text)) == 11 and bare(text).isdecimal(), proof=_steuer_id,
    kind="checksum", alone=0.93, says="the check digit and digit pattern of a German tax id",
)  # fmt: skip
PL_PESEL = Detector(
    "pl_pesel", "NATIONAL_ID", shape=full(r"\d{10,11}"), proof=_pesel, kind="checksum", alone=0.95,
    says="the birth date and check digit of a PESEL",
)  # fmt: skip
