"""Ecuador: cédula of a person, province, eight digits, Luhn.

Ley Orgánica de Gestión de la Identidad y Datos Civiles (2016); Registro Civil. The third digit is 6 at most.
"""

from __future__ import annotations

from .. import checksums
from ..national import ONE_DIGIT, national

__all__ = ["EC_CI"]


def _check(plain: str) -> bool:
    return checksums.luhn(plain)


EC_CI = national(
    "ec_ci",
    written=r"(?:0[1-9]|1\d|2[0-4]|30)[0-6]\d{6}-?\d",
    check=_check,
    certainty=ONE_DIGIT,
    headers="cedula, cedula de identidad, cedula ecuatoriana, numero de cedula, numero cedula",
    says="the province and check digit of an Ecuadorian cédula",
)
