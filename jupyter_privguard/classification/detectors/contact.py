"""How a person is reached: e-mail, phone, address, postcode, city, coordinates."""

from __future__ import annotations

import re

from ..detector import Detector
from ..dictionaries.lists import city_names
from ..shapes import folded, full, number, year_in
from ..streets import is_street_address

__all__ = ["ADDRESS", "CITY", "EMAIL_ADDRESS", "GEO_COORDINATE", "PHONE_NUMBER", "POSTCODE"]

# RFC 5321 4.1.2 as people write it: a dot-atom, then a host name whose last label has letters.
_EMAIL = r"[^\W_][\w.!#$%&'*+/=?^`{|}~-]{0,63}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}"
_email = full(_EMAIL)

# With a plus (ITU-T E.164) or in the groupings of national plans; bare digits prove nothing.
_GROUPED = (
    r"\+\d{1,3}[ ()./-]{0,2}\d[\d ()./-]{5,17}\d"
    r"|(?:\+?1[-. ])?\(\d{2,4}\) ?\d{3,5}[ .-]?\d{3,5}"
    r"|(?:\+?1[-.])?\d{3}[-.]\d{3}[-.]\d{4}"
    r"|0\d{1,4}[/-]\d{3,8}(?:[ -]\d{2,6})?"
    r"|0\d{2,4} \d{3,8}(?: \d{2,6})?"
    r"|0\d(?: \d\d){4}"
    r"|[6-9]\d\d \d{3} \d{3}"
    r"|[6-9]\d{4} \d{5}"
)
_grouped = full(rf"(?:{_GROUPED})(?: ?(?:x|ext\.?) ?\d{{1,5}})?", ignore_case=True)
_phone_characters = full(r"[+(]?[\d ()./+-]{6,24}(?: ?(?:x|ext\.?) ?\d{1,5})?", ignore_case=True)
_decimal = full(r"[-+]?\d+\.\d+")


def _phone_shape(text: str) -> bool:
    count = sum(character.isdigit() for character in text)
    return 7 <= count <= 17 and bool(_phone_characters(text)) and not _decimal(text) and year_in(text) is None


def _phone_proof(text: str) -> bool:
    return _phone_shape(text) and _grouped(text) and 8 <= sum(character.isdigit() for character in text) <= 17


_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def _address_shape(text: str) -> bool:
    return 5 <= len(text) <= 200 and any(c.isalpha() for c in text) and (" " in text or not text.isascii())


def _address_proof(text: str) -> bool:
    return 5 <= len(text) <= 120 and "@" not in text and is_street_address(text)


# United Kingdom (BS 7666), Canada, Netherlands, Brazil, Japan, US ZIP+4, Poland and Portugal; then bare digits.
_UK = r"(?:[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKPSTUW]?) ?\d[ABD-HJLNP-UW-Z]{2}"
_postcode = full(
    rf"{_UK}|[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d|\d{{4}} ?[A-Z]{{2}}|\d{{5}}-\d{{3,4}}|\d{{3}}-\d{{4}}|\d\d-\d{{3}}"
    r"|\d{4}-\d{3}|(?:[A-Z]{1,2}-)?\d{4,6}|\d{3} \d{2,3}|\d{9}",
    ignore_case=True,
)
_postcode_proof = full(rf"{_UK}|[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d|\d{{5}}-\d{{3}}|〒?\d{{3}}-\d{{4}}")
_place = full(r"[^\W\d_][^\d@#$%&*<>=:;]{0,60}")
_letter = full(r"[A-Za-z]\.?")
_coded_place = full(
    r"(?:[A-Z]{1,2}-)?\d{4,6},? [^\W\d_][^\d@#$%&*<>=:;]{1,60}|[^\W\d_][^\d@#$%&*<>=:;]{1,60},? \d{4,6}"
)


# Two letters of the United States Postal Service and Canada Post; “Doe, MA” is no person's name.
_STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR"
    " PA RI SC SD TN TX UT VT VA WA WV WI WY AB BC MB NB NL NS NT NU ON PE QC SK YT".split()
)


def _place_shape(text: str) -> bool:
    """Words, with or without a postcode beside them; one letter is a direction or a grade."""
    return not _letter(text) and (bool(_place(text)) or bool(_coded_place(text)))


def _is_city(text: str) -> bool:
    """A city of 50,000 people or more, with or without what follows its comma; or any town and its state."""
    name, _, state = text.partition(",")
    if state.strip() in _STATES:
        return len(name) <= 40 and _place(name)
    return len(name) <= 40 and _place(name) and " ".join(_LETTERS.findall(folded(name))) in city_names()


_pair = full(r"\(?[-+]?\d{1,3}\.\d{2,}°?,? ?[-+]?\d{1,3}\.\d{2,}°?\)?")
_sexagesimal = full(r"\d{1,3}[°d] ?\d{1,2}['′m]?.*[NSEW]")


def _coordinate_shape(text: str) -> bool:
    value = number(text)
    if value is not None:
        return -180 <= value <= 180
    return bool(_pair(text)) or bool(_sexagesimal(text))


def _coordinate_pair(text: str) -> bool:
    if not _pair(text):
        return bool(_sexagesimal(text))
    numbers = [float(part) for part in re.findall(r"[-+]?\d{1,3}\.\d+", text)]
    return len(numbers) == 2 and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180


EMAIL_ADDRESS = Detector(
    "email_address", "EMAIL_ADDRESS", shape=_email, proof=_email, alone=0.97, few=True,
    span=re.compile(rf"(?<![\w.+-]){_EMAIL}(?!@)"), says="e-mail addresses",
)  # fmt: skip
PHONE_NUMBER = Detector(
    "phone_number", "PHONE_NUMBER", shape=_phone_shape, proof=_phone_proof, alone=0.8, with_person=0.9, mixed=0.25,
    span=re.compile(rf"(?<![\w.+/-])(?:{_GROUPED})(?![\w/-]|\.\d)"), says="phone numbers by prefix or grouping",
)  # fmt: skip
ADDRESS = Detector(
    "address", "ADDRESS", shape=_address_shape, proof=_address_proof, alone=0.6, with_person=0.85, share=0.6,
    says="a street word and a house number",
)  # fmt: skip
POSTCODE = Detector(
    "postcode", "POSTCODE", shape=lambda text: bool(_postcode(text.lstrip("0") or text) or _postcode(text)),
    proof=_postcode_proof, alone=0.5, with_person=0.75, share=0.9, says="postcodes of one country",
)  # fmt: skip
CITY = Detector(
    "city", "CITY", shape=_place_shape, proof=_is_city, kind="dictionary", alone=0.3, with_person=0.8, share=0.6,
    says="names of cities",
)  # fmt: skip
GEO_COORDINATE = Detector(
    "geo_coordinate", "GEO_COORDINATE", shape=_coordinate_shape, proof=_coordinate_pair, alone=0.5, with_person=0.8,
    says="pairs of latitude and longitude",
)  # fmt: skip
