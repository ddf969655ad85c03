"""Composition root: picks the implementations and hands surfaces what they need.

Surfaces (notebook, server, command line) get the keys, policy and log of this deployment from here;
use cases never import it.
"""

from __future__ import annotations

import os
import secrets
import sys
import weakref
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ._version import __version__
from .audit.event import event
from .audit.log import AuditLog
from .audit.reader import LogReader
from .audit.stores.sqlite import FILE
from .errors import InputError, KeyStoreError, LogUnavailable, Refused
from .frames import FrameView, view
from .guard.assess import Classification, assess, mask_table
from .guard.experiments import ClosedExperiments
from .guard.session import Session
from .guard.text import mask_spans
from .keys.keyring import KeyRing
from .keys.providers import file as file_keys
from .model import Principal, Request, Tier
from .policy.decide import decide, roles_of
from .policy.load import load as load_policy
from .policy.rules import Policy
from .settings import Home, account_name, kernel_notebook, policy_paths

__all__ = [
    "assess",
    "check_allowed",
    "classify_object",
    "existing_keyring",
    "has_log",
    "home",
    "keyring",
    "log_reader",
    "mask_object",
    "mask_table",
    "open_log",
    "open_session",
    "policy",
    "principal",
    "record",
    "record_here",
    "report_page",
    "safe_text",
    "version",
]


_sessions: list[weakref.ref[Session]] = []
"""The newest guard session of this process, if any."""


def home() -> Home:
    """Where state lives; touches nothing."""
    return Home.from_environment()


def policy(extra: Path | None = None) -> Policy:
    """The policy in force, tightened by ``extra`` if given. PolicyError if any part is unusable."""
    admin, named = policy_paths()
    base = load_policy(admin, named, user_can_write=_can_write)
    return base if extra is None else base.tightened(load_policy(None, extra, user_can_write=_can_write))


def _can_write(path: Path) -> bool:
    """Whether this account could have written ``path`` or put it there."""
    return os.access(path, os.W_OK) or os.access(path.parent, os.W_OK)


def principal(in_force: Policy) -> Principal:
    """Who runs this process, as the operating system knows, with the roles the policy gives."""
    name = account_name()
    assurance = "self" if in_force.author_is_self else "os"
    return Principal(id=name, roles=roles_of(in_force, name), assurance=assurance)


def check_allowed(
    action: str, tier: Tier, in_force: Policy, *, reason: str | None = None, experiment: str | None = None
) -> None:
    """Raises Refused unless the policy lets this account do ``action`` at ``tier``."""
    request = Request(principal(in_force), action, tier, reason=reason, experiment=experiment)
    answer = decide(request, in_force)
    if not answer.allowed:
        raise Refused(answer.reason, answer.rule)


def keyring(at: Home, *, create: bool = True) -> tuple[KeyRing, list[str]]:
    """The keys of this deployment, and the sentences to tell the user.

    Keys are made at the first start only: when a log is there and its keys are not, a new identity
    would take over an old history, so that is refused.
    """
    notices = at.make()
    log_is_there = has_log(at)  # looked for first: another first start makes keys, then the log
    if file_keys.exists(at.keys):
        return file_keys.load(at.keys), notices
    if log_is_there:
        raise _lost_keys(at)
    if not create:
        raise KeyStoreError(f"privguard: there are no keys in {at.keys}; `privguard keys init` makes them.")
    in_force = policy()
    ring, made = file_keys.load_or_create(at.keys)
    if not made:  # another first start was quicker
        return ring, notices
    with open_log(at, ring) as log:
        _append(log, "key.create", in_force, key_id=ring.key_id)
    return ring, [*notices, f"privguard: made keys in {at.keys}; back them up, nothing opens without them."]


def existing_keyring(at: Home) -> KeyRing:
    """The keys that are there; makes and mends nothing. KeyStoreError if they cannot be used."""
    if not file_keys.exists(at.keys) and has_log(at):
        raise _lost_keys(at)
    return file_keys.load(at.keys)


def _lost_keys(at: Home) -> KeyStoreError:
    return KeyStoreError(
        f"privguard: the keys of this log are missing from {at.keys}; put them back, "
        "or move the log away to begin a new one."
    )


def has_log(at: Home) -> bool:
    """Whether there is a log, readable or not; touches nothing."""
    return _is_there(at.log / FILE)


def open_log(at: Home, ring: KeyRing) -> AuditLog:
    """The log, ready to append."""
    return AuditLog.open(at.log, ring)


