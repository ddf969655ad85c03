"""New keys, written into a folder: a whole set at the first start, a masking key at each rotation."""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from ..._files import write_atomically
from ..keyring import LogKey, key_id_of
from ._key_files import write_record
from ._key_folder import KeyFolder

if TYPE_CHECKING:
    from ..passphrase import Wrapping

__all__ = ["BARE", "WRAPPED", "Opener", "now", "write_master", "write_set"]

BARE, WRAPPED = 32, 60
"""Bytes of a masking key as it is, and with the nonce and tag of its wrapping."""


class Opener(NamedTuple):
    """A wrapping and the key that the passphrase makes of it; ``repr`` tells neither."""

    wrapping: Wrapping
    key: bytes

    def __repr__(self) -> str:
        return "Opener()"


def write_set(folder: KeyFolder, passphrase: str | None) -> Opener | None:
    """Write a random set of keys, its masking key wrapped under ``passphrase`` if one is given; what opens it then."""
    master, seed = secrets.token_bytes(32), secrets.token_bytes(32)
    signer = LogKey(seed=seed, origin=f"privguard/{secrets.token_hex(4)}")
    opener = None
    if passphrase is not None:
        from ..passphrase import Wrapping

        wrapping = Wrapping.new()
        write_record(folder.passphrase, wrapping.to_json())
        opener = Opener(wrapping, wrapping.key(passphrase))
    write_master(folder, master, opener)
    log = {
        "version": 1,
        "created": now(),
        "use": "log",
        "key": base64.b64encode(seed).decode(),
        "origin": signer.origin,
    }
    write_record(folder.log_key, log)
    write_atomically(folder.log_vkey, f"{signer.vkey}\n".encode())
    write_atomically(folder.current_file, f"{key_id_of(master)}\n".encode())
    return opener


def write_master(folder: KeyFolder, master: bytes, opener: Opener | None) -> None:
    """Write a masking key, wrapped where there is an ``opener``."""
    path = folder.key_file(key_id_of(master))
    secret = master
    if opener is not None:
        from ..passphrase import wrap

        secret = wrap(opener.key, master, path.name)
    record = {"version": 1, "created": now(), "use": "masking", "key": base64.b64encode(secret).decode()}
    write_record(path, record)


def now() -> str:
    """The time as it stands in the files: RFC 3339, UTC, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
