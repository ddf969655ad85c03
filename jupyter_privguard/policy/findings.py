"""What is valid in a policy and still not what its author may think."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from ..model import TIER_LABELS, DataClass, Operator, class_of
from .custom import custom_classes
from .masks import strictness
from .pack_findings import stricter_packs
from .rules import STRICTNESS
from .yaml12 import Document, Place, shown_key

__all__ = ["findings"]


# `Any` in this file is part of a document that has passed the schema.


def findings(document: Document, *, today: date) -> list[tuple[Place, str]]:
    """Doubled selectors and columns, masks that a credential never gets, tiers that see more than the next.

    Also rules that a pack overrules, purposes that ended before ``today``, forms that nearly any text has, and names
    that only look like somebody's.
    """
    rules: list[Any] = document.value.get("rules", [])
    found = list(_doubled(document, rules))
    for place, rule in enumerate(rules):
        found += _of_rule(document, place, rule)
    found += _doubled_columns(document)
    found += _odd_names(document)
    found += _unchanged(document)
    found += _ended(document, today)
    found += _catching_all(document)
    found += stricter_packs(document)
    return found


def _ended(document: Document, today: date) -> Iterator[tuple[Place, str]]:
    for name, purpose in document.value.get("purposes", {}).items():
        if "expires" in purpose and date.fromisoformat(purpose["expires"]) < today:
            at = document.values["purposes", name, "expires"]
            yield at, f"purpose `{shown_key(name)}` has ended; cells that name it are refused"


_ORDINARY = ("ok", "text/plain", "The", "7", "2024-01-31", "3.5", "rows and columns")


def _catching_all(document: Document) -> Iterator[tuple[Place, str]]:
    placed = [(place, one["regex"]) for place, one in enumerate(document.value.get("patterns", ())) if "regex" in one]
    if not placed:
        return
    from ..patterns.engine import Forms

    forms = Forms([regex for _, regex in placed])
    met = [forms.whole(text) for text in _ORDINARY]
    for at, (place, _) in enumerate(placed):
        if sum(at in one for one in met) > len(_ORDINARY) // 2:
            yield document.values["patterns", place, "regex"], "this form is that of any text, so nearly all is masked"


def _odd_names(document: Document) -> Iterator[tuple[Place, str]]:
    for name in document.value.get("principals", {}):
        if name != name.strip() or not name.isprintable():
            at = document.keys["principals", name]
            yield at, "a name has blanks around or letters that do not show, and means nobody without them"


def _doubled_columns(document: Document) -> Iterator[tuple[Place, str]]:
    first: dict[str, str] = {}
    for domain, columns in document.value.get("domains", {}).items():
        for place, column in enumerate(columns):
            earlier = first.setdefault(column, domain)
            if earlier != domain:
                at = document.values["domains", domain, place]
                yield at, f"this column is in domain `{earlier}` already, which holds"


def _unchanged(document: Document) -> Iterator[tuple[Place, str]]:
    for key, texts in document.value.get("hierarchies", {}).items():
        for value, coarser in texts.items():
            if value.strip().casefold() == coarser.strip().casefold():
                yield document.values["hierarchies", key, value], "a value that is its own coarser text is redacted"


def _selectors(rule: Any) -> Iterator[tuple[str, str]]:
    for key in ("entity", "class"):
        named = rule.get(key, [])
        for name in [named] if isinstance(named, str) else named:
            yield key, name


def _doubled(document: Document, rules: list[Any]) -> Iterator[tuple[Place, str]]:
    drawn = document.value.get("surrogates") == "random"
    first: dict[tuple[str, str], int] = {}
    for place, rule in enumerate(rules):
        for selector in _selectors(rule):
            earlier = first.setdefault(selector, place)
            if earlier != place and any(tier in rule and tier in rules[earlier] for tier in TIER_LABELS):
                line = document.values["rules", earlier][0]
                yield (
                    document.values["rules", place],
                    f"`{selector[1]}` has a rule in line {line} already; the stricter of the two holds"
                    + _outcome(rules[earlier], rule, drawn=drawn),
                )


def _outcome(one: Any, other: Any, *, drawn: bool) -> str:
    both = [tier for tier in TIER_LABELS if tier in one and tier in other and one[tier] != other[tier]]
    held = [
        f"{tier} {max(one[tier], other[tier], key=lambda o: strictness(Operator(o), drawn=drawn))}" for tier in both
    ]
    return f": {', '.join(held)}" if held else ""


def _of_rule(document: Document, place: int, rule: Any) -> Iterator[tuple[Place, str]]:
    at = document.values["rules", place]
    is_credential = any(
        (name if key == "class" else class_of(name, custom_classes(document))) == DataClass.CREDENTIAL
        for key, name in _selectors(rule)
    )
    if is_credential and any(rule.get(tier, "redact") != "redact" for tier in TIER_LABELS):
        yield at, "a credential is redacted at every tier, whatever the rule says"
    given = [tier for tier in TIER_LABELS if tier in rule]
    for lower, higher in pairwise(given):
        if rule[lower] == "clear" and STRICTNESS[Operator(rule[higher])] > STRICTNESS[Operator.CLEAR]:
            yield at, f"tier {lower} sees more than tier {higher}"
