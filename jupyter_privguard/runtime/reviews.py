"""`jupyter_privguard.review`: the reviewer under this deployment's policy and keys, and the event that it leaves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..errors import InputError
from ..model import Tier
from ..reviewing.findings import Review
from ..reviewing.reviewer import Reviewer
from .events import safe_text
from .keys import keyring
from .place import home, tell
from .sessions import policy_here, record_here

__all__ = ["record_review", "review_object"]


def review_object(obj: Any, inputs: Any, *, tier: str, name: str | None, version: str | None = None) -> Review:
    """`jupyter_privguard.review`."""
    try:
        wanted = Tier.parse(tier)
    except ValueError as error:
        raise InputError(f"privguard: {error}.") from None
    in_force = policy_here()
    ring, notices = keyring(home())
    tell(notices)
    safe = partial(safe_text, in_force=in_force, ring=ring)
    found = Reviewer(in_force, ring, wanted, safe).review(obj, inputs)
    about = {"version": safe(version)} if version else {}
    record_review(found, name=safe(name or type(obj).__name__), tier=wanted, safe=safe, **about)
    return found


def record_review(found: Review, *, name: str, tier: Tier, safe: Callable[[str], str], **about: str | None) -> None:
    """The ``model.review`` event of what was ``found``; ``name`` and what else it is ``about`` may stand in the log."""
    record_here(
        "model.review",
        outcome="refused" if found.blocked else "ok",
        model=name,
        tier=tier.label,
        blocked=found.blocked,
        fields=[
            {
                "label": one.field,
                "entity": one.entity,
                "class": one.data_class,
                "verdict": "block" if one.is_blocked else "pass",
                "action": one.action,
            }
            for one in found.fields
        ],
        settings=[safe(one.path) for one in found.settings],
        stored=[
            {
                "where": one.where,
                "rows": one.rows,
                "columns": one.columns,
                "entity": one.entity,
                "verdict": "block" if one.is_blocked else "pass",
            }
            for one in found.stored
        ],
        **about,
    )
