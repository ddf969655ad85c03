"""Header and values of one column → candidates, before the table is asked."""

from __future__ import annotations

from functools import lru_cache

from ..frames.engine import Kind
from ..model import NATIONAL_IDS
from ._header_index import lists
from .detector import DETECTORS, Detector, detectors_of
from .evidence import Candidate
from .facts import ColumnFacts
from .headers import STRONG, Hint
from .objections import MANY, is_answer, refuted, speak_against
from .shapes import full

__all__ = ["FITS", "first_candidates"]

FITS = 0.6
"""Share of distinct values that must have the shape a header promises."""
_PEEK = 10
_SHORTEST_CHECKED = 7
"""Bare digits from which there are check digits; a leading zero or two may be lost."""
_FAINT = 0.5
"""Forms worth less than this alone count only where the header speaks of nothing else."""
# A hint that is only a suggestion must be proved by values for these.
_NEEDS_PROOF = frozenset(
    "CREDIT_CARD IN_AADHAAR US_SSN IBAN CREDENTIAL DIAGNOSIS MEDICATION POLITICAL NATIONAL_ID CRIMINAL_RECORD"
    " TAX_ID VOTER_ID ETHNICITY".split()
)
# Words of headers that stand over names of things as often.
_ANY_NAME = frozenset("name names nom nombre nome first last contact holder owner".split())
# Surveys write these as numbers or letters; how many kinds they tell apart.
_CODED, _CODES, _WRITTEN_OUT = frozenset({"ETHNICITY"}), 9, 4
_IDS = frozenset("CUSTOMER_ID EMPLOYEE_ID BANK_ACCOUNT MEDICAL_RECORD_NUMBER DEVICE_ID DRIVER_LICENSE".split())
# Told apart by two words or a few, in languages that nobody listed.
_FEW_WORDS = {"GENDER": 3, "MARITAL_STATUS": 6}
# Streets without a house, and houses without a street; the words are folded, and compounds end with them.
_STREETS = ("street", "stras", "ulic", "rue", "calle", "rua", "via", "vul", "utca", "cadde", "sokak", "jalan", "улиц")
_STREET_ENDS = ("strasse", "straat", "straatnaam", "gata", "gatan", "gade", "katu", "街道")
_NUMBERS_OF_HOUSES = (
    "nummer",
    "number",
    "no",
    "nr",
    "num",
    "numero",
    "civico",
    "domu",
    "mieszkania",
    "huisnr",
    "hausnr",
)
_FEWEST_STREETS, _NEARLY_ALL = 5, 0.8
_street_name = full(r"[^\W\d_][^\d@#$%&*<>=:;]{2,60}")
_house_number = full(r"\d{1,5} ?[A-Za-z]?(?: ?[-/] ?\d{1,4}[A-Za-z]?)?")
_category = full(r"[^\W\d_]{1,20}")
_FLAGS = frozenset({"0", "1", "0.0", "1.0"})
_YES_OR_NO = frozenset("HEALTH_MEASURE DIAGNOSIS FINANCIAL CRIMINAL_RECORD TRADE_UNION MARITAL_STATUS".split())
_GENERAL = {
    "NATIONAL_ID": NATIONAL_IDS | {"TAX_ID"},
    "TAX_ID": NATIONAL_IDS,
    "BANK_ACCOUNT": frozenset("IBAN CREDIT_CARD BANK_ACCOUNT".split()),
}


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
    digits = all(text.isdecimal() for text in head)
    if digits and max(map(len, head)) < _SHORTEST_CHECKED:
        return found
    for detector in _provers(digits=digits):
        proof = detector.proof
        assert proof is not None  # noqa: S101 - provers have one
        needed = min(detector.share, detector.mixed)
        if not any(map(proof, head)) or sum(map(bool, map(proof, head))) < (needed - 0.4) * len(head):
            continue
        share = facts.share(proof)
        if share < detector.share and not (share >= detector.mixed and facts.share(detector.shape) >= 0.9):
            continue
        if detector.entity == "MEDICAL_CODE" and facts.seen >= MANY and len(facts.texts) > 0.7 * facts.seen:
            continue  # diagnoses repeat; what never repeats is a shelf or a part
        if share > found.get(detector.entity, (None, 0.0))[1]:
            found[detector.entity] = (detector, share)
    return found


