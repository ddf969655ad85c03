"""scrubadub: its default detectors on every cell."""

from __future__ import annotations

import pandas as pd
import scrubadub

from ._cells import each

_KINDS = {
    "email": "EMAIL_ADDRESS",
    "phone": "PHONE_NUMBER",
    "credit_card": "CREDIT_CARD",
    "social_security_number": "US_SSN",
    "national_insurance_number": "UK_NINO",
    "tax_reference_number": "TAX_ID",
    "postalcode": "POSTCODE",
    "twitter": "USERNAME",
    "credential": "CREDENTIAL",
    "drivers_licence": "DRIVER_LICENSE",
    "vehicle_licence_plate": "VEHICLE_PLATE",
    "name": "PERSON_NAME",
    "address": "ADDRESS",
    "date_of_birth": "DATE_OF_BIRTH",
}
_scrubber = scrubadub.Scrubber()


def _entities(text: str) -> list[str]:
    return [_KINDS[filth.type] for filth in _scrubber.iter_filth(text) if filth.type in _KINDS]


def classify(frame: pd.DataFrame) -> list[str]:
    return each(frame, _entities)
