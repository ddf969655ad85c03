"""What an event is: the fields that every record has, and the names of actions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._canonical import canonical_json
from ..model import ColumnVerdict, Principal

__all__ = ["ACTIONS", "any_event", "classified_column", "event"]

ACTIONS = frozenset(
    """
    guard.load guard.unload guard.changed cell.start cell.run data.load data.seal data.unseal experiment.close reveal
    log.read report.export quality.check policy.change class.change key.create key.unlock key.rotate key.destroy
    bearer.issue bearer.revoke
    approval.request approval.grant approval.deny approval.expire model.review model.predict model.record model.request
    model.approve model.deny model.alias archive endpoint.use
    run.start run.end scan checklist alert
    """.split()
)
"""Every action that a record may have."""

_EVIDENCE = frozenset("checksum context dictionary fields header override pattern text values".split())
_COVERAGE = "may be missed"
"""How a sentence ends that says how many values were looked at."""
_SET_BY_THE_LOG = frozenset({"seq", "time"})


def classified_column(verdict: ColumnVerdict, label: str) -> dict[str, Any]:
    """A column as ``data.load`` lists it; ``label`` is its label without what looks like a value."""
    return {
        "label": label,
        "entity": verdict.entity,
        "class": verdict.data_class.value,
        "confidence": round(verdict.confidence * 100),  # percent: canonical JSON has no floats
        "evidence": _kinds(verdict.evidence),
        "action": dict(verdict.action),
    }


def _kinds(evidence: Iterable[str]) -> list[str]:
    """What kinds of evidence speak for a verdict; their own words quote labels, and stay out of the log."""
    heads = (piece.removeprefix("found: ") for piece in evidence if not piece.endswith(_COVERAGE))
    kinds = (head.partition(":")[0].removesuffix(" of the policy") for head in heads)
    return sorted({kind for kind in kinds if kind in _EVIDENCE})


def event(
    action: str,
    *,
    principal: Principal,
    session: str,
    outcome: str,
    policy_sha256: str,
    **fields: Any,
) -> dict[str, Any]:
    """An event ready to be appended; the log adds ``seq`` and ``time``.

    ValueError for an action that does not exist, a field that the log itself sets, or what has no
    canonical JSON form; TypeError for a float or another type that has none.
    """
    if action not in ACTIONS:
        raise ValueError(f"{action!r} is no action of the log")
    if taken := _SET_BY_THE_LOG & fields.keys():
        raise ValueError(f"{', '.join(sorted(taken))}: set by the log itself")
    return any_event(
        action, principal=principal, session=session, outcome=outcome, policy_sha256=policy_sha256, **fields
    )


def any_event(
    action: str, *, principal: Principal, session: str, outcome: str, policy_sha256: str, **fields: Any
) -> dict[str, Any]:
    """An event of a kernel or of a server: what both have in common, and ``fields``.

    ValueError for what has no canonical JSON form; TypeError for a float or another type that has none.
    """
    found: dict[str, Any] = {
        "action": action,
        "principal": {"id": principal.id, "assurance": principal.assurance},
        "session": session,
        "outcome": outcome,
        "policy_sha256": policy_sha256,
        **fields,
    }
    canonical_json(found)
    return found
