"""Made-up numbers with the check digits that their issuers prescribe; written apart from the classifier's own."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Sequence
from datetime import date

_LETTERS = string.ascii_uppercase


def digits(rng: random.Random, count: int, first: str = "123456789") -> str:
    return rng.choice(first) + "".join(rng.choices(string.digits, k=count - 1)) if count else ""


def letters(rng: random.Random, count: int, out_of: str = _LETTERS) -> str:
    return "".join(rng.choices(out_of, k=count))


def luhn(body: str) -> str:
    """``body`` and its check digit, ISO/IEC 7812-1 annex B."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body)))
    return body + str(-sum(value - 9 * (value > 9) for value in doubled) % 10)


def _dihedral(a: int, b: int) -> int:
    if a < 5:
        return (a + b) % 5 if b < 5 else 5 + (a + b) % 5
    return 5 + (a - b) % 5 if b < 5 else (a - b) % 5


def verhoeff(body: str) -> str:
    """``body`` and its check digit after Verhoeff 1969."""
    base = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
    state = 0
    for place, digit in enumerate(reversed(body), start=1):
        value = int(digit)
        for _ in range(place % 8):
            value = base[value]
        state = _dihedral(state, value)
    return body + next(str(check) for check in range(10) if _dihedral(state, check) == 0)


def weighted(text: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True))


def aadhaar(rng: random.Random, _: date) -> str:
    number = verhoeff(digits(rng, 11, "23456789"))
    return f"{number[:4]} {number[4:8]} {number[8:]}"


def ssn(rng: random.Random, _: date) -> str:
    area = rng.choice([n for n in range(1, 900) if n != 666])
    return f"{area:03d}-{rng.randint(1, 99):02d}-{rng.randint(1, 9999):04d}"


def nino(rng: random.Random, _: date) -> str:
    prefix = rng.choice("ABCEGHJKLMPRSTWXYZ") + rng.choice("ACEHJLMPRSTWX")
    return f"{prefix} {digits(rng, 2)} {digits(rng, 2)} {digits(rng, 2)} {rng.choice('ABCD')}"


def steuer_id(rng: random.Random, _: date) -> str:
    """One digit twice, all others once or not at all; ISO 7064 mod 11,10."""
    places = rng.sample(range(10), 9)
    places.append(rng.choice(places))
    rng.shuffle(places)
    if places[0] == 0:
        swap = next(n for n, digit in enumerate(places) if digit)
        places[0], places[swap] = places[swap], places[0]
    product = 10
    for digit in places:
        product = ((digit + product) % 10 or 10) * 2 % 11
    return "".join(map(str, places)) + str((11 - product) % 10)


def nir(rng: random.Random, born: date) -> str:
    department = rng.randint(1, 95)
    department += department == 20  # Corsica has letters
    body = f"{rng.choice('12')}{born:%y%m}{department:02d}{rng.randint(1, 990):03d}{rng.randint(1, 999):03d}"
    return f"{body}{97 - int(body) % 97:02d}"


def dni(rng: random.Random, _: date) -> str:
    number = digits(rng, 8)
    return number + "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23]


def cpf(rng: random.Random, _: date) -> str:
    body = digits(rng, 9, string.digits)
    for _round in range(2):
        rest = weighted(body, range(len(body) + 1, 1, -1)) % 11
        body += str(0 if rest < 2 else 11 - rest)
    return f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"


