"""Which operator a column gets, and which of two entities hides more. Pure."""

from __future__ import annotations

from typing import NamedTuple

from ..model import DataClass, Operator, Tier, class_of
from .builtin import built_in
from .columns import is_coarsened
from .rules import STRICTNESS, Policy, Rule

__all__ = ["Answer", "answers_for", "class_in", "hides_as_much", "hides_more", "operator_for", "strictness"]


class Answer(NamedTuple):
    """What one layer of a policy says of a column at one tier."""

    operator: Operator
    rule: str
    """The name of the rule, or ``credential`` or ``none`` where no policy has a say."""
    layer: Policy
    """Who was asked."""
    is_fallback: bool = False
    """Whether the layer has no such rule, so that the built-in one speaks for it."""
    source: str | None = None
    """What the rule rests on, where it says."""


def operator_for(
    entity: str,
    data_class: DataClass,
    tier: Tier,
    policy: Policy,
    *,
    column: str | None = None,
) -> tuple[Operator, str]:
    """The operator for one column at ``tier``, and the name of the rule that says so; see `answers_for`."""
    answer = answers_for(entity, data_class, tier, policy, column=column)[0]
    return answer.operator, answer.rule


def answers_for(
    entity: str,
    data_class: DataClass,
    tier: Tier,
    policy: Policy,
    *,
    column: str | None = None,
) -> tuple[Answer, ...]:
    """What each layer says of one column at ``tier``; the first answer holds.

    In each layer the first rule counts that names the entity or class and speaks of the tier, and
    of rules with the same selector the stricter; a layer that has none falls back on the built-in, a pack that
    has none has no say. Of several layers the strictest wins. Where nothing is coarser than the values of
    ``column``, a label, ``generalise`` is a token, and as strict. A credential is redacted whatever a policy says,
    and so is an entity that no rule knows. Whether a verdict is sure enough to act on is the caller's business;
    what the operator makes of a value depends on that value's own type.
    """
    if data_class is DataClass.CREDENTIAL:
        return (Answer(Operator.REDACT, "credential", built_in()),)
    if data_class is DataClass.NONE:
        return (Answer(Operator.CLEAR, "none", built_in()),)
    asked = _Asked(entity, data_class, tier, is_coarsened(policy, entity, column), policy.draws_surrogates)
    answers = [answer for layer in policy.layers if (answer := asked.answer_of(layer)) is not None]
    # Of equals the first, the administrator's.
    return tuple(sorted(answers, key=lambda answer: -strictness(answer.operator, drawn=asked.drawn)))


def strictness(operator: Operator, *, drawn: bool) -> float:
    """How much an operator hides; ``drawn`` tells whether surrogates are random: then nothing of a value is in them.

    Whoever runs the kernel can tokenise guesses, so such a surrogate hides more than a token.
    """
    if drawn and operator is Operator.SURROGATE:
        return STRICTNESS[Operator.TOKEN] + 0.5
    return STRICTNESS[operator]


class _Asked(NamedTuple):
    entity: str
    data_class: DataClass
    tier: Tier
    is_coarse: bool
    drawn: bool

    def answer_of(self, layer: Policy) -> Answer | None:
        own = self._first_match(layer.rules)
        if own is not None:
            return Answer(*own[:2], layer, source=own[2])
        if layer.is_pack:
            return None
        default = self._first_match(built_in().rules) or (Operator.REDACT, "no rule", None)
        return Answer(*default[:2], layer, is_fallback=layer is not built_in(), source=default[2])

    def _first_match(self, rules: tuple[Rule, ...]) -> tuple[Operator, str, str | None] | None:
        looked_at: set[bool] = set()
        for rule in rules:
            by_entity = self.entity in rule.entities
            if (by_entity or self.data_class in rule.classes) and by_entity not in looked_at:
                looked_at.add(by_entity)  # all rules of this selector at once, so that many of them cost no more
                same = [r for r in rules if self._is_named_by(r, by_entity=by_entity) and self.tier in r.operators]
                speaking = [(self._done(r.operators[self.tier]), r.name, r.source) for r in same]
                if speaking:
                    return max(speaking, key=lambda answer: strictness(answer[0], drawn=self.drawn))
        return None

    def _is_named_by(self, rule: Rule, *, by_entity: bool) -> bool:
        return self.entity in rule.entities if by_entity else self.data_class in rule.classes

    def _done(self, operator: Operator) -> Operator:
        return Operator.TOKEN if operator is Operator.GENERALISE and not self.is_coarse else operator


def hides_as_much(before: str, after: str, policy: Policy) -> bool:
    """Whether no tier sees more of a column as ``after`` than as ``before``, both entities.

    What a partial or generalised value shows depends on the entity: a postcode's first digits say more of an
    income than its band. So of two entities with the same such operator neither counts as hiding as much.
    """
    return before == after or all(_hides_at(tier, before, after, policy) for tier in Tier)


def hides_more(before: str, after: str, policy: Policy) -> bool:
    """Whether any tier sees less of a column as ``after`` than as ``before``, by the order of operators alone."""
    return any(_hiding(after, tier, policy) > _hiding(before, tier, policy) for tier in Tier)


def _hides_at(tier: Tier, before: str, after: str, policy: Policy) -> bool:
    one, other = (_hiding(entity, tier, policy) for entity in (before, after))
    return other > one or (other == one and one not in _BY_ENTITY)


def _hiding(entity: str, tier: Tier, policy: Policy) -> float:
    operator, _ = operator_for(entity, class_in(policy, entity), tier, policy)
    if entity == "FREE_TEXT_WITH_PII" and operator not in (Operator.CLEAR, Operator.ROUND, Operator.REDACT):
        return STRICTNESS[Operator.CLEAR] + 0.5  # whatever the operator, text outside of the spans stays
    return strictness(operator, drawn=policy.draws_surrogates)


_BY_ENTITY = frozenset({STRICTNESS[Operator.GENERALISE], STRICTNESS[Operator.PARTIAL]})


def class_in(policy: Policy, entity: str) -> DataClass:
    """The class of an entity; of one that the policy does not know any more, ``internal``."""
    try:
        return class_of(entity, policy.classes)
    except KeyError:
        return DataClass.INTERNAL
