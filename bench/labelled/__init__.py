"""A yardstick for classifiers of columns: labelled tables in thirteen places and eleven languages, from a seed.

``python bench/accuracy.py --classifier module:function --seed N`` scores any classifier with it: a function that takes
a DataFrame and returns, a column each, an entity or a pair of entity and confidence (``"NONE"`` or None: harmless).
Everything is made up; the numbers carry the check digits that their issuers prescribe.

Labelling policy
----------------
A column is *sensitive* when the rows of its table are natural persons and it holds something about who or how they
are: a direct identifier (name, e-mail, phone, address, a number given by a state, a bank, an employer, a hospital or a
shop, a user name, a network or device address, a credential, text in which such things stand), a quasi-identifier
(birth date, age, gender, city, postcode, coordinates, marital status, nationality) or a sensitive attribute (religion,
ethnicity, politics, orientation, union, convictions, health, income, balance, credit).

A column is *harmless* (``NONE``) when no row is a person (places, companies, products, catalogues, aggregates, logs of
machines), or when it says what happened and not who it was (plan, status, number of visits).

*Open*, never scored: occupation, country, dates of what persons did, amounts of single payments, counted row numbers.

Where several answers are right the label lists them: a tax number that is also a national id is right under either
name. A column is *evident* when a person could tell from its values; without header and under a misleading one only
evident columns are scored, and harmless ones of tables without persons.

Where the values come from
--------------------------
Names, streets, cities and phones are those of mimesis (MIT), which the classifier's dictionaries were not made from;
names of India, terms and sentences are in ``words.txt``, labels in ``headers.txt``, both written for this yardstick.
One seed makes the same tables wherever the version of mimesis is the same; ``digest`` tells whether it did.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

from . import harmless, persons
from .core import NONE, Case, Column, Table
from .people import PLACES
from .variants import VARIANTS

__all__ = ["DIRECT", "NONE", "PLACES", "VARIANTS", "Case", "Column", "Table", "cases", "digest", "tables"]

DIRECT = frozenset(
    """PERSON_NAME EMAIL_ADDRESS PHONE_NUMBER ADDRESS CUSTOMER_ID EMPLOYEE_ID USERNAME PASSPORT DRIVER_LICENSE
    MEDICAL_RECORD_NUMBER CREDIT_CARD IBAN BANK_ACCOUNT US_SSN UK_NINO UK_NHS IN_AADHAAR IN_PAN DE_TAX_ID FR_NIR ES_NIF
    BR_CPF IT_CODICE_FISCALE NL_BSN PL_PESEL SE_PERSONNUMMER JP_MY_NUMBER""".split()
)
"""Entities that name one person by themselves."""


def tables(seed: int, *, count: int) -> Iterator[Table]:
    """``count`` tables of persons and as many without, every domain, place and kind in turn."""
    domains, kinds = list(persons.DOMAINS), list(harmless.KINDS)
    for n in range(count):
        domain, place, kind = (
            domains[n % len(domains)],
            PLACES[(n + n // len(domains)) % len(PLACES)],
            kinds[n % len(kinds)],
        )
        name = f"{domain}/{place.tag}/{n}"
        rng = random.Random(f"{seed}/{name}")
        yield persons.tables(rng, domain, place, rng.randint(60, 300), name)
        name = f"{kind}/{n}"
        rng = random.Random(f"{seed}/{name}")
        yield harmless.tables(rng, kind, rng.randint(60, 300), name)


def cases(seed: int, *, count: int, variants: tuple[str, ...] = tuple(VARIANTS)) -> Iterator[Case]:
    """Every table of ``tables`` in every variant."""
    for table in tables(seed, count=count):
        for variant in variants:
            yield VARIANTS[variant](table, random.Random(f"{seed}/{table.name}/{variant}"))


def digest(seed: int, *, count: int) -> str:
    """A short name of the corpus: equal only where labels and values are."""
    found = hashlib.sha256()
    for table in tables(seed, count=count):
        found.update(repr((table.name, [(c.header, list(c.values), c.entity) for c in table.columns])).encode())
    return found.hexdigest()[:12]
