"""Hong Kong: identity card number, one or two letters, six digits, check character modulo 11.

Registration of Persons Ordinance (Cap. 177); Immigration Department. A missing first letter counts as 36.
"""

from __future__ import annotations

from ..national import DATED, national

__all__ = ["HK_HKID"]


def _check(plain: str) -> bool:
    body, last = plain.replace("(", "").replace(")", "")[:-1], plain.rstrip(")")[-1]
    values = [36] * (8 - len(body)) + [int(character, 36) for character in body]
    total = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) + int(last, 16)
    return total % 11 == 0


HK_HKID = national(
    "hk_hkid",
    written=r"[A-Z]{1,2}\d{6}(?:\([\dA]\)|[\dA])",
    check=_check,
    certainty=DATED,
    headers="hkid, hkid no, hkid number, hong kong id, hong kong id card, 香港身份證, 香港身份證號碼",
    says="the check character of a Hong Kong identity card",
)
