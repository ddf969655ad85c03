"""What notes about people say without a form: names, birth dates, addresses and numbers of customers.

Only for texts of a column that holds values of persons: elsewhere two capitalised words are as often a product. A
name is believed when a list knows a part of it, when a contact detail stands beside it or is made of it, or when
the word before it says so.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from .dictionaries.lists import city_names, name_weights
from .shapes import folded
from .spans import Span

__all__ = ["find_in_prose"]

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*")
_PARTICLES = frozenset("de del della di da dos van von der den bin al el la le".split())
_GAP = re.compile(rf"(?:\.? |\. ?)(?:(?:{'|'.join(sorted(_PARTICLES))}) ){{0,2}}")
"""What may stand between two words of one name; a dot only behind an initial."""
_MOST_WORDS = 4
_GIVEN = 3
"""The weight of a given name; see `name_weights`."""
_NEAR = 3
"""Characters between a name and a contact detail that stand beside each other."""
_SENTENCE = re.compile(r"(?:\A|[.!?:;\n])\W*\Z")
"""What stands before the first word of a sentence, which is capitalised whatever it is."""
_TITLES = frozenset(
    "mr mrs ms miss mx dr prof sir dame herr frau sr sra srta señor señora m mme mlle dott sig shri smt".split()
)
_SAYS = _TITLES | frozenset(
    "customer client patient caller member employee user subscriber tenant student applicant claimant insured kunde "
    "kundin patientin herrn cliente paciente dear hello hi regards sincerely thanks signed cheers gruß grüße".split()
)
"""Words after which a person is named."""
_NOBODY = frozenset(
    "service services team support care desk department dept manager success relations account accounts number id "
    "portal group office center centre sales billing plan guide benefits insurance".split()
)
"""Words that no name has."""
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = (
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d{{2}})|"
    rf"\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})(?!\d)"
)
_BORN = re.compile(
    r"\b(?:born|d\.?o\.?b\.?|date of birth|birth ?dat[ei]|birthday|geb(?:oren|\.)|née?|naci[ód]\w*|nat[oa])\b"
    rf"(?: is| on| am| le| el| il)?[\s:,(=-]{{0,3}}(?P<date>{_DATE})",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\b\d{1,6}[A-Za-z]?,? (?:[^\W\d_a-z][\w'’-]*\.? ){1,4}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Way|Place|Pl|Square|Sq|Terrace|Close|"
    r"Crescent|Circle|Parkway|Highway|Nagar|Marg|Colony)\b"
    r"|\b[^\W\d_a-z][\w-]*(?:stra(?:ss|ß)e|weg|gasse|allee|platz|straat|laan) \d{1,4}[a-z]?\b"
    r"|\b\d{1,4}(?: bis| ter)?,? (?:rue|avenue|boulevard|place|chemin|impasse|quai)(?: (?:de|du|des|la|le|les|l'))* "
    r"[^\W\d_a-z][\w'’-]*(?: [^\W\d_a-z][\w'’-]*)*"
    r"|\b(?:Calle|Avenida|Via|Viale|Piazza|Rua) (?:[^\W\d_][\w'’-]* ){1,4}\d{1,4}\b"
)
_NUMBERED = re.compile(
    r"\b(?P<who>customer|client|subscriber|member|user|patient|employee|staff|account|acct)"
    r"(?: (?:id|no|nr|number|code))?\.?[\s:#=-]{1,3}(?P<id>(?=[\w-]*\d)[A-Z\d][A-Z\d-]{4,})(?![\w-])",
    re.IGNORECASE,
)
_WHOSE = {"patient": "MEDICAL_RECORD_NUMBER", "employee": "EMPLOYEE_ID", "staff": "EMPLOYEE_ID"} | dict.fromkeys(
    ("account", "acct"), "BANK_ACCOUNT"
)


class _Found(Protocol):
    """What was found already: a span of any kind."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def entity(self) -> str: ...


class _Named(NamedTuple):
    """A capitalised word: what it is compared as, and where it stands."""

    word: str
    start: int
    end: int


