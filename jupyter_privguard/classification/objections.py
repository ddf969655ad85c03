"""What one column's own header and values say against a candidate."""

from __future__ import annotations

import re
from collections import Counter

from ..model import NATIONAL_IDS
from .countries import is_country
from .dictionaries.lists import is_one_sided
from .evidence import Candidate
from .facts import ColumnFacts
from .headers import STRONG, words_of
from .roles import says_number
from .shapes import number, vocabulary, year_in

__all__ = [
    "FEW_WORDS",
    "IDENTIFIERS",
    "MANY",
    "MONEY",
    "PLACES",
    "REPEATED",
    "is_answer",
    "is_number_of_paper",
    "refuted",
    "speak_against",
]

MANY = 20
"""Cells from which their distribution says something."""
PLACES = frozenset("CITY POSTCODE GEO_COORDINATE ADDRESS".split())
MONEY = frozenset("INCOME FINANCIAL ACCOUNT_BALANCE".split())
IDENTIFIERS = NATIONAL_IDS | frozenset(
    "NATIONAL_ID CUSTOMER_ID EMPLOYEE_ID USERNAME MEDICAL_RECORD_NUMBER DEVICE_ID DRIVER_LICENSE PASSPORT VOTER_ID"
    " TAX_ID".split()
)
_COUNTING = frozenset("count num total sum type".split())
_SPOILED_BY_THINGS = PLACES | frozenset(
    "PERSON_NAME PHONE_NUMBER AGE GENDER NATIONALITY ETHNICITY"
    " POLITICAL MEDICATION DIAGNOSIS MEDICAL_CODE FINANCIAL HEALTH_MEASURE DEVICE_ID CUSTOMER_ID INCOME USERNAME"
    " RELIGION IMAGE_OF_PERSON".split()
)
_ORGANISATION = re.compile(
    r"\b(?:ltd|limited|inc|llc|llp|plc|gmbh|ag|kg|corp|corporation|company|co|s\.?a|s\.?r\.?l|b\.?v|pvt|pty|bank|group"
    r"|hospital|university|school|college|airport|intl|station|store|hotel|club|fc|united|partners|sons|bridge|park|square"
    r"|castle|hall|stadium|museum|trading|exports?|farms?|association|cooperative|foundation|services|international"
    r"|solutions|consulting|industries|holdings?|ministry|department|council|committee|ltda|sarl|sas|spa|e\.v|verein"
    r"|sociedad|asociacion|societe|&)(?:\b|\.|$)|&",
    re.IGNORECASE,
)
# Kinds whose words are names too: months, days, colours, directions, continents, countries.
_kind_of_thing = vocabulary(
    "january|february|march|april|may|june|july|august|september|october|november|december|jan|jun|jul|aug|monday|tuesday"
    "|wednesday|thursday|friday|saturday|sunday|black|white|brown|blue|green|grey|gray|red|hazel|amber|ruby|pink|silver"
    "|gold|violet|north|south|east|west|africa|asia|europe|oceania|america|north america|south america|antarctica"
    "|france|germany|spain|italy|england|ireland|scotland|wales|georgia|jordan|israel|chad|cuba|kenya|india|china|holland"
    "|summer|winter|autumn|spring|major|minor|junior|senior|bachelor|bachelors|master|masters|doctor"
)
FEW_WORDS = "values: few single words, again and again"
"""What is said of given names of few persons too; a table of persons takes it back."""
REPEATED = "values: they repeat as names of persons do not"
"""What is said of given names too; that they stand in the table's e-mail addresses takes it back."""
_FEW, _OFTEN = 12, 10
"""So few different words, each so often: kinds of something rather than first names."""
# Beside these words a trait is a share of many, and money that of a place.
_SHARES = frozenset("share shares pct percent percentage proportion anteil prozent porcentaje percentuale".split())
_AREAS = frozenset(
    "county state country tract region regional area neighborhood district national city capita gdp".split()
)
_OF_MANY = MONEY | frozenset("AGE GENDER ETHNICITY RELIGION NATIONALITY POLITICAL MARITAL_STATUS".split())
# Papers of a trade. Their numbers may have the grouping of a social security or telephone number.
_DOCUMENTS = frozenset(
    "invoice order receipt ticket docket booking shipment tracking transaction purchase quote voucher lot batch serial"
    " rechnung bestellung auftrag facture commande factura pedido fattura ordine fatura nota".split()
)
# Divisions of a country that are called by the towns in them.
_DIVISIONS = frozenset(
    "constituency electorate precinct ward circuit diocese division wahlkreis bezirk circonscription canton"
    " circunscripcion distrito collegio".split()
)
# Towns that somebody travels to, or that a country is ruled from.
_ROUTES = frozenset(
    "capital destination destinations origin departure arrival stop route reiseziel ziel abflug hauptstadt destino"
    " origen destinazione capitale partenza arrivo bestemming vertrek".split()
)
_CHAPTERS = 5
"""Codes from which a classification of diseases has more than one first letter."""
_GROUPED_ONLY = frozenset("US_SSN PHONE_NUMBER UK_NHS VOTER_ID IN_PAN VEHICLE_PLATE MEDICAL_CODE POSTCODE".split())
# What is told by a word, a code or a small number, never by a measurement.
_NEVER_MEASURED = frozenset("DIAGNOSIS MEDICATION CRIMINAL_RECORD IMAGE_OF_PERSON RELIGION ETHNICITY POLITICAL".split())
# What a column under no telling header holds in several kinds if it is about persons.
_TOLD_APART = frozenset("GENDER NATIONALITY CITY PERSON_NAME ETHNICITY RELIGION MARITAL_STATUS".split())
_OLDEST, _GRADES = 120, 30
"""Years of a life; different numbers by which a disease may be graded."""
_CODED_DISEASE = frozenset(
    "diagnosis diagnoses diag diagnose diagnosed diagnostic diagnostico condition disease icd code dx cause".split()
)
# What is told by a name or a number, never by an answer.
_NUMBERED = frozenset("CUSTOMER_ID EMPLOYEE_ID MEDICAL_RECORD_NUMBER".split())
_NEVER_A_DAY = IDENTIFIERS | frozenset(
    "CREDENTIAL RELIGION ETHNICITY NATIONALITY GENDER MARITAL_STATUS POLITICAL MEDICATION DIAGNOSIS PERSON_NAME".split()
)
_NEARLY_ALL, _HALF = 0.8, 0.5
# Letters that stand for both sexes in one language, and those that stand for neither beside them.
_PAIRS = tuple(map(frozenset, ("mf", "mw", "mk", "mv", "mz", "hf", "hm")))
_NEITHER = frozenset("u o x d n nb 0 1 2 9".split())
_CROWDS = frozenset("staff personnel employees customers clients users members patients students workers".split())
_A_THOUSAND = 3
"""Digits of what is counted rather than numbered."""
_NEVER_ANSWERED = PLACES | {"PERSON_NAME", "PHONE_NUMBER", "USERNAME"}
is_answer = vocabulary(
    "yes|no|y|n|true|false|0|1|ja|nein|oui|non|si|sim|nao|tak|nie|response|other|none|maybe|not sure|dont know"
    "|don't know"
)
_LANGUAGE = frozenset("language languages sprache langue idioma lengua lingua taal jezyk bhasha".split())


