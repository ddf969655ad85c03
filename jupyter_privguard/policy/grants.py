"""Who may ask for which tier, and who has which right: by roles, in every policy that has a say. Pure."""

from __future__ import annotations

from typing import NamedTuple

from ..model import Decision, Principal, Request, Tier
from .rules import Policy, Role

__all__ = [
    "GROUP",
    "SELF",
    "decide_lowering",
    "decide_right",
    "decide_tier",
    "granting_layers",
    "refused",
    "roles_of",
]

GROUP = "group:"
"""What a key of ``principals`` begins with that means a group and no person."""

SELF = "built-in"
"""The rule of a permission that no policy grants: whoever asks could have given it to themselves."""

_STARTER = "`privguard policy init` writes a commented starter"


def refused(rule: str, sentence: str) -> Decision:
    """No, by ``rule``; ``sentence`` says why and what now."""
    return Decision(allowed=False, rule=rule, reason=f"privguard: {sentence}")


def granting_layers(policy: Policy) -> tuple[Policy, ...]:
    """The layers that speak of people; packs only say how values are masked."""
    return tuple(layer for layer in policy.layers if not layer.is_pack)


def roles_of(policy: Policy, who: Principal) -> tuple[str, ...]:
    """The roles that the policy (of several, the administrator's) gives to a principal, by name and by groups."""
    principals = policy.principals or {}
    # Nobody gets what a group has by being called like one.
    keys = [] if who.id.startswith(GROUP) else [who.id]
    keys += [key for key in principals if key.startswith(GROUP) and key.removeprefix(GROUP) in who.groups]
    named = dict.fromkeys(role for key in keys for role in principals.get(key, ()))
    return tuple(role for role in named if role in policy.roles)


# --- tiers ----------------------------------------------------------------------------------------


def decide_tier(request: Request, policy: Policy) -> Decision:
    """Whether the roles, or approvals that stand, give the tier that is asked for."""
    answer = Decision(allowed=True, rule="built-in")
    for layer in granting_layers(policy):
        answer = _by_roles(request, layer)
        if not answer.allowed:
            break
    if answer.allowed or answer.rule.endswith(".reason"):
        return answer
    return _by_approval(request) or answer


def _by_roles(request: Request, policy: Policy) -> Decision:
    tier = request.tier
    if tier is Tier.PUBLIC:
        return Decision(allowed=True, rule="built-in")
    if policy.principals is None and tier is Tier.INTERNAL:
        return Decision(allowed=True, rule="built-in")
    granting = [name for name in roles_of(policy, request.principal) if tier in policy.roles[name].tiers]
    if not granting:
        return refused("principals" if policy.principals is not None else "built-in", _ungranted(request, policy))
    rule = f"roles.{granting[0]}.tiers"
    # Two roles that differ: the stricter wins, as everywhere.
    needs_reason = tier is Tier.COMPLIANCE and any(policy.roles[name].reason_required for name in granting)
    if needs_reason and not (request.reason or "").strip():
        return _without_reason(f"roles.{granting[0]}.reason")
    return Decision(allowed=True, rule=rule)


def _by_approval(request: Request) -> Decision | None:
    if request.at is None:
        return None
    fitting = [
        approval
        for approval in request.approvals
        if approval.principal == request.principal.id
        and approval.tier >= request.tier
        and approval.experiment in (None, request.experiment)
        and approval.purpose in (None, request.purpose)
    ]
    standing = tuple(approval for approval in fitting if request.at < approval.expires)
    if standing:
        if request.tier is Tier.COMPLIANCE and not (request.reason or "").strip():
            return _without_reason(f"approval {standing[0].id}")
        return Decision(allowed=True, rule=f"approval {standing[0].id}", approvals=standing)
    if fitting:
        last = max(fitting, key=lambda approval: approval.expires)
        return refused(
            f"approval {last.id}",
            f"the approval for tier {request.tier.label} has expired; ask for another one with "
            "`privguard approval request`.",
        )
    return None


def _without_reason(rule: str) -> Decision:
    return refused(rule, "tier compliance needs a reason; say why with --reason and try again.")


