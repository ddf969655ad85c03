"""Where a policy says one thing and a pack that it includes says a stricter one, which then holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._listing import first_of
from ..model import ENTITIES, DataClass, Tier, class_of
from .build import policy_from
from .custom import custom_classes
from .masks import answers_for
from .rules import Policy
from .shipped import with_packs
from .yaml12 import Document, Place

__all__ = ["stricter_packs"]

_MOST_NAMED = 3

# `Any` in this file is part of a document that has passed the schema.


def stricter_packs(document: Document) -> Iterator[tuple[Place, str]]:
    """For each rule one finding a pack that overrules it: at which tiers, by what, for which entities."""
    value = document.value
    if not value.get("include") or not value.get("rules"):
        return
    own = policy_from(value, source="the file", sha256="", author_is_self=True)
    whole = with_packs(own, value["include"])
    classes = custom_classes(document)
    stricter: dict[str, list[tuple[str, str, str]]] = {}  # asked once for each entity, however many rules name it
    for place, rule in enumerate(value["rules"]):
        overruled: dict[tuple[str, str], list[str]] = {}
        for entity in _named_by(rule, classes):
            if entity not in stricter:
                stricter[entity] = list(_stricter(entity, class_of(entity, classes), whole))
            for by, pack, outcome in stricter[entity]:
                if by == own.rules[place].name:
                    overruled.setdefault((pack, outcome), []).append(entity)
        for (pack, outcome), entities in overruled.items():
            named = first_of(entities, _MOST_NAMED)
            yield document.values["rules", place], f"{pack} is stricter and holds for {named}: {outcome}"


def _named_by(rule: Any, classes: dict[str, DataClass]) -> list[str]:
    selected = rule.get("entity", rule.get("class"))
    names = [selected] if isinstance(selected, str) else selected
    if "entity" in rule:
        return list(names)
    return [entity for entity, data_class in {**ENTITIES, **classes}.items() if data_class in names]


def _stricter(entity: str, data_class: DataClass, whole: Policy) -> Iterator[tuple[str, str, str]]:
    """The rule of the file that would decide, the pack that does, and what it makes of the entity at which tiers."""
    by_pack: dict[tuple[str, str], list[str]] = {}
    for tier in Tier:
        answers = answers_for(entity, data_class, tier, whole)
        own = next((answer for answer in answers if not answer.layer.is_pack), None)
        if own is not None and answers[0].layer.is_pack:
            sides = (own.rule, answers[0].layer.own_source)
            by_pack.setdefault(sides, []).append(f"{tier.label} {answers[0].operator.value}")
    for (rule, pack), outcomes in by_pack.items():
        yield rule, pack, ", ".join(outcomes)