def refuted(facts: ColumnFacts, entity: str) -> str:
    """Why the numbers of a column cannot be ``entity`` although each alone has the form; empty if they can."""
    if (entity in _NEVER_MEASURED or entity in IDENTIFIERS) and _is_measured(facts):
        return "measurements with decimals or signs"
    if entity == "IMAGE_OF_PERSON" and all(number(text) is not None for text in facts.texts):
        return "numbers"
    if entity == "DIAGNOSIS" and len(facts.texts) > _GRADES and all(map(str.isdecimal, facts.texts)):
        return "" if _CODED_DISEASE.intersection(facts.header.words) else "counts or rates"
    if entity in _NEVER_ANSWERED and all(map(is_answer, facts.texts)):
        return "answers"
    if entity in _NEVER_A_DAY and facts.share(year_in) >= _NEARLY_ALL:
        return "days"
    if entity in _NUMBERED and _are_words_that_repeat(facts):
        return "words that repeat"
    if entity in _NUMBERED and _are_counts(facts):
        return "small numbers that repeat, as counts do"
    if entity == "AGE" and facts.share(_beyond_life) > 0.15:
        return "more than anybody's years"
    return ""


def _are_words_that_repeat(facts: ColumnFacts) -> bool:
    """Whether values are words without a digit, each of them on average three times or more: kinds of something."""
    repeat = facts.seen >= MANY and 3 * len(facts.texts) <= facts.seen
    return repeat and not any(character.isdigit() for text in facts.texts for character in text)


def _are_counts(facts: ColumnFacts) -> bool:
    """Whether small numbers repeat under several words of which none says that they number anything."""
    repeat = facts.seen >= MANY and 3 * len(facts.texts) <= facts.seen
    small = repeat and all(text.isdecimal() and len(text) <= _A_THOUSAND for text in facts.texts)
    words = facts.header.words
    return small and (len(words) > 1 or not _CROWDS.isdisjoint(words)) and not says_number(words)


def _is_measured(facts: ColumnFacts) -> bool:
    return facts.fractional or facts.share(lambda text: text.startswith("-") and number(text) is not None) >= 0.2


def _beyond_life(text: str) -> bool:
    value = number(text)
    return value is not None and value > _OLDEST and value not in (999, 9999)


def speak_against(facts: ColumnFacts, candidate: Candidate) -> None:
    """Weaken ``candidate`` by what its own column says otherwise."""
    _header_against(facts, candidate)
    if candidate.entity == "PERSON_NAME":
        _values_against_name(facts, candidate)
    if candidate.entity == "MEDICAL_CODE" and not facts.header.score("MEDICAL_CODE") and _is_serial(facts):
        candidate.weaken(0.4, "values: they begin with one letter and have no subclass, as numbers of places do")
    if candidate.entity == "GENDER" and not facts.header.score("GENDER") and _are_other_letters(facts):
        candidate.weaken(0.4, "values: letters that are no pair of sexes")
    same = facts.seen >= MANY and len(facts.texts) == 1
    if candidate.entity in _TOLD_APART and same and candidate.by_value and not facts.header.hints:
        candidate.weaken(0.4, "values: the same everywhere, which tells nobody apart")