def _ungranted(request: Request, policy: Policy) -> str:
    tier, who = request.tier, request.principal.id
    if policy.principals is not None and any(role.approve and tier in role.tiers for role in policy.roles.values()):
        return (
            f"tier {tier.label} is not granted to {who}; ask somebody who may approve it with `privguard approval "
            f"request --tier {tier.label} --dataset NAME --reason WHY`, or an administrator for a role that gives it."
        )
    having = sorted(name for name, role in policy.roles.items() if tier in role.tiers)
    if having:
        named = " or ".join(f"`{name}`" for name in having)
        how = f"an administrator can give you the role {named} under `principals` of the policy"
    else:
        how = "an administrator can grant it in the policy's `roles` and `principals`"
    return f"tier {tier.label} is not granted to {who}; {how} ({_STARTER})."


# --- rights ---------------------------------------------------------------------------------------


class _Right(NamedTuple):
    key: str
    """The key of a role that gives it."""
    what: str
    """As a sentence names it."""
    is_owners: bool = False
    """Whether it belongs to the local user where no principals are named."""
    needs_reason: bool = False
    value: object = True
    """What the key has to say."""
    is_of_tier: bool = False
    """Whether it is for the tiers of the role alone."""

    def stands_in(self, role: Role) -> bool:
        """Whether ``role`` gives it."""
        return bool(getattr(role, self.key) == self.value)

    @property
    def written(self) -> str:
        """As a role of a policy says it."""
        return f"{self.key}: {'true' if self.value is True else self.value}"


_RIGHTS = {
    "reveal": _Right("reveal", "looking up a record", needs_reason=True),
    "key.rotate": _Right("reveal", "rotating or destroying keys", is_owners=True),
    "key.destroy": _Right("reveal", "rotating or destroying keys", is_owners=True),
    "approve": _Right("approve", "answering a request", is_of_tier=True),
    "model.approve": _Right("approve", "approving a model"),
    "log.read": _Right("log", "reading what others did", is_owners=True, value="all"),
}
"""By action what role it takes. Acts of the compliance role go with ``reveal``."""


def decide_right(request: Request, policy: Policy) -> Decision | None:
    """Whether a role in every layer gives the right that the action takes; None where it takes none."""
    right = _RIGHTS.get(request.action)
    if right is None:
        return None
    answer = Decision(allowed=True, rule=SELF)
    for layer in granting_layers(policy):
        if layer.principals is None and right.is_owners:
            continue
        granting = [name for name in roles_of(layer, request.principal) if _gives(layer.roles[name], right, request)]
        if not granting:
            rule = "principals" if layer.principals is not None else SELF
            return refused(rule, _without_right(right, layer, request))
        answer = Decision(allowed=True, rule=f"roles.{granting[0]}.{right.key}")
    if right.needs_reason and not (request.reason or "").strip():
        return refused(answer.rule, f"{right.what} needs a reason; say why with --reason and try again.")
    return answer


def _gives(role: Role, right: _Right, request: Request) -> bool:
    # Nobody approves what they may not see themselves.
    return right.stands_in(role) and (not right.is_of_tier or request.tier in role.tiers)


def _without_right(right: _Right, policy: Policy, request: Request) -> str:
    having = sorted(name for name, role in policy.roles.items() if _gives(role, right, request))
    if having:
        named = " or ".join(f"`{name}`" for name in having)
        how = f"an administrator can give you the role {named} under `principals` of the policy"
    else:
        how = f"an administrator can grant it by a role with `{right.written}` in the policy"
    return f"{right.what} is not granted to {request.principal.id}; {how} ({_STARTER})."


def decide_lowering(principal: Principal, policy: Policy) -> Decision:
    """Whether ``principal`` may show more of a column.

    It takes a role with ``classify: true`` from every layer that names principals; where none does it is
    allowed by the rule `SELF`.
    """
    rules = []
    for layer in granting_layers(policy):
        granting = [role for role in roles_of(layer, principal) if layer.roles[role].classify]
        if layer.principals is not None and not granting:
            return refused("classify", _unclassified(principal.id, layer))
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
