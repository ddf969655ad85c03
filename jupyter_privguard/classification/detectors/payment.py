"""How money is moved: card numbers, card codes, IBAN, bank accounts, UPI addresses."""

from __future__ import annotations

import re

from .. import checksums
from ..detector import Detector
from ..shapes import full

__all__ = ["BANK_ACCOUNT", "CARD_CVV", "CREDIT_CARD", "IBAN", "UPI_ADDRESS"]

# Issuer ranges and lengths: ISO/IEC 7812 assignments as the schemes publish them.
_issuer = full(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12,15}"  # Discover
    r"|35(?:2[89]|[3-8]\d)\d{12,15}"  # JCB
    r"|3(?:0[0-5]|[689]\d)\d{11}"  # Diners Club
    r"|62\d{14,17}"  # UnionPay
    r"|(?:60|81|82|508)\d{13,14}"  # RuPay
    r"|(?:50|5[6-9]|6[37])\d{10,17}"  # Maestro
)
_CARD_GROUPS = r"\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5}|\d{13,19}"
_groups = full(_CARD_GROUPS)
_card_shape = full(r"[\d*Xx•]{12,19}|(?:[\d*Xx•]{4}[ -]){2,4}[\d*Xx•]{1,7}|[\d*Xx•]{4}[ -][\d*Xx•]{6}[ -][\d*Xx•]{4,5}")


def _digits(text: str) -> str:
    return text.replace(" ", "").replace("-", "")


def _card(text: str) -> bool:
    digits = _digits(text)
    return bool(_groups(text)) and bool(_issuer(digits)) and len(set(digits)) > 1 and checksums.luhn(digits)


def _iban(text: str) -> bool:
    plain = text.replace(" ", "").upper()
    return 15 <= len(plain) <= 34 and checksums.iban(plain)


_account = full(r"[\d*X][\d*X -]{4,23}[\d*X]|[A-Z]{2,6}[-]?\d{5,16}")
# The handles of the National Payments Corporation of India have no dot, which a mail host must have.
_upi = full(r"[\w.-]{2,60}@[A-Za-z]{2,20}")


CREDIT_CARD = Detector(
    "credit_card", "CREDIT_CARD", shape=_card_shape, proof=_card, kind="checksum", alone=0.95,
    span=re.compile(rf"(?<![\w.+-])(?:{_CARD_GROUPS})(?![\w-]|\.\d)"), says="Luhn check digit and issuer range",
)  # fmt: skip
CARD_CVV = Detector("card_cvv", "CARD_CVV", shape=full(r"\d{1,4}"))
IBAN = Detector(
    "iban", "IBAN", shape=full(r"[A-Z]{2}\d\d[ ]?[A-Z0-9 ]{10,40}", ignore_case=True), proof=_iban, kind="checksum",
    alone=0.98, few=True,
    span=re.compile(r"(?<![\w-])[A-Z]{2}\d\d(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)(?![\w-])"),
    says="country length and mod-97 check digits",
)  # fmt: skip
BANK_ACCOUNT = Detector("bank_account", "BANK_ACCOUNT", shape=_account)
UPI_ADDRESS = Detector(
    "upi_address", "BANK_ACCOUNT", shape=_upi, proof=_upi, alone=0.85, with_person=0.9, share=0.9,
    says="the form of UPI addresses",
)  # fmt: skip
