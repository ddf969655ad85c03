"""Check digits, each as its standard writes it.

Every function takes text without separators and answers False for anything it cannot check, so
that callers need not look first. One value in ten passes a decimal check digit by chance: a
column is judged by the share of its values, never by one.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "iban",
    "iso7064_mod11_2",
    "iso7064_mod11_10",
    "iso7064_mod97",
    "luhn",
    "luhn_mod36",
    "two_rounds_mod11",
    "verhoeff",
    "weighted",
]

# Multiplication in the dihedral group D5 and the position permutation of Verhoeff's code.
_D5 = tuple(
    tuple(
        (a + b) % 5 if a < 5 and b < 5 else 5 + (a + b) % 5 if a < 5 else 5 + (a - b) % 5 if b < 5 else (a - b) % 5
        for b in range(10)
    )
    for a in range(10)
)
_TURN = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _permutations() -> tuple[tuple[int, ...], ...]:
    rows = [tuple(range(10))]
    for _ in range(7):
        rows.append(tuple(rows[-1][digit] for digit in _TURN))
    return tuple(rows)


_PERMUTATIONS = _permutations()
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_IBAN_LENGTHS = {
    code: int(length)
    for code, length in (
        pair.split(":")
        for pair in (
            "AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BR:29 BY:28 CH:21 CR:22 CY:28 CZ:24 DE:22 DK:18 "
            "DO:28 EE:20 EG:29 ES:24 FI:18 FO:18 FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 GT:28 HR:21 HU:28 IE:22 IL:23 "
            "IQ:23 IS:26 IT:27 JO:30 KW:30 KZ:20 LB:28 LC:32 LI:21 LT:20 LU:20 LV:21 MC:27 MD:24 ME:22 MK:19 MR:27 "
            "MT:31 MU:30 NL:18 NO:15 PK:24 PL:28 PS:29 PT:25 QA:29 RO:24 RS:22 SA:24 SE:24 SI:19 SK:24 SM:27 TN:24 "
            "TR:26 UA:29 VA:22 VG:24 XK:20"
        ).split()
    )
}
"""Characters of an IBAN by country: SWIFT IBAN Registry (ISO 13616)."""


def _is_decimal(text: str) -> bool:
    return text.isascii() and text.isdigit()


def luhn(digits: str) -> bool:
    """Whether the last digit is right: ISO/IEC 7812-1 annex B (payment cards, IMEI, CA SIN)."""
    if not _is_decimal(digits) or len(digits) < 2:
        return False
    total = sum(int(digit) for digit in digits[-1::-2]) + sum(_DOUBLED[int(digit)] for digit in digits[-2::-2])
    return total % 10 == 0


def luhn_mod36(text: str) -> bool:
    """Luhn over 0–9A–Z, weights 1 and 2 from the left: check character of an Indian GSTIN."""
    total = 0
    for position, character in enumerate(text):
        value = _BASE36.find(character)
        if value < 0:
            return False
        if position == len(text) - 1:
            return (36 - total % 36) % 36 == value
        value *= 1 + position % 2
        total += value // 36 + value % 36
    return False


def verhoeff(digits: str) -> bool:
    """Whether the last digit is right: J. Verhoeff, Error Detecting Decimal Codes, 1969 (Aadhaar)."""
    if not _is_decimal(digits):
        return False
    state = 0
    for position, digit in enumerate(reversed(digits)):
        state = _D5[state][_PERMUTATIONS[position % 8][int(digit)]]
    return state == 0


def iso7064_mod97(text: str) -> bool:
    """MOD 97-10 of ISO/IEC 7064: letters count as 10–35, the remainder must be 1."""
    if not text or any(character not in _BASE36 for character in text):
        return False
    return int("".join(str(_BASE36.index(character)) for character in text)) % 97 == 1


def iban(text: str) -> bool:
    """Country length and MOD 97-10 of an IBAN without spaces, upper case: ISO 13616-1."""
    if _IBAN_LENGTHS.get(text[:2]) != len(text) or not _is_decimal(text[2:4]):
        return False
    return iso7064_mod97(text[4:] + text[:4])


def iso7064_mod11_10(digits: str) -> bool:
    """MOD 11,10 of ISO/IEC 7064 (German tax identification number)."""
    if not _is_decimal(digits) or len(digits) < 2:
        return False
    product = 10
    for digit in digits[:-1]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[-1])


def iso7064_mod11_2(text: str) -> bool:
    """MOD 11-2 of ISO/IEC 7064, last character 0–9 or X (Chinese resident id, GB 11643)."""
    if not _is_decimal(text[:-1]) or text[-1:] not in "0123456789X":
        return False
    total = 0
    for digit in text[:-1]:
        total = (total + int(digit)) * 2 % 11
    return (total + (10 if text[-1] == "X" else int(text[-1]))) % 11 == 1


def weighted(digits: str, weights: Iterable[int]) -> int:
    """Sum of digits times weights, as far as both go; the caller takes the remainder."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def two_rounds_mod11(digits: str) -> bool:
    """The last of eleven digits by weights modulo 11, with other weights where the first round leaves 10.

    Estonian and Lithuanian personal codes (EVS 585:2007).
    """
    rest = weighted(digits[:10], (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if rest == 10:
        rest = weighted(digits[:10], (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return rest == int(digits[10])
