"""Parts of made-up people: names, places, and numbers with valid check digits."""

from __future__ import annotations

import random
import string
import unicodedata

from ..classification import checksums

__all__ = [
    "CONDITIONS",
    "COUNTRIES",
    "NATIONALITIES",
    "aadhaar",
    "api_key",
    "card",
    "code",
    "email",
    "iban",
    "name",
    "pan",
    "phone",
    "place",
    "religion",
    "ssn",
    "street",
]

COUNTRIES = ("India", "India", "India", "United States", "United States", "Germany", "France", "Spain")
NATIONALITIES = {
    "India": "Indian",
    "United States": "American",
    "Germany": "German",
    "France": "French",
    "Spain": "Spanish",
}
CONDITIONS = (
    ("Type 2 diabetes", "E11.9", "metformin"),
    ("Essential hypertension", "I10", "lisinopril"),
    ("Asthma", "J45.909", "salbutamol"),
    ("Migraine", "G43.909", "sumatriptan"),
    ("Depression", "F32.9", "sertraline"),
    ("Hypothyroidism", "E03.9", "levothyroxine"),
    ("Rheumatoid arthritis", "M06.9", "methotrexate"),
)
_GIVEN = {
    "India": (
        "Aarav Arjun Rohan Vikram Sanjay Imran Rahul Karthik",
        "Priya Ananya Meera Kavita Sneha Fatima Divya Lakshmi",
    ),
    "United States": (
        "James Ethan Marcus Luis Tyler Darnell Kevin Noah",
        "Emily Grace Maria Latoya Hannah Olivia Susan Chloe",
    ),
    "Germany": (
        "Lukas Jürgen Felix Matthias Stefan Emre Jonas Uwe",
        "Greta Sabine Lena Anneliese Katrin Ayşe Birgit Ida",
    ),
    "France": (
        "Julien Mathieu Antoine Karim Étienne Hugo Luc Thierry",
        "Camille Élodie Amélie Nadia Chloé Manon Odile Inès",
    ),
    "Spain": (
        "Javier Álvaro Sergio Pablo Íñigo Andrés Raúl Diego",
        "Lucía Carmen Itziar Marta Nuria Elena Sofía Rocío",
    ),
}
_FAMILY = {
    "India": "Sharma Patel Iyer Reddy Khan Banerjee Nair Kulkarni Singh Gupta Menon Deshmukh",
    "United States": "Johnson Williams Garcia Miller Nguyen Davis Robinson Clark Lewis Baker Cohen Rivera",
    "Germany": "Müller Schneider Becker Hoffmann Schäfer Yılmaz Krüger Vogel Lorenz Brandt Großmann Keller",
    "France": "Dubois Moreau Lefèvre Benali Girard Rousseau Fontaine Chevalier Lambert Morel Garnier Faure",
    "Spain": "García Fernández López Etxeberria Romero Navarro Molina Ortega Serrano Iglesias Cruz Vidal",
}
_PLACES = {
    "India": (("Pune", "411"), ("Chennai", "600"), ("Bengaluru", "560"), ("Jaipur", "302"), ("Kochi", "682")),
    "United States": (
        ("Austin", "787"),
        ("Columbus", "432"),
        ("Portland", "972"),
        ("Tucson", "857"),
        ("Raleigh", "276"),
    ),
    "Germany": (("Hamburg", "20"), ("Leipzig", "04"), ("Freiburg", "79"), ("Köln", "50"), ("Münster", "48")),
    "France": (("Lyon", "69"), ("Nantes", "44"), ("Lille", "59"), ("Toulouse", "31"), ("Dijon", "21")),
    "Spain": (("Sevilla", "41"), ("Bilbao", "48"), ("Valencia", "46"), ("Granada", "18"), ("Vigo", "36")),
}
_STREETS = {
    "India": "{n}, MG Road|Flat {n}, Gandhi Nagar|{n}, Temple Road|{n}, Nehru Colony",
    "United States": "{n} Maple Street|{n} Oak Avenue|{n} Lake Drive|{n} Hillside Lane",
    "Germany": "Lindenallee {n}|Gartenstraße {n}|Schulweg {n}|Bahnhofstraße {n}",
    "France": "{n} rue des Lilas|{n} avenue Foch|{n} chemin du Moulin|{n} rue Pasteur",
    "Spain": "Calle Mayor {n}|Avenida del Mar {n}|Plaza Nueva {n}|Calle del Sol {n}",
}
_RELIGIONS = {
    "India": ("Hindu", "Hindu", "Hindu", "Muslim", "Sikh", "Christian", "Jain"),
    "": ("Catholic", "Protestant", "No religion", "No religion", "Muslim", "Jewish", "Buddhist"),
}
# Reserved for documentation: RFC 2606 and RFC 6761.
_HOSTS = ("example.com", "example.org", "example.net", "mail.example", "post.example")
# Issuer numbers that the networks and gateways publish for tests.
_CARDS = (("4111", 16), ("4242", 16), ("555555", 16), ("520082", 16), ("3782", 15))


