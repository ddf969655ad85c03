"""Who somebody is: name, birth, age, gender, marital status, nationality, user name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..detector import Detector
from ._shapes import folded, full, number, vocabulary, year_in

__all__ = [
    "AGE",
    "DATE_OF_BIRTH",
    "GENDER",
    "GENDER_LETTER",
    "MARITAL_STATUS",
    "NATIONALITY",
    "PERSON_NAME",
    "USERNAME",
]

_name = full(r"[^\W\d_][^\d@#$%&*<>=:/\\_|+]{0,70}")
_last_first = full(r"[^\W\d_a-zß-ÿ]{2,}(?:[ '-][^\W\d_a-z]+)*, [^\W\d_a-z][a-zß-ÿ][^\W\d_]*(?: [^\W\d_]\.?)?")
_words = full(r"(?:[^\W\d_]|[' .,\-’])+")


@cache
def _names() -> frozenset[str]:
    """Very common given and family names of many cultures (compiled for this project)."""
    text = (Path(__file__).parent / "_names.txt").read_text(encoding="utf-8")
    return frozenset(folded(word) for line in text.splitlines() if not line.startswith("#") for word in line.split())


def _name_shape(text: str) -> bool:
    return bool(_name(text)) and text.count(" ") <= 6 and not text.isspace()


def _name_proof(text: str) -> bool:
    """One to five words of letters, at least half of the longer ones known as names."""
    if len(text) > 60 or not _words(text):
        return False
    if _last_first(text):
        return True
    words = [word for word in folded(text).replace(",", " ").replace("-", " ").split() if len(word.strip(".")) > 1]
    known = sum(word.strip(".'") in _names() for word in words)
    return 1 <= len(words) <= 5 and 2 * known >= len(words)


def _birth_shape(text: str) -> bool:
    if len(text) == 4 and text.isdecimal():
        return 1900 <= int(text) <= 2030
    year = year_in(text)
    return year is not None and 1850 <= year <= 2030


_age_band = full(
    r"(?:under|over|above|below|<|>|<=|>=|≥|≤)? ?\d{1,3}(?: ?(?:-|–|to|bis) ?\d{1,3})?\+? ?"
    r"(?:y|yrs?|years?(?: old)?|jahre|ans|años)?|\[?\d{1,3}[-,]\d{1,3}[\])]?",
    ignore_case=True,
)


def _age_shape(text: str) -> bool:
    value = number(text)
    if value is None:
        return len(text) < 20 and any(c.isdigit() for c in text) and bool(_age_band(text))
    return 0 <= value <= 120


_WORDS_GENDER = (
    "male|female|man|woman|men|women|boy|girl|non-binary|nonbinary|non binary|transgender|trans man|trans woman|agender"
    "|genderqueer|männlich|weiblich|divers|mann|frau|homme|femme|masculin|féminin|hombre|mujer|masculino|femenino"
    "|feminino|homem|mulher|maschio|femmina|uomo|donna|purush|mahila|stri|男|女|男性|女性"
)
_gender_words = vocabulary(_WORDS_GENDER)
_gender = vocabulary(
    _WORDS_GENDER + "|m|f|w|h|d|x|u|nb|0|1|2|9|t|other|prefer not to say|unspecified|diverse|mr|mrs|ms|male.|female."
    "|keine angabe|autre|otro|outro|undisclosed|intersex|true|false"
)
_WORDS_MARITAL = (
    "single|married|divorced|widowed|separated|never married|never-married|unmarried|civil partnership|domestic partner"
    "|civil union|cohabiting|engaged|widow|widower|annulled|married-civ-spouse|married-spouse-absent|married-af-spouse"
    "|ledig|verheiratet|geschieden|verwitwet|getrennt|lebenspartnerschaft|célibataire|marié|mariée|marié(e)|divorcé"
    "|divorcée|divorcé(e)|veuf|veuve|pacsé|pacsé(e)|soltero|soltera|casado|casada|divorciado|divorciada|viudo|viuda"
    "|solteiro|solteira|viúvo|viúva|separado|separada|vivahit|avivahit"
)
_marital_words = vocabulary(_WORDS_MARITAL)
_marital = vocabulary(_WORDS_MARITAL + "|s|m|d|w|c|u|p|t|a|0|1|2|3|4|5|yes|no|other|true|false")
_nationality = vocabulary(
    "afghan|albanian|algerian|american|argentine|argentinian|armenian|australian|austrian|bangladeshi|belgian|bolivian"
    "|brazilian|british|bulgarian|cambodian|cameroonian|canadian|chilean|chinese|colombian|congolese|croatian|cuban"
    "|cypriot|czech|danish|dominican|dutch|ecuadorian|egyptian|emirati|english|estonian|ethiopian|filipino|finnish"
    "|french|georgian|german|ghanaian|greek|guatemalan|haitian|honduran|hungarian|icelandic|indian|indonesian|iranian"
    "|iraqi|irish|israeli|italian|jamaican|japanese|jordanian|kazakh|kenyan|korean|kuwaiti|latvian|lebanese|libyan"
    "|lithuanian|malaysian|maltese|mexican|moldovan|mongolian|moroccan|nepalese|nepali|new zealander|nicaraguan"
    "|nigerian|norwegian|omani|pakistani|palestinian|panamanian|paraguayan|peruvian|polish|portuguese|qatari|romanian"
    "|russian|rwandan|saudi|scottish|senegalese|serbian|singaporean|slovak|slovenian|somali|south african|south korean"
    "|spanish|sri lankan|sudanese|swedish|swiss|syrian|taiwanese|tanzanian|thai|tunisian|turkish|ugandan|ukrainian"
    "|uruguayan|uzbek|venezuelan|vietnamese|welsh|yemeni|zambian|zimbabwean|deutsch|österreichisch|französisch"
    "|italienisch|türkisch|polnisch|spanisch|française|français|allemande|espagnole|italienne|española|alemana"
    "|francesa|brasileira|brasileiro|portuguesa|mexicana|argentina|indiana"
)
_word_like = full(r"[^\W\d_][^\d@#$%*<>=:;]{0,60}")
_user = full(r"@?[A-Za-z0-9][\w.@+\\-]{1,63}")

PERSON_NAME = Detector(
    "person_name", "PERSON_NAME", shape=_name_shape, proof=_name_proof, kind="dictionary", alone=0.75, with_person=0.88,
    share=0.5, mixed=0.35, says="common given and family names",
)  # fmt: skip
DATE_OF_BIRTH = Detector("date_of_birth", "DATE_OF_BIRTH", shape=_birth_shape)
AGE = Detector("age", "AGE", shape=_age_shape)
GENDER = Detector(
    "gender", "GENDER", shape=_gender, proof=_gender_words, kind="dictionary", alone=0.85, with_person=0.95,
    share=0.8, few=True, says="words for gender",
)  # fmt: skip
GENDER_LETTER = Detector(
    "gender_letter", "GENDER", shape=lambda text: _gender(text.strip()),
    proof=lambda text: folded(text.strip()) in ("m", "f"), kind="dictionary", alone=0.35, with_person=0.8, share=0.95,
    few=True, says="the letters m and f",
)  # fmt: skip
MARITAL_STATUS = Detector(
    "marital_status", "MARITAL_STATUS", shape=_marital, proof=_marital_words, kind="dictionary", alone=0.85,
    with_person=0.95, says="words for marital status",
)  # fmt: skip
NATIONALITY = Detector(
    "nationality", "NATIONALITY", shape=_word_like, proof=_nationality, kind="dictionary", alone=0.7, with_person=0.85,
    says="words for nationalities",
)  # fmt: skip
USERNAME = Detector("username", "USERNAME", shape=_user)
