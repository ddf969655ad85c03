"""What tables without persons hold, with what looks most like personal data."""

from __future__ import annotations

import random
import string
import uuid
from collections.abc import Callable
from typing import Any

from mimesis import Address, Finance, Locale

from .numbers import digits, ean13, isbn10, letters
from .values import stamp

_HEX = "0123456789abcdef"
Draw = Callable[[random.Random], Any]

_PRODUCT = (
    ("Garden", "Steel", "Compact", "Oak", "Travel", "Silent", "Classic", "Ultra"),
    ("Chair", "Kettle", "Lamp", "Drill", "Backpack", "Mixer", "Shelf", "Monitor"),
)
_MOVIE = (
    ("The Last", "A Quiet", "Return of the", "Midnight", "Beyond the", "Little"),
    ("Harbour", "Winter", "Empire", "Signal", "Garden", "Horizon"),
)
_SPECIES = (
    "Quercus robur",
    "Pinus sylvestris",
    "Parus major",
    "Vulpes vulpes",
    "Salmo trutta",
    "Rosa canina",
    "Bufo bufo",
)
_CARS = ("Toyota Corolla", "Ford Focus", "Audi A4", "Honda Jazz", "Renault Clio", "Skoda Octavia", "Mercedes C 180")
_TEAMS = (
    "Northport Rovers",
    "SV Blauwald",
    "Real Montaña",
    "Olympique du Nord",
    "Kita FC",
    "River Hawks",
    "Dynamo East",
)
_REGIONS = (
    "Northern Plain",
    "Lake District",
    "Upper Valley",
    "Coastal Belt",
    "Eastern Hills",
    "Metro South",
    "Highlands",
)
_LICENCES = ("MIT", "Apache-2.0", "GPL-3.0", "BSD-3-Clause", "MPL-2.0")
_ICD_TITLES = (
    "Asthma, unspecified",
    "Essential (primary) hypertension",
    "Migraine without aura",
    "Low back pain",
    "Psoriasis vulgaris",
)


def _two(words: tuple[tuple[str, ...], tuple[str, ...]]) -> Draw:
    return lambda rng: f"{rng.choice(words[0])} {rng.choice(words[1])}"


def _of(*values: Any) -> Draw:
    return lambda rng: rng.choice(values)


def _real(low: float, high: float, places: int = 2) -> Draw:
    return lambda rng: round(rng.uniform(low, high), places)


def _whole(low: int, high: int) -> Draw:
    return lambda rng: rng.randint(low, high)


def _number(width: int) -> Draw:
    return lambda rng: int(digits(rng, width))


def _text(width: int) -> Draw:
    return lambda rng: digits(rng, width, string.digits)


def _hex(width: int) -> Draw:
    return lambda rng: letters(rng, width, _HEX)


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _day(rng: random.Random) -> str:
    return stamp(rng)[:10]


def _version(rng: random.Random) -> str:
    return f"{rng.randint(1, 30)}.{rng.randint(0, 99)}.{rng.randint(0, 9000)}.{rng.randint(0, 99)}"


def sources(rng: random.Random) -> tuple[Address, Finance]:
    seed = rng.getrandbits(32)
    locale = rng.choice((Locale.EN, Locale.DE, Locale.FR, Locale.ES, Locale.NL, Locale.IT))
    return Address(locale, seed=seed), Finance(locale, seed=seed)


def _city(address: Address, _: Finance) -> Draw:
    return lambda _: address.city()


def _company(_: Address, finance: Finance) -> Draw:
    return lambda _: finance.company()


def _branch(address: Address, finance: Finance) -> Draw:
    return lambda _: f"{finance.company()} {address.city()}"


def _hospital(address: Address, _: Finance) -> Draw:
    return lambda rng: f"{rng.choice(('St. Mary', 'University', 'General', 'Kreis'))} Hospital {address.city()}"


MADE = (_city, _company, _branch, _hospital)

