"""What a guarded model is served with: this deployment's keys, the policy as its files are by now, and the record."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from ..audit.event import event
from ..audit.log import AuditLog
from ..errors import LogError, PolicyError, PrivguardError
from ..guard.policies.in_force import InForce, Renewed
from ..guard.policies.record import policy_fields
from ..keys.keyring import KeyRing
from ..model import Principal
from ..monitoring.inputs import InputWindow
from ..policy.rules import Policy
from ..serving.commits import Commits
from ..serving.plan import Plan, Tiers, column_of
from ..serving.spool import Spool, key_of
from ..settings import Home
from .events import log_reader, record, safe_text
from .keys import drawing_surrogates, keyring, log_key
from .log import open_log
from .place import home, policy, principal, tell
from .policy_files import PolicyFiles

__all__ = ["InUse", "ServingPlace", "WatchedInputs"]

_TAIL = 2000
"""Newest events of the log that are looked at besides as many as wait: other programs write too."""


class InUse(NamedTuple):
    """What holds for one request, from its beginning to its end."""

    policy: Policy
    tiers: Tiers
    ring: KeyRing
    commits: Commits
    safe: Callable[[str], str]
    session: str
    watched: WatchedInputs

    def event(self, action: str, who: Principal, outcome: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """An event of this place, ready for ``commits``."""
        sha256 = self.policy.sha256
        return event(action, principal=who, session=self.session, outcome=outcome, policy_sha256=sha256, **fields)


class WatchedInputs:
    """Sums up the inputs of one process, so that what is sent can be watched without being kept. Thread-safe."""

    def __init__(self, plan: Plan | None, k: int) -> None:
        self._names = [] if plan is None else [one.name for one in plan.inputs]
        self._window = InputWindow(plan.inputs, k) if plan is not None and plan.inputs else None
        self._lock = threading.Lock()

    def add(self, inputs: Any, subjects: Sequence[str | None], at: datetime) -> list[dict[str, Any]]:
        """Fields of the ``quality.check`` events that are due by now, of people who were asked about."""
        if self._window is None:
            return []
        found = {name: column_of(inputs, name) for name in self._names}
        columns = {name: values for name, values in found.items() if values is None or len(values) == len(subjects)}
        with self._lock:
            return self._window.add(columns, subjects, at)

    def rest(self) -> list[dict[str, Any]]:
        """Those of what has gathered, if it is enough to be told."""
        with self._lock:
            return [] if self._window is None else self._window.rest()


class ServingPlace:
    """Where one process serves one model; a forked process makes its own. Thread-safe.

    The policy is followed as in a kernel: what is stricter holds from the next request on, what is laxer once the
    service is started anew, and while its files cannot be used nothing is served. Each change is an event.
    """

    def __init__(self, plan: Plan | None) -> None:
        """PolicyError, KeyStoreError where policy or keys cannot be used."""
        in_force = policy()
        at = home()
        ring, notices = keyring(at)
        tell(notices)
        self.process = os.getpid()
        self._plan = plan
        self._session = secrets.token_hex(8)
        self._ring = drawing_surrogates(ring, at, in_force)
        self._in_force = InForce(in_force, PolicyFiles(partial(drawing_surrogates, ring, at)))
        self._unlogged: list[Renewed] = []
        self._writer = _Writer(at, in_force)
        spool = Spool(at.root / "spool", partial(_code, ring))
        self._commits = Commits(self._writer.write, spool, self._writer.known, partial(_tell_bad, in_force))
        self._lock = threading.Lock()
        self._watched = WatchedInputs(plan, in_force.k)
        self._in_use = self._made()

    def now(self) -> InUse:
        """What holds for the next request; PolicyError while the policy's files cannot be used.

        LogUnavailable where a change of the policy can be recorded nowhere; it holds all the same.
        """
        with self._lock:
            if (renewed := self._in_force.renew()) is not None:
                self._unlogged.append(renewed)
                if renewed.is_stricter:
                    self._in_use = self._made()
                    self._writer.use(self._in_force.policy)
            if self._unlogged:
                self._commits.add([self._change(one) for one in self._unlogged])
                self._unlogged.clear()
            if self._in_force.problem:
                raise PolicyError(self._in_force.problem)
            return self._in_use

    @property
    def last(self) -> InUse:
        """What held when somebody looked last."""
        return self._in_use

    def close(self) -> None:
        """Send what waits to the log, and let go of it."""
        self._commits.close()
        self._writer.close()

    def _made(self) -> InUse:
        in_force = self._in_force.policy
        safe = _Remembered(partial(safe_text, in_force=in_force, ring=self._ring))
        tiers = Tiers(in_force, self._ring, self._plan, safe)
        return InUse(in_force, tiers, self._ring, self._commits, safe, self._session, self._watched)

    def _change(self, renewed: Renewed) -> dict[str, Any]:
        in_use = self._in_use
        told = policy_fields(in_use.policy, lambda text: None if text is None else in_use.safe(text))
        outcome = "ok" if renewed.after is not None else "error"
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")  # it may wait in the spool
        fields = {"at": at, "before": renewed.before, "after": renewed.after, **told}
        return in_use.event("policy.change", principal(in_use.policy), outcome, fields)


class _Remembered:
    """Masks labels, of which there are few, once each."""

    def __init__(self, safe: Callable[[str], str]) -> None:
        self._safe = safe
        self._known: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        found = self._known.get(text)
        if found is None:
            found = self._safe(text)
            if len(self._known) < 10_000:
                self._known[text] = found
        return found


class _Writer:
    """Events into the log, which is opened when it is needed and anew after every error."""

    def __init__(self, at: Home, in_force: Policy) -> None:
        self._home = at
        self._policy = in_force
        self._log: AuditLog | None = None
        self._lock = threading.Lock()

    def write(self, events: Sequence[dict[str, Any]]) -> None:
        """All of ``events`` with one durable write, or none; errors as `AuditLog.append_many`."""
        with self._lock:
            try:
                if self._log is None:
                    self._log = open_log(self._home, log_key(self._home), self._policy)
                self._log.append_many(list(events))
            except (PrivguardError, OSError):
                self._let_go()
                raise

    def known(self, count: int) -> set[str]:
        """The keys of the newest events in the log, ``count`` and some more back."""
        reader = log_reader(self._home)
        return {key_of(one) for one in reader.events(after=max(0, reader.size - count - _TAIL))}

    def use(self, in_force: Policy) -> None:
        """Write under ``in_force``, whose anchors and team's store may be others, from the next event on."""
        with self._lock:
            self._policy = in_force
            self._let_go()

    def close(self) -> None:
        """Let go of the log."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        log, self._log = self._log, None
        if log is not None:
            with suppress(LogError, OSError):
                log.close()


def _code(ring: KeyRing, line: bytes) -> str:
    return ring.digest("prediction spool", [line])[0].hex()


def _tell_bad(in_force: Policy, count: int) -> None:
    """Lines in the spool that this deployment did not write, or that were changed since."""
    with suppress(PrivguardError):
        record("alert", in_force, outcome="changed", about="predictions that waited for the log", values=count)
