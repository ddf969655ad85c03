"""Keys in a folder of the user's own: 0600 files in a 0700 folder.

::

    current              id of the masking key in use
    <key id>.key         a masking key (one file for each generation)
    <key id>.destroyed   when an old one was erased
    passphrase           how masking keys are wrapped, where a passphrase protects them
    log.key              the log's signing key; no passphrase, so that a wrong one can be recorded
    log.vkey             its verifier key; reading and verifying need no other file

A new set is written into a folder beside and renamed, so there is a whole set or none.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..._files import sync_folder, write_atomically
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
    unwritable,
    write_record,
)

__all__ = ["FileKeys"]

_CURRENT, _LOG_KEY, _LOG_VKEY, _PASSPHRASE = "current", "log.key", "log.vkey", "passphrase"

Passphrase = Callable[[], str]
"""Asks for the passphrase; called only where one is needed. KeyStoreError if there is nobody to ask."""


class FileKeys:
    """The key provider of a folder; see `KeyProvider`."""

    def __init__(self, folder: Path, passphrase: Passphrase | None = None) -> None:
        """Take the folder, which need not be there yet, and how to ask for its passphrase."""
        self._folder = folder
        self._ask = passphrase

    def exists(self) -> bool:
        """Whether the folder holds anything."""
        try:
            return any(not path.name.startswith(".") for path in self._folder.iterdir())
        except FileNotFoundError:
            return False
        except OSError as error:
            raise KeyStoreError(
                f"privguard: {self._folder} cannot be read ({error.strerror}); check its owner."
            ) from None

    def is_protected(self) -> bool:
        """Whether a passphrase protects the masking keys."""
        return (self._folder / _PASSPHRASE).exists()

    def create(self, *, passphrase: str | None = None) -> KeyRing:
        """A new random set of keys, its masking keys wrapped under ``passphrase`` if one is given."""
        if self.exists():
            raise self._already()
        folder = self._folder
        try:
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        except OSError as error:
            raise unwritable(folder, error) from None
        try:
            made.chmod(0o700)
            ring = _write_set(made, passphrase)
            # Replaces an empty folder; fails when another process was faster.
            made.rename(folder)
        except OSError as error:
            if self.exists():
                raise self._already() from None
            raise unwritable(folder, error) from None
        finally:
            shutil.rmtree(made, ignore_errors=True)
        sync_folder(folder.parent)
        return ring

    def load(self) -> KeyRing:
        """The keys in the folder.

        KeyStoreError when a file is missing, truncated, zero, damaged, open to other accounts or
        owned by one, and in a constant wording when the passphrase is wrong.
        """
        log = self._log_record()
        current = self._current()
        wrapping_key = self._wrapping_key()
        ids = [current, *(one for one in self._generations() if one != current)]
        masters = [self._master(one, wrapping_key) for one in ids]
        seed = secret_in(self._folder / _LOG_KEY, log["key"])
        ring = KeyRing(master=masters[0], seed=seed, origin=log["origin"], older=masters[1:])
        self._check_pair(ring)
        return ring

    def load_log_key(self) -> LogKey:
        """The log's signing key."""
        log = self._log_record()
        key = LogKey(seed=secret_in(self._folder / _LOG_KEY, log["key"]), origin=log["origin"])
        self._check_pair(key)
        return key

    def public_vkey(self) -> str:
        """The log's verifier key; reads one public file, also of a copy on other media."""
        self._check_there()
        path = self._folder / _LOG_VKEY
        text = read(path, private=False).decode("ascii", "replace").strip()
        try:
            VerifierKey.parse(text)
        except KeyStoreError:
            raise damaged(path) from None
        return text

    def stored_keys(self) -> list[KeyInfo]:
        """All keys in the folder; asks for no passphrase."""
        log, current = self._log_record(), self._current()
        found = [
            KeyInfo(one, "masking", self._record(one)["created"], "current" if one == current else "old")
            for one in self._generations()
        ]
        for path in self._folder.glob("*.destroyed"):
            found.append(KeyInfo(path.stem, "masking", record_in(path, "destroyed", "created")["created"], "destroyed"))
        name = VerifierKey.parse(self.public_vkey()).key_hash.hex()
        found.append(KeyInfo(name, "log", log["created"], "current"))
        return sorted(found, key=lambda info: (info.use == "log", info.created))

    def rotate(self, announce: Callable[[str], object] = lambda _: None) -> KeyRing:
        """The keys with a new current one; ``announce`` is given its id before it becomes current.

        If that raises, or the key cannot be written, everything is as before.
        """
        self.load()
        master = secrets.token_bytes(32)
        fresh = key_id_of(master)
        try:
            _write_master(self._folder, master, self._wrapping_key())
            try:
                announce(fresh)
                write_atomically(self._folder / _CURRENT, f"{fresh}\n".encode())
            except BaseException:
                erase(self._path(fresh))
                raise
        except OSError as error:
            raise unwritable(self._folder, error) from None
        return self.load()

    def check_destroyable(self, key_id: str) -> None:
        """KeyStoreError unless there is an old masking key of this id."""
        if key_id == self._current():
            raise KeyStoreError(
                f"privguard: {key_id} is the current key; `privguard keys rotate` first, then destroy it."
            )
        if key_id not in self._generations():
            raise KeyStoreError(
                "privguard: there is no masking key of this id; `privguard keys list` shows those that are."
            )

    def destroy(self, key_id: str) -> None:
        """Erase an old masking key. What tells of it stays, without a byte of the key."""
        self.check_destroyable(key_id)
        told = {"version": 1, "use": "destroyed", "created": self._record(key_id)["created"], "destroyed": _now()}
        try:
            write_record(self._folder / f"{key_id}.destroyed", told)
            erase(self._path(key_id))
        except OSError as error:
            raise unwritable(self._folder, error) from None

    def _current(self) -> str:
        path = self._folder / _CURRENT
        current = read(path).decode("ascii", "replace").strip()
        if not re.fullmatch("[0-9a-f]{8}", current):
            raise damaged(path)
        return current

    def _generations(self) -> list[str]:
        return sorted(path.stem for path in self._folder.glob("*.key") if path.name != _LOG_KEY)

    def _path(self, key_id: str) -> Path:
        return self._folder / f"{key_id}.key"

    def _record(self, key_id: str) -> dict[str, Any]:
        return record_in(self._path(key_id), "masking", "created", "key")

    def _master(self, key_id: str, wrapping_key: bytes | None) -> bytes:
        from ..passphrase import unwrap

        path = self._path(key_id)
        secret = secret_in(path, self._record(key_id)["key"])
        if wrapping_key is not None:
            secret = unwrap(wrapping_key, secret, path.name)
        if len(secret) != 32 or key_id_of(secret) != key_id:
            raise damaged(path)
        return secret

    def _wrapping_key(self) -> bytes | None:
        """The key that the passphrase makes; None where there is none."""
        if not self.is_protected():
            return None
        from ..passphrase import Wrapping

        path = self._folder / _PASSPHRASE
        try:
            wrapping = Wrapping.from_json(json.loads(read(path)))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise damaged(path) from None
        if self._ask is None:
            raise KeyStoreError("privguard: a passphrase protects the keys, and nobody is there to be asked for it.")
        return wrapping.key(self._ask())

    def _log_record(self) -> dict[str, Any]:
        self._check_there()
        check_owner(self._folder, self._folder.stat())
        return record_in(self._folder / _LOG_KEY, "log", "created", "key", "origin")

    def _check_pair(self, key: LogKey) -> None:
        if not same_key(key.vkey, self.public_vkey()):
            raise KeyStoreError(
                f"privguard: {self._folder / _LOG_KEY} and {self._folder / _LOG_VKEY} are not of one pair; {BACKUP}."
            )

    def _check_there(self) -> None:
        if not self.exists():
            raise KeyStoreError(f"privguard: there are no keys in {self._folder}; `privguard keys init` makes them.")

    def _already(self) -> KeyStoreError:
        return KeyStoreError(f"privguard: {self._folder} holds keys already; `privguard keys list` shows them.")


