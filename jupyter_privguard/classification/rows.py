"""What the rows of a table are when they are not persons: animals, counted groups, figures of places and years, things.

Such a table may well say sex, age or income, and nobody's. Only the labels are asked, all of them
together: no single column shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .facts import ColumnFacts

__all__ = ["counted", "of_animals", "of_places", "of_things", "of_votes", "one_each"]

# Parts, kin and kinds that labels of animals and plants name. One of them is enough.
_ANIMAL = frozenset(
    "species genus breed sire litter beak flipper culmen plumage antler tusk larva larvae carcass ewe piglet hatch"
    " especie especies raca tierart rasse".split()
)
# Animals and parts that are also food, toys, houses and names: only a column of nothing else makes them rows.
_BEAST = frozenset(
    "bird horse pig sheep cow cattle goat hen chick dog cat fish mouse rat hive shell lamb calf wing wings".split()
)
_NUMBERED = frozenset("id no nr number name tag weight length width span".split())
# A column called just so holds how many of a kind there are: its rows are kinds.
_COUNT = frozenset(
    "freq frequency frequencies count counts n cases anzahl haufigkeit effectif effectifs frecuencia frequencia"
    " frequenza".split()
)
_INHABITANTS = frozenset(
    "population pop inhabitants residents households einwohner bevolkerung poblacion habitantes populacao popolazione"
    " abitanti inwoners".split()
)
_PERIOD_OR_PLACE = frozenset(
    "year month quarter week decade country countries state states county province continent municipality iso iso3 fips"
    " jahr monat land kreis annee mois pays ano mes pais provincia anno mese paese estado municipio uf".split()
)
_VOTES = frozenset("votes stimmen voix votos voti stemmen glosy roster aanestykset oylar".split())
_YEAR = re.compile(r"[xy]?(?:19|20)\d\d", re.IGNORECASE)
_ONE_EACH = 15
"""Cells from which no repetition is no accident."""
_YEARS, _SHORT = 3, 2
"""Labels that are years from which a table is a series; words of a label that is about one thing."""
# Things that are made, bought or grown; two of them say what the rows are.
_THING = frozenset(
    "price mileage kilometers km horsepower engine cylinders cyl displacement mpg fuel transmission torque wheelbase"
    " cement concrete slag soil crop yield plot fertilizer acidity acid sulphates sulphur chlorides ph density bedrooms"
    " bathrooms rooms sqft garage floors gdp cpi inflation exports imports temperature rainfall humidity wind vintage"
    " model make stock brand".split()
)


def of_animals(columns: Iterable[ColumnFacts]) -> str:
    """The word of a label that says that rows are animals or plants; empty if none does."""
    for facts in columns:
        for word in facts.header.words:
            alone = word in _BEAST and _NUMBERED.issuperset(other for other in facts.header.words if other != word)
            if word in _ANIMAL or alone:
                return word
    return ""


def counted(columns: Iterable[ColumnFacts]) -> str:
    """The word of a label that says that rows are groups and how large each is; empty if none does.

    Three labels that are years make a table a series of years.
    """
    if sum(_YEAR.fullmatch(facts.label.strip()) is not None for facts in columns) >= _YEARS:
        return "a column for each year"
    return next((word for word in map(_whole, columns) if word in _COUNT), "")


def of_places(columns: Iterable[ColumnFacts]) -> str:
    """The word of a label that says that rows are places or periods; empty if none does."""
    return next((word for word in map(_whole, columns) if word in _INHABITANTS or word in _PERIOD_OR_PLACE), "")


def of_votes(columns: Iterable[ColumnFacts]) -> str:
    """The label that counts votes: rows are results, their places where it was voted; empty if none does."""
    return next((word for word in map(_whole, columns) if word in _VOTES), "")


def one_each(columns: Iterable[ColumnFacts]) -> str:
    """The word of a label of places or periods that each stand there once, so that rows are these; else empty."""
    return next(
        (
            word
            for facts in columns
            if (word := _whole(facts)) in _PERIOD_OR_PLACE and len(facts.texts) == facts.seen >= _ONE_EACH
        ),
        "",
    )


def of_things(columns: Iterable[ColumnFacts]) -> str:
    """Two words of labels that say that rows are things that are made, bought or grown; empty if fewer do."""
    short = (facts.header.words for facts in columns if len(facts.header.words) <= _SHORT)
    things = {word: None for words in short for word in words if word in _THING}
    return " and ".join(list(things)[:2]) if len(things) > 1 else ""


def _whole(facts: ColumnFacts) -> str:
    return "".join(facts.header.words)
