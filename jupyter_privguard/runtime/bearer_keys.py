"""The bearer keys by which served models of this deployment know who asks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..audit.stores.marks import mark
from ..keys.keyring import KeyRing
from ..model import Principal, Request, Tier
from ..policy.decide import decide
from ..policy.rules import Policy
from ..serving.access import Record, ServingKey, ServingKeys
from .events import record
from .keys import keyring
from .place import home, policy, tell

__all__ = ["SERVING_KEYS", "has_role", "issue_serving_key", "revoke_serving_key", "serving_keys"]

SERVING_KEYS = "serving-keys.json"
"""Their file in PRIVGUARD_HOME."""


def serving_keys(ring: KeyRing | None = None) -> ServingKeys:
    """The bearer keys of this deployment."""

    def code(text: str, key_id: str | None) -> tuple[str, str]:
        used = ring if ring is not None else keyring(home(), create=False)[0]
        chosen = key_id or used.key_id
        return chosen, used.digest("serving key", [text.encode()], key_id=chosen)[0].hex()

    return ServingKeys(home().root / SERVING_KEYS, code, mark(home().log, SERVING_KEYS))


def has_role(person: str, in_force: Policy) -> bool:
    """Whether a bearer key of ``person`` gives more than tier public; so it is for anybody where no one is named."""
    who = Principal(person, assurance="server")
    return any(
        decide(Request(who, "run", tier, reason="as asked for"), in_force).allowed
        for tier in (Tier.INTERNAL, Tier.COMPLIANCE)
    )


def issue_serving_key(person: str, *, days: int = 90) -> str:
    """A new bearer key for ``person``, who is one of the policy's ``principals``; it is shown this once.

    It is recorded before it holds; LogUnavailable where it cannot be.
    """
    ring, notices = keyring(home())
    tell(notices)
    return serving_keys(ring).issue(person, now=datetime.now(UTC), days=days, record=_recorder("bearer.issue"))


def revoke_serving_key(key: str) -> str:
    """Take the bearer key with the id ``key`` away, and record it before; whose it was."""
    return serving_keys().revoke(key, record=_recorder("bearer.revoke")).person


def _recorder(action: str) -> Record:
    in_force = policy()

    def told(key: ServingKey, outcome: str) -> None:
        fields: dict[str, Any] = {"bearer": key.id, "for": key.person, "until": key.expires}
        record(action, in_force, outcome=outcome, **fields)

    return told
