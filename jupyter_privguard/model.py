"""The nouns that all layers share: frozen values, no input or output.

Names follow the field: *entity* and *operator* as in Presidio, *principal / action / resource* as
in Cedar, *purpose* as in GDPR article 5(1)(b).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import NamedTuple

__all__ = [
    "ENTITIES",
    "ColumnVerdict",
    "DataClass",
    "Decision",
    "Operator",
    "Principal",
    "Request",
    "Tier",
    "class_of",
]


class DataClass(StrEnum):
    """What kind of care a value needs. ``special`` is GDPR article 9 other than health."""

    PII = "pii"
    FINANCIAL = "financial"
    HEALTH = "health"
    SPECIAL = "special"
    CREDENTIAL = "credential"
    INTERNAL = "internal"
    NONE = "none"


class Tier(IntEnum):
    """How much may be seen; a higher tier sees more."""

    PUBLIC = 0
    INTERNAL = 1
    COMPLIANCE = 2

    @property
    def label(self) -> str:
        """The tier as users write it: ``public``, ``internal`` or ``compliance``."""
        return self.name.lower()

    @classmethod
    def parse(cls, text: str) -> Tier:
        """The tier called ``text``; ValueError names the three that exist."""
        try:
            return cls[text.upper()]
        except KeyError:
            raise ValueError("a tier is public, internal or compliance") from None


class Operator(StrEnum):
    """What is done to a value, from nothing to everything; ISO/IEC 20889 classes in ``mask``."""

    CLEAR = "clear"
    ROUND = "round"
    GENERALISE = "generalise"
    PARTIAL = "partial"
    ENCRYPT = "encrypt"
    TOKEN = "token"  # noqa: S105 - the name of a mask, not a secret
    REDACT = "redact"


_CLASSES: dict[DataClass, str] = {
    DataClass.PII: """
        PERSON_NAME EMAIL_ADDRESS PHONE_NUMBER ADDRESS POSTCODE CITY GEO_COORDINATE DATE_OF_BIRTH
        AGE GENDER MARITAL_STATUS NATIONALITY USERNAME CUSTOMER_ID EMPLOYEE_ID DEVICE_ID IP_ADDRESS
        MAC_ADDRESS NATIONAL_ID US_SSN IN_AADHAAR IN_PAN BR_CPF PASSPORT DRIVER_LICENSE VOTER_ID
        VEHICLE_PLATE TAX_ID FREE_TEXT_WITH_PII IMAGE_OF_PERSON""",
    DataClass.FINANCIAL: "CREDIT_CARD IBAN BANK_ACCOUNT INCOME ACCOUNT_BALANCE FINANCIAL",
    DataClass.HEALTH: "MEDICAL_RECORD_NUMBER DIAGNOSIS MEDICAL_CODE MEDICATION HEALTH_MEASURE",
    DataClass.SPECIAL: """
        ETHNICITY RELIGION POLITICAL CRIMINAL_RECORD SEXUAL_ORIENTATION TRADE_UNION BIOMETRIC""",
    DataClass.CREDENTIAL: "CREDENTIAL CARD_CVV",
    DataClass.INTERNAL: "INTERNAL_UNKNOWN",
    DataClass.NONE: "NONE",
}

ENTITIES: Mapping[str, DataClass] = {
    name: data_class for data_class, names in _CLASSES.items() for name in names.split()
}
"""Every built-in entity and its class."""


def class_of(entity: str) -> DataClass:
    """The class of a built-in entity; KeyError for any other name."""
    return ENTITIES[entity]


@dataclass(frozen=True, slots=True)
class ColumnVerdict:
    """What one column holds, how sure we are, why, and what each tier would see of it."""

    column: str
    """The label as text; labels that are values themselves are masked before they get here."""
    entity: str
    data_class: DataClass
    confidence: float
    """In [0, 1]. Verdicts act from 0.7."""
    evidence: tuple[str, ...] = ()
    action: Mapping[str, str] = field(default_factory=dict)
    """Tier label to operator name, e.g. ``{"public": "token", ...}``; filled by the policy."""

    ACTS_FROM = 0.7
    ASKS_FROM = 0.4

    @property
    def is_sensitive(self) -> bool:
        """Whether the verdict acts: not NONE, and sure enough."""
        return self.data_class is not DataClass.NONE and self.confidence >= self.ACTS_FROM


class Principal(NamedTuple):
    """Who acts. ``assurance`` says how we know and who could have written the grant."""

    id: str
    roles: tuple[str, ...] = ()
    assurance: str = "self"
    """``self`` (could have written the policy that grants it), ``os``, ``server`` or ``hub``."""


class Request(NamedTuple):
    """May ``principal`` do ``action`` at ``tier``, for ``purpose``?"""

    principal: Principal
    action: str
    """``run`` (a cell), ``show``, ``mask``, ``report``."""
    tier: Tier
    purpose: str | None = None
    experiment: str | None = None
    reason: str | None = None
    dataset: str | None = None
    source: str | None = None


class Decision(NamedTuple):
    """The answer, and the rule that made it."""

    allowed: bool
    rule: str
    """Where the answer comes from, e.g. ``roles.analyst.tiers`` or ``built-in``."""
    reason: str = ""
    """One sentence for the person who is refused: why, who can grant it, what now."""
