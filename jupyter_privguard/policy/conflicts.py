"""Where rules of the policy in force disagree, and what holds: always the stricter. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from itertools import combinations, islice, product
from pathlib import PurePath
from typing import NamedTuple

from .._listing import first_of
from ..model import ENTITIES, DataClass, Operator, Tier
from .builtin import built_in
from .columns import is_coarsened
from .masks import answers_for
from .rules import Policy, Rule

__all__ = ["conflicts", "packs_of", "source_name"]

_MOST_TOLD = 50
_MOST_NAMED = 3
_MOST_COMPARED = 100_000
"""Pairs of columns; a policy that names more of them is not read by anybody."""


class _Named(NamedTuple):
    glob: str
    entity: str
    where: str


class _Conflict(NamedTuple):
    tier: Tier
    sides: tuple[tuple[Operator, str], ...]
    """What each side wants and by which rule; the first holds."""


def conflicts(policy: Policy) -> tuple[str, ...]:
    """A sentence each: which entities, at which tier, which rules, and which of them holds; fifty at most.

    Rules of one file with the same selector, rules of several (the administrator's file, another one, packs), and
    columns to which several files give different entities. That
    a rule differs from the built-in one is what rules are for, and no conflict.
    """
    found: dict[_Conflict, list[str]] = {}
    rules = [rule for layer in (*policy.layers, built_in()) for rule in layer.rules]
    named = frozenset().union(*(rule.entities for rule in rules))
    alike: dict[Hashable, list[_Conflict]] = {}
    for entity, data_class in {**ENTITIES, **policy.classes}.items():
        # Of entities that no rule names all those of a class have the same answers.
        kind = entity if entity in named else (data_class, is_coarsened(policy, entity, None))
        if kind not in alike:
            alike[kind] = list(_of_entity(entity, data_class, policy))
        for conflict in alike[kind]:
            found.setdefault(conflict, []).append(entity)
    told = [*_on_columns(policy), *(_sentence(conflict, entities) for conflict, entities in found.items())]
    more = len(told) - _MOST_TOLD
    return (*told[:_MOST_TOLD], *([f"and {more} more"] if more > 0 else []))


def _on_columns(policy: Policy) -> Iterator[str]:
    """Columns that several files name, and not alike, of data sets that may be the same."""
    named = [_columns_of(layer) for layer in policy.layers]
    pairs = (
        (column, pair)
        for first, second in combinations(named, 2)
        for column in sorted(first.keys() & second.keys())
        for pair in product(first[column], second[column])
    )
    for column, (one, other) in islice(pairs, _MOST_COMPARED):
        if one.entity != other.entity and _may_meet(one.glob, other.glob):
            from .overrides import stricter_of  # such policies are few

            yield (
                f"column {column} of {one.glob}: {one.entity} ({one.where}); {other.entity} ({other.where}). "
                f"What hides more holds: {stricter_of(one.entity, other.entity, policy)}."
            )


def _columns_of(layer: Policy) -> dict[str, list[_Named]]:
    """By label what a layer says of columns."""
    found: dict[str, list[_Named]] = {}
    for rule in layer.datasets:
        for column, entity in rule.columns.items():
            found.setdefault(column, []).append(_Named(rule.glob, entity, source_name(layer)))
    return found


def _may_meet(glob: str, other: str) -> bool:
    return glob == other or fnmatchcase(glob, other) or fnmatchcase(other, glob)


def packs_of(policy: Policy) -> tuple[str, ...]:
    """The names of the packs that have a say."""
    return tuple(dict.fromkeys(layer.own_source.removeprefix("pack ") for layer in policy.layers if layer.is_pack))


def source_name(layer: Policy) -> str:
    """What a layer is called: the name of its file without the folders, ``pack NAME`` or ``built-in``."""
    return _file_name(layer.own_source)


@cache
def _file_name(source: str) -> str:
    return PurePath(source).name


def _of_entity(entity: str, data_class: DataClass, policy: Policy) -> Iterator[_Conflict]:
    if data_class in (DataClass.NONE, DataClass.CREDENTIAL):  # whatever rules say, all or nothing is shown
        return
    is_coarse = is_coarsened(policy, entity, None)
    for tier in Tier:
        answers = [one for one in answers_for(entity, data_class, tier, policy) if not one.is_fallback]
        sides = [_side(one.operator, one.layer, one.rule, is_coarse=is_coarse) for one in answers]
        for one in answers:  # of rules in one file the strictest has answered
            rules = _counting(entity, data_class, tier, one.layer)
            found = [_side(rule.operators[tier], one.layer, rule.name, is_coarse=is_coarse) for rule in rules]
            sides += [side for side in found if side not in sides]
        if len({operator for operator, _ in sides}) > 1:
            yield _Conflict(tier, tuple(sides))


def _side(operator: Operator, layer: Policy, rule: str, *, is_coarse: bool) -> tuple[Operator, str]:
    done = Operator.TOKEN if operator is Operator.GENERALISE and not is_coarse else operator
    return done, f"{source_name(layer)}, {rule}"


def _counting(entity: str, data_class: DataClass, tier: Tier, layer: Policy) -> list[Rule]:
    """The rules with the selector that counts in ``layer``: that of its first rule which names the entity or class."""
    looked_at: set[bool] = set()
    for rule in layer.rules:
        by_entity = entity in rule.entities
        if (by_entity or data_class in rule.classes) and by_entity not in looked_at:
            looked_at.add(by_entity)
            same = [one for one in layer.rules if (entity in one.entities if by_entity else data_class in one.classes)]
            if speaking := [one for one in same if tier in one.operators]:
                return speaking
    return []


def _sentence(conflict: _Conflict, entities: list[str]) -> str:
    sides = "; ".join(f"{operator.value} ({rule})" for operator, rule in conflict.sides)
    named = first_of(entities, _MOST_NAMED)
    return f"{named} at tier {conflict.tier.label}: {sides}. The stricter holds: {conflict.sides[0][0].value}."
