"""Header and values of one column → candidates, first alone, then in the light of the table."""

from __future__ import annotations

import re
from functools import lru_cache

from ..frames.engine import Kind
from ..model import NATIONAL_IDS
from .context import TableContext, stands_in_mail
from .detector import DETECTORS, Detector
from .dictionaries.lists import is_one_sided
from .evidence import Candidate
from .facts import ColumnFacts
from .headers import STRONG, Hint

__all__ = ["first_candidates", "with_context"]

_FITS = 0.6
"""Share of distinct values that must have the shape a header promises."""
_PEEK = 10
_MANY = 20
_FAINT = 0.5
"""Forms worth less than this alone count only where the header speaks of nothing else."""
# Said of things as often as of persons: without persons in the table they are dropped.
_OF_THINGS = frozenset("CITY POSTCODE GEO_COORDINATE".split())
_PLACES = _OF_THINGS | {"ADDRESS"}
_COUNTING = frozenset("count num total sum type".split())
_NEEDS_PERSON = frozenset("AGE GENDER HEALTH_MEASURE FINANCIAL ETHNICITY MARITAL_STATUS USERNAME INCOME".split())
# A hint that is only a suggestion must be proved by values for these.
_NEEDS_PROOF = frozenset(
    "CREDIT_CARD IN_AADHAAR US_SSN IBAN CREDENTIAL DIAGNOSIS MEDICATION POLITICAL NATIONAL_ID CRIMINAL_RECORD"
    " TAX_ID VOTER_ID ETHNICITY".split()
)
_IDS = frozenset("CUSTOMER_ID EMPLOYEE_ID BANK_ACCOUNT MEDICAL_RECORD_NUMBER DEVICE_ID DRIVER_LICENSE".split())
_FLAGS = frozenset({"0", "1", "0.0", "1.0"})
_YES_OR_NO = frozenset("HEALTH_MEASURE DIAGNOSIS FINANCIAL CRIMINAL_RECORD TRADE_UNION MARITAL_STATUS".split())
_GENERAL = {
    "NATIONAL_ID": NATIONAL_IDS | {"TAX_ID"},
    "TAX_ID": NATIONAL_IDS,
    "BANK_ACCOUNT": frozenset("IBAN CREDIT_CARD BANK_ACCOUNT".split()),
}
_SPOILED_BY_THINGS = frozenset(
    "PERSON_NAME CITY POSTCODE GEO_COORDINATE ADDRESS PHONE_NUMBER AGE GENDER NATIONALITY ETHNICITY"
    " POLITICAL MEDICATION DIAGNOSIS MEDICAL_CODE FINANCIAL HEALTH_MEASURE DEVICE_ID CUSTOMER_ID INCOME USERNAME"
    " RELIGION IMAGE_OF_PERSON".split()
)
_ORGANISATION = re.compile(
    r"\b(?:ltd|limited|inc|llc|llp|plc|gmbh|ag|kg|corp|corporation|company|co|s\.?a|s\.?r\.?l|b\.?v|pvt|pty|bank|group"
    r"|hospital|university|school|college|airport|intl|station|store|hotel|club|fc|united|partners|sons|bridge|park|square"
    r"|castle|hall|stadium|museum|&)(?:\b|\.|$)|&",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _by_entity() -> dict[str, list[Detector]]:
    table: dict[str, list[Detector]] = {}
    for detector in DETECTORS.values():
        table.setdefault(detector.entity, []).append(detector)
    return table


@lru_cache(maxsize=2)
def _provers(*, digits: bool) -> list[Detector]:
    """The detectors that find by value; of bare digits only those with a check digit can say anything."""
    return [found for found in DETECTORS.values() if found.alone and (not digits or found.kind == "checksum")]


def _proved(facts: ColumnFacts) -> dict[str, tuple[Detector, float]]:
    """The detectors that prove their share of the column's values, best of each entity."""
    found: dict[str, tuple[Detector, float]] = {}
    if facts.fractional or facts.kind in (Kind.BOOLEAN, Kind.DATETIME, Kind.BYTES) or not facts.texts:
        return found
    head = facts.texts[:_PEEK]
    for detector in _provers(digits=all(text.isdecimal() for text in head)):
        proof = detector.proof
        assert proof is not None  # noqa: S101 - provers have one
        needed = min(detector.share, detector.mixed)
        if not any(map(proof, head)) or sum(map(bool, map(proof, head))) < (needed - 0.4) * len(head):
            continue
        share = facts.share(proof)
        if share < detector.share and not (share >= detector.mixed and facts.share(detector.shape) >= 0.9):
            continue
        if detector.entity == "MEDICAL_CODE" and facts.seen >= _MANY and len(facts.texts) > 0.7 * facts.seen:
            continue  # diagnoses repeat; what never repeats is a shelf or a part
        if share > found.get(detector.entity, (None, 0.0))[1]:
            found[detector.entity] = (detector, share)
    return found


def _fits(facts: ColumnFacts, entity: str) -> bool:
    """Whether enough values have a shape that the entity can have."""
    if facts.kind is Kind.BOOLEAN:
        return entity in _YES_OR_NO
    if entity == "DATE_OF_BIRTH" and facts.kind is Kind.DATETIME:
        return True
    if facts.kind is Kind.DATETIME and entity != "CRIMINAL_RECORD":
        return False
    if entity == "AGE" and facts.seen >= _MANY and _FLAGS.issuperset(facts.texts):
        return False  # “senior: 0 or 1” is no age
    return any(facts.share(detector.shape) >= _FITS for detector in _by_entity().get(entity, ()))


def first_candidates(facts: ColumnFacts) -> list[Candidate]:
    """What header and values say before the table is asked."""
    proved = _proved(facts)
    candidates: dict[str, Candidate] = {}
    for hint in facts.header.hints:
        if candidate := _from_hint(facts, hint, proved):
            candidates[hint.entity] = candidate
    for entity, (detector, share) in proved.items():
        if detector.alone < _FAINT and detector.kind != "checksum" and _says_otherwise(facts, entity):
            continue
        candidate = candidates.setdefault(entity, Candidate(entity))
        candidate.by_value = True
        strength = detector.alone
        is_short = detector.kind == "dictionary" and share < detector.share and not facts.header.score(entity)
        if (len(facts.texts) < 3 and not detector.few) or is_short:
            strength *= 0.6
            candidate.is_thin = True
        candidate.support(strength, f"{detector.kind}: {round(100 * share)} % of {_values(facts)} show {detector.says}")
    for candidate in candidates.values():
        _refine(candidate, candidates)
        _speak_against(facts, candidate)
    return list(candidates.values())


def _says_otherwise(facts: ColumnFacts, entity: str) -> bool:
    """Whether the header speaks of something else than ``entity``."""
    header = facts.header
    return not header.score(entity) and bool(header.hints or header.thing or header.veto)


def _values(facts: ColumnFacts) -> str:
    return "1 distinct value" if len(facts.texts) == 1 else f"{len(facts.texts)} distinct values"


def _from_hint(facts: ColumnFacts, hint: Hint, proved: dict[str, tuple[Detector, float]]) -> Candidate | None:
    candidate = Candidate(hint.entity)
    if not facts.texts:
        if facts.note == "it holds bytes" and hint.entity not in ("IMAGE_OF_PERSON", "BIOMETRIC", "CREDENTIAL"):
            facts.reasons.append(f"header: “{hint.phrase}”, but the column holds bytes")
            return None
        candidate.support(hint.score, f"header: “{hint.phrase}”")
        if facts.pictures and hint.entity == "IMAGE_OF_PERSON":
            candidate.support(0.7, "values: they begin as pictures do")
        return candidate
    is_proved = hint.entity in proved or bool(_GENERAL.get(hint.entity, frozenset()).intersection(proved))
    if not is_proved and hint.entity in _by_entity() and not _fits(facts, hint.entity):
        facts.reasons.append(f"header: “{hint.phrase}”, refuted by the values' form")
        return None
    if hint.score < STRONG and not is_proved:
        digits = facts.share(lambda text: any(character.isdigit() for character in text))
        if (hint.entity in _NEEDS_PROOF and not _partly_proved(facts, hint.entity)) or (
            hint.entity in _IDS and digits < 0.5
        ):
            facts.reasons.append(f"header: “{hint.phrase}” suggests {hint.entity}, not confirmed by the values")
            return None
    candidate.support(hint.score, f"header: “{hint.phrase}”")
    if hint.entity == "PERSON_NAME" and not is_proved and _partly_proved(facts, hint.entity):
        candidate.support(0.5, "values: a third of them or more are known names")
    has_checksum = any(detector.kind == "checksum" for detector in _by_entity().get(hint.entity, ()))
    if has_checksum and not is_proved:
        candidate.weaken(0.95, "values: the right form, but check digits do not confirm it")
    elif hint.entity in _by_entity() and not is_proved:
        candidate.support(0.1, "values: they have a form that fits")
    return candidate


def _partly_proved(facts: ColumnFacts, entity: str) -> bool:
    """Whether a third of the values speak for what the header only suggests."""
    return any(d.proof is not None and facts.share(d.proof) >= 0.3 for d in _by_entity().get(entity, ()))


def _refine(candidate: Candidate, candidates: dict[str, Candidate]) -> None:
    """Lend a general header (``national id``) to what the values prove (``ES_NIF``)."""
    if not candidate.by_value:
        return
    for general, special in _GENERAL.items():
        header = candidates.get(general)
        if header and header is not candidate and candidate.entity in special and header.scores and not header.by_value:
            candidate.support(header.scores[0], header.reasons[0])
            header.weaken(0.9, f"values: more exactly {candidate.entity}")


def _by_checksum(candidate: Candidate) -> bool:
    return candidate.by_value and any(reason.startswith("checksum") for reason in candidate.reasons)


def _is_counted(facts: ColumnFacts, candidate: Candidate) -> bool:
    """Whether a header counts what is a record itself: how many convictions somebody has is one."""
    return candidate.entity == "CRIMINAL_RECORD" and facts.header.veto in _COUNTING


def _speak_against(facts: ColumnFacts, candidate: Candidate) -> None:
    header = facts.header
    if header.veto and (not candidate.by_value or candidate.entity in _PLACES) and not _is_counted(facts, candidate):
        candidate.weaken(0.3, f"header: “{header.veto}” makes it a column about something else")
    excused = _by_checksum(candidate) or (candidate.by_value and header.is_mute)
    if header.thing and candidate.entity in _SPOILED_BY_THINGS and not excused:
        candidate.weaken(0.4, f"header: “{header.thing}” is no person")
    repeats = facts.seen >= _MANY and len({text.casefold() for text in facts.texts}) < 0.5 * facts.seen
    suggested = header.score("PERSON_NAME") < STRONG
    if candidate.entity == "PERSON_NAME" and suggested and repeats and (not candidate.by_value or candidate.is_thin):
        candidate.weaken(0.4, "values: they repeat as names of persons do not")
    if candidate.entity == "PERSON_NAME" and suggested and candidate.by_value and is_one_sided(facts.texts):
        candidate.weaken(0.4, "values: a name stands in front of, or behind, words that are none")
    if candidate.entity == "PERSON_NAME" and facts.share(lambda text: _ORGANISATION.search(text)) >= 0.2:
        candidate.weaken(0.4, "values: words of organisations")


def with_context(facts: ColumnFacts, candidates: list[Candidate], context: TableContext) -> list[Candidate]:
    """The candidates after the whole table was heard."""
    person = context.is_person
    for candidate in candidates:
        entity = candidate.entity
        detector = next((d for d in _by_entity().get(entity, ()) if d.alone), None)
        if person and candidate.by_value and detector and detector.with_person > detector.alone:
            _lift(candidate, detector.with_person * (0.85 if candidate.is_thin else 1.0))
        elif person and candidate.scores and candidate.confidence < 0.9:
            candidate.support(0.5, "context: rows are persons")
        elif not person and entity in _OF_THINGS and (not candidate.by_value or entity == "CITY"):
            candidate.weaken(0.4, "context: nothing says that the rows are persons")
        elif not person and not candidate.by_value and (entity in _NEEDS_PERSON or candidate.scores[0] < STRONG):
            factor = 0.75 if candidate.scores[0] >= STRONG else 0.7
            candidate.weaken(factor, "context: nothing says that the rows are persons")
    if any(_by_checksum(candidate) for candidate in candidates):
        for candidate in candidates:
            if candidate.by_value and not _by_checksum(candidate) and not facts.header.score(candidate.entity):
                candidate.weaken(0.8, "checksum: another entity's check digits are right")
    if not facts.header.thing and not facts.header.veto and stands_in_mail(facts, context):
        _name_by_mail(facts, candidates)
    _leave_open(candidates)
    return candidates


def _leave_open(candidates: list[Candidate]) -> None:
    """Say NATIONAL_ID where the numbers of two countries are built alike and nothing else decides."""
    likely = sorted((c for c in candidates if c.by_value and c.entity in NATIONAL_IDS), key=lambda c: -c.confidence)
    alike = [c for c in likely if c.confidence == likely[0].confidence]
    if len(alike) > 1:
        alike[0].reasons.append(f"values: {' and '.join(sorted(c.entity for c in alike))} fit alike")
        alike[0].entity = "NATIONAL_ID"


def _lift(candidate: Candidate, least: float) -> None:
    """Raise the confidence to ``least``, unless something speaks against it."""
    have = candidate.confidence
    if candidate.factor == 1.0 and have < least:
        candidate.support(1 - (1 - least) / (1 - have), "context: proved by values among persons")


def _name_by_mail(facts: ColumnFacts, candidates: list[Candidate]) -> None:
    name_like = any(facts.share(d.shape) >= _FITS for d in _by_entity()["PERSON_NAME"])
    entity = "PERSON_NAME" if name_like else "USERNAME"
    candidate = next((c for c in candidates if c.entity == entity), None)
    if candidate is None:
        candidate = Candidate(entity)
        candidates.append(candidate)
    candidate.by_value = True
    candidate.support(0.85, "context: half of the values have words that stand in the table's e-mail addresses")