def find_in_prose(text: str, found: Sequence[_Found]) -> list[Span]:
    """What ``text`` says of persons beside ``found``, the values that show by form: sorted, apart from them."""
    births = list(_BORN.finditer(text))
    spans = [Span(m.start("date"), m.end("date"), "DATE_OF_BIRTH") for m in births]
    spans += [Span(m.start(), m.end(), "ADDRESS") for m in _ADDRESS.finditer(text)]
    for m in _NUMBERED.finditer(text):
        spans.append(Span(m.start("id"), m.end("id"), _WHOSE.get(m["who"].lower(), "CUSTOMER_ID")))
    before = [Span(span.start, span.end, span.entity) for span in found]
    own = _apart(before, spans)
    details = [span for span in (*before, *own) if span.entity not in ("ADDRESS", "PERSON_NAME", "DATE_OF_BIRTH")]
    details = sorted([*details, *(Span(m.start(), m.end(), "DATE_OF_BIRTH") for m in births)])
    names = [name for run in _runs(text) if (name := _name_in(run, text, details)) is not None]
    return sorted([*own, *_apart([*before, *own], names)])


def _apart(before: Sequence[Span], spans: Sequence[Span]) -> list[Span]:
    """Those of ``spans`` that overlap neither one of ``before`` nor an earlier one, in order."""
    kept = sorted(before, key=lambda span: span.start)
    own = []
    for span in sorted(spans):
        at = bisect_left(kept, span.start, key=lambda other: other.start)
        if (not at or kept[at - 1].end <= span.start) and (at == len(kept) or span.end <= kept[at].start):
            kept.insert(at, span)
            own.append(span)
    return own


def _runs(text: str) -> Iterator[list[_Named]]:
    """Capitalised words that stand next to each other."""
    run: list[_Named] = []
    for match in _WORD.finditer(text):
        word = match.group()
        if run and word in _PARTICLES:
            continue
        is_named = word[0].isupper() and (len(word) == 1 or not word.isupper())
        if run and not (is_named and _joins(text, run[-1], match.start())):
            yield run
            run = []
        if is_named:
            run.append(_Named(folded(word), match.start(), match.end()))
    if run:
        yield run


def _joins(text: str, before: _Named, start: int) -> bool:
    gap = text[before.end : start]
    return _GAP.fullmatch(gap) is not None and (gap[0] != "." or len(before.word) == 1 or before.word in _TITLES)


def _name_in(run: list[_Named], text: str, details: Sequence[Span]) -> Span | None:
    """The name in ``run``, if there is a reason to believe in one."""
    is_said = _is_said_before(text, run[0].start)
    for at in range(len(run) - 1, -1, -1):
        if run[at].word in _SAYS:
            is_said, run = True, run[at + 1 :]
            break
    if not run:
        return None
    weights = name_weights()
    known = [weights.get(one.word, int(len(one.word) == 1)) for one in run]
    if len(run) == 1:
        return _span(run) if is_said and known[0] >= 2 else None
    words = [one.word for one in run]
    if " ".join(words) in city_names() or not _NOBODY.isdisjoint(words):
        return None
    if len(run) > 2 and not known[0] and not is_said and _begins_sentence(text, run[0].start):
        run, known = run[1:], known[1:]
    is_named = is_said or _is_beside(run, details) or _is_in_mail(run, text, details) or _is_listed(run, known)
    return _span(run[-_MOST_WORDS:]) if is_named else None


def _is_listed(run: Sequence[_Named], known: Sequence[int]) -> bool:
    """Whether the lists know a given name before another word, or initials before a family name."""
    has_initials = len(run[0].word) == 1 and known[-1] >= 2
    return has_initials or _GIVEN in known[:-1] or (known[-1] == _GIVEN and known[0] == 2)


def _span(run: Sequence[_Named]) -> Span:
    return Span(run[0].start, run[-1].end, "PERSON_NAME")


def _begins_sentence(text: str, start: int) -> bool:
    return _SENTENCE.search(text[max(0, start - 20) : start]) is not None


def _is_said_before(text: str, start: int) -> bool:
    before = text[max(0, start - 20) : start].rstrip(" .:,").rpartition(" ")[2]
    return folded(before) in _SAYS


def _is_beside(run: Sequence[_Named], details: Sequence[Span]) -> bool:
    """Whether a contact detail stands right before or behind the name, with nothing but marks between them."""
    at = bisect_left(details, run[-1].end, key=lambda span: span.start)
    after = at < len(details) and details[at].start - run[-1].end <= _NEAR
    return after or (at > 0 and 0 <= run[0].start - details[at - 1].end <= _NEAR)


def _is_in_mail(run: Sequence[_Named], text: str, details: Sequence[Span]) -> bool:
    """Whether an address in the text is made of the name."""
    mails = [folded(text[span.start : span.end]) for span in details if span.entity == "EMAIL_ADDRESS"]
    last = run[-1].word
    return any(len(last) >= 4 and last in mail and mail[0] == run[-2].word[0] for mail in mails)
