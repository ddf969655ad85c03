"""What the columns of persons hold: concept → entity, values, other right answers, evident or not."""

from __future__ import annotations

import random
import string
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from .core import NONE, many, words
from .numbers import NATIONAL, card, digits, iban, imei, letters, nhs, pan, plate
from .people import Someone, birth_dates

Maker = Callable[[random.Random, list[Someone]], tuple[str | None, list[Any], set[str], bool]]
"""Returns entity, values, other right answers, and whether the values alone show it."""

_ICD = "J45.9 I10 E11.9 G43.0 J18.9 F32.1 E03.9 K35.8 M54.5 N39.0 L40.0 B34.9 Z00.0 R51 S52.5".split()
_IDS = {"NATIONAL_ID", "TAX_ID"}
_MEMBERS = {"CUSTOMER_ID", "EMPLOYEE_ID", "USERNAME", "NATIONAL_ID", "MEDICAL_RECORD_NUMBER"}


def _picked(entity: str, name: str, also: tuple[str, ...] = (), *, evident: bool = True, alike: bool = True) -> Maker:
    def make(rng: random.Random, persons: list[Someone]) -> Any:
        values = words(name, persons[0].place.language)
        change = rng.choice((str, str.lower, str.upper)) if alike else str
        return entity, [change(rng.choice(values)) for _ in persons], set(also), evident

    return make


def _each(
    entity: str | None, of: Callable[[Someone], Any], also: tuple[str, ...] = (), *, evident: bool = True
) -> Maker:
    return lambda _, persons: (entity, [of(one) for one in persons], set(also), evident)


def _drawn(
    entity: str | None, draw: Callable[[random.Random], Any], also: tuple[str, ...] = (), *, evident: bool = True
) -> Maker:
    return lambda rng, persons: (entity, many(len(persons), lambda: draw(rng)), set(also), evident)


def _numbered(entity: str, prefixes: tuple[str, ...]) -> Maker:
    """Ids as organisations give them: with a prefix of theirs, of one width, or simply counted."""

    def make(rng: random.Random, persons: list[Someone]) -> Any:
        form, first, step = rng.randrange(3), rng.randint(10_000, 900_000), rng.randint(1, 9)
        numbers = [first + step * n + rng.randrange(step) for n in range(len(persons))]
        rng.shuffle(numbers)
        prefix = rng.choice(prefixes)
        values = (
            [f"{prefix}{n:07d}" for n in numbers]
            if form == 0
            else numbers
            if form == 1
            else [f"{n:08d}" for n in numbers]
        )
        return entity, values, _MEMBERS, False

    return make


def _national(rng: random.Random, persons: list[Someone]) -> Any:
    entity, make = NATIONAL[persons[0].place.country]
    values: list[Any] = [make(rng, one.born) for one in persons]
    if rng.random() < 0.3:
        values = ["".join(c for c in value if c.isalnum()) for value in values]
        if all(value.isdigit() and value[0] != "0" for value in values) and rng.random() < 0.5:
            values = [int(value) for value in values]
    # Nine bare digits say nothing without their header.
    evident = entity not in ("US_SSN", "NL_BSN") or "-" in str(values[0])
    return entity, values, {*_IDS, "IN_PAN"} - ({"IN_PAN"} if entity != "IN_PAN" else set()), evident


def _phone(rng: random.Random, persons: list[Someone]) -> Any:
    form = rng.randrange(4)
    values: list[Any] = [one.phone for one in persons]
    if form == 0:
        values = [int("9" + "".join(c for c in value if c.isdigit())[-9:]) for value in values]
    return "PHONE_NUMBER", values, set(), form != 0 and "+" in str(values[0])


def _gender(rng: random.Random, persons: list[Someone]) -> Any:
    full = words("female_male", persons[0].place.language)
    form = rng.randrange(3)
    pair = {0: full, 1: ("F", "M"), 2: tuple(word.upper() for word in full)}[form]
    return "GENDER", [pair[not one.is_female] for one in persons], set(), True


def _postcode(rng: random.Random, persons: list[Someone]) -> Any:
    values: list[Any] = [one.postcode for one in persons]
    if all(value.isdigit() for value in values) and rng.random() < 0.3:
        return "POSTCODE", [int(value) for value in values], set(), False
    return "POSTCODE", values, set(), persons[0].place.country == "gb"


def _age(rng: random.Random, persons: list[Someone]) -> Any:
    return "AGE", [2026 - one.born.year for one in persons], set(), False


