"""Keys renewed and destroyed, by whom the policy lets do so, and never unrecorded."""

from __future__ import annotations

from contextlib import suppress

from ..errors import KeyStoreError, LogError, Refused
from ..keys.keyring import KeyRing
from ..keys.vault import Vault
from ..model import Request, Tier
from ..policy.decide import decide
from ..policy.rules import Policy
from ..settings import Home
from .events import record
from .keys import keys_there, loaded
from .place import policy, principal

__all__ = ["destroy_key", "rotate_keys"]


def rotate_keys(at: Home) -> KeyRing:
    """The keys with a new current one, recorded before it is used.

    KeyStoreError, LogUnavailable, or Refused by the policy; then everything is as before.
    """
    in_force = policy()
    _check_keys_allowed("key.rotate", in_force, at)
    keys = keys_there(at)
    before = loaded(at, keys).key_id
    told: list[str] = []

    def announce(fresh: str) -> None:
        record("key.rotate", in_force, at=at, key_id=fresh, before=before)
        told.append(fresh)

    try:
        return keys.rotate(announce)
    except KeyStoreError:
        if told and keys.load().key_id == before:
            _record_failure("key.rotate", in_force, at, key_id=told[0], before=before)
        raise


def destroy_key(at: Home, key_id: str) -> None:
    """Erase an old masking key. It is recorded before it happens: a key must not go unrecorded."""
    in_force = policy()
    _check_keys_allowed("key.destroy", in_force, at)
    keys = keys_there(at)
    keys.check_destroyable(key_id)
    loaded(at, keys)  # who cannot open the keys may not destroy one
    record("key.destroy", in_force, at=at, key_id=key_id)
    try:
        keys.destroy(key_id)
    except KeyStoreError:
        if key_id in loaded(at, keys).key_ids:
            _record_failure("key.destroy", in_force, at, key_id=key_id)
        raise
    ring = loaded(at, keys)
    for folder in (at.vault, at.vault / "surrogates"):
        Vault(folder, ring).forget(key_id)


def _record_failure(action: str, in_force: Policy, at: Home, **fields: str) -> None:
    """Take down that what was recorded could not be done after all; why it could not is what the caller is told."""
    with suppress(LogError):
        record(action, in_force, at=at, outcome="error", **fields)


def _check_keys_allowed(action: str, in_force: Policy, at: Home) -> None:
    answer = decide(Request(principal(in_force), action, Tier.COMPLIANCE), in_force)
    if not answer.allowed:
        record(action, in_force, at=at, outcome="refused", rule=answer.rule)
        raise Refused(answer.reason, answer.rule)
