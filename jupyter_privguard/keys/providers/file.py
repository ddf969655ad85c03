"""Keys in a folder of the user's own: 0600 files in a 0700 folder.

::

    current         id of the masking key in use
    <key id>.key    a masking key (one file for each generation)
    log.key         the log's signing key
    log.vkey        its verifier key; reading and verifying need no other file

A new set is written into a folder beside and renamed, so there is a whole set or none. There is no
default key: what is missing or damaged is refused, never replaced, because a log or a token that
goes on under a new key would break silently with its past.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shutil
import stat
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from ..._canonical import canonical_json
from ..._files import sync_folder, write_atomically
from ...errors import KeyStoreError
from ..keyring import KeyRing, key_id_of
from ..signatures import VerifierKey, same_key

__all__ = ["KeyInfo", "create", "exists", "load", "load_or_create", "public_vkey", "stored_keys"]

_CURRENT, _LOG_KEY, _LOG_VKEY = "current", "log.key", "log.vkey"
_MOST_BYTES = 64 * 1024
_BACKUP = "restore it from your backup of the keys"


class KeyInfo(NamedTuple):
    """What may be told of a stored key: never a byte of it."""

    id: str
    use: str
    """``masking`` or ``log``."""
    created: str
    """RFC 3339, UTC."""
    is_current: bool


def exists(folder: Path) -> bool:
    """Whether ``folder`` holds keys, whole or damaged; what is there is never overwritten."""
    try:
        return any(not path.name.startswith(".") for path in folder.iterdir())
    except FileNotFoundError:
        return False
    except OSError as error:
        raise KeyStoreError(f"privguard: {folder} cannot be read ({error.strerror}); check its owner.") from None


def create(folder: Path) -> KeyRing:
    """A new random set of keys in ``folder``; KeyStoreError when something is there already."""
    if exists(folder):
        raise _already(folder)
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        made.chmod(0o700)
        ring = _write_set(made)
        # Replaces an empty folder; fails when another process was faster.
        made.rename(folder)
    except OSError as error:
        if exists(folder):
            raise _already(folder) from None
        raise _unwritable(folder, error) from None
    finally:
        shutil.rmtree(made, ignore_errors=True)
    sync_folder(folder.parent)
    return ring


def load(folder: Path) -> KeyRing:
    """The current keys in ``folder``.

    KeyStoreError in one sentence when a file is missing, truncated, zero, damaged, open to other
    accounts or owned by one.
    """
    if not exists(folder):
        raise _none(folder)
    _check_owner(folder, folder.stat())
    current = _read(folder / _CURRENT).decode("ascii", "replace").strip()
    if not re.fullmatch("[0-9a-f]{8}", current):
        raise _damaged(folder / _CURRENT)
    path = folder / f"{current}.key"
    master = _secret(path, _record(path, "masking"))
    if key_id_of(master) != current:
        raise _damaged(path)
    log_path = folder / _LOG_KEY
    log = _record(log_path, "log")
    ring = KeyRing(master=master, seed=_secret(log_path, log), origin=log["origin"])
    if not same_key(ring.vkey, public_vkey(folder)):
        raise KeyStoreError(f"privguard: {log_path} and {folder / _LOG_VKEY} are not of one pair; {_BACKUP}.")
    return ring


def load_or_create(folder: Path) -> tuple[KeyRing, bool]:
    """The keys in ``folder``, and whether they were made now; of several starters one makes them."""
    if exists(folder):
        return load(folder), False
    try:
        return create(folder), True
    except KeyStoreError:
        if not exists(folder):
            raise
    return load(folder), False


def public_vkey(folder: Path) -> str:
    """The log's verifier key; reads one public file, also of a copy on other media.

    KeyStoreError when it is missing or damaged.
    """
    if not exists(folder):
        raise _none(folder)
    path = folder / _LOG_VKEY
    text = _read(path, private=False).decode("ascii", "replace").strip()
    try:
        VerifierKey.parse(text)
    except KeyStoreError:
        raise _damaged(path) from None
    return text


def stored_keys(folder: Path) -> list[KeyInfo]:
    """All keys in ``folder``, masking keys by age first; KeyStoreError as ``load``."""
    load(folder)
    current = (folder / _CURRENT).read_text().strip()
    found = []
    for path in folder.glob("*.key"):
        use = "log" if path.name == _LOG_KEY else "masking"
        record = _record(path, use)
        name = path.stem if use == "masking" else VerifierKey.parse(public_vkey(folder)).key_hash.hex()
        found.append(KeyInfo(name, use, record["created"], is_current=use == "log" or name == current))
    return sorted(found, key=lambda info: (info.use == "log", info.created))


def _write_set(folder: Path) -> KeyRing:
    master, seed = secrets.token_bytes(32), secrets.token_bytes(32)
    ring = KeyRing(master=master, seed=seed, origin=f"privguard/{secrets.token_hex(4)}")
    created = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    base = {"version": 1, "created": created}
    files = {
        f"{ring.key_id}.key": base | {"use": "masking", "key": base64.b64encode(master).decode()},
        _LOG_KEY: base | {"use": "log", "key": base64.b64encode(seed).decode(), "origin": ring.origin},
    }
    for name, record in files.items():
        write_atomically(folder / name, canonical_json(record) + b"\n")
    write_atomically(folder / _LOG_VKEY, f"{ring.vkey}\n".encode())
    write_atomically(folder / _CURRENT, f"{ring.key_id}\n".encode())
    return ring


def _record(path: Path, use: str) -> dict[str, str]:
    """The JSON object in a key file; all fields but ``version`` are text."""
    try:
        record = json.loads(_read(path))
        fields = ("created", "key", "origin") if use == "log" else ("created", "key")
        if record["version"] != 1 or record["use"] != use or not all(isinstance(record[name], str) for name in fields):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _damaged(path) from None
    return dict(record)


def _secret(path: Path, record: dict[str, str]) -> bytes:
    try:
        secret = base64.b64decode(record["key"], validate=True)
    except ValueError:
        raise _damaged(path) from None
    if len(secret) != 32 or not any(secret):
        raise _damaged(path)
    return secret


def _read(path: Path, *, private: bool = True) -> bytes:
    """What is in a key file; a private one must be the user's own and closed to others."""
    try:
        # Without blocking: a pipe put in a file's place must not hang the start.
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            found = os.fstat(handle)
            data = os.read(handle, _MOST_BYTES) if stat.S_ISREG(found.st_mode) else b""
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise KeyStoreError(f"privguard: {path} is missing; {_BACKUP}.") from None
    except OSError as error:
        raise KeyStoreError(f"privguard: {path} cannot be read ({error.strerror}); check its owner.") from None
    if not stat.S_ISREG(found.st_mode):
        raise KeyStoreError(f"privguard: {path} is not a file; {_BACKUP}.")
    if private:
        _check_owner(path, found)
    if not data.strip(b"\x00"):
        raise KeyStoreError(f"privguard: {path} is empty or holds zeros only; {_BACKUP}.")
    return data


def _check_owner(path: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise KeyStoreError(
            f"privguard: {path} belongs to another account; set PRIVGUARD_HOME to a folder of your own."
        )
    if found.st_mode & 0o077:
        mode = "0700" if stat.S_ISDIR(found.st_mode) else "0600"
        raise KeyStoreError(f"privguard: {path} is open to other accounts; run `chmod {mode} {path}`.")


def _none(folder: Path) -> KeyStoreError:
    return KeyStoreError(f"privguard: there are no keys in {folder}; `privguard keys init` makes them.")


def _already(folder: Path) -> KeyStoreError:
    return KeyStoreError(f"privguard: {folder} holds keys already; `privguard keys list` shows them.")


def _damaged(path: Path) -> KeyStoreError:
    return KeyStoreError(f"privguard: {path} is truncated or damaged; {_BACKUP}.")


def _unwritable(folder: Path, error: OSError) -> KeyStoreError:
    return KeyStoreError(
        f"privguard: keys cannot be written to {folder} ({error.strerror}); "
        "set PRIVGUARD_HOME to a folder that you can write."
    )
