"""The nouns that all layers share: frozen values, no input or output.

Names follow the field: *entity* and *operator* as in Presidio, *principal / action / resource* as
in Cedar, *purpose* as in GDPR article 5(1)(b).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "ENTITIES",
    "GENERALISED",
    "NATIONAL_IDS",
    "TIER_LABELS",
    "Approval",
    "ColumnVerdict",
    "DataClass",
    "Decision",
    "Operator",
    "Pattern",
    "Principal",
    "Request",
    "Tier",
    "Used",
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


TIER_LABELS = tuple(tier.label for tier in Tier)
"""The lowest tier first."""


class Operator(StrEnum):
    """What is done to a value, from nothing to everything; ISO/IEC 20889 classes in ``masking``."""

    CLEAR = "clear"
    ROUND = "round"
    SHIFT = "shift"
    GENERALISE = "generalise"
    PARTIAL = "partial"
    FPE = "fpe"
    ENCRYPT = "encrypt"
    SURROGATE = "surrogate"
    TOKEN = "token"  # noqa: S105 - the name of a mask, not a secret
    REDACT = "redact"


NATIONAL_IDS: frozenset[str] = frozenset(
    """
    AR_CUIT AT_SVNR AU_TFN BE_NN BG_EGN BR_CPF CA_SIN CH_AHV CL_RUT CN_RESIDENT_ID CO_NIT CZ_RC DE_TAX_ID DK_CPR
    EC_CI EE_IK ES_NIF FI_HETU FR_NIR GR_AMKA HK_HKID HR_OIB ID_NIK IE_PPS IL_TZ IN_AADHAAR IN_PAN IS_KENNITALA
    IT_CODICE_FISCALE JP_MY_NUMBER KR_RRN LT_AK LV_PK MX_CURP MY_NRIC NL_BSN NO_FNR PK_CNIC PL_PESEL PT_NIF RO_CNP
    RS_JMBG RU_INN SE_PERSONNUMMER SG_NRIC TH_ID TR_TCKN TW_NID UK_NHS UK_NINO US_SSN ZA_ID
    """.split()
)
"""The national ids of single countries, country first; each is treated as NATIONAL_ID is."""

_CLASSES: dict[DataClass, str] = {
    DataClass.PII: """
        PERSON_NAME EMAIL_ADDRESS PHONE_NUMBER ADDRESS POSTCODE CITY GEO_COORDINATE DATE_OF_BIRTH
        AGE GENDER MARITAL_STATUS NATIONALITY USERNAME CUSTOMER_ID EMPLOYEE_ID DEVICE_ID IP_ADDRESS
        MAC_ADDRESS NATIONAL_ID PASSPORT DRIVER_LICENSE VOTER_ID
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
} | dict.fromkeys(sorted(NATIONAL_IDS), DataClass.PII)
"""Every built-in entity and its class."""


FREE_TEXT = "FREE_TEXT_WITH_PII"
"""Text in which something personal stands here and there: what is found in it counts, not the whole text."""

GENERALISED: frozenset[str] = frozenset(
    "DATE_OF_BIRTH AGE POSTCODE GEO_COORDINATE ADDRESS INCOME ACCOUNT_BALANCE FINANCIAL".split()
)
"""The entities that have a coarser truth of their own; any other needs a hierarchy of the policy."""


def class_of(entity: str, custom: Mapping[str, DataClass] | None = None) -> DataClass:
    """The class of a built-in entity or of one in ``custom``, a policy's; KeyError for any other name."""
    found = ENTITIES.get(entity)
    return found if found is not None else (custom or {})[entity]


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
    domain: str = ""
    """Within which its equal values have equal handles; its entity where the policy names no other."""
    month_first: bool | None = None
    """How its dates are read that make sense both ways, if they are shifted; None where nothing tells."""

    ACTS_FROM = 0.7
    ASKS_FROM = 0.4

    @property
    def is_sensitive(self) -> bool:
        """Whether the verdict acts: not NONE, and sure enough."""
        return self.data_class is not DataClass.NONE and self.confidence >= self.ACTS_FROM


class Pattern(NamedTuple):
    """A form of values that a policy teaches, as an entity of its own or one that is built in."""

    entity: str
    data_class: DataClass
    regex: str
    """Without back-references and look-around; it matches a value from beginning to end. Empty: labels alone decide."""
    header: tuple[str, ...] = ()
    """Words of column labels that speak for it."""
    raises_only: bool = False
    """Whether its policy may only tighten: where something sensitive is known already, it is not heard."""


class Principal(NamedTuple):
    """Who acts. ``assurance`` says how we know and who could have written the grant."""

    id: str
    roles: tuple[str, ...] = ()
    assurance: str = "self"
    """``self`` (could have written the policy that grants it), ``os``, ``server`` or ``hub``."""
    groups: tuple[str, ...] = ()
    """Those that the server's identity provider, or the hub, knows this person to be in; of an account none."""


class Approval(NamedTuple):
    """Leave that somebody else gave: what may be seen that roles do not give, by whom, and until when."""

    id: str
    principal: str
    """Who may use it."""
    tier: Tier
    dataset: str
    """Glob that a data set's name or source matches."""
    columns: tuple[str, ...]
    """Labels; empty: every column."""
    experiment: str | None
    """The one experiment that it is for; None: any."""
    approvers: tuple[str, ...]
    expires: datetime
    purpose: str | None = None
    """The one purpose that it is for; None: any."""


class Used(NamedTuple):
    """A data set that a cell uses, as far as that is known before its body runs."""

    name: str
    source: str | None = None


class Request(NamedTuple):
    """May ``principal`` do ``action`` at ``tier``, for ``purpose``?"""

    principal: Principal
    action: str
    """``run`` (a cell), ``mask``, ``report``, ``unseal``, ``reveal``, ``key.rotate``, ``key.destroy``, ``approve``,
    ``log.read`` (events of others)."""
    tier: Tier
    purpose: str | None = None
    experiment: str | None = None
    reason: str | None = None
    datasets: tuple[Used, ...] = ()
    at: datetime | None = None
    """When it is asked, UTC; without it nothing that expires is looked at, and no approval counts."""
    approvals: tuple[Approval, ...] = ()
    """The approvals that stand for this principal."""


class Decision(NamedTuple):
    """The answer, and the rule that made it."""

    allowed: bool
    rule: str
    """Where the answer comes from, e.g. ``roles.analyst.tiers`` or ``built-in``."""
    reason: str = ""
    """One sentence for the person who is refused: why, who can grant it, what now."""
    approvals: tuple[Approval, ...] = ()
    """Those it rests on: the tier holds for their columns alone. Empty: the tier is granted as it is."""
