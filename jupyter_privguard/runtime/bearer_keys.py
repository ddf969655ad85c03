"""The bearer keys by which served models of this deployment know who asks."""

from __future__ import annotations

from datetime import UTC, datetime

from ..audit.stores.marks import mark
from ..keys.keyring import KeyRing
from ..serving.access import ServingKeys
from .keys import keyring
from .place import home, tell

__all__ = ["SERVING_KEYS", "issue_serving_key", "revoke_serving_key", "serving_keys"]

SERVING_KEYS = "serving-keys.json"
"""Their file in PRIVGUARD_HOME."""


def serving_keys(ring: KeyRing | None = None) -> ServingKeys:
    """The bearer keys of this deployment."""

    def code(text: str, key_id: str | None) -> tuple[str, str]:
        used = ring if ring is not None else keyring(home(), create=False)[0]
        chosen = key_id or used.key_id
        return chosen, used.digest("serving key", [text.encode()], key_id=chosen)[0].hex()

    return ServingKeys(home().root / SERVING_KEYS, code, mark(home().log, SERVING_KEYS))


def issue_serving_key(person: str, *, days: int = 90) -> str:
    """A new bearer key for ``person``, who is one of the policy's ``principals``; it is shown this once."""
    ring, notices = keyring(home())
    tell(notices)
    return serving_keys(ring).issue(person, now=datetime.now(UTC), days=days)


def revoke_serving_key(key: str) -> str:
    """Take the bearer key with the id ``key`` away; whose it was."""
    return serving_keys().revoke(key).person