_ODD = dict(zip(string.digits, (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True)) | dict(
    zip(
        _LETTERS,
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)  # fmt: skip


def codice_fiscale(rng: random.Random, born: date) -> str:
    day = born.day + rng.choice((0, 40))
    body = letters(rng, 6, "BCDFGLMNPRSTV") + f"{born:%y}{'ABCDEHLMPRST'[born.month - 1]}{day:02d}"
    body += rng.choice("ABCDEFGHL") + f"{rng.randint(1, 990):03d}"
    even = sum(int(c) if c.isdigit() else _LETTERS.index(c) for c in body[1::2])
    return body + _LETTERS[(sum(_ODD[c] for c in body[::2]) + even) % 26]


def bsn(rng: random.Random, _: date) -> str:
    while True:
        body = digits(rng, 8)
        rest = weighted(body, range(9, 1, -1)) % 11
        if rest < 10:
            return body + str(rest)


def pesel(rng: random.Random, born: date) -> str:
    month = born.month + (20 if born.year >= 2000 else 0)
    body = f"{born:%y}{month:02d}{born:%d}{digits(rng, 4, string.digits)}"
    return body + str(-weighted(body, (1, 3, 7, 9) * 2 + (1, 3)) % 10)


def personnummer(rng: random.Random, born: date) -> str:
    number = luhn(f"{born:%y%m%d}{rng.randint(1, 989):03d}")
    return f"{number[:6]}-{number[6:]}"


def my_number(rng: random.Random, _: date) -> str:
    body = digits(rng, 11)
    rest = weighted(body, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return body + str(0 if rest <= 1 else 11 - rest)


NATIONAL: dict[str, tuple[str, Callable[[random.Random, date], str]]] = {
    "us": ("US_SSN", ssn), "gb": ("UK_NINO", nino), "in": ("IN_AADHAAR", aadhaar), "de": ("DE_TAX_ID", steuer_id),
    "fr": ("FR_NIR", nir), "es": ("ES_NIF", dni), "br": ("BR_CPF", cpf), "it": ("IT_CODICE_FISCALE", codice_fiscale),
    "nl": ("NL_BSN", bsn), "pl": ("PL_PESEL", pesel), "se": ("SE_PERSONNUMMER", personnummer),
    "jp": ("JP_MY_NUMBER", my_number),
}  # fmt: skip
"""Country → the entity of its national id and how one is made."""


def nhs(rng: random.Random) -> str:
    while True:
        body = digits(rng, 9, "4567")
        check = -weighted(body, range(10, 1, -1)) % 11
        if check < 10:
            return f"{body[:3]} {body[3:6]} {body[6:]}{check}"


def pan(rng: random.Random, family: str) -> str:
    return f"{letters(rng, 3)}P{family[:1].upper()}{digits(rng, 4, string.digits)}{letters(rng, 1)}"


def card(rng: random.Random) -> str:
    prefix = rng.choice(["4", "4", f"5{rng.randint(1, 5)}", "34", "37"])
    return luhn(prefix + digits(rng, (14 if prefix[0] == "3" else 15) - len(prefix), string.digits))


_BBAN = {
    "de": (0, 18),
    "fr": (0, 23),
    "es": (0, 20),
    "it": (1, 22),
    "nl": (4, 10),
    "pl": (0, 24),
    "se": (0, 20),
    "gb": (4, 14),
}


def iban(rng: random.Random, country: str) -> str:
    """ISO 13616; a German one where the country has none."""
    country = country if country in _BBAN else "de"
    alphabetic, numeric = _BBAN[country]
    bank = letters(rng, alphabetic) + digits(rng, numeric)
    as_number = "".join(str(int(c, 36)) for c in f"{bank}{country.upper()}00")
    return f"{country.upper()}{98 - int(as_number) % 97:02d}{bank}"


def imei(rng: random.Random) -> str:
    return luhn(rng.choice(["35", "86", "01"]) + digits(rng, 12, string.digits))


def ean13(rng: random.Random, prefix: str = "40") -> str:
    body = prefix + digits(rng, 12 - len(prefix), string.digits)
    return body + str(-weighted(body, (1, 3) * 6) % 10)


def isbn10(rng: random.Random) -> str:
    body = digits(rng, 9, "0123")
    check = -weighted(body, range(10, 1, -1)) % 11
    return body + ("X" if check == 10 else str(check))


_PLATES: dict[str, Callable[[random.Random], str]] = {
    "de": lambda rng: f"{rng.choice(['B', 'M', 'HH', 'KA'])}-{letters(rng, 2)} {digits(rng, 4)}",
    "gb": lambda rng: f"{letters(rng, 2)}{digits(rng, 2)} {letters(rng, 3)}",
    "in": lambda rng: f"MH{rng.randint(1, 50):02d}{letters(rng, 2)}{digits(rng, 4)}",
    "fr": lambda rng: f"{letters(rng, 2)}-{digits(rng, 3)}-{letters(rng, 2)}",
    "es": lambda rng: f"{digits(rng, 4)} {letters(rng, 3, 'BCDFGHJKLMNPRSTVWXYZ')}",
    "it": lambda rng: f"{letters(rng, 2)}{digits(rng, 3)}{letters(rng, 2)}",
    "nl": lambda rng: f"{letters(rng, 2)}-{digits(rng, 3)}-{letters(rng, 1)}",
    "br": lambda rng: f"{letters(rng, 3)}{digits(rng, 1)}{letters(rng, 1)}{digits(rng, 2)}",
    "jp": lambda rng: f"品川 {digits(rng, 3)} あ {digits(rng, 2)}-{digits(rng, 2)}",
}


def plate(rng: random.Random, country: str) -> str:
    make = _PLATES.get(country)
    return make(rng) if make else f"{letters(rng, 3)} {digits(rng, 3)}"