KINDS: dict[str, dict[str, Any]] = {
    "orders": {
        "order id": lambda rng: f"ORD-{digits(rng, 8)}",
        "order date": _day,
        "quantity": _whole(1, 20),
        "total": _real(3, 900),
        "status": _of("open", "shipped", "returned"),
        "currency": _of("EUR", "USD", "INR"),
    },
    "order numbers": {
        "order_no": _number(10),
        "invoice": lambda rng: f"{digits(rng, 3)}-{digits(rng, 2)}-{digits(rng, 4)}",
        "po number": _text(9),
        "tracking number": lambda rng: "1Z" + letters(rng, 16, string.ascii_uppercase + string.digits),
        "Bestellnummer": _number(8),
    },
    "products": {
        "product": _two(_PRODUCT),
        "ean": ean13,
        "sku": lambda rng: f"{letters(rng, 3)}-{digits(rng, 4)}",
        "price": _real(1, 400),
        "stock": _whole(0, 900),
        "weight kg": _real(0.1, 40),
        "brand": _of("Norvik", "Bellamy", "Kuro", "Anderson & Sons", "Maria Rossi Home"),
    },
    "Artikel": {
        "Artikelname": _two(_PRODUCT),
        "GTIN": lambda rng: int(ean13(rng)),
        "Preis": _real(1, 400),
        "Lagerbestand": _whole(0, 900),
        "Gewicht": _real(0.1, 40),
    },
    "books": {
        "title": _two(_MOVIE),
        "isbn": lambda rng: ean13(rng, "978"),
        "isbn10": isbn10,
        "pages": _whole(80, 900),
        "year": _whole(1950, 2025),
        "publisher": _of("Harper & Finch", "Verlag am See", "Editora Lume"),
    },
    "sensors": {
        "timestamp": stamp,
        "sensor": lambda rng: f"TH-{rng.randint(1, 30):03d}",
        "temperature": _real(-10, 40),
        "humidity": _real(10, 99),
        "battery": _whole(0, 100),
        "pressure": _real(950, 1050, 1),
    },
    "regions": {
        "region": _of(*_REGIONS),
        "population": _whole(10_000, 9_000_000),
        "average age": _real(29, 52, 1),
        "median income": _whole(18_000, 60_000),
        "unemployment rate": _real(1, 20, 1),
        "share female": _real(0.45, 0.55, 3),
    },
    "places": {
        "city": _city,
        "country code": _of("DE", "FR", "US", "NL"),
        "lat": _real(-60, 65, 5),
        "lon": _real(-170, 170, 5),
        "elevation": _whole(0, 3000),
        "population": _whole(900, 9_000_000),
    },
    "hospitals": {
        "name": _hospital,
        "city": _city,
        "beds": _whole(20, 1200),
        "emergency room": _of("yes", "no"),
        "rating": _whole(1, 5),
    },
    "companies": {
        "company": _company,
        "industry": _of("Retail", "Energy", "Software", "Chemicals"),
        "founded": _whole(1890, 2020),
        "headcount": _whole(5, 90_000),
        "revenue": _whole(100_000, 9_000_000),
    },
    "branches": {
        "name": _branch,
        "city": _city,
        "opened": _day,
        "floor area": _whole(80, 4000),
        "manager count": _whole(1, 5),
    },
    "inventory": {
        "warehouse": lambda rng: f"WH{rng.randint(1, 9)}",
        "bin": lambda rng: f"{letters(rng, 1)}{rng.randint(1, 40):02d}-{rng.randint(1, 9)}",
        "item": _two(_PRODUCT),
        "batch": lambda rng: f"L{digits(rng, 6)}",
        "quantity": _whole(0, 500),
        "container": lambda rng: f"{letters(rng, 3)}U{digits(rng, 7)}",
    },
    "server log": {
        "time": stamp,
        "level": _of("INFO", "WARN", "ERROR"),
        "logger": _of("app.db", "app.http", "scheduler"),
        "message": _of("connection pool exhausted", "request finished", "cache miss for key", "retrying in 5 s"),
        "pid": _whole(100, 65_000),
        "elapsed ms": _real(0.1, 900),
    },
    "stock prices": {
        "ticker": lambda rng: letters(rng, rng.randint(3, 4)),
        "date": _day,
        "open": _real(5, 400),
        "high": _real(5, 400),
        "low": _real(5, 400),
        "close": _real(5, 400),
        "volume": _whole(1000, 90_000_000),
    },
    "flights": {
        "flight": lambda rng: f"{letters(rng, 2)}{rng.randint(10, 4999)}",
        "origin": lambda rng: letters(rng, 3),
        "destination": lambda rng: letters(rng, 3),
        "departure": stamp,
        "distance": _whole(100, 9000),
        "delay": _whole(-20, 240),
    },
    "commits": {
        "sha": _hex(40),
        "files changed": _whole(1, 60),
        "insertions": _whole(0, 4000),
        "branch": _of("main", "develop", "release/2.1"),
        "committed": stamp,
    },
    "hashes": {
        "md5": _hex(32),
        "sha256": _hex(64),
        "uuid": _uuid,
        "size": _whole(10, 9_000_000),
        "mime type": _of("text/csv", "image/png", "application/pdf"),
    },
    "random integers": {
        "a": _number(12),
        "b": _number(11),
        "c": _number(16),
        "d": _number(9),
        "e": _number(10),
        "f": _number(13),
    },
    "random digits": {"value": _text(12), "code": _text(11), "key": _text(16), "ref": _text(9), "number": _text(15)},
    "epochs": {
        "created": _whole(1_500_000_000, 1_760_000_000),
        "updated ms": _whole(1_500_000_000_000, 1_760_000_000_000),
        "event": _of("start", "stop", "tick"),
        "sequence": _whole(1, 99_999),
    },
    "movies": {
        "title": _two(_MOVIE),
        "year": _whole(1930, 2025),
        "genre": _of("Drama", "Comedy", "Thriller"),
        "runtime": _whole(70, 200),
        "rating": _real(1, 10, 1),
        "votes": _whole(10, 900_000),
    },
    "weather": {
        "station": _city,
        "date": _day,
        "max": _real(-5, 40, 1),
        "min": _real(-20, 25, 1),
        "rain": _real(0, 40, 1),
        "wind": _real(0, 30, 1),
    },
    "meters": {
        "meter": lambda rng: f"MT{digits(rng, 8)}",
        "read at": stamp,
        "kwh": _real(0, 90, 3),
        "tariff": _of("day", "night"),
        "phase": _whole(1, 3),
    },
    "parts": {
        "part number": lambda rng: f"{digits(rng, 3)}-{digits(rng, 2)}-{digits(rng, 4)}",
        "drawing": lambda rng: f"{letters(rng, 2)}{digits(rng, 6)}{letters(rng, 1)}",
        "material": _of("S235", "AlMg3", "PA6"),
        "length": _real(1, 900),
        "supplier": _company,
    },
    "cars": {
        "model": _of(*_CARS),
        "mpg": _real(15, 60, 1),
        "horsepower": _whole(50, 400),
        "weight": _whole(800, 2400),
        "model year": _whole(1990, 2025),
        "origin": _of("Europe", "Japan", "USA"),
    },
    "species": {
        "species": _of(*_SPECIES),
        "petal length": _real(1, 7, 1),
        "count": _whole(0, 300),
        "habitat": _of("forest", "meadow", "river"),
        "plot": lambda rng: f"P{rng.randint(1, 80)}",
    },
    "teams": {
        "team": _of(*_TEAMS),
        "city": _city,
        "points": _whole(0, 90),
        "wins": _whole(0, 30),
        "goal difference": _whole(-40, 60),
        "season": _of("2022/23", "2023/24"),
    },
    "software": {
        "package": lambda rng: f"lib{letters(rng, 5, string.ascii_lowercase)}",
        "version": _version,
        "driver version": _version,
        "licence": _of(*_LICENCES),
        "downloads": _whole(1, 9_000_000),
        "homepage": lambda rng: f"https://lib{letters(rng, 5, string.ascii_lowercase)}.example/docs",
    },
    "icd catalogue": {
        "code": _of("J45.9", "I10", "G43.0", "M54.5", "L40.0"),
        "title": _of(*_ICD_TITLES),
        "chapter": _of("X", "IX", "VI", "XIII"),
        "billable": _of(True, False),
    },
    "elections": {
        "municipality": _city,
        "party": _of("Greens", "Liberals", "Centre", "Labour"),
        "votes": _whole(10, 90_000),
        "turnout": _real(40, 90, 1),
        "seats": _whole(0, 40),
    },
    "experiments": {
        "run": _uuid,
        "learning rate": _real(0.0001, 0.1, 4),
        "loss": _real(0, 3, 4),
        "accuracy": _real(0.5, 1, 4),
        "epochs": _whole(1, 200),
        "optimizer": _of("adam", "sgd"),
    },
    "Kennzahlen": {
        "Monat": lambda rng: f"2025-{rng.randint(1, 12):02d}",
        "Umsatz": _real(1000, 90_000),
        "Kosten": _real(1000, 90_000),
        "Kundenzahl": _whole(10, 9000),
        "Durchschnittsalter": _real(25, 60, 1),
    },
    "ventas": {
        "producto": _two(_PRODUCT),
        "unidades": _whole(1, 90),
        "precio": _real(1, 500),
        "ciudad": _city,
        "fecha": _day,
        "código de barras": ean13,
    },
    "stations": {
        "gare": _city,
        "ligne": lambda rng: f"L{rng.randint(1, 14)}",
        "voyageurs": _whole(100, 900_000),
        "latitude": _real(42, 51, 5),
        "longitude": _real(-4, 8, 5),
    },
    "商品": {
        "商品名": _of("机", "電気ケトル", "懐中電灯", "本棚", "掃除機"),
        "価格": _whole(100, 90_000),
        "在庫数": _whole(0, 900),
        "商品コード": lambda rng: f"{letters(rng, 2)}{digits(rng, 5)}",
        "発売日": _day,
    },
    "networks": {
        "port": _whole(1, 65_535),
        "protocol": _of("tcp", "udp"),
        "service": _of("http", "dns", "ssh"),
        "packets": _whole(1, 900_000),
        "oid": lambda rng: f"1.3.6.1.{rng.randint(1, 9)}.{rng.randint(1, 400)}",
    },
}
"""Kind → label → how a value is drawn."""
