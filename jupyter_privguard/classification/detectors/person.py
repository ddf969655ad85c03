"""Who somebody is: name, birth, age, gender, marital status, nationality, user name."""

from __future__ import annotations

from ..detector import Detector
from ..dictionaries.lists import city_names, is_built_as_name, name_weights
from ..shapes import folded, full, number, vocabulary, year_in

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
# “J. Blackmon”, “A. K. Raghunath Varma”; N, S, E and W also stand in front of streets.
_initial_last = full(
    r"(?![NSEW]\.)[^\W\d_a-z]\. ?(?:[^\W\d_a-z]\. ?)*[^\W\d_a-z][a-zß-ÿ][^\W\d_]+(?:[ '’-][^\W\d_a-z][^\W\d_]+)?"
)
# “Иванов И. И.”, “Ivanov I.I.”: in Latin script one letter and a dot may be a class.
_last_initials = full(r"[А-ЯЁІЇЄ][а-яёіїє'’-]{2,} (?:[А-ЯЁІЇЄ]\. ?){1,2}|[A-Z][a-z'’-]{2,} [A-Z]\. ?[A-Z]\.")
_words = full(r"(?:[^\W\d_]|[' .,\-’])+")


# Parts of family names that are no names themselves.
_PARTICLES = frozenset(
    "de da do dos das del della di du la le las los van von der den ter zu y e al el bin ibn bint ben mac san st jr sr"
    " mr mrs ms dr prof herr frau singh".split()
)
_PLACE_ENDS = frozenset("市县縣区區省州路街村镇国國町県都府道店社")


# As airlines write it (IATA resolution 722): family name, stroke, given names, title.
_slashed = full(r"[^\W\d_a-z]{2,}(?:[ '-][^\W\d_a-z]+)*/[^\W\d_a-z]+(?:[ -][^\W\d_a-z]+)*")


def _name_shape(text: str) -> bool:
    return (
        bool(_name(text.replace("/", " ") if _slashed(text) else text)) and text.count(" ") <= 6 and not text.isspace()
    )


