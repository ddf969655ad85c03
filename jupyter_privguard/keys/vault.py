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
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from .._files import sync_folder
from ..errors import StateError
from .keyring import KeyRing

__all__ = ["FILE", "SHORTEST", "Kept", "Vault"]

SHORTEST = 4
"""Bytes of a handle that a short one shows."""

FILE = "vault.db"
"""Its name in the vault's folder."""
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
_Packs = dict[tuple[str, int], dict[str, _Pairs]]
"""By key id and bucket: what each domain gave out."""


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

    def __init__(self, folder: Path, keyring: KeyRing, begun: Callable[[], object] = lambda: None) -> None:
        """Keep in ``folder``, which is made at the first `flush`; ``begun`` is called then."""
        self._folder = folder
        self._keyring = keyring
        self._begun = begun
        self._noted: list[tuple[str, str, Sequence[bytes], Sequence[bytes]]] = []
        self._written: set[bytes] = set()
        self._listening = threading.local()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Vault({str(self._folder)!r})"

    @property
    def file(self) -> Path:
        """Where it is kept; nothing is there before the first `flush`."""
        return self._folder / FILE

    @property
    def generation(self) -> int:
        """How often something was written; 0 where nothing is there. StateError where it cannot be read."""
        if not self._is_there():
            return 0
        with self._opened(create=False) as database:
            return int(database.execute("pragma user_version").fetchone()[0])

    def note(
        self, domain: str, values: Sequence[bytes], handles: Sequence[bytes], *, key_id: str | None = None
    ) -> None:
        """Remember until `flush` that ``handles`` of ``domain`` stand for ``values`` (UTF-8).

        They are kept under the key ``key_id``, the one that made them and the current one if none is given: whoever
        destroys it has destroyed the way back as well.
        """
        with self._lock:
            self._noted.append((key_id or self._keyring.key_id, domain, values, handles))
        if (told := getattr(self._listening, "told", None)) is not None:
            told(domain, values)

    @contextmanager
    def telling(self, told: Callable[[str, Sequence[bytes]], None]) -> Iterator[None]:
        """Tell ``told`` the domain and the values of all that this thread notes meanwhile."""
        before = getattr(self._listening, "told", None)
        self._listening.told = told
        try:
            yield
        finally:
            self._listening.told = before

    def flush(self) -> int:
        """Write what was noted and is not kept yet; how many records that were.

        What was noted under a key that was destroyed since is forgotten. StateError when it cannot be written; then
        it stays noted.
        """
        with self._lock:
            packs = self._packs()
            if not packs:
                self._noted.clear()
                return 0
            written = 0
            with self._opened(create=True) as database:
                database.execute("begin immediate")
                for (key_id, bucket), domains in packs.items():
                    written += self._write(database, key_id, bucket, domains)
                (generation,) = database.execute("pragma user_version").fetchone()
                database.execute(f"pragma user_version = {generation + bool(written):d}")
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
        if not self._is_there():
            return []
        wanted = handle[:_WIDTH]
        with self._opened(create=False) as database:
            kept = list(self._in_bucket(database, _bucket(wanted)))
        return [record for record in kept if record.handle.startswith(wanted)]

    def look_up(self, handles: Sequence[bytes]) -> dict[bytes, str]:
        """The values that are kept under any of ``handles``, by handle; each bucket is opened once."""
        self.flush()
        if not self._is_there():
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
        if not self._is_there():
            return
        with self._opened(create=False) as database:
            database.execute("delete from packs where key_id = ?", (key_id,))
            database.execute("vacuum")

    def _packs(self) -> _Packs:
        packs: _Packs = {}
        there = self._keyring.key_ids
        for key_id, domain, values, handles in self._noted:
            if key_id not in there:
                continue
            for value, handle in zip(values, handles, strict=True):
                short = handle[:_WIDTH]
                if short not in self._written:
                    pairs = packs.setdefault((key_id, _bucket(short)), {}).setdefault(domain, {})
                    pairs[short] = value.decode("utf-8", "surrogatepass")
        return packs

    def _write(self, database: sqlite3.Connection, key_id: str, bucket: int, domains: dict[str, _Pairs]) -> int:
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
            locked = self._keyring.lock("vault", json.dumps(content).encode(), _bound(bucket), key_id=key_id)
            database.execute("insert into packs (bucket, key_id, locked) values (?, ?, ?)", (bucket, key_id, locked))
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

    def _is_there(self) -> bool:
        """Whether there is anything of its name; StateError where nobody can tell."""
        try:
            self.file.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise _unusable(self.file, error.strerror) from None
        return True

    @contextmanager
    def _opened(self, *, create: bool) -> Iterator[sqlite3.Connection]:
        path = self._folder / FILE
        try:
            if create and not self._is_there():
                _begin(path)
                self._begun()
            if not stat.S_ISREG((found := path.stat()).st_mode):
                raise _unusable(path, "not a file")
            if found.st_size == 0:
                raise _unusable(path, "empty")
            with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as database:
                database.execute("pragma secure_delete = on")
                yield database
        except (sqlite3.Error, OSError) as error:
            raise _unusable(path, error.strerror if isinstance(error, OSError) else str(error)) from None


def _begin(path: Path) -> None:
    """Make the database whole and then give it its name; whoever comes second leaves it."""
    for folder in (path.parent.parent, path.parent):  # each by itself: those above the last have no mode given
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives the files beside the mode of the database: no umask matters.
    handle, name = tempfile.mkstemp(prefix=".new-", suffix=".db", dir=path.parent)
    os.close(handle)
    try:
        with closing(sqlite3.connect(name)) as database:
            database.executescript(_SCHEMA)
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
    sync_folder(path.parent)


def _unusable(path: Path, cause: str | None) -> StateError:
    return StateError(
        f"privguard: the vault {path} cannot be used ({cause}); check the disk, or restore it from a backup."
    )


def _bucket(handle: bytes) -> int:
    return int.from_bytes(handle[:2], "big") >> 4


def _bound(bucket: int) -> bytes:
    """A pack belongs to its bucket: moved to another one it does not open."""
    return f"bucket {bucket}".encode()
