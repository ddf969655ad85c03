"""What the whole table says: whether its rows are persons, and whose words stand in its e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..frames.engine import Kind
from ..model import NATIONAL_IDS
from .evidence import Candidate
from .facts import ColumnFacts
from .rows import counted, of_animals, of_places, of_things, of_votes, one_each
from .shapes import folded

__all__ = ["DIRECT", "FIGURES", "QUASI", "TRAITS", "TableContext", "stands_in_mail", "table_context"]

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

TRAITS = frozenset("DATE_OF_BIRTH AGE GENDER MARITAL_STATUS ETHNICITY".split())
"""Traits beside which what is only suggested (a weight, a height, a party) counts too, by half."""

FIGURES = frozenset("INCOME FINANCIAL HEALTH_MEASURE".split())
"""Figures that regions and years have too, several of them."""

# Those who made or lead what the rows are.
_ROLES = frozenset(
    "director directors writer writers author authors star stars actor actors producer composer singer artist artists"
    " editor publisher manager owner coach captain architect designer founder ceo president chairman principal head"
    " regisseur autor autorin leiter inhaber trainer interpret komponist directeur auteur realisateur gerant chanteur"
    " autores regista autore cantante responsabile diretor gerente dueno propietario regisseur rezyser kierownik"
    " yonetmen yazar mudur режиссер автор директор руководитель 导演 作者 监督 監督 著者 店長".split()
)
# What those have whom the rows are, and works, houses and companies have not.
_NEVER_OF_WORKS = QUASI - {"FINANCIAL", "ADDRESS", "POLITICAL"}
_REFUTED = 2
_LOCAL_PART = re.compile(r"^([^@]{2,64})@")


@dataclass(frozen=True, slots=True)
class TableContext:
    """What all columns together say."""

    persons: float
    """Weight of the evidence that rows are persons; from 1 on they are."""
    mail: str = ""
    """Local parts of the table's e-mail addresses, folded, in one text."""
    others: str = ""
    """Why rows are animals or counted groups: then nothing but a direct identifier makes them persons."""
    things: str = ""
    """Why rows are things, if nothing says that they are persons."""
    places: str = ""
    """Why rows are places or periods, if nothing says that they are persons."""
    votes: str = ""
    """Why the places of a table are where it was voted."""
    by_role: bool = False
    """Whether nothing but people in a role, as directors and authors are, makes the rows persons'."""
    headers_mislead: bool = False
    """Whether values refute so many headers that the others are doubtful too."""

    @property
    def is_person(self) -> bool:
        """Whether the rows are persons."""
        return self.persons >= 1.0 and not self.others


def table_context(columns: Sequence[ColumnFacts], first: Mapping[int, Iterable[Candidate]]) -> TableContext:
    """Weigh the first, context-free candidates of all columns."""
    weights: dict[str, float] = {}
    hints: dict[str, float] = {}
    mail = ""
    by_role = True
    for facts in columns:
        best = max(first.get(facts.position, ()), key=lambda candidate: candidate.confidence, default=None)
        if best is None or best.confidence < 0.5 or facts.header.thing or facts.header.veto:
            continue
        is_sure = best.confidence >= 0.7
        if best.entity in DIRECT and is_sure:
            by_role = by_role and best.entity == "PERSON_NAME" and not _ROLES.isdisjoint(facts.header.words)
            weights[best.entity] = 1.0
        elif best.entity in QUASI and is_sure:
            weights[best.entity] = 0.5
        elif best.entity in QUASI:
            hints[best.entity] = 0.25
        by_role = by_role and best.entity not in _NEVER_OF_WORKS
        if best.entity == "EMAIL_ADDRESS":
            mail += "\n".join(found[1] for text in facts.texts if (found := _LOCAL_PART.match(folded(text)))) + "\n"
    mislead = _headers_mislead(columns)
    if DIRECT.intersection(weights):
        return TableContext(
            sum(weights.values()), mail, votes=of_votes(columns), by_role=by_role, headers_mislead=mislead
        )
    if TRAITS.intersection(weights):
        weights = {**hints, **weights}
    context = TableContext(sum(weights.values()), mail, _others(columns), headers_mislead=mislead)
    if context.is_person and not FIGURES.issuperset(weights):
        return context
    context = replace(context, things=_things(columns), places=_places(columns))
    return replace(context, persons=0.0) if context.things or context.places else context


def _headers_mislead(columns: Sequence[ColumnFacts]) -> bool:
    """Whether the values of two columns or more, and of a fifth of those with a telling header, refute it."""
    telling = sum(bool(facts.header.hints) for facts in columns)
    return sum(facts.refuted for facts in columns) >= max(_REFUTED, telling / 5)


def _others(columns: Sequence[ColumnFacts]) -> str:
    if word := of_animals(columns):
        return f"“{word}” is said of animals and plants"
    if word := counted(columns):
        return f"“{word}” says that rows are groups"
    if word := one_each(columns):
        return f"no “{word}” comes twice: rows are places or periods"
    return ""


def _things(columns: Sequence[ColumnFacts]) -> str:
    words = of_things(columns)
    return f"“{words}” are said of things" if words else ""


def _places(columns: Sequence[ColumnFacts]) -> str:
    word = of_places(columns)
    return f"“{word}” says that rows are places or periods" if word else ""


_SHORT, _LONG = 3, 10
"""Values from which e-mails tell what a column holds, and from which a single word does."""
_BETWEEN = ("", ".", "_", "-")


def stands_in_mail(facts: ColumnFacts, context: TableContext) -> bool:
    """Whether half of a column's values have a word of four letters or more in the e-mails' local parts.

    In a short table, where that may be chance, both words of a value must stand there together.
    """
    if not context.mail or facts.kind is not Kind.TEXT or len(facts.texts) < _SHORT:
        return False
    has = _has_word_in if len(facts.texts) >= _LONG else _has_name_in
    return facts.share(lambda text: len(text) < 60 and "@" not in text and has(text, context.mail)) >= 0.5


def _has_name_in(text: str, mail: str) -> bool:
    words = re.findall(r"[a-z]+", folded(text))
    if len(words) < 2 or len(words[-1]) < 4:
        return False
    first, last = words[0], words[-1]
    return any(
        f"{one}{between}{other}" in mail for one, other in ((first, last), (last, first)) for between in _BETWEEN
    )


def _has_word_in(text: str, mail: str) -> bool:
    return any(len(word) >= 4 and word in mail for word in re.findall(r"[a-z]+", folded(text)))
