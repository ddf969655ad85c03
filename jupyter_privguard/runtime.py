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
from functools import partial
from pathlib import Path
from typing import Any

from ._version import __version__
from .audit.event import event
from .audit.log import AuditLog
from .audit.reader import LogReader
from .audit.stores.sqlite import FILE
from .errors import InputError, KeyStoreError, LogUnavailable, Refused
from .frames import FrameView, explicit_view, view
from .guard.assess import Classification, column_names, mask_table
from .guard.assess import assess as assess_alone
from .guard.deciding import Deciding
from .guard.experiments import ClosedExperiments
from .guard.overrides import DataSet, Names, Overrides, label_digest
from .guard.saved_overrides import FILE as OVERRIDES_FILE
from .guard.saved_overrides import SavedOverrides
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
    "saved_overrides",
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

    The first event of a deployment makes its keys, and says so on stderr. Raises LogUnavailable or KeyStoreError.
    """
    session = _running()
    if session is not None:
        purpose, experiment = session.safe(session.purpose), session.safe(session.experiment)
        return session.record(action, experiment=experiment, purpose=purpose, **fields)
    _tell(keyring(home())[1])
    return record(action, policy(), **fields)


def _running() -> Session | None:
    """The guard session of this process, if it runs."""
    session = _sessions[-1]() if _sessions else None
    return session if session is not None and not session.is_closed else None


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
    verified = verify(log_reader())
    return build(experiment, verified, notebook=notebook, now=datetime.now(UTC), patterns=in_force.all_patterns)


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
        saved=_saved_overrides(at, ring),
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


def _saved_overrides(at: Home, ring: KeyRing) -> SavedOverrides:
    return SavedOverrides(at.root / OVERRIDES_FILE, ring.key_id)


def saved_overrides(at: Home | None = None) -> Overrides:
    """The classes that this account's sessions gave to columns for good. StateError if they cannot be read."""
    place = at or home()
    if not _is_there(place.root / OVERRIDES_FILE):
        return Overrides(Names(str, str))
    ring = existing_keyring(place)
    return Overrides(Names(str, partial(label_digest, ring)), saved=_saved_overrides(place, ring).read())


def assess(
    seen: FrameView,
    *,
    policy: Policy,
    dataset: str | None = None,
    source: str | None = None,
    header_only: bool = False,
    full: bool = False,
) -> Classification:
    """The verdict of every column of the data set ``dataset`` under ``policy``, people's own words included."""
    found = assess_alone(seen, policy=policy, dataset=dataset, source=source, header_only=header_only, full=full)
    return found if dataset is None else _deciding(policy).on_own(found, column_names(seen), DataSet(dataset))


def _deciding(in_force: Policy) -> Deciding:
    session = _running()
    overrides = session.overrides if session is not None else saved_overrides()
    return Deciding(in_force, principal(in_force), overrides)


def _assess_object(
    obj: Any, seen: FrameView, in_force: Policy, *, name: str | None, header_only: bool = False, full: bool = False
) -> Classification:
    """What holds for ``obj``: by itself in a running session, and by the ``name`` that its user gives it."""
    found = assess(seen, policy=in_force, dataset=name, header_only=header_only, full=full)
    if name is not None:
        found = _deciding(in_force).on_own(found, column_names(seen), DataSet(name, is_variable=True))
    session = _running()
    if session is None or not session.overrides or view(obj) is None:
        return found
    return session.classes.applied_to(found, obj, seen, in_force)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise LogUnavailable(f"privguard: {path} cannot be looked for ({error.strerror}); check its owner.") from None


def _table(obj: Any, *, header_only: bool = False) -> FrameView:
    seen = explicit_view(obj, header_only=header_only)
    if seen is None:
        raise InputError(
            f"privguard: a {type(obj).__name__} is not a table; pass a DataFrame, Series, Index or array, "
            "an Arrow table or a DuckDB relation."
        )
    return seen


def classify_object(obj: Any, *, name: str | None, header_only: bool, full: bool) -> Classification:
    """`jupyter_privguard.classify`."""
    seen = _table(obj, header_only=header_only)
    found = _assess_object(obj, seen, policy(), name=name, header_only=header_only, full=full)
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
    seen = _table(obj)
    found = _assess_object(obj, seen, in_force, name=None)
    return mask_table(seen, tier=wanted, policy=in_force, keyring=ring, classification=found).native