def _salary(rng: random.Random, persons: list[Someone]) -> Any:
    step = rng.choice((1, 100, 0.01))
    return (
        "INCOME",
        [round(round(rng.lognormvariate(10.6, 0.4) / step) * step, 2) for _ in persons],
        {"FINANCIAL"},
        False,
    )


def _name(rng: random.Random, persons: list[Someone]) -> Any:
    if rng.random() < 0.2 and persons[0].place.country != "jp":
        return "PERSON_NAME", [f"{one.family}, {one.given}" for one in persons], set(), True
    return "PERSON_NAME", [one.name for one in persons], set(), True


def _born(rng: random.Random, persons: list[Someone]) -> Any:
    return "DATE_OF_BIRTH", birth_dates(rng, persons), set(), False


def _notes(rng: random.Random, persons: list[Someone]) -> Any:
    language = persons[0].place.language
    told, plain, share = words("with_person", language), words("without_person", language), rng.uniform(0.1, 0.6)

    def text(one: Someone) -> str:
        if rng.random() >= share:
            return rng.choice(plain)
        return rng.choice(told).format(name=one.name, phone=one.phone, email=one.email, street=one.street)

    values = [text(one) for one in persons]
    values[0] = f"{rng.choice(plain)} {persons[0].email}"
    return "FREE_TEXT_WITH_PII", values, set(), True


def _api_key(rng: random.Random) -> str:
    alphabet, upper = string.ascii_letters + string.digits, string.ascii_uppercase + "234567"
    prefix, width, out_of = rng.choice((("ghp_", 36, alphabet), ("AKIA", 16, upper), ("sk_live_", 24, alphabet)))
    return prefix + letters(rng, width, out_of)


def _ip(rng: random.Random) -> str:
    return (
        f"{rng.choice((10, 84, 91, 172, 192, 203))}.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"
    )


def _date(rng: random.Random) -> str:
    return f"{date(2015, 1, 1) + timedelta(days=rng.randint(0, 4000))}"


def _agent(rng: random.Random) -> str:
    return (
        f"Mozilla/5.0 (X11; Linux x86_64; rv:{rng.randint(90, 140)}.0) Gecko/20100101 Firefox/{rng.randint(90, 140)}.0"
    )


def _counted(rng: random.Random, persons: list[Someone]) -> Any:
    return None, list(range(1, len(persons) + 1)), set(), True


