"""What handles stand for, so that one of them can be looked up: sealed by AES-256-GCM, in one SQLite file.

Handles are put into 4,096 buckets by their first twelve bits, and each bucket is a few locked
packs. So the file tells how many handles there are and nothing else, one lookup opens one bucket,
and what is masked every day again is kept once. Whoever holds the keys and this file can look up
everything in it, like whoever holds the keys and the data.
"""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from ..errors import StateError
from .keyring import KeyRing

__all__ = ["SHORTEST", "Kept", "Vault"]

SHORTEST = 4
"""Bytes of a handle that a short one shows."""

_FILE = "vault.db"
_WIDTH = 16
"""Bytes of a handle that are kept: no two are alike in them."""
_REMEMBERED = 200_000
_SCHEMA = """
create table if not exists packs (
    number integer primary key, bucket integer not null, key_id text not null, locked blob not null
);
create index if not exists packs_by_bucket on packs (bucket);
"""

_Pairs = dict[bytes, str]
_Packs = dict[int, dict[str, _Pairs]]


class Kept(NamedTuple):
    """One record of the vault; ``repr`` tells no value."""

    handle: bytes
    """The first 16 bytes of a token's digest or of a sealed value."""
    domain: str
    value: str
    key_id: str

    def __repr__(self) -> str:
        return f"Kept(domain={self.domain!r})"