def _is_part_of_address(facts: ColumnFacts, hint: Hint) -> bool:
    """Whether the values are what an address is written in parts of: names of streets, or numbers of houses and flats.

    Two or three kinds of street are a feature of a house.
    """
    words = hint.phrase.split()
    if any(word.endswith(_NUMBERS_OF_HOUSES) for word in words):
        return facts.share(_house_number) >= _NEARLY_ALL
    is_street = any(word.startswith(_STREETS) or word.endswith(_STREET_ENDS) for word in words)
    return is_street and len(facts.texts) >= _FEWEST_STREETS and facts.share(_street_name) >= _NEARLY_ALL


def _fits(facts: ColumnFacts, hint: Hint) -> bool:
    """Whether enough values have a shape that the entity can have."""
    entity = hint.entity
    if entity == "ADDRESS" and _is_part_of_address(facts, hint):
        return True
    if facts.kind is Kind.BOOLEAN:
        return entity in _YES_OR_NO
    if entity == "DATE_OF_BIRTH" and facts.kind is Kind.DATETIME:
        return True
    if facts.kind is Kind.DATETIME and entity != "CRIMINAL_RECORD":
        return False
    if entity == "AGE" and facts.seen >= MANY and _FLAGS.issuperset(facts.texts):
        return False  # “senior: 0 or 1” is no age
    return any(facts.share(d.shape) >= FITS for d in detectors_of(entity)) or _are_few_words(facts, entity)


def _are_few_words(facts: ColumnFacts, entity: str) -> bool:
    """Whether values are two words or a few, again and again, under a header with one meaning."""
    return (
        facts.header.score(entity) >= STRONG
        and 2 <= len(facts.texts) <= _FEW_WORDS.get(entity, 0)
        and facts.seen >= MANY
        and all(_category(text) and not is_answer(text) for text in facts.texts)
    )


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
        candidate.support(strength, f"{detector.kind}: {_of_values(facts, share)} {detector.says}")
    for candidate in candidates.values():
        _refine(candidate, candidates)
        speak_against(facts, candidate)
    return list(candidates.values())


def _says_otherwise(facts: ColumnFacts, entity: str) -> bool:
    """Whether the header speaks of something else than ``entity``."""
    header = facts.header
    return not header.score(entity) and bool(header.hints or header.thing or header.veto)


def _of_values(facts: ColumnFacts, share: float) -> str:
    if len(facts.texts) == 1:
        return "the only distinct value shows"
    return f"{round(100 * share)} % of {len(facts.texts)} distinct values show"


