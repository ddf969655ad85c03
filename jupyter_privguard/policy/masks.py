"""Which operator a column gets, and which of two entities hides more. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import DataClass, Operator, Tier, class_of
from .builtin import built_in
from .columns import is_coarsened
from .rules import STRICTNESS, Policy, Rule

__all__ = ["class_in", "hides_as_much", "operator_for"]


def operator_for(
    entity: str,
    data_class: DataClass,
    tier: Tier,
    policy: Policy,
    *,
    column: str | None = None,
) -> tuple[Operator, str]:
    """The operator for one column at ``tier``, and the name of the rule that says so.

    In each layer the first rule counts that names the entity or class and speaks of the tier, and
    of rules with the same selector the stricter; a layer that has none falls back on the built-in. Of several
    layers the strictest wins. Where nothing is coarser than the values of ``column``, a label,
    ``generalise`` is a token, and as strict. A credential is redacted whatever a policy says, and so is an entity
    that no rule knows. Whether a verdict is sure enough to act on is the caller's business; what
    the operator makes of a value depends on that value's own type.
    """
    if data_class is DataClass.CREDENTIAL:
        return Operator.REDACT, "credential"
    if data_class is DataClass.NONE:
        return Operator.CLEAR, "none"
    is_coarse = is_coarsened(policy, entity, column)
    return _strictest(_in_layer(entity, data_class, tier, layer, is_coarse) for layer in policy.layers)


def _done(operator: Operator, is_coarse: bool) -> Operator:
    return Operator.TOKEN if operator is Operator.GENERALISE and not is_coarse else operator


def _in_layer(entity: str, data_class: DataClass, tier: Tier, layer: Policy, is_coarse: bool) -> tuple[Operator, str]:
    for rules in (layer.rules, built_in().rules):
        found = _first_match(entity, data_class, tier, rules, is_coarse)
        if found is not None:
            return found
    return Operator.REDACT, "no rule"


def _first_match(
    entity: str, data_class: DataClass, tier: Tier, rules: tuple[Rule, ...], is_coarse: bool
) -> tuple[Operator, str] | None:
    for rule in rules:
        by_entity = entity in rule.entities
        if by_entity or data_class in rule.classes:
            same = [r for r in rules if (entity in r.entities if by_entity else data_class in r.classes)]
            speaking = [(_done(r.operators[tier], is_coarse), r.name) for r in same if tier in r.operators]
            if speaking:
                return _strictest(speaking)
    return None


def _strictest(answers: Iterable[tuple[Operator, str]]) -> tuple[Operator, str]:
    return max(answers, key=lambda answer: STRICTNESS[answer[0]])  # of equals the first


def hides_as_much(before: str, after: str, policy: Policy) -> bool:
    """Whether no tier sees more of a column as ``after`` than as ``before``, both entities.

    What a partial or generalised value shows depends on the entity: a postcode's first digits say more of an
    income than its band. So of two entities with the same such operator neither counts as hiding as much.
    """
    return before == after or all(_hides_at(tier, before, after, policy) for tier in Tier)


def _hides_at(tier: Tier, before: str, after: str, policy: Policy) -> bool:
    one, other = (_hiding(entity, tier, policy) for entity in (before, after))
    return other > one or (other == one and one not in _BY_ENTITY)


def _hiding(entity: str, tier: Tier, policy: Policy) -> float:
    operator, _ = operator_for(entity, class_in(policy, entity), tier, policy)
    if entity == "FREE_TEXT_WITH_PII" and operator not in (Operator.CLEAR, Operator.ROUND, Operator.REDACT):
        return STRICTNESS[Operator.CLEAR] + 0.5  # whatever the operator, text outside of the spans stays
    return STRICTNESS[operator]


_BY_ENTITY = frozenset({STRICTNESS[Operator.GENERALISE], STRICTNESS[Operator.PARTIAL]})


def class_in(policy: Policy, entity: str) -> DataClass:
    """The class of an entity; of one that the policy does not know any more, ``internal``."""
    try:
        return class_of(entity, policy.classes)
    except KeyError:
        return DataClass.INTERNAL
