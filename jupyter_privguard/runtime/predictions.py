"""Guarded models: masked by the policy in force for whom it is, and an event for each prediction."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ..errors import InputError, PrivguardError, Refused
from ..keys.keyring import KeyRing
from ..model import Operator, Principal, Request, Tier
from ..policy.decide import decide
from ..reviewing.estimators import predicted
from ..reviewing.reviewer import Reviewer
from ..serving.access import ServingKeys
from ..serving.asgi import ModelFailed, PredictionApp
from ..serving.plan import Plan, Served, Tiers, planned
from ..serving.records import ModelFacts, answers, facts
from ..serving.wire import feature_names, row_count
from .bearer_keys import serving_keys
from .events import safe_text
from .keys import keyring
from .place import acting_as, home, policy, principal, tell
from .reviews import record_review
from .serving_place import InUse, ServingPlace
from .sessions import running_session

__all__ = ["GuardedModel", "guarded", "prediction_app"]

_DOMAIN = "MODEL_PREDICTION"


def _now() -> datetime:
    return datetime.now(UTC)


class GuardedModel:
    """Serves one model: masked for whom it is, and each prediction recorded before it is handed out. Thread-safe.

    It may be pickled with its model: keys, policy and log are those of the place where it is used.
    """

    def __init__(
        self,
        model: Any,
        about: ModelFacts,
        plan: Plan | None,
        *,
        purpose: str | None = None,
        experiment: str | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """Use `guarded`, which makes the plan. ``clock`` returns an aware time: when a prediction is asked for."""
        self._model = model
        self._about = about
        self._plan = plan
        self._purpose = purpose
        self._experiment = experiment
        self._clock = clock
        self._lock = threading.Lock()
        self._at: ServingPlace | None = None
        self._keys: ServingKeys | None = None

    def __repr__(self) -> str:
        return f"GuardedModel({self._about.name!r}, {self._about.version!r})"

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in _HERE}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _lock=threading.Lock(), _at=None, _keys=None, _clock=_now)

    def check(self) -> None:
        """Raises where policy, keys or settings cannot be used, so that nothing could be served."""
        self._place()

    def known(self, key: str) -> Principal | None:
        """Whose bearer key it is; None where it is nobody's."""
        ring = self._place().ring
        with self._lock:
            self._keys = self._keys or serving_keys(ring)
        person = self._keys.person(key, now=_now())
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
            said = {"prediction": _ids(at.ring, 1)[0], **self._said(at, inputs, tier, reason), **rule}
            at.commits.add([at.event("model.predict", asker, outcome, said)])
            raise
        at.commits.add(self._events(at, asker, served, inputs, reason))
        return served

    def close(self) -> None:
        """Send what waits to the log, and let go of it."""
        with self._lock:
            at, self._at = self._at, None
        if at is not None:
            if told := at.last.watched.rest():
                with suppress(PrivguardError):  # of inputs nobody was promised anything
                    at.last.commits.add(self._checks(at.last, told))
            at.close()

    def _check_allowed(self, at: InUse, asker: Principal, tier: Tier, reason: str | None) -> None:
        request = Request(asker, "predict", tier, purpose=self._purpose, reason=reason, at=_now())
        answer = decide(request, at.policy)
        if not answer.allowed:
            raise Refused(answer.reason, answer.rule)

    def _served(self, at: InUse, inputs: Any, tier: Tier) -> Served:
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
        self, at: InUse, asker: Principal, served: Served, inputs: Any, reason: str | None
    ) -> list[dict[str, Any]]:
        rows = row_count(inputs)
        common = self._said(at, inputs, served.tier, reason)
        masked = sum(one.action != Operator.CLEAR.value for one in served.fields.values())
        told = answers(served, common["features"], rows)
        subjects = at.tiers.subjects(inputs, rows)
        own = (
            {"prediction": one, "subject": subjects[row], "answer": told[row], "masked": masked}
            for row, one in enumerate(_ids(at.ring, rows))
        )
        checks = self._checks(at, at.watched.add(inputs, subjects, self._clock().astimezone(UTC)))
        return [*(at.event("model.predict", asker, "ok", {**common, **one}) for one in own), *checks]

    def _checks(self, at: InUse, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The events of what is ``told`` of inputs, in the name of the account that serves."""
        which = {"suite": at.safe(f"inputs of {self._about.deployment}"), **self._which(at)}
        return [at.event("quality.check", principal(at.policy), "ok", {**which, **_safe(one, at.safe)}) for one in told]

    def _said(self, at: InUse, inputs: Any, tier: Tier, reason: str | None) -> dict[str, Any]:
        return {
            "at": self._clock().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "tier": tier.label,
            **self._which(at),
            "rows": 1,
            "features": [at.safe(name) for name in feature_names(inputs)],
            "reason": None if reason is None else at.safe(reason),
        }

    def _which(self, at: InUse) -> dict[str, Any]:
        """Which model this is, where and for what."""
        which = {
            **self._about.said,
            "deployment": at.safe(self._about.deployment),
            "purpose": None if self._purpose is None else at.safe(self._purpose),
        }
        return which if self._experiment is None else {**which, "experiment": at.safe(self._experiment)}

    def _place(self) -> InUse:
        """What this process serves with; a forked one makes its own."""
        with self._lock:
            if self._at is None or self._at.process != os.getpid():
                self._at = ServingPlace(self._plan)
            at = self._at
        return at.now()


_HERE = ("_lock", "_at", "_keys", "_clock")
"""What belongs to a process, and is not saved with the model."""


def _safe(told: dict[str, Any], safe: Callable[[str], str]) -> dict[str, Any]:
    """What is ``told`` of inputs, with names of columns as they may stand in the log."""
    named = {part: [{**one, "column": safe(one["column"])} for one in told[part]] for part in ("checks", "bands")}
    return {**told, **named}


def _ids(ring: KeyRing, count: int) -> list[str]:
    """New ids of predictions: tokens, of which nobody can make a second one."""
    made = ring.digest(_DOMAIN, [secrets.token_bytes(16) for _ in range(count)])
    return [f"tok:hs256:{ring.key_id}:{one.hex()}" for one in made]


def guarded(
    model: Any,
    *,
    review_on: Any = None,
    deployment: str | None = None,
    version: str | None = None,
    name: str | None = None,
    purpose: str | None = None,
    experiment: str | None = None,
    clock: Callable[[], datetime] = _now,
) -> GuardedModel:
    """``model``, which has ``predict``, masked and recorded; ``review_on`` are inputs whose predictions are judged.

    The output as it is and as anybody gets it are reviewed, a ``model.review`` event each. Without ``review_on`` each
    output is judged by itself, which takes longer and knows less. Predictions belong to ``experiment``, or to that of
    the guard that runs here. InputError where it is no model or raises on ``review_on``.
    """
    if not callable(getattr(model, "predict", None)):
        raise InputError(f"privguard: {type(model).__name__} is no model: it has no `predict`; pass one that has.")
    in_force = policy()
    ring, notices = keyring(home())
    tell(notices)
    safe = partial(safe_text, in_force=in_force, ring=ring)
    about = facts(model, version=version, deployment=deployment, name=name and safe(name))
    plan = None
    if review_on is not None:
        plan, found = planned(lambda tier: Reviewer(in_force, ring, tier, safe), model, review_on)
        which = {"version": safe(about.version), "sha256": about.sha256}
        record_review(found, name=safe(about.name), tier=Tier.PUBLIC, safe=safe, **which)
        if found.blocked:
            output = predicted(model, review_on)["prediction"]
            shown = Tiers(in_force, ring, plan, safe).serve(output, Tier.PUBLIC, review_on).output
            again = Reviewer(in_force, ring, Tier.PUBLIC, safe).review(shown, review_on)
            record_review(again, name=safe(about.name), tier=Tier.PUBLIC, safe=safe, **which)
    session = running_session()
    experiment = experiment or (session.experiment if session is not None else None)
    return GuardedModel(model, about, plan, purpose=purpose, experiment=experiment, clock=clock)


def prediction_app(
    model: Any,
    *,
    identity: Callable[[Mapping[str, str]], Principal | None] | None = None,
    anonymous: bool = False,
    largest_body: int = 5 << 20,
    **about: Any,
) -> PredictionApp:
    """An ASGI application that serves ``model``, guarded already or not; ``about`` is what `guarded` takes."""
    served = model if isinstance(model, GuardedModel) else guarded(model, **about)
    return PredictionApp(served, identity=identity, anonymous=anonymous, largest_body=largest_body)