def _write_set(folder: Path, passphrase: str | None) -> KeyRing:
    master, seed = secrets.token_bytes(32), secrets.token_bytes(32)
    ring = KeyRing(master=master, seed=seed, origin=f"privguard/{secrets.token_hex(4)}")
    wrapping_key = None
    if passphrase is not None:
        from ..passphrase import Wrapping

        wrapping = Wrapping.new()
        write_record(folder / _PASSPHRASE, wrapping.to_json())
        wrapping_key = wrapping.key(passphrase)
    _write_master(folder, master, wrapping_key)
    log = {"version": 1, "created": _now(), "use": "log", "key": base64.b64encode(seed).decode(), "origin": ring.origin}
    write_record(folder / _LOG_KEY, log)
    write_atomically(folder / _LOG_VKEY, f"{ring.vkey}\n".encode())
    write_atomically(folder / _CURRENT, f"{ring.key_id}\n".encode())
    return ring


def _write_master(folder: Path, master: bytes, wrapping_key: bytes | None) -> None:
    from ..passphrase import wrap

    path = folder / f"{key_id_of(master)}.key"
    secret = master if wrapping_key is None else wrap(wrapping_key, master, path.name)
    record = {"version": 1, "created": _now(), "use": "masking", "key": base64.b64encode(secret).decode()}
    write_record(path, record)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
