"""Questions to the log of this deployment, and slices of it that leave this machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from ..audit.lineage import Lineage, lineage
from ..audit.merkle import leaf_hash
from ..audit.minimisation import Minimisation, minimisation
from ..audit.query import Access, Query, accesses
from ..audit.verify import verify
from ..policy.rules import Policy
from .events import log_reader
from .keys import key_provider, log_key
from .place import home, principal
from .reading import Reading

__all__ = ["answers", "lineage_of", "own_vkey", "signed_slice", "unused_columns"]


def answers(query: Query, in_force: Policy, done: Callable[[float], None] | None = None) -> list[Access]:
    """The answer to ``query`` out of the events that this account may read; ``done`` hears of long work.

    LogUnavailable where there is no log, or the reading cannot be recorded; LogError where a line is no event.
    """
    return Reading("query", in_force).answers(query, done)


def signed_slice(query: Query, in_force: Policy, *, kept: str | None = None) -> tuple[bytes, int]:
    """A file with the records that answer ``query`` and their proofs, signed by the log's key, and how many they are.

    With a checkpoint that was ``kept`` before it also proves that the log has grown from it. The log is verified
    first: LogError where it is damaged. KeyStoreError where its key cannot be used; errors as `answers` besides.
    """
    from ..audit.slices import cut

    key = log_key(home())
    events = Reading("slice", in_force).verified()
    wanted = {access.seq for access in accesses(events, query)}
    verified = verify(log_reader(), checkpoint=kept)
    lines = {number: line for number, line in enumerate(verified.lines, 1) if number in wanted}
    data = cut(
        (leaf_hash(line.encode()) for line in verified.lines),
        lines,
        checkpoint=verified.checkpoint,
        key=key,
        asked=query.as_asked(),
        by=principal(in_force).id,
        kept=kept,
        made=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    )
    return data, len(lines)


def lineage_of(name: str, in_force: Policy) -> Lineage:
    """Where the columns of the data set or variable ``name`` come from, out of the events that this account may read.

    InputError where these tell of no such table; other errors as `answers`.
    """
    return lineage(Reading("lineage", in_force).events(), name)


def unused_columns(in_force: Policy, experiment: str | None = None) -> list[Minimisation]:
    """Columns that were loaded and not used, out of the events that this account may read, by experiment.

    InputError where these tell of no such ``experiment``; other errors as `answers`.
    """
    from ..report.experiments import find_experiment

    events = list(Reading("unused", in_force).events())
    if experiment is not None:
        find_experiment(events, experiment)
    return minimisation(events, experiment)


def own_vkey() -> str | None:
    """The verifier key of this deployment's log; None where there are no keys."""
    keys = key_provider(home())
    return keys.public_vkey() if keys.exists() else None