def _digits(rng: random.Random, count: int, first: str = string.digits) -> str:
    return rng.choice(first) + "".join(rng.choice(string.digits) for _ in range(count - 1))


def name(rng: random.Random, country: str, gender: str) -> tuple[str, str]:
    """A given and a family name."""
    which = rng.randrange(2) if gender == "Non-binary" else int(gender == "Female")
    return rng.choice(_GIVEN[country][which].split()), rng.choice(_FAMILY[country].split())


def place(rng: random.Random, country: str) -> tuple[str, str]:
    """A city and a postcode of its area."""
    city, area = rng.choice(_PLACES[country])
    width = 6 if country == "India" else 5
    return city, area + _digits(rng, width - len(area))


def street(rng: random.Random, country: str) -> str:
    """A street and a house number."""
    return rng.choice(_STREETS[country].split("|")).format(n=rng.randint(1, 180))


def religion(rng: random.Random, country: str) -> str:
    """One of the religions of the country."""
    return rng.choice(_RELIGIONS.get(country, _RELIGIONS[""]))


def _plain(text: str) -> str:
    spelled = text.replace("ß", "ss").replace("ı", "i")
    return unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode().lower()


def email(rng: random.Random, given: str, family: str, number: int) -> str:
    """An address at a host that cannot exist; ``number`` keeps it unique."""
    return f"{_plain(given)}.{_plain(family)}{number}@{rng.choice(_HOSTS)}"


def phone(rng: random.Random, country: str) -> str:
    """A phone number; of a range for fiction where there is one.

    NANPA 555-01xx, BNetzA 0171 39200xx, ARCEP 01 99 00 xx xx.
    """
    return {
        "India": lambda: f"+91 {_digits(rng, 5, '6789')} {_digits(rng, 5)}",
        "United States": lambda: f"({rng.randint(201, 989)}) 555-01{_digits(rng, 2)}",
        "Germany": lambda: f"+49 171 39200{_digits(rng, 2)}",
        "France": lambda: f"+33 1 99 00 {_digits(rng, 2)} {_digits(rng, 2)}",
        "Spain": lambda: f"+34 6{_digits(rng, 2)} {_digits(rng, 3)} {_digits(rng, 3)}",
    }[country]()


def _completed(body: str, check: object) -> str:
    """``body`` with the one last digit that makes ``check`` true."""
    assert callable(check)  # noqa: S101 - a function of checksums
    return next(body + digit for digit in string.digits if check(body + digit))


def aadhaar(rng: random.Random) -> str:
    """Twelve digits in groups of four, last one by Verhoeff."""
    number = _completed(_digits(rng, 11, "23456789"), checksums.verhoeff)
    return f"{number[:4]} {number[4:8]} {number[8:]}"


def pan(rng: random.Random, family: str) -> str:
    """A PAN of a person: fourth letter P, fifth the family name's first."""
    letters = "".join(rng.choice(string.ascii_uppercase) for _ in range(3))
    initial = _plain(family)[:1].upper() or "K"
    return f"{letters}P{initial}{rng.randint(1, 9999):04d}{rng.choice(string.ascii_uppercase)}"


def ssn(rng: random.Random) -> str:
    """A social security number that obeys the rules of area, group and serial."""
    area = rng.choice([number for number in range(1, 900) if number != 666])
    return f"{area:03d}-{rng.randint(1, 99):02d}-{rng.randint(1, 9999):04d}"


def card(rng: random.Random) -> str:
    """A card number from a test range, last digit by Luhn."""
    prefix, length = rng.choice(_CARDS)
    return _completed(prefix + _digits(rng, length - len(prefix) - 1), checksums.luhn)


def iban(rng: random.Random, country: str) -> str:
    """An IBAN of the country's length with valid check digits."""
    code, width = {"Germany": ("DE", 18), "France": ("FR", 23), "Spain": ("ES", 20)}[country]
    account = _digits(rng, width)
    check = 98 - int("".join(str(int(character, 36)) for character in f"{account}{code}00")) % 97
    return f"{code}{check:02d}{account}"


def api_key(rng: random.Random) -> str:
    """A key in the form of a payment provider's test keys."""
    return "sk_test_" + "".join(rng.choice(string.ascii_letters + string.digits) for _ in range(24))


def code(rng: random.Random) -> str:
    """Eight letters and digits that mean something to nobody but their issuer."""
    return "".join(rng.choice("ABCDEFGHJKMNPQRSTUVWXYZ23456789") for _ in range(8))
