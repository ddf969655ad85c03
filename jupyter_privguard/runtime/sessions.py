"""The guard session of this process."""

from __future__ import annotations

import weakref
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._files import Newest
from ..audit.stores.marks import mark
from ..errors import PolicyError
from ..guard.cells.experiments import ClosedExperiments
from ..guard.columns.pins import DomainPins
from ..guard.overrides.saved import FILE as OVERRIDES_FILE
from ..guard.overrides.saved import SavedOverrides
from ..guard.session import Session
from ..settings import kernel_notebook
from .events import log_reader, record
from .keys import drawing_surrogates, keyring, lost_vault, surrogates
from .log import open_log
from .place import bind, home, policy, policy_at, principal, tell
from .policy_files import PolicyFiles

if TYPE_CHECKING:
    from ..guard.policies.approved import Approvals
    from ..keys.keyring import KeyRing
    from ..policy.rules import Policy
    from ..settings import Home

__all__ = [
    "domain_pins",
    "has_saved_overrides",
    "open_session",
    "overrides_file",
    "pins_mark",
    "policy_here",
    "record_here",
    "running_session",
]

_sessions: list[weakref.ref[Session]] = []
"""The newest guard session of this process, if any."""


def open_session(at: Home, in_force: Policy, ring: KeyRing, *, kernel: str | None) -> Session:
    """A guard session on the log of ``at``; its ``close`` lets go of the log.

    It is bound to whoever the Jupyter server says runs ``kernel``; StateError where that word is not the server's.
    """
    _bind(at, kernel)
    pins = domain_pins(at, ring)
    pins.check()
    if in_force.draws_surrogates:
        surrogates(at, ring).check()
    tell([sentence for sentence in [lost_vault(at)] if sentence])
    log = open_log(at, ring, in_force)
    reader = log_reader(at)
    watch = PolicyFiles(partial(drawing_surrogates, ring, at))
    session = Session(
        policy=in_force,
        keyring=drawing_surrogates(ring, at, in_force),
        log=log,
        closed=ClosedExperiments(lambda seq: reader.events(after=seq)),
        principal=principal(in_force),
        kernel=kernel,
        notebook=kernel_notebook() if kernel is not None else None,
        saved=overrides_file(at, ring),
        pins=pins,
        watch=watch,
        approvals=partial(_approvals, at, ring),
    )
    _sessions[:] = [weakref.ref(session)]
    return session


def _bind(at: Home, kernel: str | None) -> None:
    if kernel is None:
        bind(None)
        return
    from .identity import bound, is_own_word  # no server speaks of who runs a program or a terminal

    granted = bound(at, kernel)
    bind(granted.principal if granted is not None else None, is_own_word=is_own_word())


def _approvals(at: Home, ring: KeyRing) -> Approvals:
    from .own_approvals import OwnApprovals  # asked for when the first cell is

    return OwnApprovals(at, ring)


def running_session() -> Session | None:
    """The guard session of this process, if it runs."""
    session = _sessions[-1]() if _sessions else None
    return session if session is not None and not session.is_closed else None


def policy_here(extra: Path | None = None) -> Policy:
    """The policy of this process's guard, as its files are by now, or that in force where none runs.

    ``extra`` may tighten it. PolicyError if any part is unusable.
    """
    session = running_session()
    if session is None:
        return policy(extra)
    session.renew_policy()
    if session.policy_problem:
        raise PolicyError(session.policy_problem)
    return session.policy if extra is None else session.policy.tightened(policy_at(None, extra))


def record_here(action: str, **fields: Any) -> dict[str, Any]:
    """Append one event to the record of this process's guard, or of this deployment where none runs.

    The first event of a deployment makes its keys, and says so on stderr. Raises LogUnavailable or KeyStoreError.
    """
    session = running_session()
    if session is not None:
        purpose, experiment = session.safe(session.purpose), session.safe(session.experiment)
        return session.record(action, experiment=experiment, purpose=purpose, **fields)
    tell(keyring(home())[1])
    return record(action, policy(), **fields)


def domain_pins(at: Home, ring: KeyRing) -> DomainPins:
    """The domains that the data sets of the deployment at ``at`` are pinned to."""
    return DomainPins(at.domains, ring, lambda key_id: mark(at.log, pins_mark(key_id)))


def pins_mark(key_id: str) -> str:
    """The name of the mark of the domains that were pinned under a key."""
    return f"domains {key_id}"


def has_saved_overrides(at: Home) -> bool:
    """Whether the file of what people said of columns was ever written, as its mark tells."""
    newest = Newest(mark(at.log, OVERRIDES_FILE))
    newest.ask()
    return newest.is_older(0)


def overrides_file(at: Home, ring: KeyRing) -> SavedOverrides:
    """The file of what people said of columns."""
    return SavedOverrides(at.root / OVERRIDES_FILE, lambda: ring.key_ids, mark(at.log, OVERRIDES_FILE))