def _from_hint(facts: ColumnFacts, hint: Hint, proved: dict[str, tuple[Detector, float]]) -> Candidate | None:
    candidate = Candidate(hint.entity)
    if not facts.texts:
        if facts.note == "it holds bytes" and hint.entity not in ("IMAGE_OF_PERSON", "BIOMETRIC", "CREDENTIAL"):
            facts.reasons.append(f"header: “{hint.phrase}”, but the column holds bytes")
            return None
        if hint.score < STRONG and hint.entity in _NEEDS_PROOF and _is_about_things(hint):
            facts.reasons.append(
                f"header: “{hint.phrase}” may mean {hint.entity}; no value was read that could prove it"
            )
            return None
        candidate.support(hint.score, f"header: “{hint.phrase}”")
        if facts.pictures and hint.entity == "IMAGE_OF_PERSON":
            candidate.support(0.7, "values: they begin as pictures do")
        return candidate
    is_proved = hint.entity in proved or bool(_GENERAL.get(hint.entity, frozenset()).intersection(proved))
    if not is_proved and detectors_of(hint.entity) and not _fits(facts, hint):
        facts.reasons.append(f"header: “{hint.phrase}”, refuted by the values' form")
        facts.refuted = hint.score >= STRONG
        return None
    if not is_proved and (why := refuted(facts, hint.entity)):
        facts.reasons.append(f"header: “{hint.phrase}”, refuted by the values: {why}")
        return None
    if hint.score < STRONG and not is_proved:
        digits = facts.share(lambda text: any(character.isdigit() for character in text))
        is_open = hint.entity in _NEEDS_PROOF and not _is_coded(facts, hint)
        if (is_open and not _partly_proved(facts, hint.entity)) or (hint.entity in _IDS and digits < 0.5):
            facts.reasons.append(f"header: “{hint.phrase}” suggests {hint.entity}, not confirmed by the values")
            return None
    candidate.support(hint.score, f"header: “{hint.phrase}”")
    if hint.entity in ("PERSON_NAME", "ETHNICITY") and not is_proved and _partly_proved(facts, hint.entity):
        candidate.support(0.5, "values: a third of them or more are known words for it")
    elif hint.entity == "PERSON_NAME" and not is_proved and hint.phrase not in _ANY_NAME and _are_like_names(facts):
        candidate.support(0.45, "values: under a word for persons, of the form of names, some of them known")
    if not is_proved and _misses_check_digits(facts, hint.entity):
        candidate.weaken(0.95, "values: the right form, but check digits do not confirm it")
    elif detectors_of(hint.entity) and not is_proved:
        candidate.support(0.1, "values: they have a form that fits")
    return candidate


def _is_about_things(hint: Hint) -> bool:
    """Whether the word that matched is one that columns on things have (a charge, a tax), whatever else it means."""
    return not {hint.phrase, hint.phrase.removesuffix("s")}.isdisjoint(lists().about)


def _misses_check_digits(facts: ColumnFacts, entity: str) -> bool:
    """Whether all that values could be, by their shape, has check digits."""
    fitting = [detector for detector in detectors_of(entity) if facts.share(detector.shape) >= FITS]
    return bool(fitting) and all(detector.kind == "checksum" for detector in fitting)


def _is_coded(facts: ColumnFacts, hint: Hint) -> bool:
    """Whether a column has codes where words are usual: few, each of them often, under a word that is written out."""
    return (
        hint.entity in _CODED
        and len(hint.phrase) >= _WRITTEN_OUT
        and facts.seen >= MANY
        and 2 <= len(facts.texts) <= _CODES
        and all(len(text) <= 2 for text in facts.texts)
    )


def _are_like_names(facts: ColumnFacts) -> bool:
    """Whether values are two to five words that begin in upper case, and one in seven is a known name."""
    if facts.share(lambda text: (1 <= text.count(" ") <= 4 and text == text.title()) or text.isupper()) < 0.6:
        return False
    return any(d.proof is not None and facts.share(d.proof) >= 0.15 for d in detectors_of("PERSON_NAME"))


def _partly_proved(facts: ColumnFacts, entity: str) -> bool:
    """Whether a third of the values speak for what the header only suggests."""
    return any(d.proof is not None and facts.share(d.proof) >= 0.3 for d in detectors_of(entity))


def _refine(candidate: Candidate, candidates: dict[str, Candidate]) -> None:
    """Lend a general header (``national id``) to what the values prove (``ES_NIF``)."""
    if not candidate.by_value:
        return
    for general, special in _GENERAL.items():
        header = candidates.get(general)
        if header and header is not candidate and candidate.entity in special and header.scores and not header.by_value:
            candidate.support(header.scores[0], header.reasons[0])
            header.weaken(0.9, f"values: more exactly {candidate.entity}")