class Vault:
    """Keeps what handles stand for. `note` costs next to nothing; `flush` writes what is new."""

    def __init__(self, folder: Path, keyring: KeyRing) -> None:
        """Keep in ``folder``, which is made at the first `flush`."""
        self._folder = folder
        self._keyring = keyring
        self._noted: list[tuple[str, Sequence[bytes], Sequence[bytes]]] = []
        self._written: set[bytes] = set()
        self._strangers: set[bytes] = set()
        self._are_strangers = False
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Vault({str(self._folder)!r})"

    def note(self, domain: str, values: Sequence[bytes], handles: Sequence[bytes]) -> None:
        """Remember until `flush` that ``handles`` of ``domain`` stand for ``values`` (UTF-8)."""
        with self._lock:
            self._noted.append((domain, values, handles))
            if self._are_strangers and len(self._strangers) < _REMEMBERED:
                self._strangers.update(handle[:_WIDTH] for handle in handles)

    @contextmanager
    def of_no_data_set(self) -> Iterator[None]:
        """What is noted meanwhile comes from no known data set: somebody may have typed it in to see its handle."""
        before, self._are_strangers = self._are_strangers, True
        try:
            yield
        finally:
            self._are_strangers = before

    def take_strangers(self, least: int) -> int:
        """How many different values of no known data set were given handles, once there are ``least``; else 0.

        Counting begins anew after that.
        """
        with self._lock:
            count = len(self._strangers)
            if count < least:
                return 0
            self._strangers.clear()
            return count

    def flush(self) -> int:
        """Write what was noted and is not kept yet; how many records that were.

        StateError when it cannot be written; then it stays noted.
        """
        with self._lock:
            packs = self._packs()
            if not packs:
                self._noted.clear()
                return 0
            written = 0
            with self._opened(create=True) as database:
                database.execute("begin immediate")
                for bucket, domains in packs.items():
                    written += self._write(database, bucket, domains)
                database.execute("commit")
            self._noted.clear()
            if len(self._written) < _REMEMBERED:
                self._written.update(
                    handle for domains in packs.values() for pairs in domains.values() for handle in pairs
                )
            return written

    def find(self, handle: bytes) -> list[Kept]:
        """All records whose handle begins with ``handle`` (at least four bytes), of keys that are still there."""
        if len(handle) < SHORTEST:
            raise ValueError("a handle shows at least four bytes")
        self.flush()
        if not (self._folder / _FILE).exists():
            return []
        wanted = handle[:_WIDTH]
        with self._opened(create=False) as database:
            kept = list(self._in_bucket(database, _bucket(wanted)))
        return [record for record in kept if record.handle.startswith(wanted)]

    def look_up(self, handles: Sequence[bytes]) -> dict[bytes, str]:
        """The values that are kept under any of ``handles``, by handle; each bucket is opened once."""
        self.flush()
        if not (self._folder / _FILE).exists():
            return {}
        wanted: dict[int, dict[bytes, bytes]] = {}
        for handle in handles:
            wanted.setdefault(_bucket(handle), {})[handle[:_WIDTH]] = handle
        found: dict[bytes, str] = {}
        with self._opened(create=False) as database:
            for bucket, whole in wanted.items():
                for kept in self._in_bucket(database, bucket):
                    if kept.handle in whole:
                        found.setdefault(whole[kept.handle], kept.value)
        return found

    def forget(self, key_id: str) -> None:
        """Take away what was locked under a masking key, which was destroyed."""
        if not (self._folder / _FILE).exists():
            return
        with self._opened(create=False) as database:
            database.execute("delete from packs where key_id = ?", (key_id,))
            database.execute("vacuum")

    def _packs(self) -> _Packs:
        packs: _Packs = {}
        for domain, values, handles in self._noted:
            for value, handle in zip(values, handles, strict=True):
                short = handle[:_WIDTH]
                if short not in self._written:
                    pairs = packs.setdefault(_bucket(short), {}).setdefault(domain, {})
                    pairs[short] = value.decode("utf-8", "surrogatepass")
        return packs

    def _write(self, database: sqlite3.Connection, bucket: int, domains: dict[str, _Pairs]) -> int:
        """Write what of ``domains`` is not in the bucket yet, as one more pack."""
        known = {(kept.domain, kept.handle) for kept in self._in_bucket(database, bucket)}
        fresh = {
            domain: {handle: value for handle, value in pairs.items() if (domain, handle) not in known}
            for domain, pairs in domains.items()
        }
        count = sum(map(len, fresh.values()))
        if count:
            content = [
                [domain, base64.b64encode(b"".join(pairs)).decode(), list(pairs.values())]
                for domain, pairs in fresh.items()
            ]
            locked = self._keyring.lock("vault", json.dumps(content).encode(), _bound(bucket))
            database.execute(
                "insert into packs (bucket, key_id, locked) values (?, ?, ?)", (bucket, self._keyring.key_id, locked)
            )
        return count

    def _in_bucket(self, database: sqlite3.Connection, bucket: int) -> Iterator[Kept]:
        rows = database.execute("select key_id, locked from packs where bucket = ?", (bucket,)).fetchall()
        for key_id, locked in rows:
            if key_id not in self._keyring.key_ids:
                continue
            for domain, joined, values in json.loads(
                self._keyring.unlock("vault", locked, _bound(bucket), key_id=key_id)
            ):
                handles = base64.b64decode(joined)
                for place, value in enumerate(values):
                    yield Kept(handles[place * _WIDTH : (place + 1) * _WIDTH], domain, value, key_id)

    @contextmanager
    def _opened(self, *, create: bool) -> Iterator[sqlite3.Connection]:
        path = self._folder / _FILE
        try:
            if create:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                # SQLite gives the files beside the mode of the database: no umask matters.
                os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
                path.chmod(0o600)
            with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as database:
                database.execute("pragma secure_delete = on")
                if create:
                    database.executescript(_SCHEMA)
                yield database
        except (sqlite3.Error, OSError) as error:
            cause = error.strerror if isinstance(error, OSError) else type(error).__name__
            raise StateError(
                f"privguard: the vault {path} cannot be used ({cause}); check the disk, or restore it from a backup."
            ) from None


def _bucket(handle: bytes) -> int:
    return int.from_bytes(handle[:2], "big") >> 4


def _bound(bucket: int) -> bytes:
    """A pack belongs to its bucket: moved to another one it does not open."""
    return f"bucket {bucket}".encode()
