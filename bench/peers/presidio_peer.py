"""Presidio: its pattern recognisers on every cell, over an empty spaCy pipeline.

Its language model, which finds names and places, is not in a package and is left out.
"""

from __future__ import annotations

import pandas as pd
import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine

from ._cells import each

_KINDS = {
    "PERSON": "PERSON_NAME",
    "US_BANK_NUMBER": "BANK_ACCOUNT",
    "IBAN_CODE": "IBAN",
    "US_PASSPORT": "PASSPORT",
    "IN_PASSPORT": "PASSPORT",
    "IT_PASSPORT": "PASSPORT",
    "US_DRIVER_LICENSE": "DRIVER_LICENSE",
    "US_ITIN": "TAX_ID",
    "IT_DRIVER_LICENSE": "DRIVER_LICENSE",
    "IT_FISCAL_CODE": "IT_CODICE_FISCALE",
    "IN_VEHICLE_REGISTRATION": "VEHICLE_PLATE",
    "MEDICAL_LICENSE": "EMPLOYEE_ID",
    "IN_VOTER": "VOTER_ID",
    "PL_PESEL": "PL_PESEL",
    "ES_NIE": "ES_NIF",
}
_IGNORED = {"DATE_TIME", "URL", "NRP", "LOCATION", "CRYPTO"}
"""Kinds that say nothing of a person by themselves."""

# The list of domain endings that its package ships; else it is asked for over the network.
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


class _Empty(SpacyNlpEngine):
    def __init__(self) -> None:
        super().__init__()
        self.nlp = {"en": spacy.blank("en")}


_engine = AnalyzerEngine(nlp_engine=_Empty(), supported_languages=["en"])


def _entities(text: str) -> list[str]:
    found = _engine.analyze(text, language="en", score_threshold=0.4)
    return [_KINDS.get(one.entity_type, one.entity_type) for one in found if one.entity_type not in _IGNORED]


def classify(frame: pd.DataFrame) -> list[str]:
    return each(frame, _entities)
