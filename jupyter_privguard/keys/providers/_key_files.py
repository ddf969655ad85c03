"""Files with keys in them: read only when they are the user's own and closed to others, never quoted."""

from __future__ import annotations

import base64
import json
import os
import secrets
import stat
from pathlib import Path
from typing import Any

from ..._canonical import canonical_json
from ..._files import LATER, is_later, sync_folder, write_atomically
from ...errors import KeyStoreError, what_now

__all__ = [
    "BACKUP",
    "cannot_be_read",
    "check_owner",
    "damaged",
    "erase",
    "read",
    "record_in",
    "secret_in",
    "unsettled",
    "unwritable",
    "write_record",
]

_MOST_BYTES = 64 * 1024
BACKUP = "restore it from your backup of the keys"


def read(path: Path, *, private: bool = True) -> bytes:
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
        raise KeyStoreError(f"privguard: {path} is missing; {BACKUP}.") from None
    except OSError as error:
        raise cannot_be_read(path, error) from None
    if not stat.S_ISREG(found.st_mode):
        raise KeyStoreError(f"privguard: {path} is not a file; {BACKUP}.")
    if private:
        check_owner(path, found)
    if not data.strip(b"\x00"):
        raise KeyStoreError(f"privguard: {path} is empty or holds zeros only; {BACKUP}.")
    return data


def record_in(path: Path, use: str, *fields: str) -> dict[str, Any]:
    """The JSON object in a key file; ``fields`` are those that must be there, as text."""
    try:
        record = json.loads(read(path))
        if is_later(record["version"], 1):
            raise KeyStoreError(f"privguard: {path} {LATER}")
        if record["version"] != 1 or record["use"] != use or not all(isinstance(record[name], str) for name in fields):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise damaged(path) from None
    return dict(record)


def secret_in(path: Path, text: str) -> bytes:
    """The bytes that a field of a key file writes in base64; zeros alone are no secret."""
    try:
        secret = base64.b64decode(text, validate=True)
    except ValueError:
        raise damaged(path) from None
    if len(secret) < 32 or not any(secret):
        raise damaged(path)
    return secret


def write_record(path: Path, record: dict[str, Any]) -> None:
    """Write a key file, whole or not at all."""
    write_atomically(path, canonical_json(record) + b"\n")


def erase(path: Path) -> None:
    """Overwrite a key file and take it away.

    A disk that moves what is written (flash, snapshots, backups) may keep an old copy all the same.
    """
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    sync_folder(path.parent)


def check_owner(path: Path, found: os.stat_result) -> None:
    """KeyStoreError for what belongs to another account or is open to others."""
    if found.st_uid != os.geteuid():
        raise KeyStoreError(
            f"privguard: {path} belongs to another account; set PRIVGUARD_HOME to a folder of your own."
        )
    if found.st_mode & 0o077:
        mode = "0700" if stat.S_ISDIR(found.st_mode) else "0600"
        raise KeyStoreError(f"privguard: {path} is open to other accounts; run `chmod {mode} {path}`.")


def damaged(path: Path) -> KeyStoreError:
    """What is said of a file that is not what was written."""
    return KeyStoreError(f"privguard: {path} is truncated or damaged; {BACKUP}.")


def cannot_be_read(path: Path, error: OSError) -> KeyStoreError:
    """What is said of a file or folder that the system does not let us read."""
    return KeyStoreError(
        f"privguard: {path} cannot be read ({error.strerror}); {what_now(error, 'check its owner and mode')}."
    )


def unsettled(what: str, folder: Path, error: OSError) -> KeyStoreError:
    """What is said where keys were written, and the disk did not take their names for sure."""
    return KeyStoreError(
        f"privguard: {what}, but a loss of power may undo that ({error.strerror}); check the disk, and back up "
        f"{folder} now."
    )


def unwritable(folder: Path, error: OSError) -> KeyStoreError:
    """What is said where keys cannot be written."""
    now = what_now(error, "set PRIVGUARD_HOME to a folder that you can write")
    return KeyStoreError(f"privguard: keys cannot be written to {folder} ({error.strerror}); {now}.")
