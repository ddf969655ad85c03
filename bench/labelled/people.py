"""Made-up people of twelve countries, with names of a package that the classifier's dictionaries were not made from."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from mimesis import Address, Gender, Locale, Person

from .core import words
from .numbers import digits, letters


class Place(NamedTuple):
    """Where a table comes from."""

    tag: str
    country: str
    language: str
    locale: str


PLACES = (
    Place("en-US", "us", "en", "en"),
    Place("en-GB", "gb", "en", "en-gb"),
    Place("en-IN", "in", "en", "en"),
    Place("hi-IN", "in", "hi", "en"),
    Place("de-DE", "de", "de", "de"),
    Place("fr-FR", "fr", "fr", "fr"),
    Place("es-ES", "es", "es", "es"),
    Place("pt-BR", "br", "pt", "pt-br"),
    Place("it-IT", "it", "it", "it"),
    Place("nl-NL", "nl", "nl", "nl"),
    Place("pl-PL", "pl", "pl", "pl"),
    Place("sv-SE", "se", "sv", "sv"),
    Place("ja-JP", "jp", "ja", "ja"),
)

_DATES = {"us": "%m/%d/%Y", "gb": "%d/%m/%Y", "de": "%d.%m.%Y", "pl": "%d.%m.%Y", "fr": "%d/%m/%Y", "es": "%d/%m/%Y",
          "br": "%d/%m/%Y", "it": "%d/%m/%Y", "nl": "%d-%m-%Y", "jp": "%Y/%m/%d", "in": "%d-%m-%Y"}  # fmt: skip
_DOMAINS = (
    "mailbox.example",
    "post.example",
    "corp.example",
    "inbox.test",
    "uni.example",
    "gmail.com",
    "web.de",
    "outlook.com",
)


@dataclass(frozen=True)
class Someone:
    """One person, in the pieces that tables hold."""

    given: str
    family: str
    is_female: bool
    born: date
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    username: str
    place: Place

    @property
    def name(self) -> str:
        return f"{self.family} {self.given}" if self.place.country == "jp" else f"{self.given} {self.family}"


def ascii_of(text: str) -> str:
    """The letters of ``text`` as mail addresses have them; empty for scripts without Latin letters."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ł", "l").replace("ø", "o"))
    return re.sub(r"[^a-z]", "", plain.encode("ascii", "ignore").decode().lower())


@cache
def _providers(locale: str, seed: int) -> tuple[Person, Address]:
    return Person(Locale(locale), seed=seed), Address(Locale(locale), seed=seed)


def people(rng: random.Random, place: Place, rows: int) -> list[Someone]:
    """``rows`` persons of one country."""
    seed = rng.getrandbits(32)
    _providers.cache_clear()
    return [_someone(rng, place, *_providers(place.locale, seed)) for _ in range(rows)]


def _someone(rng: random.Random, place: Place, person: Person, address: Address) -> Someone:
    is_female = rng.random() < 0.5
    gender = Gender.FEMALE if is_female else Gender.MALE
    if place.country == "in":
        given, family = rng.choice(words("in_given", "en")), rng.choice(words("in_family", "en"))
        street, city = (
            f"{rng.randint(1, 400)} {rng.choice(words('in_street', 'en'))}",
            rng.choice(words("in_city", "en")),
        )
        phone, postcode = f"+91 {digits(rng, 5, '6789')} {digits(rng, 5)}", digits(rng, 6, "1234578")
    else:
        given, family = person.first_name(gender=gender), person.last_name(gender=gender)
        street, city, phone = address.address(), address.city(), person.phone_number()
        postcode = british_postcode(rng) if place.country == "gb" else address.postal_code()
    born = date(1938, 1, 1) + timedelta(days=rng.randint(0, 25_000))
    return Someone(given, family, is_female, born, _email(rng, given, family), phone, street, postcode, city,
                   _username(rng, given, family), place)  # fmt: skip


def british_postcode(rng: random.Random) -> str:
    """With an area that exists, BS 7666; the package's own draw letters that no postcode has."""
    area = rng.choice(("B", "BS", "CB", "CF", "EH", "G", "L", "LS", "M", "NE", "NW", "OX", "SE", "SW"))
    return f"{area}{rng.randint(1, 19)} {rng.randint(0, 9)}{letters(rng, 2, 'ABDEFGHJLNPQRSTUWXYZ')}"


def _email(rng: random.Random, given: str, family: str) -> str:
    first, last = ascii_of(given) or "user", ascii_of(family) or f"k{rng.randint(10, 999)}"
    local = rng.choice(
        (f"{first}.{last}", f"{first[0]}{last}", f"{first}_{last}{rng.randint(1, 99)}", f"{last}{rng.randint(50, 99)}")
    )
    return f"{local}@{rng.choice(_DOMAINS)}"


def _username(rng: random.Random, given: str, family: str) -> str:
    first, last = (ascii_of(given) or "kumo")[:4], (ascii_of(family) or "neko")[:5]
    return f"{first}{rng.choice(('', '_', '.'))}{last}{rng.randint(1, 999)}"


def birth_dates(rng: random.Random, persons: list[Someone]) -> list[object]:
    """Birth dates in one of the forms that tables have them in."""
    form = rng.choice(("%Y-%m-%d", _DATES.get(persons[0].place.country, "%Y-%m-%d"), "%Y%m%d"))
    if form == "%Y%m%d":
        return [int(f"{one.born:%Y%m%d}") for one in persons]
    return [one.born.strftime(form) for one in persons]