MAKERS: dict[str, Maker] = {
    "given": _each("PERSON_NAME", lambda one: one.given),
    "family": _each("PERSON_NAME", lambda one: one.family),
    "full": _name,
    "email": _each("EMAIL_ADDRESS", lambda one: one.email),
    "phone": _phone,
    "street": _each("ADDRESS", lambda one: one.street),
    "postcode": _postcode,
    "city": _each("CITY", lambda one: one.city, ("ADDRESS",)),
    "birth": _born,
    "age": _age,
    "gender": _gender,
    "marital": _picked("MARITAL_STATUS", "marital"),
    "nationality": _picked("NATIONALITY", "nationality", ("ETHNICITY",), evident=False, alike=False),
    "ethnicity": _picked("ETHNICITY", "ethnicity"),
    "religion": _picked("RELIGION", "religion"),
    "national": _national,
    "nhs": _drawn("UK_NHS", nhs, ("NATIONAL_ID", "MEDICAL_RECORD_NUMBER")),
    "pan": lambda rng, persons: ("IN_PAN", [pan(rng, one.family) for one in persons], set(_IDS), True),
    "passport": _drawn("PASSPORT", lambda rng: letters(rng, 2) + digits(rng, 7), ("NATIONAL_ID",), evident=False),
    "licence": _drawn("DRIVER_LICENSE", lambda rng: letters(rng, 1) + digits(rng, 10), ("NATIONAL_ID",), evident=False),
    "plate": lambda rng, persons: ("VEHICLE_PLATE", [plate(rng, one.place.country) for one in persons], set(), False),
    "customer": _numbered("CUSTOMER_ID", ("C-", "K", "CL/", "AB")),
    "student": _numbered("CUSTOMER_ID", ("S", "ST-", "M")),
    "employee": _numbered("EMPLOYEE_ID", ("E", "P-", "W", "HR")),
    "patient": _numbered("MEDICAL_RECORD_NUMBER", ("P", "MRN", "H-")),
    "username": _each("USERNAME", lambda one: one.username, evident=False),
    "ip": _drawn("IP_ADDRESS", _ip),
    "mac": _drawn("MAC_ADDRESS", lambda rng: ":".join(f"{rng.randrange(256):02x}" for _ in range(6)), ("DEVICE_ID",)),
    "imei": _drawn("DEVICE_ID", imei),
    "device": _drawn("DEVICE_ID", lambda rng: str(uuid.UUID(int=rng.getrandbits(128), version=4)), evident=False),
    "card": _drawn("CREDIT_CARD", card),
    "cvv": _drawn("CARD_CVV", lambda rng: digits(rng, 3), ("CREDENTIAL",), evident=False),
    "iban": lambda rng, persons: ("IBAN", [iban(rng, one.place.country) for one in persons], {"BANK_ACCOUNT"}, True),
    "account": _drawn("BANK_ACCOUNT", lambda rng: digits(rng, 10), ("IBAN",), evident=False),
    "salary": _salary,
    "balance": _drawn("ACCOUNT_BALANCE", lambda rng: round(rng.gauss(2500, 4000), 2), ("FINANCIAL",), evident=False),
    "credit": _drawn("FINANCIAL", lambda rng: rng.randint(300, 850), evident=False),
    "diagnosis": _picked("DIAGNOSIS", "diagnosis", alike=False),
    "icd": _drawn("MEDICAL_CODE", lambda rng: rng.choice(_ICD), ("DIAGNOSIS",)),
    "medication": _picked("MEDICATION", "medication", alike=False),
    "blood": _drawn("HEALTH_MEASURE", lambda rng: rng.choice(("A+", "0-", "B+", "AB+", "O+", "A-"))),
    "pressure": _drawn("HEALTH_MEASURE", lambda rng: f"{rng.randint(95, 180)}/{rng.randint(55, 110)}", evident=False),
    "bmi": _drawn("HEALTH_MEASURE", lambda rng: round(rng.gauss(26, 4), 1), evident=False),
    "password": _drawn(
        "CREDENTIAL",
        lambda rng: letters(rng, rng.randint(8, 14), string.ascii_letters + "0123456789!?%"),
        evident=False,
    ),
    "apikey": _drawn("CREDENTIAL", _api_key),
    "notes": _notes,
    "lat": _drawn("GEO_COORDINATE", lambda rng: round(rng.uniform(36, 59), 5), evident=False),
    "lon": _drawn("GEO_COORDINATE", lambda rng: round(rng.uniform(-9, 24), 5), evident=False),
    "party": _picked("POLITICAL", "party", evident=False, alike=False),
    "criminal": _picked("CRIMINAL_RECORD", "criminal", evident=False, alike=False),
    "orientation": _picked("SEXUAL_ORIENTATION", "orientation", alike=False),
    "union": _picked("TRADE_UNION", "union", evident=False),
    # Not about who they are.
    "plan": _picked(NONE, "plan", alike=False),
    "segment": _picked(NONE, "segment", alike=False),
    "churned": _drawn(NONE, lambda rng: rng.random() < 0.3),
    "visits": _drawn(NONE, lambda rng: rng.randint(0, 40), evident=False),
    "score": _drawn(NONE, lambda rng: round(rng.uniform(0, 10), 1), evident=False),
    "department": _picked(NONE, "department", alike=False),
    "course": _picked(NONE, "course", alike=False),
    "request": _drawn(
        NONE, lambda rng: rng.choice(("/", "/cart", "/products/", "/api/items?page=")) + str(rng.randint(1, 90))
    ),
    "status": _drawn(NONE, lambda rng: rng.choice((200, 200, 200, 301, 404, 500)), evident=False),
    "bytes": _drawn(NONE, lambda rng: rng.randint(200, 90_000), evident=False),
    "agent": _drawn(NONE, _agent),
    "ticketno": lambda _, persons: (
        NONE,
        [f"T{2026 - n % 2}-{40_000 + 7 * n}" for n in range(len(persons))],
        set(),
        True,
    ),
    "priority": _picked(NONE, "priority", alike=False),
    "remarks": _picked(NONE, "without_person", alike=False),
    # The policy leaves these open.
    "rowid": _counted,
    "amount": _drawn(None, lambda rng: round(rng.uniform(1, 900), 2)),
    "joined": _drawn(None, _date),
    "occupation": _drawn(None, lambda rng: rng.choice(("nurse", "engineer", "teacher", "clerk", "driver"))),
    "country": _drawn(None, lambda rng: rng.choice(("France", "Italy", "Spain", "Japan"))),
}


def stamp(rng: random.Random) -> str:
    """A time of day in 2025, to the second."""
    return str(datetime(2025, 1, 1) + timedelta(seconds=rng.randint(0, 31_000_000)))
