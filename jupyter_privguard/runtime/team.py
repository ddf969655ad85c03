"""The store of a team that gets the log of this deployment, and what an account reads there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..errors import InputError, LogError, LogUnavailable
from ..keys.keyring import LogKey
from ..policy.rules import Policy
from ..settings import Home
from .endpoints import note_endpoint
from .place import home, tell

if TYPE_CHECKING:
    from ..audit.feed import Feed
    from ..audit.stores.postgres import PostgresStore
    from ..audit.team import ProvenRecord, StoredLog
    from ..audit.verify import Proof

__all__ = [
    "TeamStore",
    "migrate_team_store",
    "send_to_team_store",
    "team_feed",
    "team_logs",
    "team_records",
    "team_store",
]

_told: set[str] = set()
"""A store that is away is told of once by a process, however often its log is opened."""


class TeamStore(NamedTuple):
    """How the team's store stands to the log of this deployment."""

    waiting: int | None
    """Records that it has not, at most so many where it cannot be reached; None while there is no log."""
    problem: str
    """Why it cannot be reached; empty if it can."""


def team_store(in_force: Policy) -> TeamStore | None:
    """How the store stands; None where the policy names none. Changes nothing.

    LogError where the store holds another past of this log; errors of the keys and the log too.
    """
    if in_force.team_store is None:
        return None
    from ..audit.feed import size_of, waiting
    from .keys import keys_there
    from .log import has_log

    at = home()
    size = size_of(at.log) if has_log(at) else None
    try:
        with _store(in_force) as store:
            if size is None:
                store.check()
                return TeamStore(None, "")
            key = keys_there(at, tighten=False).load_log_key()
            return TeamStore(waiting(at.log, key.origin, key.vkey, store), "")
    except (LogUnavailable, InputError) as error:
        return TeamStore(size, str(error).removeprefix("privguard: "))


def team_feed(at: Home, key: LogKey, in_force: Policy) -> Feed | None:
    """What sends the log of ``at`` to the team's store; None where the policy names none."""
    if in_force.team_store is None:
        return None
    from ..audit.feed import Feed

    def connect() -> PostgresStore:
        store = _store(in_force)
        note_endpoint(store.secured(), in_force, at=at, key=key)
        return store

    return Feed(at.log, key, connect, _tell_once)


def migrate_team_store(in_force: Policy) -> list[str]:
    """Set the store up, or bring it to this version; what was done. Errors as `PostgresStore.migrate`."""
    with _store(in_force) as store:
        return store.migrate()


def send_to_team_store(in_force: Policy) -> int:
    """Send what the log of this deployment has and the store has not; how many records. Errors as `audit.feed.send`."""
    from ..audit.feed import send
    from .events import log_reader
    from .keys import log_key

    at = home()
    log_reader(at)  # where there is no log, that is said
    key = log_key(at)
    with _store(in_force) as store:
        note_endpoint(store.secured(), in_force, at=at, key=key)
        return send(at.log, key.origin, key.vkey, store)


def team_logs(in_force: Policy, kept: Iterable[str] = ()) -> Iterator[tuple[StoredLog, Proof]]:
    """Every log in the store, proven whole, for a login that may read all; errors as `verify` and `TeamLogReader`.

    ``kept`` are verifier keys from elsewhere; LogError where a log of one of them is not there, or signed by another.
    """
    from ..audit.team import TeamLogReader
    from ..audit.verify import prove

    with _store(in_force) as store:
        for log, vkey in _with_keys(store, kept):
            yield log, prove(TeamLogReader(store, log, vkey))


def team_records(in_force: Policy, kept: Iterable[str] = ()) -> Iterator[tuple[StoredLog, ProvenRecord]]:
    """The records that this login and this account may read, each with its proof, log by log.

    Where the policy has people that is an event. ``kept`` as in `team_logs`. Errors as `own_records` and `record`.
    """
    from ..audit.team import own_records
    from .reading import Reading

    reading = Reading("store", in_force)
    with _store(in_force) as store:
        reading.note()
        for log, vkey in _with_keys(store, kept):
            for record in own_records(store, log, vkey) if log.size else ():
                if reading.may_see(json.loads(record.line)):
                    yield log, record


def _with_keys(store: PostgresStore, kept: Iterable[str]) -> list[tuple[StoredLog, str | None]]:
    """The logs in the store, each with the key that was kept of it; LogError where one of a kept key is missing."""
    from ..audit.team import stored_logs
    from ..keys.signatures import VerifierKey

    vkeys = {VerifierKey.parse(vkey).name: vkey for vkey in kept}
    logs = stored_logs(store)
    if missing := sorted(vkeys.keys() - {log.origin for log in logs}):
        raise LogError(
            f"privguard: the store has no log {missing[0]}, whose key was kept; tell whoever keeps the store."
        )
    return [(log, vkeys.get(log.origin)) for log in logs]


def _store(in_force: Policy) -> PostgresStore:
    from ..audit.stores.postgres import PostgresStore

    if in_force.team_store is None:
        raise InputError(
            "privguard: the policy names no team store; write `audit: {store: postgresql://HOST/DATABASE}` into it."
        )
    return PostgresStore.open(
        in_force.team_store, may_reach=lambda host, weakly: in_force.may_reach(host, by_http=weakly)
    )


def _tell_once(sentence: str) -> None:
    if sentence not in _told:
        _told.add(sentence)
        tell([sentence])
