"""A list of English words in headers: what people write first."""

from __future__ import annotations

import pandas as pd

_WORDS = {
    "mail": "EMAIL_ADDRESS",
    "phone": "PHONE_NUMBER",
    "mobile": "PHONE_NUMBER",
    "ssn": "US_SSN",
    "birth": "DATE_OF_BIRTH",
    "dob": "DATE_OF_BIRTH",
    "name": "PERSON_NAME",
    "address": "ADDRESS",
    "zip": "POSTCODE",
    "postal": "POSTCODE",
    "city": "CITY",
    "gender": "GENDER",
    "sex": "GENDER",
    "age": "AGE",
    "salary": "INCOME",
    "income": "INCOME",
    "passport": "PASSPORT",
    "iban": "IBAN",
    "card": "CREDIT_CARD",
    "account": "BANK_ACCOUNT",
    "password": "CREDENTIAL",
    "diagnosis": "DIAGNOSIS",
    "religion": "RELIGION",
    "customer": "CUSTOMER_ID",
    "employee": "EMPLOYEE_ID",
    "patient": "MEDICAL_RECORD_NUMBER",
}


def classify(frame: pd.DataFrame) -> list[str]:
    return [_entity(str(label).lower().removeprefix("unnamed")) for label in frame.columns]


def _entity(label: str) -> str:
    return next((entity for word, entity in _WORDS.items() if word in label), "NONE")
