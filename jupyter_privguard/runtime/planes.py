"""The Jupyter server's own log, and what it tells that the kernels' log does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from ..audit.log import AuditLog
from ..audit.reader import LogReader
from ..audit.reconcile import Gap, reconcile
from ..audit.server_event import moment
from ..audit.verify import VerifiedLog, verify
from ..errors import KeyStoreError, LogError, LogUnavailable
from ..keys.keyring import KeyRing
from ..model import Request, Tier
from ..policy.decide import decide
from ..policy.rules import Policy
from ..settings import Home, account_of
from .events import log_reader
from .keys import existing_keyring, key_provider, keyring
from .log import has_log, open_log
from .place import home, principal

if TYPE_CHECKING:
    from ..report.context import SecondRecord

__all__ = ["Planes", "gaps", "kernel_keyring", "open_server_log", "second_record", "server_log"]


_STILL_WRITTEN = timedelta(seconds=2)
"""How long the server may take to write what has passed it."""


class Planes(NamedTuple):
    """Both logs, proven whole and held against each other."""

    server: VerifiedLog
    gaps: list[Gap]
    """Those that this account may read."""
    hidden: int
    """How many gaps are in the cells of others, which the policy does not let this account read."""
    hidden_contradictions: int
    """Those of them in which the logs contradict each other."""


def open_server_log(at: Home, in_force: Policy) -> tuple[AuditLog, KeyRing, list[str]]:
    """The log of the server at home in ``at``, its keys, and the sentences to tell; both are made where nothing is.

    It goes to the team's store of the policy ``in_force`` as those of kernels do.
    Raises LogUnavailable, LogError, KeyStoreError, PolicyError or StateError when that cannot be done.
    """
    ring, notices = keyring(at)
    return open_log(at, ring, in_force), ring, notices


def kernel_keyring(at: Home) -> KeyRing | None:
    """The keys of the kernels at home in ``at``, with which their digests of sources can be computed.

    None where there are none, another account's, or such that a passphrase protects: nobody is to be asked for it.
    """
    keys = key_provider(at)
    try:
        return existing_keyring(at, tighten=False) if keys.exists() and not keys.is_protected() else None
    except (KeyStoreError, OSError):
        return None


def server_log(at: Home | None = None) -> LogReader | None:
    """Read access to the server's log; None where no server has written one."""
    place = (at or home()).server
    return log_reader(place) if has_log(place) else None


def gaps(in_force: Policy, *, kernels: VerifiedLog | None = None, until: datetime | None = None) -> Planes | None:
    """What the two logs of this deployment do not tell alike; None where no server has written one.

    ``kernels`` is the kernels' log if it has been verified already. What passed the server after ``until``, which is
    aware and now unless it is given, is left out. LogError where one of the two is damaged.
    """
    told = moment((until or datetime.now(UTC)) - _STILL_WRITTEN)
    reader = server_log()
    if reader is None:
        return None
    try:
        server = verify(reader)
    except LogError as error:
        said = str(error).removeprefix("privguard: ")
        raise LogError(f"privguard: of the server's own log: {said}") from None
    if kernels is None and has_log(home()):
        kernels = verify(log_reader())
    found = reconcile(kernels.events if kernels is not None else (), server.events, until=told)
    who = principal(in_force)
    if decide(Request(who, "log.read", Tier.PUBLIC), in_force).allowed:
        return Planes(server, found, 0, 0)
    own = [gap for gap in found if gap.person in (None, who.id)]
    others = [gap for gap in found if gap not in own]
    return Planes(server, own, len(others), sum(gap.is_contradiction for gap in others))


def second_record(in_force: Policy, kernels: VerifiedLog, *, until: datetime | None = None) -> SecondRecord | None:
    """What a report tells of the server's log beside that of the ``kernels``; None where no server has written one.

    ``until`` as in `gaps`: records from later on are not counted either.

    LogError where it is damaged. One that this account may not read is said to be another's.
    """
    from ..report.context import SecondRecord

    try:
        planes = gaps(in_force, kernels=kernels, until=until)
    except LogUnavailable:
        return SecondRecord(is_readable=False)
    if planes is None:
        return None
    accounts = account_of(home().log.stat().st_uid), account_of(home().server.log.stat().st_uid)
    size = planes.server.size
    if until is not None:
        size = sum(event["time"] <= moment(until) for event in planes.server.events)
    return SecondRecord(size, tuple(planes.gaps), planes.hidden, accounts)
