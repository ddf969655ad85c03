"""What a policy says that single columns hold. Pure."""

from __future__ import annotations

from fnmatch import fnmatchcase

from ..model import Operator, Tier, class_of
from .masks import operator_for
from .rules import STRICTNESS, Policy

__all__ = ["override_for"]


def override_for(policy: Policy, column: str, *, dataset: str | None, source: str | None) -> str | None:
    """The entity that the policy's ``datasets`` give to a column, or None.

    A policy that may only tighten is heard only where its entity hides at least as much as a
    direct identifier would; otherwise it could call a name a colour.
    """
    for place, layer in enumerate(policy.layers):
        entity = _override_in(layer, column, dataset, source)
        if entity is not None and (place == 0 or _hides_enough(entity, policy)):
            return entity
    return None


def _override_in(layer: Policy, column: str, dataset: str | None, source: str | None) -> str | None:
    names = [name for name in (dataset, source) if name is not None]
    for rule in layer.datasets:
        if column in rule.columns and any(fnmatchcase(name, rule.glob) for name in names):
            return rule.columns[column]
    return None


def _hides_enough(entity: str, policy: Policy) -> bool:
    data_class = class_of(entity, policy.classes)
    least = {Tier.PUBLIC: Operator.PARTIAL, Tier.INTERNAL: Operator.ENCRYPT}
    return all(
        STRICTNESS[operator_for(entity, data_class, tier, policy)[0]] >= STRICTNESS[wanted]
        for tier, wanted in least.items()
    )
