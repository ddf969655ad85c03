"""The candidates of one column in the light of the whole table."""

from __future__ import annotations

from ..model import NATIONAL_IDS
from .candidates import FITS
from .context import TableContext, stands_in_mail
from .detector import detectors_of
from .evidence import Candidate
from .facts import ColumnFacts
from .headers import STRONG
from .objections import FEW_WORDS, MANY, MONEY, PLACES, REPEATED

__all__ = ["with_context"]

# Said of things as often as of persons: without persons in the table they are dropped.
_WHERE = frozenset("CITY POSTCODE GEO_COORDINATE".split())
_NEEDS_PERSON = frozenset(
    "AGE GENDER HEALTH_MEASURE FINANCIAL ETHNICITY MARITAL_STATUS USERNAME INCOME ACCOUNT_BALANCE".split()
)
# Traits and figures that animals, groups, regions and years have too.
_OF_OTHERS_TOO = frozenset(
    "AGE GENDER ETHNICITY MARITAL_STATUS NATIONALITY RELIGION POLITICAL INCOME FINANCIAL ACCOUNT_BALANCE HEALTH_MEASURE"
    " DIAGNOSIS MEDICATION CRIMINAL_RECORD".split()
)
# What is also measured in places and of things.
_OF_PLACES = frozenset("INCOME FINANCIAL ACCOUNT_BALANCE HEALTH_MEASURE NATIONALITY".split())
_OF_THINGS = _OF_PLACES | {"AGE"}
# Kinds of which there are lists and statistics.
_KINDS = frozenset("DIAGNOSIS RELIGION MEDICATION MEDICAL_CODE NATIONALITY ETHNICITY POLITICAL".split())
_LIST = 8
# What works, houses and companies have too.
_NAMES = frozenset("name names nom nombre nome nazwa naam namn navn nama".split())
_HARDLY = 0.15
# What a header is worth where others of the table mislead: it still acts, and is no longer sure.
_DOUBTFUL = 0.77
# The same where words are known for the entity, and none of them is among the values: it only asks.
_UNBORNE = 0.7
# Notes on columns that hold nothing that a mere suggestion of the header could be about.
_HEADER_ONLY = "only the header was read"
# What is a person's where other headers are, though its own says it of things as well.
_BESIDE_PERSONS = PLACES | NATIONAL_IDS | {"PERSON_NAME"}
_EMPTY = frozenset({"it holds no values", "none of its values can be read", _HEADER_ONLY})
# Addresses that only persons have.
_DWELLING = frozenset(
    "home residence residential mailing shipping billing delivery permanent current customer client patient employee"
    " wohnort wohnadresse domicilio domicile".split()
)


def with_context(facts: ColumnFacts, candidates: list[Candidate], context: TableContext) -> list[Candidate]:
    """The candidates after the whole table was heard."""
    for candidate in candidates:
        if context.votes and candidate.entity in _WHERE and not _DWELLING.intersection(facts.header.words):
            candidate.weaken(0.4, f"context: “{context.votes}” says that it is where votes were counted")
        if context.by_role and _is_name_of_work(facts, candidate):
            candidate.weaken(0.4, "context: the table's persons have a part in what is called so")
        if context.is_person:
            _among_persons(facts, candidate)
        else:
            _without_persons(facts, candidate, context)
    if any(candidate.by_checksum for candidate in candidates):
        for candidate in candidates:
            if candidate.by_value and not candidate.by_checksum and not facts.header.score(candidate.entity):
                candidate.weaken(0.8, "checksum: another entity's check digits are right")
    if not facts.header.thing and not facts.header.veto and stands_in_mail(facts, context):
        _name_by_mail(facts, candidates)
    if context.headers_mislead:
        for candidate in candidates:
            if not candidate.by_value:
                factor = _UNBORNE if _is_unborne(facts, candidate) else _DOUBTFUL
                candidate.weaken(factor, "context: values refute other headers of this table")
    _leave_open(candidates)
    return candidates