def _is_han(text: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" or character == "々" for character in text)


def _han_name(words: list[str]) -> bool:
    """Two to four Chinese characters that begin with a family name, or a family name and another word."""
    weights = name_weights()
    if len(words) == 2:
        return weights.get(words[0], 0) >= 2
    text = words[0]
    if not 2 <= len(text) <= 4 or text[-1] in _PLACE_ENDS or text in city_names():
        return False
    return weights.get(text, 0) >= 2 or any(
        len(text) - size in (1, 2) and weights.get(text[:size], 0) >= 2 for size in (1, 2)
    )


def _name_proof(text: str) -> bool:
    """One to five words of letters: a common name by itself, or several of which half are names, one of them given."""
    if _slashed(text):
        text = text.replace("/", " ")
    if len(text) > 60 or not _words(text):
        return False
    if _last_first(text) or _initial_last(text) or _last_initials(text) or is_built_as_name(text):
        return True
    split = folded(text).replace(",", " ").replace("-", " ").split()
    words = [word for part in split if len(word := part.strip(".'’")) > 1 and word not in _PARTICLES]
    if not 1 <= len(words) <= 5:
        return False
    if not text.isascii() and all(_is_han(word) for word in words):
        return len(words) <= 2 and _han_name(words)
    weights = [name_weights().get(word, 0) for word in words]
    if len(words) == 1:
        return weights[0] >= 2
    return 2 * sum(map(bool, weights)) >= len(weights) and (max(weights) >= 3 or min(weights) >= 2)


# “11/24/85”: a year of two digits tells too little to be found by, enough for a header that says birth.
_short_day = full(r"\d{1,2}[-/.]\d{1,2}[-/.]\d\d")


_EARLIEST, _LATEST = 1500, 2030
"""Years in which people of a register or a museum were born."""


def _birth_shape(text: str) -> bool:
    if len(text) == 4 and text.isdecimal():
        return _EARLIEST <= int(text) <= _LATEST
    year = year_in(text)
    return _short_day(text) if year is None else _EARLIEST <= year <= _LATEST


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
    "|vrouw|vrouwelijk|mannelijk|kobieta|mężczyzna|kvinna|kvinde|kvinne|nainen|mies|erkek|kadın|muž|žena|férfi"
    "|bărbat|femeie|laki-laki|perempuan|мужской|женский|мужчина|женщина|муж|жен|ذكر|أنثى|남|여|남성|여성|masculina"
    "|femenina|feminina|varón|féminine|weibl|männl|signora|signore"
)
_gender_words = vocabulary(_WORDS_GENDER)
_gender = vocabulary(
    _WORDS_GENDER + "|m|f|w|h|d|x|u|o|nb|k|v|e|p|l|n|z|ж|м|nő|nữ|nam|dhr|mevr|herr|señor|señora|0|1|2|9|t|other"
    "|prefer not to say|unspecified|diverse|mr|mrs|ms|male.|female.|keine angabe|autre|otro|outro|undisclosed"
    "|intersex"
    "|true|false"
)
_WORDS_MARITAL = (
    "single|married|divorced|widowed|separated|never married|never-married|unmarried|civil partnership|domestic partner"
    "|civil union|cohabiting|engaged|widow|widower|annulled|married-civ-spouse|married-spouse-absent"
    "|married-af-spouse"
    "|ledig|verheiratet|geschieden|verwitwet|getrennt|lebenspartnerschaft|célibataire|marié|mariée|marié(e)|divorcé"
    "|divorcée|divorcé(e)|veuf|veuve|pacsé|pacsé(e)|soltero|soltera|casado|casada|divorciado|divorciada|viudo|viuda"
    "|solteiro|solteira|viúvo|viúva|separado|separada|vivahit|avivahit"
    "|celibe|nubile|coniugato|coniugata|sposato|sposata|divorziato|divorziata|vedovo|vedova|separata|convivente"
    "|unito civilmente|ongehuwd|gehuwd|gescheiden|weduwe|weduwnaar|samenwonend|geregistreerd partnerschap"
    "|alleenstaand"
    "|kawaler|żonaty|zamężna|rozwiedziony|rozwiedziona|wdowiec|wdowa|w separacji|ogift|änka|änkling|fraskilt|enkemand"
    "|samboende|samboer|naimaton|naimisissa|eronnut|boşanmış|svobodný|svobodná|ženatý|vdaná|rozvedený|rozvedená"
    "|vdovec|vdova|nőtlen|hajadon|elvált|özvegy|necăsătorit|necăsătorită|căsătorit|căsătorită|văduv|văduvă"
    "|belum kawin|kawin|cerai hidup|cerai mati|menikah|холост|не замужем|женат|замужем|разведен|разведена|вдовец"
    "|вдова"
    "|未婚|既婚|已婚|离异|丧偶|離婚|死別|미혼|기혼|이혼|união estável|unión libre|pareja de hecho|conviviente"
    "|concubinage|séparé|séparée"
    "|eingetragene partnerschaft|nicht verheiratet|متزوج|متزوجة|أعزب|عزباء|مطلق|مطلقة|أرمل|أرملة"
    "|libero|libera|wolny|wolna|panna|gift|skild|ugift|enke|leski|evli|bekar|dul"
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
    "|russian|rwandan|saudi|scottish|senegalese|serbian|singaporean|slovak|slovenian|somali|south african"
    "|south korean"
    "|spanish|sri lankan|sudanese|swedish|swiss|syrian|taiwanese|tanzanian|thai|tunisian|turkish|ugandan|ukrainian"
    "|uruguayan|uzbek|venezuelan|vietnamese|welsh|yemeni|zambian|zimbabwean|deutsch|österreichisch|französisch"
    "|italienisch|türkisch|polnisch|spanisch|française|français|allemande|espagnole|italienne|española|alemana"
    "|francesa|brasileira|brasileiro|portuguesa|mexicana|argentina|indiana"
)
_word_like = full(r"[^\W\d_][^\d@#$%*<>=:;]{0,60}")
_user = full(r"@?[A-Za-z0-9][\w.@+\\-]{1,63}")

PERSON_NAME = Detector(
    "person_name", "PERSON_NAME", shape=_name_shape, proof=_name_proof, kind="dictionary", alone=0.75, with_person=0.88,
    share=0.6, mixed=0.4, says="given and family names",
)  # fmt: skip
DATE_OF_BIRTH = Detector("date_of_birth", "DATE_OF_BIRTH", shape=_birth_shape)
AGE = Detector("age", "AGE", shape=_age_shape)
GENDER = Detector(
    "gender", "GENDER", shape=_gender, proof=_gender_words, kind="dictionary", alone=0.85, with_person=0.95,
    share=0.8, few=True, says="words for gender",
)  # fmt: skip
GENDER_LETTER = Detector(
    "gender_letter", "GENDER", shape=lambda text: _gender(text.strip()),
    proof=lambda text: folded(text.strip()) in ("m", "f", "h", "w"), kind="dictionary", alone=0.45,
    with_person=0.8, share=0.95, mixed=0.5, few=True, says="letters for gender",
)  # fmt: skip
MARITAL_STATUS = Detector(
    "marital_status", "MARITAL_STATUS", shape=_marital, proof=_marital_words, kind="dictionary", alone=0.85,
    with_person=0.95, share=0.6, says="words for marital status",
)  # fmt: skip
NATIONALITY = Detector(
    "nationality", "NATIONALITY", shape=_word_like, proof=_nationality, kind="dictionary", alone=0.7, with_person=0.85,
    says="words for nationalities",
)  # fmt: skip
USERNAME = Detector("username", "USERNAME", shape=_user)
