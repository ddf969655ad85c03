"""The one place that decides: who may use a tier or lower a class, and which operator a column gets. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from ..model import DataClass, Decision, Operator, Principal, Request, Tier, class_of
from .builtin import built_in
from .columns import is_coarsened
from .rules import STRICTNESS, Policy, Rule

__all__ = [
    "SELF",
    "class_in",
    "decide",
    "decide_keys",
    "decide_override",
    "decide_reveal",
    "hides_as_much",
    "operator_for",
    "override_for",
    "roles_of",
]

SELF = "built-in"
"""The rule of a permission that no policy grants: whoever asks could have given it to themselves."""

_LONGEST_PURPOSE = 200
_STARTER = "`privguard policy init` writes a commented starter"


def decide(request: Request, policy: Policy) -> Decision:
    """Whether ``request`` is allowed, by which rule, and if not, in one sentence why and what now."""
    if request.purpose is not None and len(request.purpose) > _LONGEST_PURPOSE:
        return _refused("purpose", f"a purpose has at most {_LONGEST_PURPOSE} characters; shorten it.")
    answer = Decision(allowed=True, rule="built-in")
    for layer in policy.layers:
        answer = _decide_tier(request, layer)
        if not answer.allowed:
            return answer
    return answer


def _decide_tier(request: Request, policy: Policy) -> Decision:
    who, tier = request.principal.id, request.tier
    if tier is Tier.PUBLIC:
        return Decision(allowed=True, rule="built-in")
    if policy.principals is None and tier is Tier.INTERNAL:
        return Decision(allowed=True, rule="built-in")
    granting = [name for name in roles_of(policy, who) if tier in policy.roles[name].tiers]
    if not granting:
        return _refused("principals" if policy.principals is not None else "built-in", _ungranted(request, policy))
    rule = f"roles.{granting[0]}.tiers"
    # Two roles that differ: the stricter wins, as everywhere.
    needs_reason = tier is Tier.COMPLIANCE and any(policy.roles[name].reason_required for name in granting)
    if needs_reason and not (request.reason or "").strip():
        return _refused(
            f"roles.{granting[0]}.reason", f"tier {tier.label} needs a reason; say why with --reason and try again."
        )
    return Decision(allowed=True, rule=rule)


def _ungranted(request: Request, policy: Policy) -> str:
    tier, who = request.tier, request.principal.id
    having = sorted(name for name, role in policy.roles.items() if tier in role.tiers)
    if having:
        named = " or ".join(f"`{name}`" for name in having)
        how = f"an administrator can give you the role {named} under `principals` of the policy"
    else:
        how = "an administrator can grant it in the policy's `roles` and `principals`"
    return f"tier {tier.label} is not granted to {who}; {how} ({_STARTER})."


def _refused(rule: str, sentence: str) -> Decision:
    return Decision(allowed=False, rule=rule, reason=f"privguard: {sentence}")


def decide_reveal(request: Request, policy: Policy) -> Decision:
    """Whether somebody may look up one record: a role must say so, and there must be a reason."""
    answer = Decision(allowed=True, rule="built-in")
    for layer in policy.layers:
        granting = [name for name in roles_of(layer, request.principal.id) if layer.roles[name].reveal]
        if not granting:
            having = sorted(name for name, role in layer.roles.items() if role.reveal)
            rule = "principals" if layer.principals is not None else "built-in"
            return _refused(rule, _ungranted_right("looking up a record", "reveal", having, request.principal.id))
        answer = Decision(allowed=True, rule=f"roles.{granting[0]}.reveal")
    if not (request.reason or "").strip():
        return _refused(answer.rule, "looking up a record needs a reason; say why with --reason and try again.")
    return answer


def decide_keys(request: Request, policy: Policy) -> Decision:
    """Whether somebody may rotate or destroy keys: without ``principals`` whoever owns them, else who may reveal."""
    answer = Decision(allowed=True, rule="built-in")
    for layer in policy.layers:
        if layer.principals is None:
            continue
        granting = [name for name in roles_of(layer, request.principal.id) if layer.roles[name].reveal]
        if not granting:
            having = sorted(name for name, role in layer.roles.items() if role.reveal)
            return _refused(
                "principals", _ungranted_right("rotating or destroying keys", "reveal", having, request.principal.id)
            )
        answer = Decision(allowed=True, rule=f"roles.{granting[0]}.reveal")
    return answer


def _ungranted_right(what: str, right: str, having: list[str], who: str) -> str:
    if having:
        named = " or ".join(f"`{name}`" for name in having)
        how = f"an administrator can give you the role {named} under `principals` of the policy"
    else:
        how = f"an administrator can grant it by a role with `{right}: true` in the policy"
    return f"{what} is not granted to {who}; {how} ({_STARTER})."


def roles_of(policy: Policy, principal_id: str) -> tuple[str, ...]:
    """The roles that the policy (of several, the administrator's) gives to a principal."""
    named = (policy.principals or {}).get(principal_id, ())
    return tuple(role for role in named if role in policy.roles)


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


def decide_override(principal: Principal, before: str, after: str, policy: Policy) -> Decision:
    """Whether ``principal`` may say that a column that counts as ``before`` holds ``after``, both entities.

    Hiding more is free. Hiding less at any tier needs a role with ``classify: true`` from every layer that
    names principals; where none does it is allowed by the rule `SELF`.
    """
    if hides_as_much(before, after, policy):
        return Decision(allowed=True, rule="raise")
    rules = []
    for layer in policy.layers:
        granting = [role for role in roles_of(layer, principal.id) if layer.roles[role].classify]
        if layer.principals is not None and not granting:
            return _refused("classify", _unclassified(principal.id, layer))
        rules.append(f"roles.{granting[0]}.classify" if granting else SELF)
    return Decision(allowed=True, rule=rules[0])  # a grant is worth what the first layer's is worth


def _unclassified(who: str, layer: Policy) -> str:
    having = sorted(f"`{name}`" for name, role in layer.roles.items() if role.classify)
    how = (
        f"an administrator can give you the role {' or '.join(having)} under `principals` of the policy"
        if having
        else "an administrator can grant it with `classify: true` in one of the policy's `roles`"
    )
    return f"showing more of a column needs a right that {who} does not have; {how}."


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
