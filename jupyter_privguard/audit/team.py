"""Reading the logs of a team in their common store: all of one for an auditor, one's own records for everybody.

The store is believed nothing: an auditor verifies a log there as at home, and whoever may read some records only
gets, with each, the proof that it is in the tree that its signer has signed.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ..errors import InputError, LogError
from ..keys.signatures import same_key
from .examine import signed_head
from .merkle import leaf_hash
from .proofs import Tree, check_inclusion
from .reader import LogReader
from .stores.postgres import PostgresStore
from .stores.postgres_rows import PostgresSnapshot
from .stores.snapshot import Snapshot

__all__ = ["ProvenRecord", "StoredLog", "TeamLogReader", "own_records", "stored_logs"]

_T = TypeVar("_T")


class StoredLog(NamedTuple):
    """What the store says of a log; its size and key are proven by reading it."""

    number: int
    origin: str
    vkey: str
    account: str
    """The login that writes it."""
    size: int


@dataclass(frozen=True, slots=True)
class ProvenRecord:
    """A record and the proof that it is in the log that was signed; made by `own_records` alone."""

    number: int
    """From 1."""
    line: str
    """Canonical JSON, as it was hashed."""
    path: tuple[bytes, ...]
    """Its inclusion proof (RFC 6962, section 2.1.1) in the tree of the checkpoint, 32 bytes each."""
    checkpoint: str
    """The signed note."""

    def as_json(self) -> Mapping[str, Any]:
        """Its parts as JSON has them, hashes in base64."""
        path = [base64.b64encode(one).decode() for one in self.path]
        return {"line": self.line, "path": path, "checkpoint": self.checkpoint}


def stored_logs(store: PostgresStore) -> list[StoredLog]:
    """The logs in the store, by origin; errors as `PostgresStore.standing`."""
    with store.reading() as cursor:
        found = cursor.execute(
            "select one.log, one.origin, one.vkey, one.account, coalesce(max(head.size), 0) from privguard.logs one"
            " left join privguard.heads head using (log) group by one.log order by one.origin"
        )
        return [StoredLog(*row) for row in found]


class TeamLogReader(LogReader):
    """Read access to one whole log in the store, for `verify` and whoever else reads a log."""

    def __init__(self, store: PostgresStore, log: StoredLog, vkey: str | None = None) -> None:
        """``vkey``: the key that the log must be signed by, kept elsewhere; None believes the store's.

        LogError when the store names another; InputError when this login may not read all records.
        """
        _check_key(log, vkey)
        with store.reading() as cursor:
            role = "select pg_has_role(session_user, 'privguard_auditor', 'usage')"
            if cursor.execute(role).fetchone() != (True,):
                raise InputError(
                    "privguard: a whole log is read by a login with the role privguard_auditor; "
                    "without it, read your own records."
                )
        super().__init__(Path(store.name, log.origin), vkey or log.vkey)  # a name for messages: no file is there
        self._store = store
        self._log = log

    def snapshot(self, work: Callable[[Snapshot], _T]) -> _T:
        """What ``work`` makes of the rows and the head as they stand at one moment."""
        with self._store.reading() as cursor:
            return work(PostgresSnapshot(cursor, self._log.number, self._log.origin))


def own_records(store: PostgresStore, log: StoredLog, vkey: str | None = None) -> list[ProvenRecord]:
    """The records of a log that this login may read, each with its proof, in order.

    LogError when the signed head does not fit the hashes, a record is not the one that was signed, or the log is
    not signed by ``vkey`` (None believes the store's).
    """
    _check_key(log, vkey)
    with store.reading() as cursor:
        snapshot = PostgresSnapshot(cursor, log.number, log.origin)
        head = snapshot.head()
        tree = Tree(snapshot.hashes())
        signed = signed_head(head, vkey or log.vkey)
        if signed is None or (signed.size, signed.root) != (tree.size, tree.root()):
            raise LogError(
                f"privguard: the hashes of the log {log.origin} in {store.name} are not those that were signed; "
                "tell whoever keeps it."
            )
        note = head.checkpoint.decode() if isinstance(head.checkpoint, bytes) else ""
        return [_proven(number, line, tree, note, log) for number, line in snapshot.readable()]


def _proven(number: int, line: bytes, tree: Tree, note: str, log: StoredLog) -> ProvenRecord:
    try:
        path = tree.inclusion(number - 1)
        check_inclusion(leaf_hash(line), number - 1, tree.size, path, tree.root())
    except (IndexError, ValueError):
        raise LogError(
            f"privguard: record {number} of the log {log.origin} is not the one that was signed; "
            "tell whoever keeps the store."
        ) from None
    return ProvenRecord(number, line.decode(), tuple(path), note)


def _check_key(log: StoredLog, vkey: str | None) -> None:
    if vkey is not None and not same_key(vkey, log.vkey):
        raise LogError(f"privguard: the store names another key for the log {log.origin} than the one that was kept.")
