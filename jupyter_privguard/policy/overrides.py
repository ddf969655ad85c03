"""What a policy says that single columns hold; of several policies, what hides more. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .columns import is_meant
from .masks import hides_as_much, hides_more
from .rules import Policy

__all__ = ["Word", "override_for", "stricter_of", "words_on"]


class Word(NamedTuple):
    """What one layer of a policy says that a column holds."""

    layer: Policy
    entity: str
    may_lower: bool
    """Whether it is the first policy's, which may show more than what is found; the others only hide more."""


def words_on(policy: Policy, column: str, *, dataset: str | None, source: str | None) -> tuple[Word, ...]:
    """What each layer's ``datasets`` say of a column, the administrator's first; in a layer the first match counts."""
    found = ((layer, _said_by(layer, column, dataset, source)) for layer in policy.layers)
    return tuple(Word(layer, entity, layer is policy.layers[0]) for layer, entity in found if entity is not None)


def override_for(words: Iterable[Word], *, found: str, policy: Policy) -> str:
    """The entity of a column that is ``found`` to hold one and of which the policy says ``words``, as `words_on` does.

    The first policy's word holds instead of what is found, whatever it shows. Any other is heard where it hides more
    at some tier: else it could call a name a colour.
    """
    entity = found
    for word in words:
        entity = word.entity if word.may_lower else stricter_of(entity, word.entity, policy)
    return entity


def stricter_of(one: str, other: str, policy: Policy) -> str:
    """Of two entities what hides at each tier as much as either; ``one`` where ``other`` hides more at none.

    Where each hides more at some tier, or what they show cannot be compared, that is a third one.
    """
    if not hides_more(one, other, policy):
        return one
    candidates = (other, *_HIDING_MORE)
    return next(e for e in candidates if hides_as_much(one, e, policy) and hides_as_much(other, e, policy))


_HIDING_MORE = ("INTERNAL_UNKNOWN", "CREDENTIAL")
"""From lax to strict; a credential is redacted at every tier, so it hides as much as anything."""


def _said_by(layer: Policy, column: str, dataset: str | None, source: str | None) -> str | None:
    for rule in layer.datasets:
        if column in rule.columns and is_meant(rule.glob, dataset, source):
            return rule.columns[column]
    return None
