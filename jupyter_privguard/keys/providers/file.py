"""Keys in a folder of the user's own: 0600 files in a 0700 folder.

::

    current              id of the masking key in use
    <key id>.key         a masking key (one file for each generation)
    <key id>.destroyed   when an old one was erased
    passphrase           how masking keys are wrapped, where a passphrase protects them
    log.key              the log's signing key; no passphrase, so that a wrong one can be recorded
    log.vkey             its verifier key; reading and verifying need no other file

A new set is written into a folder beside and renamed, so there is a whole set or none. A key that is marked
as destroyed is dead, also where its file is still there because the erasing was cut short.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..._files import alone_in, remove_left_parts, settle, write_atomically
from ...errors import KeyStoreError
from ..keyring import KeyRing, LogKey, key_id_of
from ..provider import KeyInfo
from ..signatures import VerifierKey, same_key
from ._key_files import (
    BACKUP,
    check_owner,
    damaged,
    erase,
    read,
    record_in,
    secret_in,
    unsettled,
    unwritable,
    write_record,
)
from ._key_folder import KeyFolder, State
from ._new_keys import BARE, WRAPPED, Opener, now, write_master, write_set

__all__ = ["FileKeys"]

Passphrase = Callable[[], str]
"""Asks for the passphrase; called only where one is needed. KeyStoreError if there is nobody to ask."""


class FileKeys:
    """The key provider of a folder; see `KeyProvider`."""

    def __init__(self, folder: Path, passphrase: Passphrase | None = None) -> None:
        """Take the folder, which need not be there yet, and how to ask for its passphrase."""
        self._folder = KeyFolder(folder)
        self._ask = passphrase
        self._opened_by: Opener | None = None
        """What has opened the keys: a person is asked once, not at each step."""

    def exists(self) -> bool:
        """Whether the folder holds anything."""
        return self._folder.exists()

    def is_protected(self) -> bool:
        """Whether a passphrase protects the masking keys."""
        return os.path.lexists(self._folder.passphrase)

    def create(self, *, passphrase: str | None = None) -> KeyRing:
        """A new random set of keys, its masking keys wrapped under ``passphrase`` if one is given."""
        if self.exists():
            raise self._already()
        folder = self._folder.path
        try:
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with alone_in(folder.parent):
                opener = self._made(folder, passphrase)
        except OSError as error:
            if self.exists():
                raise self._already() from None
            raise unwritable(folder, error) from None
        try:
            settle(folder.parent)
        except OSError as error:
            raise unsettled(f"keys were made in {folder}", folder, error) from None
        self._opened_by = opener
        return self.load()

    def _made(self, folder: Path, passphrase: str | None) -> Opener | None:
        """Write a set and give it its name. Nobody else does so meanwhile: what lies there of others was left."""
        for left in folder.parent.glob(f".{folder.name}-*"):
            shutil.rmtree(left, ignore_errors=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            made.chmod(0o700)
            opener = write_set(KeyFolder(made), passphrase)
            made.rename(folder)  # replaces an empty folder; fails where there are keys by now
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return opener

    def load(self) -> KeyRing:
        """The keys in the folder; the ring's `refresh` follows what becomes of them.

        KeyStoreError when a file is missing, truncated, zero, damaged, open to other accounts or
        owned by one, and in a constant wording when the passphrase is wrong.
        """
        state = self._folder.state()
        try:
            return self._loaded(state)
        except KeyStoreError:
            if self._folder.state() == state:
                raise
        return self._loaded(self._folder.state())  # keys were renewed or destroyed while they were read

    def _loaded(self, state: State) -> KeyRing:
        """The keys; ``state`` was taken before, so that what changes meanwhile is seen next time."""
        log = self._log_record()
        current = self._folder.current()
        opener = self._opener()
        ids = [current, *(one for one in self._folder.living() if one != current)]
        masters = [self._master(one, opener) for one in ids]
        seed = secret_in(self._folder.log_key, log["key"])
        ring = KeyRing(master=masters[0], seed=seed, origin=log["origin"], older=masters[1:])
        self._check_pair(ring)
        self._opened_by = opener
        ring.source = lambda: self.load() if self._folder.state() != state else None
        return ring

    def load_log_key(self) -> LogKey:
        """The log's signing key."""
        log = self._log_record()
        key = LogKey(seed=secret_in(self._folder.log_key, log["key"]), origin=log["origin"])
        self._check_pair(key)
        return key

    def public_vkey(self) -> str:
        """The log's verifier key; reads one public file, also of a copy on other media."""
        self._check_there()
        path = self._folder.log_vkey
        text = read(path, private=False).decode("ascii", "replace").strip()
        try:
            VerifierKey.parse(text)
        except KeyStoreError:
            raise damaged(path) from None
        return text

    def stored_keys(self) -> list[KeyInfo]:
        """All keys in the folder; asks for no passphrase."""
        log, current = self._log_record(), self._folder.current()
        found = [
            KeyInfo(one, "masking", self._record(one)["created"], "current" if one == current else "old")
            for one in {current, *self._folder.living()}
        ]
        for one in self._folder.destroyed():
            record = record_in(self._folder.mark(one), "destroyed", "created", "destroyed")
            found.append(KeyInfo(one, "masking", record["created"], "destroyed", record["destroyed"]))
        name = VerifierKey.parse(self.public_vkey()).key_hash.hex()
        found.append(KeyInfo(name, "log", log["created"], "current"))
        return sorted(found, key=lambda info: (info.use == "log", info.created, info.id))

    def rotate(self, announce: Callable[[str], object] = lambda _: None) -> KeyRing:
        """The keys with a new current one; ``announce`` is given its id before it becomes current.

        If that raises, or the key cannot be written, everything is as before. KeyStoreError says so where the new key
        is current already, and a loss of power may undo that.
        """
        self.load()
        remove_left_parts(self._folder.path)
        master = secrets.token_bytes(32)
        fresh = key_id_of(master)
        try:
            write_master(self._folder, master, self._opened_by)
            announce(fresh)
            write_atomically(self._folder.current_file, f"{fresh}\n".encode())
        except BaseException as error:
            if self._may_be_current(fresh):
                if isinstance(error, OSError):
                    raise unsettled(f"key {fresh} is current", self._folder.path, error) from None
                raise
            self._folder.key_file(fresh).unlink(missing_ok=True)  # nothing was made under it
            if isinstance(error, OSError):
                raise unwritable(self._folder.path, error) from None
            raise
        return self.load()

    def _may_be_current(self, key_id: str) -> bool:
        """Whether the key is in use; also where nobody can tell, for it must not be taken away then."""
        try:
            return self._folder.current() == key_id
        except KeyStoreError:
            return True

    def check_destroyable(self, key_id: str) -> None:
        """KeyStoreError unless there is an old masking key of this id."""
        if key_id == self._folder.current():
            raise KeyStoreError(
                f"privguard: {key_id} is the current key; `privguard keys rotate` first, then destroy it."
            )
        # One whose erasing was cut short is marked already, and can be erased to the end.
        if key_id in self._folder.destroyed() and key_id not in self._folder.with_file():
            raise KeyStoreError(f"privguard: key {key_id} is destroyed already; `privguard keys list` says since when.")
        if key_id not in self._folder.with_file():
            raise KeyStoreError(
                "privguard: there is no masking key of this id; `privguard keys list` shows those that are."
            )

    def destroy(self, key_id: str) -> None:
        """Erase an old masking key. What tells of it stays, without a byte of the key."""
        self.check_destroyable(key_id)
        remove_left_parts(self._folder.path)
        try:
            if key_id not in self._folder.destroyed():  # else what is left of its file may be no key any more
                created = self._record(key_id)["created"]
                told = {"version": 1, "use": "destroyed", "created": created, "destroyed": now()}
                write_record(self._folder.mark(key_id), told)
            erase(self._folder.key_file(key_id))
        except OSError as error:
            raise unwritable(self._folder.path, error) from None

    def _record(self, key_id: str) -> dict[str, Any]:
        return record_in(self._folder.key_file(key_id), "masking", "created", "key")

    def _master(self, key_id: str, opener: Opener | None) -> bytes:
        path, passphrase = self._folder.key_file(key_id), self._folder.passphrase
        secret = secret_in(path, self._record(key_id)["key"])
        if opener is None and len(secret) == WRAPPED:
            raise KeyStoreError(f"privguard: {passphrase} is missing, without which {path.name} never opens; {BACKUP}.")
        if opener is not None and len(secret) == BARE:
            raise KeyStoreError(
                f"privguard: {passphrase} says that a passphrase protects the keys, and {path.name} has none; {BACKUP}."
            )
        if opener is not None:
            from ..passphrase import unwrap

            secret = unwrap(opener.key, secret, path.name)
        if len(secret) != BARE or key_id_of(secret) != key_id:
            raise damaged(path)
        return secret

    def _opener(self) -> Opener | None:
        """What the passphrase makes; None where there is none."""
        if not self.is_protected():
            return None
        from ..passphrase import Wrapping

        path = self._folder.passphrase
        try:
            wrapping = Wrapping.from_json(json.loads(read(path)))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise damaged(path) from None
        if self._opened_by is not None and self._opened_by.wrapping == wrapping:
            return self._opened_by
        if self._ask is None:
            raise KeyStoreError("privguard: a passphrase protects the keys, and nobody is there to be asked for it.")
        return Opener(wrapping, wrapping.key(self._ask()))

    def _log_record(self) -> dict[str, Any]:
        self._check_there()
        check_owner(self._folder.path, self._folder.path.stat())
        return record_in(self._folder.log_key, "log", "created", "key", "origin")

    def _check_pair(self, key: LogKey) -> None:
        if not same_key(key.vkey, self.public_vkey()):
            raise KeyStoreError(
                f"privguard: {self._folder.log_key} and {self._folder.log_vkey} are not of one pair; {BACKUP}."
            )

    def _check_there(self) -> None:
        if not self.exists():
            raise KeyStoreError(
                f"privguard: there are no keys in {self._folder.path}; `privguard keys init` makes them."
            )

    def _already(self) -> KeyStoreError:
        return KeyStoreError(f"privguard: {self._folder.path} holds keys already; `privguard keys list` shows them.")
