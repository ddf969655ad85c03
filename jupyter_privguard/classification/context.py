"""What the whole table says: whether its rows are persons, and whose words stand in its e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..frames.engine import Kind
from ..model import NATIONAL_IDS
from .evidence import Candidate
from .facts import ColumnFacts
from .shapes import folded

__all__ = ["DIRECT", "QUASI", "TableContext", "stands_in_mail", "table_context"]

DIRECT = NATIONAL_IDS | frozenset(
    "PERSON_NAME EMAIL_ADDRESS PHONE_NUMBER USERNAME CUSTOMER_ID EMPLOYEE_ID NATIONAL_ID PASSPORT DRIVER_LICENSE"
    " VOTER_ID TAX_ID CREDIT_CARD IBAN BANK_ACCOUNT MEDICAL_RECORD_NUMBER".split()
)
"""Entities of which one column makes a person identifiable."""

QUASI = frozenset(
    "DATE_OF_BIRTH AGE GENDER MARITAL_STATUS NATIONALITY RELIGION ETHNICITY INCOME DIAGNOSIS MEDICATION"
    " POLITICAL SEXUAL_ORIENTATION CRIMINAL_RECORD ADDRESS FINANCIAL HEALTH_MEASURE BIOMETRIC".split()
)
"""Entities that describe a person; two of them make the rows persons."""

_LOCAL_PART = re.compile(r"^([^@]{2,64})@")


@dataclass(frozen=True, slots=True)
class TableContext:
    """What all columns together say."""

    persons: float
    """Weight of the evidence that rows are persons; from 1 on they are."""
    mail: str = ""
    """Local parts of the table's e-mail addresses, folded, in one text."""

    @property
    def is_person(self) -> bool:
        """Whether the rows are persons."""
        return self.persons >= 1.0


def table_context(columns: Sequence[ColumnFacts], first: Mapping[int, Iterable[Candidate]]) -> TableContext:
    """Weigh the first, context-free candidates of all columns."""
    weights: dict[str, float] = {}
    mail = ""
    for facts in columns:
        best = max(first.get(facts.position, ()), key=lambda candidate: candidate.confidence, default=None)
        if best is None or best.confidence < 0.7 or facts.header.thing or facts.header.veto:
            continue
        if best.entity in DIRECT:
            weights[best.entity] = 1.0
        elif best.entity in QUASI:
            weights[best.entity] = 0.5
        if best.entity == "EMAIL_ADDRESS":
            mail += "\n".join(found[1] for text in facts.texts if (found := _LOCAL_PART.match(folded(text)))) + "\n"
    return TableContext(sum(weights.values()), mail)


def stands_in_mail(facts: ColumnFacts, context: TableContext) -> bool:
    """Whether half of a column's values have a word of four letters or more in the e-mails' local parts."""
    if not context.mail or facts.kind is not Kind.TEXT or len(facts.texts) < 10:
        return False
    return facts.share(lambda text: len(text) < 60 and "@" not in text and _has_word_in(text, context.mail)) >= 0.5


def _has_word_in(text: str, mail: str) -> bool:
    return any(len(word) >= 4 and word in mail for word in re.findall(r"[a-z]+", folded(text)))
