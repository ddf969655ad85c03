"""commonregex: its expressions searched in every cell."""

from __future__ import annotations

import commonregex
import pandas as pd

from ._cells import each

_KINDS = {
    "emails": "EMAIL_ADDRESS",
    "phones": "PHONE_NUMBER",
    "ips": "IP_ADDRESS",
    "ipv6s": "IP_ADDRESS",
    "credit_cards": "CREDIT_CARD",
    "street_addresses": "ADDRESS",
    "ssn_numbers": "US_SSN",
}


def _entities(text: str) -> list[str]:
    parsed = commonregex.CommonRegex(text)
    return [entity for kind, entity in _KINDS.items() if getattr(parsed, kind, None)]


def classify(frame: pd.DataFrame) -> list[str]:
    return each(frame, _entities)
