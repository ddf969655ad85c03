"""What keeps the keys of a deployment: the interface of files today, of hardware and clouds in one file each."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from .keyring import KeyRing, LogKey

__all__ = ["KeyInfo", "KeyProvider"]


class KeyInfo(NamedTuple):
    """What may be told of a stored key: never a byte of it."""

    id: str
    use: str
    """``masking`` or ``log``."""
    created: str
    """RFC 3339, UTC."""
    state: str
    """``current``, ``old`` (opens what was made under it) or ``destroyed``."""
    destroyed: str = ""
    """When, as ``created``; empty for one that was not."""


class KeyProvider(Protocol):
    """Makes, loads, renews and destroys keys. Every method raises KeyStoreError in one sentence when it cannot.

    There is no default key: what is missing or damaged is refused, never replaced, because a log
    or a token that goes on under a new key would break silently with its past.
    """

    def exists(self) -> bool:
        """Whether there are keys, whole or damaged; what is there is never overwritten."""
        ...

    def create(self) -> KeyRing:
        """A new random set of keys; refused when something is there already."""
        ...

    def load(self) -> KeyRing:
        """All masking keys that have not been destroyed, and the log's key."""
        ...

    def load_log_key(self) -> LogKey:
        """The log's signing key alone: it needs no passphrase, so that a refusal can be recorded."""
        ...

    def public_vkey(self) -> str:
        """The log's verifier key; needs no secret."""
        ...

    def stored_keys(self) -> list[KeyInfo]:
        """All keys, those destroyed too, masking keys by age first."""
        ...

    def rotate(self, announce: Callable[[str], object] = ...) -> KeyRing:
        """The keys with a new current masking key; the old one stays, to open what was made under it.

        ``announce`` is given its id before it becomes current; if that raises, everything is as before.
        """
        ...

    def check_destroyable(self, key_id: str) -> None:
        """Refuses what `destroy` would refuse, before anything happens."""
        ...

    def destroy(self, key_id: str) -> None:
        """Erase an old masking key for good: nobody opens again what was made under it."""
        ...
