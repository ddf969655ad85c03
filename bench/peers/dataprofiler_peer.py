"""DataProfiler: its own structured labeller, with the model that its package ships."""

from __future__ import annotations

import dataprofiler
import pandas as pd
import tensorflow  # noqa: F401 - without it the labeller is silently left out

from ._cells import cells, most

_KINDS = {
    "ADDRESS": "ADDRESS",
    "BAN": "BANK_ACCOUNT",
    "CREDIT_CARD": "CREDIT_CARD",
    "EMAIL_ADDRESS": "EMAIL_ADDRESS",
    "HASH_OR_KEY": "CREDENTIAL",
    "IPV4": "IP_ADDRESS",
    "IPV6": "IP_ADDRESS",
    "MAC_ADDRESS": "MAC_ADDRESS",
    "PERSON": "PERSON_NAME",
    "PHONE_NUMBER": "PHONE_NUMBER",
    "SSN": "US_SSN",
    "DRIVERS_LICENSE": "DRIVER_LICENSE",
    "UUID": "DEVICE_ID",
}
_labeler = dataprofiler.DataLabeler(labeler_type="structured")


def classify(frame: pd.DataFrame) -> list[str]:
    return [_column(frame.iloc[:, place]) for place in range(frame.shape[1])]


def _column(column: pd.Series) -> str:
    texts = cells(column)
    if not texts:
        return "NONE"
    labels = map(str, _labeler.predict(pd.Series(texts))["pred"])
    said = {text: [_KINDS[label]] for text, label in zip(texts, labels, strict=True) if label in _KINDS}
    return most(column, lambda text: said.get(text, []))