def _are_other_letters(facts: ColumnFacts) -> bool:
    """Whether all values are letters, and not two that one language has for the sexes: E and W, T and F, H and L."""
    letters = {text.strip().lower() for text in facts.texts}
    if not all(len(letter) == 1 and letter.isascii() for letter in letters - _NEITHER):
        return False
    told = letters - _NEITHER
    return told in ({"w"}, {"h"}) or not any(pair <= told or pair >= told for pair in _PAIRS)


def _header_against(facts: ColumnFacts, candidate: Candidate) -> None:
    header = facts.header
    if header.veto and (not candidate.by_value or candidate.entity in PLACES) and not _is_counted(facts, candidate):
        candidate.weaken(0.3, f"header: “{header.veto}” makes it a column about something else")
    excused = candidate.by_checksum or (candidate.by_value and header.is_mute)
    if header.thing and candidate.entity in _SPOILED_BY_THINGS and not excused:
        candidate.weaken(0.4, f"header: “{header.thing}” is no person")
    of_many = _SHARES | _AREAS if candidate.entity in MONEY else _SHARES
    if candidate.entity in _OF_MANY and (word := next(filter(of_many.__contains__, header.words), "")):
        candidate.weaken(0.4, f"header: “{word}” makes it a figure of many")
    division = next((word for word in header.words if word in _DIVISIONS), "")
    if division and candidate.entity == "CITY":
        candidate.weaken(0.4, f"header: “{division}” is a division of a country")
    route = next((word for word in header.words if word in _ROUTES), "")
    if route and candidate.entity == "CITY" and not header.score("CITY"):
        candidate.weaken(0.4, f"header: “{route}” is said of journeys and countries")
    if candidate.entity == "NATIONALITY" and _LANGUAGE.intersection(header.words):
        candidate.weaken(0.4, "header: it speaks of languages")
    document = next((word for word in header.words if word in _DOCUMENTS), "")
    if document and candidate.entity in _GROUPED_ONLY and not header.score(candidate.entity):
        candidate.weaken(0.4, f"header: “{document}” numbers papers")


def is_number_of_paper(facts: ColumnFacts, entity: str, text: str) -> bool:
    """Whether header or text speak of papers of a trade, whose numbers may look like those of ``entity``."""
    if entity not in _GROUPED_ONLY:
        return False
    return not _DOCUMENTS.isdisjoint(facts.header.words) or not _DOCUMENTS.isdisjoint(words_of(text))


def _is_serial(facts: ColumnFacts) -> bool:
    """Whether codes without a subclass nearly all begin with one letter: they number something."""
    letters = Counter(text[:1] for text in facts.texts)
    nearly_all = max(letters.values(), default=0) >= 0.7 * len(facts.texts)
    return len(facts.texts) >= _CHAPTERS and nearly_all and not any("." in text for text in facts.texts)


def _is_counted(facts: ColumnFacts, candidate: Candidate) -> bool:
    """Whether a header counts what is a record itself: how many convictions, or how much money, somebody has."""
    if candidate.entity in MONEY:
        return facts.header.veto == "total"
    return candidate.entity == "CRIMINAL_RECORD" and facts.header.veto in _COUNTING


def _values_against_name(facts: ColumnFacts, candidate: Candidate) -> None:
    if facts.share(lambda text: _ORGANISATION.search(text)) >= 0.2:
        candidate.weaken(0.4, "values: words of organisations")
    if len(facts.texts) > 2 and facts.share(is_country) >= _HALF:
        candidate.weaken(0.4, "values: names of countries")
        return
    if len(facts.texts) > 2 and facts.share(_kind_of_thing) >= _NEARLY_ALL:
        candidate.weaken(0.4, "values: words for kinds of things")
        return
    if facts.header.score("PERSON_NAME") >= STRONG:
        return
    if facts.share(lambda text: _kind_of_thing(text) or is_answer(text)) >= 0.3:
        candidate.weaken(0.4, "values: words for kinds of things or answers, which are names too")
    is_named = facts.header.score("PERSON_NAME") > 0
    if candidate.is_thin and facts.header.hints and not is_named:
        candidate.weaken(0.8, "header: it speaks of something else, and few values are names")
    few = 0 < len(facts.texts) <= _FEW and facts.seen >= _OFTEN * len(facts.texts)
    if few and not any(" " in text for text in facts.texts):
        candidate.weaken(0.5, FEW_WORDS)
    repeats = facts.seen >= MANY and len({text.casefold() for text in facts.texts}) < 0.5 * facts.seen
    if repeats and (not candidate.by_value or candidate.is_thin):
        candidate.weaken(0.4, REPEATED)
    if candidate.by_value and is_one_sided(facts.texts):
        candidate.weaken(0.4, "values: a name stands in front of, or behind, words that are none")
