"""Made-up people, other ones at every run, as a table that the probe's cells read.

Family names are put together from syllables, so that none of them is an ordinary word that stands in an output for
another reason. Numbers have valid check digits, hosts and phone numbers are reserved for examples.
"""

from __future__ import annotations

import csv
import random
import string
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from ..classification import checksums

__all__ = ["COLUMNS", "FILE", "ROWS", "make_people", "write_people"]

FILE = "selftest_people.csv"
ROWS = 40
COLUMNS = ("customer_id", "full_name", "email", "phone", "ssn", "card_number", "street", "dob", "income")
"""The personal columns. The file has two more, which say nothing of anybody alone: plan and visits."""

_GIVEN = "Asha Bruno Carmen Dmitri Elena Felix Greta Hiroko Imran Jelena Kofi Leila Mateus Nadia Oskar Priya".split()
_STARTS = "Bal Dor Fen Gar Hol Jar Kel Lor Mar Nev Pel Rov Sar Tam Vel Zor".split()
_MIDDLES = "abri edo ilo ona usta eri ami oki uve anto isca ordi".split()
_ENDS = "vitch mann sson dottir poulos wicz shvili nen rath kova beni tsu".split()
_STREETS = "Avenue Lane Road Street Terrace".split()
_HOSTS = ("mail.example", "post.example", "example.org")
_FIRST_BIRTH = date(1941, 1, 1)
_BIRTHS = 22_000
_PLANS = ("basic", "plus", "gold")


def make_people(seed: int) -> Mapping[str, Sequence[str]]:
    """A column of `ROWS` texts for each of `COLUMNS`, and ``plan`` and ``visits``; no family name occurs twice."""
    rng = random.Random(seed)  # noqa: S311 - made-up people need no cryptographic randomness
    families = [start + middle + end for start in _STARTS for middle in _MIDDLES for end in _ENDS]
    rows = [_person(rng, family) for family in rng.sample(families, ROWS)]
    return {column: [row[column] for row in rows] for column in (*COLUMNS, "plan", "visits")}


def write_people(path: Path, people: Mapping[str, Sequence[str]]) -> None:
    """Write ``people`` as CSV with one header line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(people)
        writer.writerows(zip(*people.values(), strict=True))


def _person(rng: random.Random, family: str) -> dict[str, str]:
    given = rng.choice(_GIVEN)
    # Not the first of a month: that is what a date is rounded to.
    born = (_FIRST_BIRTH + timedelta(days=rng.randrange(_BIRTHS))).replace(day=rng.randint(2, 28))
    return {
        "customer_id": f"K{_digits(rng, 7)}",
        "full_name": f"{given} {family}",
        "email": f"{given}.{family}{rng.randint(1, 99)}@{rng.choice(_HOSTS)}".lower(),
        "phone": f"+1 {rng.randint(201, 989)} 555 01{_digits(rng, 2)}",
        "ssn": f"{rng.randint(100, 665)}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}",
        "card_number": _card(rng),
        "street": f"{rng.randint(100, 999)} {family[:4]}{rng.choice(_MIDDLES)} {rng.choice(_STREETS)}",
        "dob": born.isoformat(),
        # Never round: what is rounded or banded must not equal it.
        "income": str(rng.randint(31, 98) * 10_000 + rng.randint(1111, 8888) // 10 * 10 + rng.randint(1, 9)),
        "plan": rng.choice(_PLANS),
        "visits": str(rng.randint(1, 12)),
    }


def _card(rng: random.Random) -> str:
    """A card number from a range for tests, last digit by Luhn."""
    body = f"4242{_digits(rng, 11)}"
    return next(body + digit for digit in string.digits if checksums.luhn(body + digit))


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice(string.digits) for _ in range(count))
