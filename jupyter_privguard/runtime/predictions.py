"""Guarded models: a plan by the policy in force, this deployment's keys, and an event for each prediction."""

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
from ..errors import InputError, LogError, PrivguardError, Refused
from ..keys.keyring import KeyRing
from ..model import Operator, Principal, Request, Tier
from ..policy.decide import decide
from ..policy.rules import Policy
from ..reviewing.reviewer import Reviewer
from ..serving.access import ServingKeys
from ..serving.asgi import ModelFailed, PredictionApp
from ..serving.commits import Commits
from ..serving.plan import Plan, Served, Tiers, planned
from ..serving.records import ModelFacts, answers, facts
from ..serving.spool import Spool
from ..serving.wire import feature_names, row_count
from ..settings import Home
from .events import log_reader, record, safe_text
from .keys import keyring, log_key
from .log import open_log
from .place import acting_as, home, policy, principal, tell
from .reviews import record_review

__all__ = ["GuardedModel", "guarded", "issue_serving_key", "prediction_app", "revoke_serving_key", "serving_keys"]

_DOMAIN = "MODEL_PREDICTION"
_TAIL = 2000
"""Newest events of the log that are looked at besides as many as wait: other programs write too."""


class GuardedModel:
    """Serves one model: masked for whom it is, and each prediction recorded before it is handed out. Thread-safe.

    It may be pickled with its model: keys, policy and log are those of the place where it is used.
    """

    def __init__(self, model: Any, about: ModelFacts, plan: Plan | None, *, purpose: str | None = None) -> None:
        """Use `guarded`, which makes the plan."""
        self._model = model
        self._about = about
        self._plan = plan
        self._purpose = purpose
        self._lock = threading.Lock()
        self._at: _Place | None = None

    def __repr__(self) -> str:
        return f"GuardedModel({self._about.name!r}, {self._about.version!r})"

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_lock", "_at")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _lock=threading.Lock(), _at=None)

    def check(self) -> None:
        """Raises where policy, keys or settings cannot be used, so that nothing could be served."""
        self._place()

    def known(self, key: str) -> Principal | None:
        """Whose bearer key it is; None where it is nobody's."""
        person = self._place().keys.person(key, now=datetime.now(UTC))
        return None if person is None else Principal(person, assurance="server")

    def predict(
        self, inputs: Any, *, who: Principal | None = None, tier: Tier = Tier.PUBLIC, reason: str | None = None
    ) -> Served:
        """What the model says of ``inputs``, as ``who`` may have it at ``tier``; None is the account of this process.

        Durable in the log, or in the spool beside it, before it is returned. Refused where the policy does not give
        that tier, ModelFailed where the model raises or says what was not reviewed, LogUnavailable where nothing
        can be recorded; the attempt is an event but in the last case.
        """
        at = self._place()
        asker = acting_as(who, lambda: principal(at.policy)) if who is not None else principal(at.policy)
        try:
            self._check_allowed(at, asker, tier, reason)
            served = self._served(at, inputs, tier)
        except PrivguardError as error:
            rule = {"rule": error.rule} if isinstance(error, Refused) else {}
            outcome = "refused" if isinstance(error, Refused) else "error"
            said = {"prediction": self._ids(at, 1)[0], **self._said(at, inputs, tier, reason), **rule}
            at.commits.add([self._event(at, asker, outcome, said)])
            raise
        at.commits.add(self._events(at, asker, served, inputs, reason))
        return served

    def close(self) -> None:
        """Send what waits to the log, and let go of it."""
        with self._lock:
            at, self._at = self._at, None
        if at is not None:
            at.close()

    def _check_allowed(self, at: _Place, asker: Principal, tier: Tier, reason: str | None) -> None:
        now = datetime.now(UTC)
        request = Request(asker, "predict", tier, purpose=self._purpose, reason=reason, at=now)
        answer = decide(request, at.policy)
        if not answer.allowed:
            raise Refused(answer.reason, answer.rule)

    def _served(self, at: _Place, inputs: Any, tier: Tier) -> Served:
        try:
            output = self._model.predict(inputs)
        except Exception as error:  # noqa: BLE001 - a model of anybody's; its words may quote values
            raise ModelFailed(
                f"privguard: the model raised {type(error).__name__} on these inputs; send them as it takes them."
            ) from None
        try:
            return at.tiers.serve(output, tier, inputs)
        except InputError:
            raise ModelFailed(
                "privguard: the model's output has not the form that was reviewed, so nothing is shown; review it anew."
            ) from None

    def _events(
        self, at: _Place, asker: Principal, served: Served, inputs: Any, reason: str | None
    ) -> list[dict[str, Any]]:
        rows = row_count(inputs)
        common = self._said(at, inputs, served.tier, reason)
        masked = sum(one.action != Operator.CLEAR.value for one in served.fields.values())
        told = answers(served, common["features"], rows)
        subjects = at.tiers.subjects(inputs, rows)
        return [
            self._event(
                at,
                asker,
                "ok",
                {**common, "prediction": one, "subject": subjects[row], "answer": told[row], "masked": masked},
            )
            for row, one in enumerate(self._ids(at, rows))
        ]

    def _said(self, at: _Place, inputs: Any, tier: Tier, reason: str | None) -> dict[str, Any]:
        return {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "tier": tier.label,
            **self._about.said,
            "rows": 1,
            "deployment": at.safe(self._about.deployment),
            "features": [at.safe(name) for name in feature_names(inputs)],
            "purpose": None if self._purpose is None else at.safe(self._purpose),
            "reason": None if reason is None else at.safe(reason),
        }

    def _event(self, at: _Place, asker: Principal, outcome: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        return event(
            "model.predict",
            principal=asker,
            session=at.session,
            outcome=outcome,
            policy_sha256=at.policy.sha256,
            **fields,
        )

    @staticmethod
    def _ids(at: _Place, count: int) -> list[str]:
        """New ids of predictions: tokens, of which nobody can make a second one."""
        made = at.ring.digest(_DOMAIN, [secrets.token_bytes(16) for _ in range(count)])
        return [f"tok:hs256:{at.ring.key_id}:{one.hex()}" for one in made]

    def _place(self) -> _Place:
        """What this process serves with; a forked one makes its own."""
        with self._lock:
            if self._at is None or self._at.process != os.getpid():
                self._at = _Place.opened(self._plan)
            return self._at


class _Place(NamedTuple):
    """Keys, policy and record of the deployment, as one process uses them."""

    process: int
    session: str
    policy: Policy
    ring: KeyRing
    tiers: Tiers
    keys: ServingKeys
    commits: Commits
    writer: _Writer
    safe: Callable[[str], str]

    @classmethod
    def opened(cls, plan: Plan | None) -> _Place:
        in_force = policy()
        ring, notices = keyring(home())
        tell(notices)
        safe = _Remembered(partial(safe_text, in_force=in_force, ring=ring))
        writer = _Writer(home(), in_force)
        spool = Spool(home().root / "spool", partial(_code, ring))
        commits = Commits(writer.write, spool, writer.known, partial(_tell_bad, in_force))
        tiers = Tiers(in_force, ring, plan, safe)
        name = secrets.token_hex(8)
        return cls(os.getpid(), name, in_force, ring, tiers, serving_keys(ring), commits, writer, safe)

    def close(self) -> None:
        self.commits.close()
        self.writer.close()


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
        """Errors as `AuditLog.append`; what of ``events`` is in the log then, `known` tells."""
        with self._lock:
            try:
                if self._log is None:
                    self._log = open_log(self._home, log_key(self._home), self._policy)
                for one in events:
                    self._log.append(one)
            except (PrivguardError, OSError):
                self._let_go()
                raise

    def known(self, count: int) -> set[str]:
        """Ids of the newest predictions in the log, ``count`` and some more events back."""
        reader = log_reader(self._home)
        after = max(0, reader.size - count - _TAIL)
        return {str(one["prediction"]) for one in reader.events(after=after) if one["action"] == "model.predict"}

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


def guarded(
    model: Any,
    *,
    review_on: Any = None,
    deployment: str | None = None,
    version: str | None = None,
    purpose: str | None = None,
) -> GuardedModel:
    """``model``, which has ``predict``, masked and recorded; ``review_on`` are inputs whose predictions are judged.

    The review is a ``model.review`` event. Without ``review_on`` each output is judged by itself, which takes longer
    and knows less. InputError where it is no model or raises on them.
    """
    if not callable(getattr(model, "predict", None)):
        raise InputError(f"privguard: {type(model).__name__} is no model: it has no `predict`; pass one that has.")
    in_force = policy()
    ring, notices = keyring(home())
    tell(notices)
    safe = partial(safe_text, in_force=in_force, ring=ring)
    about = facts(model, version=version, deployment=deployment)
    plan = None
    if review_on is not None:
        plan, found = planned(lambda tier: Reviewer(in_force, ring, tier, safe), model, review_on)
        record_review(found, name=safe(about.name), tier=Tier.PUBLIC, safe=safe)
    return GuardedModel(model, about, plan, purpose=purpose)


def prediction_app(
    model: Any,
    *,
    identity: Callable[[Mapping[str, str]], Principal | None] | None = None,
    largest_body: int = 5 << 20,
    **about: Any,
) -> PredictionApp:
    """An ASGI application that serves ``model``, guarded already or not; ``about`` is what `guarded` takes."""
    served = model if isinstance(model, GuardedModel) else guarded(model, **about)
    return PredictionApp(served, identity=identity, largest_body=largest_body)


def serving_keys(ring: KeyRing | None = None) -> ServingKeys:
    """The bearer keys of this deployment."""

    def code(text: str, key_id: str | None) -> tuple[str, str]:
        used = ring if ring is not None else keyring(home(), create=False)[0]
        chosen = key_id or used.key_id
        return chosen, used.digest("serving key", [text.encode()], key_id=chosen)[0].hex()

    return ServingKeys(home().root / "serving-keys.json", code)


def issue_serving_key(person: str, *, days: int = 90) -> str:
    """A new bearer key for ``person``, who is one of the policy's ``principals``; it is shown this once."""
    ring, notices = keyring(home())
    tell(notices)
    return serving_keys(ring).issue(person, now=datetime.now(UTC), days=days)


def revoke_serving_key(key: str) -> str:
    """Take the bearer key with the id ``key`` away; whose it was."""
    return serving_keys().revoke(key).person
