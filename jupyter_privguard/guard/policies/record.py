"""What an event says of the policy in force: where it comes from, its packs, and where its rules disagree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...policy.conflicts import conflicts, packs_of
from ...policy.rules import Policy

__all__ = ["policy_fields"]


def policy_fields(policy: Policy, safe: Callable[[str | None], str | None]) -> dict[str, Any]:
    """The fields ``policy``, ``packs`` and ``conflicts``; ``safe`` masks what looks like a value in them."""
    return {
        "policy": safe(policy.source),
        "packs": list(packs_of(policy)),
        "conflicts": [safe(sentence) for sentence in conflicts(policy)],
    }
