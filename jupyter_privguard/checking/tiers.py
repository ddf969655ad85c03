"""Point 6: the highest tier only for the compliance role."""

from __future__ import annotations

import secrets

from ..model import Principal, Request, Tier
from ..policy.decide import decide
from ..policy.grants import GROUP, granting_layers
from .deployment import Deployment, seqs
from .points import Found, Status

__all__ = ["tiers"]

_WHY = "checklist"


def tiers(at: Deployment) -> list[Found]:
    """Asks the policy for tier compliance in the name of everybody that it names, and of somebody unknown."""
    unknown = Principal(f"unknown-{secrets.token_hex(4)}", assurance="os")
    if _may(at, unknown):
        return [Found(Status.NOT, "the policy gives tier compliance to somebody whom it does not know")]
    layers = granting_layers(at.policy)
    named = {name for layer in layers for name in layer.principals or ()}
    having = [who for who in map(_somebody, sorted(named)) if _may(at, who)]
    outside = [who for who in having if not _may(at, who, action="reveal")]
    found = [*_recorded(at)]
    if outside:
        says = f"{_people(len(outside))} tier compliance without the compliance role, which may look up records"
        found.append(Found(Status.NOT, says))
    if any(_may(at, who, reason=None) for who in having):
        found.append(Found(Status.PARTIAL, "tier compliance is given without a reason"))
    if all(layer.author_is_self for layer in layers):
        found.append(Found(Status.PARTIAL, "this account could have written the policy, and give itself any tier"))
    if not found or all(one.status is Status.EVIDENCED for one in found):
        says = (
            f"{_people(len(having))} tier compliance, by the compliance role and with a reason"
            if having
            else ("the policy gives tier compliance to nobody")
        )
        found.append(Found(Status.EVIDENCED, f"{says}, and somebody unknown was refused"))
    return found


def _recorded(at: Deployment) -> list[Found]:
    asked = [event for event in at.of("cell.run", "model.predict") if event.get("tier") == Tier.COMPLIANCE.label]
    given = [event for event in asked if event.get("outcome") != "refused"]
    by_self = [event for event in given if (event.get("principal") or {}).get("assurance") == "self"]
    if by_self:
        many = "1 cell or prediction was" if len(by_self) == 1 else f"{len(by_self):,} cells or predictions were"
        return [Found(Status.PARTIAL, f"{many} at tier compliance by people who could have granted it", seqs(by_self))]
    if asked:
        says = f"{len(given):,} of {len(asked):,} cells and predictions that asked for it got it"
        return [Found(Status.EVIDENCED, says, seqs(asked))]
    return []


def _somebody(name: str) -> Principal:
    """Whoever ``name`` means in a policy: a person, or somebody in a group."""
    if name.startswith(GROUP):
        group = name.removeprefix(GROUP)
        return Principal(f"somebody-{secrets.token_hex(4)}", assurance="hub", groups=(group,))
    return Principal(name, assurance="os")


def _may(at: Deployment, who: Principal, *, action: str = "run", reason: str | None = _WHY) -> bool:
    return decide(Request(who, action, Tier.COMPLIANCE, reason=reason, at=at.now), at.policy).allowed


def _people(count: int) -> str:
    return "1 name has" if count == 1 else f"{count:,} names have"