def record(
    action: str, in_force: Policy, *, at: Home | None = None, outcome: str = "ok", **fields: Any
) -> dict[str, Any]:
    """Append one event that belongs to no notebook's session; the stored event.

    Raises LogUnavailable or KeyStoreError when that cannot be done; never makes keys.
    """
    place = at or home()
    ring, _ = keyring(place, create=False)
    with open_log(place, ring) as log:
        return _append(log, action, in_force, outcome=outcome, **fields)


def record_here(action: str, **fields: Any) -> dict[str, Any]:
    """Append one event to the record of this process's guard, or of this deployment where none runs.

    The first event of a deployment makes its keys. Raises LogUnavailable or KeyStoreError.
    """
    session = _sessions[-1]() if _sessions else None
    if session is not None and not session.is_closed:
        purpose, experiment = session.safe(session.purpose), session.safe(session.experiment)
        return session.record(action, experiment=experiment, purpose=purpose, **fields)
    keyring(home())
    return record(action, policy(), **fields)


def safe_text(text: str, in_force: Policy, ring: KeyRing) -> str:
    """``text`` (a path, a name, a reason) as it may stand in the log: what looks like a value is masked."""
    return mask_spans(text, tier=Tier.PUBLIC, policy=in_force, keyring=ring, on_screen=True)


def _tell(notices: list[str]) -> None:
    """What was made or mended is said where a program has no surface of ours to say it."""
    for notice in notices:
        print(notice, file=sys.stderr)


def _append(log: AuditLog, action: str, in_force: Policy, *, outcome: str = "ok", **fields: Any) -> dict[str, Any]:
    return log.append(
        event(
            action,
            principal=principal(in_force),
            session=secrets.token_hex(8),
            outcome=outcome,
            policy_sha256=in_force.sha256,
            **fields,
        )
    )


def report_page(experiment: str, in_force: Policy, *, notebook: Path | None = None) -> str:
    """The compliance HTML of ``experiment``. The log is verified first. Blocks for seconds.

    Raises LogError when it is damaged, InputError when it tells of no such experiment, Refused when
    the policy does not let this account export.
    """
    from .audit.verify import verify
    from .report.build import build

    check_allowed("report", Tier.PUBLIC, in_force, experiment=experiment)
    return build(experiment, verify(log_reader()), notebook=notebook, now=datetime.now(UTC))


def open_session(at: Home, in_force: Policy, ring: KeyRing, *, kernel: str | None) -> Session:
    """A guard session on the log of ``at``; its ``close`` lets go of the log."""
    log = open_log(at, ring)
    reader = log_reader(at)
    session = Session(
        policy=in_force,
        keyring=ring,
        log=log,
        closed=ClosedExperiments(lambda seq: reader.events(after=seq)),
        principal=principal(in_force),
        kernel=kernel,
        notebook=kernel_notebook() if kernel is not None else None,
    )
    _sessions[:] = [weakref.ref(session)]
    return session


def version() -> str:
    """The version of this package."""
    return __version__


def log_reader(at: Home | None = None) -> LogReader:
    """Read access to the log; never writes. LogUnavailable if there is none."""
    place = at or home()
    if not _is_there(place.log):
        raise LogUnavailable(f"privguard: there is no log in {place.root}; it begins with the first guarded cell.")
    vkey = file_keys.public_vkey(place.keys) if file_keys.exists(place.keys) else None
    return LogReader.open(place.log, vkey)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise LogUnavailable(f"privguard: {path} cannot be looked for ({error.strerror}); check its owner.") from None


def _table(obj: Any) -> FrameView:
    seen = view(obj)
    if seen is None:
        raise InputError(f"privguard: a {type(obj).__name__} is not a table; pass a DataFrame, Series or Index.")
    return seen


def classify_object(obj: Any, *, name: str | None, header_only: bool, full: bool) -> Classification:
    """`jupyter_privguard.classify`."""
    seen = _table(obj)
    found = assess(seen, policy=policy(), dataset=name, header_only=header_only, full=full)
    # Its caller may have no other hold on the table: `classify(read_csv(…)).quasi_identifiers`.
    return found if header_only else replace(found, table=lambda: seen)


def mask_object(obj: Any, *, tier: str, tighten_by: str | None) -> Any:
    """`jupyter_privguard.mask`."""
    try:
        wanted = Tier.parse(tier)
    except ValueError as error:
        raise InputError(f"privguard: {error}.") from None
    in_force = policy(Path(tighten_by) if tighten_by is not None else None)
    check_allowed("mask", wanted, in_force)
    ring, notices = keyring(home())
    _tell(notices)
    return mask_table(_table(obj), tier=wanted, policy=in_force, keyring=ring).native
