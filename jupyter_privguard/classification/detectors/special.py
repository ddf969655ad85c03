"""GDPR article 9 and 10: religion, ethnicity, politics, sexual orientation, union, criminal record, biometrics."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..detector import Detector
from ..shapes import folded, full, vocabulary

__all__ = [
    "BIOMETRIC",
    "CRIMINAL_RECORD",
    "ETHNICITY",
    "POLITICAL",
    "RELIGION",
    "SEXUAL_ORIENTATION",
    "TRADE_UNION",
]

_religion = vocabulary(
    "christian|christianity|catholic|roman catholic|protestant|lutheran|anglican|baptist|methodist|presbyterian"
    "|orthodox"
    "|greek orthodox|evangelical|pentecostal|mormon|jehovah's witness|muslim|islam|islamic|sunni|shia|sunni islam"
    "|shia islam|hindu|hinduism|sikh|sikhism|buddhist|buddhism|jain|jainism|jewish|judaism|parsi|zoroastrian|bahai"
    "|baha'i|taoist|shinto|atheist|atheism|agnostic|no religion|none (atheist)|non-religious|katholisch|evangelisch"
    "|römisch-katholisch|konfessionslos|muslimisch|jüdisch|catholique|protestante|musulman|juif|católico|católica"
    "|evangélico|evangélica|judío|musulmán|budista|espírita"
    "|cattolico|cattolica|ortodosso|ortodossa|ebreo|ebrea|ebraismo|musulmano|musulmana|buddista|induista"
    "|protestantesimo"
    "|ateo|atea|agnostico|agnostica|agnóstico|agnóstica|sin religión|sem religião|nessuna religione|sans religion"
    "|athée"
    "|agnostique|orthodoxe|bouddhiste|hindou|juive|musulmane|judaïsme|catholicisme|buddhistisch|orthodox|hinduistisch"
    "|atheistisch|ohne konfession|katholiek|protestants|hervormd|gereformeerd|moslim|joods|boeddhistisch"
    "|hindoeïstisch"
    "|geen religie|katolik|katolicki|prawosławny|protestant|ewangelicki|muzułmanin|żyd|buddysta|ateista|bezwyznaniowy"
    "|svenska kyrkan|katolsk|katolik|ortodox|muslimsk|judisk|judendom|buddhistisk|frikyrklig|konfessionslös"
    "|folkekirken"
    "|den norske kirke|luterilainen|ortodoksi|katolinen|hıristiyan|müslüman|yahudi|православие"
    "|православный|ислам|мусульманин|католик|буддизм|иудаизм|атеист"
    "|仏教|神道|キリスト教|イスラム教|ヒンドゥー教|無宗教|佛教|道教|基督教"
    "|天主教|伊斯兰教|无宗教|불교|기독교|천주교|개신교|원불교|무교|हिन्दू|हिंदू|मुस्लिम|सिख|ईसाई|बौद्ध|जैन|मुसलमान"
    "|مسلم|مسيحي|إسلام|kristen|katolik roma"
    "|buddha|konghucu|phật giáo|công giáo|tin lành"
)
_ethnicity = vocabulary(
    "caucasian|african american|african-american|black or african american|hispanic|latino|latina|latinx"
    "|hispanic or latino|not hispanic or latino|not hispanic|non-hispanic|asian|asian-pac-islander|asian indian"
    "|south asian|east asian|pacific islander|native hawaiian|native american|american indian|amer-indian-eskimo"
    "|alaska native|american indian or alaska native|white british|white irish|other white|black african"
    "|black caribbean|black british|mixed race|mixed|two or more races|multiracial|biracial|roma|arab|maori"
    "|aboriginal"
    "|pakistani|bangladeshi|white|black|white (us/other)|scheduled caste|scheduled tribe|obc|african|mestizo|pardo"
    "|parda|branca|branco|preta|preto|indígena|mulatto|romani|gypsy"
)
_political = vocabulary(
    "democrat|democratic|republican|libertarian|independent|green party|labour|conservative|liberal democrat|tory|snp"
    "|plaid cymru|reform uk|cdu|csu|spd|fdp|afd|die linke|bündnis 90/die grünen|bjp|congress|inc|aap|left-wing"
    "|right-wing|socialist|communist|social democrat|christian democrat"
)
_orientation = vocabulary(
    "heterosexual|straight|homosexual|gay|lesbian|bisexual|pansexual|asexual|queer|gay or lesbian|heterosexuell"
    "|homosexuell|bisexuell|hétérosexuel|homosexuel|heterosexual or straight|demisexual"
)
_letters = full(r"[^\W\d_][^\d@#$%*<>=]{2,60}")
_word = full(r"[^\W_][^@#$%*<>=]{0,80}|[^\W_]")
_any_short = full(r"[\w()/&.,:;'+ -]{1,120}")

# Offences as charges name them; alone they may be statistics of places.
_offence = re.compile(
    r"\b(?:assault|battery|burglary|larceny|robbery|theft|shoplifting|trespass(?:ing)?|arson|homicide|murder"
    r"|manslaughter|kidnapping|forgery|embezzlement|money laundering|perjury|extortion|bribery|stalking|vandalism"
    r"|(?:criminal )?mischief|felony|misdemeanou?r|dui|dwi|driving under the influence|driving while|possession of"
    r"|controlled substance|cannabis|cocaine|traffick(?:ing)?|resisting|fleeing|disorderly|probation|parole|contempt"
    r"|diebstahl|korperverletzung|betrug|raub|agression|escroquerie|hurto|estafa|furto|roubo|rapina)\b"
).search


_APART = re.compile(r" ?/ ?| - |, ")
_COLOURS = vocabulary(
    "red|blue|green|yellow|silver|gold|grey|gray|pink|purple|orange|beige|cream|navy|tan|chrome|clear|natural|oak|walnut"
)


def _is_group(text: str) -> bool:
    """An ethnic group, or one that is narrowed down: “ASIAN - CHINESE”, “BLACK/CAPE VERDEAN”; never two colours."""
    if _ethnicity(text):
        return True
    first, *rest = _APART.split(text) if len(text) < 80 else (text,)
    return bool(rest) and bool(_ethnicity(first)) and not any(map(_COLOURS, rest)) and all(map(_letters, rest))


def _without_remark(test: Callable[[str], bool]) -> Callable[[str], bool]:
    """The same test for a value with something in brackets behind it: “Asian (Indian)”."""
    return lambda text: test(text) or (text.endswith(")") and test(text.partition("(")[0].strip()))


RELIGION = Detector(
    "religion", "RELIGION", shape=_word, proof=_religion, kind="dictionary", alone=0.88, with_person=0.94, share=0.6,
    says="words for religions",
)  # fmt: skip
ETHNICITY = Detector(
    "ethnicity", "ETHNICITY", shape=_word, proof=_without_remark(_is_group), kind="dictionary",
    alone=0.6, with_person=0.85, share=0.7, says="words for ethnic groups",
)  # fmt: skip
POLITICAL = Detector(
    "political", "POLITICAL", shape=_word, proof=_political, kind="dictionary", alone=0.6, with_person=0.85, share=0.7,
    says="names of parties and political views",
)  # fmt: skip
SEXUAL_ORIENTATION = Detector(
    "sexual_orientation", "SEXUAL_ORIENTATION", shape=_word, proof=_orientation, kind="dictionary", alone=0.88,
    with_person=0.94, share=0.6, says="words for sexual orientation",
)  # fmt: skip
TRADE_UNION = Detector("trade_union", "TRADE_UNION", shape=_any_short)
CRIMINAL_RECORD = Detector(
    "criminal_record", "CRIMINAL_RECORD", shape=_any_short, proof=lambda text: bool(_offence(folded(text))),
    kind="dictionary", alone=0.3, with_person=0.85, share=0.5, mixed=0.4, says="names of offences",
)  # fmt: skip
BIOMETRIC = Detector("biometric", "BIOMETRIC", shape=full(r"[\x20-\x7e]{8,}"))
