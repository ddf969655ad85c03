"""The keys of this deployment: made once, loaded, renewed, destroyed, each with its event."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..audit.stores.marks import mark
from ..errors import KeyStoreError, LogError, WrongPassphrase
from ..keys.keyring import KeyRing, LogKey
from ..keys.providers.file import FileKeys
from ..keys.vault import FILE as VAULT_FILE
from ..keys.vault import Vault
from ..policy.rules import Policy
from ..settings import Home, passphrase_file
from .log import append, history, open_log
from .place import policy, tell

if TYPE_CHECKING:
    from ..keys.surrogates import SealedSurrogates

__all__ = [
    "VAULT_MARK",
    "ask_passphrase_with",
    "drawing_surrogates",
    "existing_keyring",
    "key_provider",
    "keyring",
    "keys_there",
    "loaded",
    "log_key",
    "lost_vault",
    "make_keys",
    "passphrase_in_file",
    "surrogates",
    "surrogates_mark",
]

VAULT_MARK = "vault"
"""Tells that there was a vault."""

_prompts: list[Callable[[], str]] = []
"""How to ask a person for the passphrase, if there is one to ask."""


def keyring(at: Home, *, create: bool = True) -> tuple[KeyRing, list[str]]:
    """The keys of this deployment, and the sentences to tell the user.

    Keys are made at the first start only: when a log or anything else that was made under keys is
    there and they are not, a new identity would take over an old history, so that is refused.
    """
    notices = at.make()
    made_before = history(at)  # looked for first: another first start makes keys, then the log
    keys = key_provider(at)
    if keys.exists():
        return loaded(at, keys), notices
    if made_before is not None:
        raise _lost_keys(at, made_before)
    if not create:
        raise KeyStoreError(f"privguard: there are no keys in {at.keys}; `privguard keys init` makes them.")
    try:
        ring, made = make_keys(at)
    except KeyStoreError:
        if not keys.exists():
            raise
        return loaded(at, keys), notices  # another first start was quicker
    return ring, [*notices, *made]


def make_keys(at: Home, *, passphrase: str | None = None) -> tuple[KeyRing, list[str]]:
    """New keys, and the sentences to tell the user; KeyStoreError where there are keys already."""
    notices = at.make()
    in_force = policy()  # an unusable one must not leave keys behind that no event tells of
    keys, made_before = key_provider(at), history(at)
    if made_before is not None and not keys.exists():
        raise _lost_keys(at, made_before)
    ring = keys.create(passphrase=passphrase)
    ring.vault = _vault(at, ring)
    with open_log(at, ring, in_force) as log:
        append(log, "key.create", in_force, key_id=ring.key_id)
    return ring, [*notices, f"privguard: made keys in {at.keys}; back them up, nothing opens without them."]


def drawing_surrogates(ring: KeyRing, at: Home, in_force: Policy) -> KeyRing:
    """``ring``, which draws surrogates from now on if the policy wants them random."""
    ring.surrogates = surrogates(at, ring) if in_force.draws_surrogates else None
    return ring


def surrogates(at: Home, ring: KeyRing) -> SealedSurrogates:
    """The random ids that this deployment has drawn."""
    from ..keys.surrogates import SealedSurrogates  # few policies want them random

    return SealedSurrogates(at.vault / "surrogates", ring, lambda key_id: mark(at.log, surrogates_mark(key_id)))


def surrogates_mark(key_id: str) -> str:
    """The name of the mark of the ids that were drawn under a key."""
    return f"surrogates {key_id}"


def lost_vault(at: Home) -> str:
    """A sentence where there was a vault and is none: what it held cannot be looked up. Errors as those of a mark."""
    file = at.vault / VAULT_FILE
    if file.exists() or not mark(at.log, VAULT_MARK).reached():
        return ""
    return (
        f"privguard: {file} is missing, so handles that were shown before cannot be looked up; put it back before more "
        "are shown, or go on without by `privguard doctor --accept vault`."
    )


def _vault(at: Home, ring: KeyRing) -> Vault:
    def begun() -> None:
        with suppress(LogError):  # what it tells is of use, and nothing hangs on it
            mark(at.log, VAULT_MARK).reach(1)

    return Vault(at.vault, ring, begun)


def existing_keyring(at: Home, *, tighten: bool = True) -> KeyRing:
    """The keys that are there; makes none. KeyStoreError if they cannot be used."""
    return loaded(at, keys_there(at, tighten=tighten))


def log_key(at: Home) -> LogKey:
    """The log's signing key: enough to append an event, and asks for no passphrase."""
    return keys_there(at).load_log_key()


def keys_there(at: Home, *, tighten: bool = True) -> FileKeys:
    """The provider, where keys are or nothing is yet; KeyStoreError where a log has lost its keys.

    What is open to others in the home is tightened, and that is said, unless ``tighten`` says otherwise.
    """
    if tighten:
        tell(at.tighten())
    keys, made_before = key_provider(at), history(at)
    if made_before is not None and not keys.exists():
        raise _lost_keys(at, made_before)
    return keys


def key_provider(at: Home) -> FileKeys:
    """What keeps the keys of the deployment at ``at``."""
    return FileKeys(at.keys, _passphrase)


def ask_passphrase_with(prompt: Callable[[], str]) -> None:
    """Let a surface with a person before it ask for the passphrase, where no file holds it."""
    _prompts[:] = [prompt]


def _passphrase() -> str:
    text = passphrase_in_file()
    if text is not None:
        return text
    if _prompts:
        return _prompts[-1]()
    raise KeyStoreError(
        "privguard: a passphrase protects the keys; name the file that holds it in PRIVGUARD_PASSPHRASE_FILE."
    )


def passphrase_in_file() -> str | None:
    """The first line of the file that PRIVGUARD_PASSPHRASE_FILE names; None where it names none."""
    file = passphrase_file()
    if file is None:
        return None
    from ..keys.passphrase import read_passphrase

    text, notices = read_passphrase(file)
    tell(notices)
    return text


def loaded(at: Home, keys: FileKeys) -> KeyRing:
    """The keys; that a passphrase was wrong is an event, for which the log's key is enough."""
    try:
        ring = keys.load()
        ring.vault = _vault(at, ring)
        return ring
    except WrongPassphrase:
        with open_log(at, keys.load_log_key()) as log:
            append(log, "key.unlock", policy(), outcome="refused")
        raise


def _lost_keys(at: Home, made_before: Path) -> KeyStoreError:
    return KeyStoreError(
        f"privguard: the keys are missing from {at.keys}, and {made_before} was made under them; put them back from "
        f"your backup, or move {at.root} away to begin a new record."
    )