def _among_persons(facts: ColumnFacts, candidate: Candidate) -> None:
    if candidate.entity == "PERSON_NAME" and facts.header.score("PERSON_NAME") and not facts.header.thing:
        candidate.forgive(0.5, FEW_WORDS)
    detector = next((d for d in detectors_of(candidate.entity) if d.alone), None)
    if candidate.by_value and detector and detector.with_person > detector.alone:
        _lift(candidate, detector.with_person * (0.85 if candidate.is_thin else 1.0))
    elif candidate.scores and candidate.confidence < 0.9 and not _is_empty_hint(facts, candidate):
        candidate.support(0.5, "context: rows are persons")


def _is_empty_hint(facts: ColumnFacts, candidate: Candidate) -> bool:
    """Whether a header only suggests the entity and no value could bear it out."""
    if candidate.scores[0] >= STRONG or facts.note not in _EMPTY:
        return False
    return facts.note != _HEADER_ONLY or candidate.entity not in _BESIDE_PERSONS


def _without_persons(facts: ColumnFacts, candidate: Candidate, context: TableContext) -> None:
    entity = candidate.entity
    others = (
        (context.others if entity in _OF_OTHERS_TOO else "")
        or (context.things if entity in _OF_THINGS else "")
        or (context.places if entity in _OF_PLACES else "")
    )
    if others:
        candidate.weaken(0.4, f"context: {others}")
    elif entity in _KINDS and candidate.by_value and len(facts.texts) == facts.seen >= _LIST:
        candidate.weaken(0.4, "values: each stands there once, as in a list of kinds")
    elif _is_anywhere(facts, candidate):
        candidate.weaken(0.4, "context: nothing says that the rows are persons")
    elif entity in MONEY and facts.header.veto:
        candidate.weaken(0.4, f"header: “{facts.header.veto}”, of nobody in particular")
    elif not candidate.by_value and (entity in _NEEDS_PERSON or candidate.scores[0] < STRONG):
        factor = (
            0.85
            if facts.note == _HEADER_ONLY and entity == "PERSON_NAME"
            else 0.75
            if candidate.scores[0] >= STRONG
            else 0.7
        )
        candidate.weaken(factor, "context: nothing says that the rows are persons")


def _is_name_of_work(facts: ColumnFacts, candidate: Candidate) -> bool:
    """Whether a header says “name”, and hardly one of many values is a name of persons."""
    if candidate.entity != "PERSON_NAME" or candidate.by_value or len(facts.texts) < MANY:
        return False
    if any(hint.entity == "PERSON_NAME" and hint.phrase not in _NAMES for hint in facts.header.hints):
        return False
    return all(d.proof is None or facts.share(d.proof) < _HARDLY for d in detectors_of("PERSON_NAME"))


def _is_unborne(facts: ColumnFacts, candidate: Candidate) -> bool:
    """Whether not one value is a word that is known for the entity, though words are."""
    tests = [d.proof for d in detectors_of(candidate.entity) if d.kind == "dictionary" and d.proof is not None]
    return bool(tests) and bool(facts.texts) and not any(map(facts.share, tests))


def _is_anywhere(facts: ColumnFacts, candidate: Candidate) -> bool:
    """Whether a place is said of things as often as of persons."""
    if candidate.entity == "ADDRESS":
        return not _DWELLING.intersection(facts.header.words)
    return candidate.entity in _WHERE


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
    name_like = any(facts.share(d.shape) >= FITS for d in detectors_of("PERSON_NAME"))
    entity = "PERSON_NAME" if name_like else "USERNAME"
    candidate = next((c for c in candidates if c.entity == entity), None)
    if candidate is None:
        candidate = Candidate(entity)
        candidates.append(candidate)
    candidate.by_value = True
    candidate.forgive(0.4, REPEATED)
    candidate.support(0.85, "context: half of the values have words that stand in the table's e-mail addresses")
