"""The one place that decides what somebody may do. Pure; each answer names the rule that made it.

By which operator a column is masked is decided in `masks`.
"""

from __future__ import annotations

from ..model import Decision, Principal, Request
from .grants import decide_lowering, decide_right, decide_tier
from .masks import hides_as_much
from .purposes import decide_datasets, decide_purpose
from .rules import Policy

__all__ = ["decide", "decide_override"]


def decide(request: Request, policy: Policy) -> Decision:
    """Whether ``request`` is allowed, by which rule, and if not, in one sentence why and what now."""
    by_right = decide_right(request, policy)
    if by_right is not None:
        return by_right
    return decide_purpose(request, policy) or decide_datasets(request, policy) or decide_tier(request, policy)


def decide_override(principal: Principal, before: str, after: str, policy: Policy) -> Decision:
    """Whether ``principal`` may say that a column that counts as ``before`` holds ``after``, both entities.

    Hiding more is free. Hiding less at any tier takes the right to classify.
    """
    if hides_as_much(before, after, policy):
        return Decision(allowed=True, rule="raise")
    return decide_lowering(principal, policy)
