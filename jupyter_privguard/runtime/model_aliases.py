"""Aliases of models that move: in a guarded kernel, where approvals are asked, and elsewhere, where it is found."""

from __future__ import annotations

from collections.abc import Callable, Container
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ..errors import InputError, Refused
from ..policy.approvals import State, judged
from ..policy.rules import Policy
from ..registry.flags import Answered, Flag, answered, flags
from ..registry.records import Move, Registry, is_live
from ..settings import Home
from .approvals import records_of
from .mlflow_registry import Pointed, TrackedRegistry, metrics_of, tracked, version_digest
from .model_log import model_exchange, note_answers
from .models import record_model
from .place import home
from .sessions import policy_here

__all__ = ["AliasGuard", "Checked", "check_models"]

RULE = "approvals.models"
"""The setting of the policy that says what becomes of a version without an approval."""
_ABOUT = "a model without a signed approval"


# --- in a guarded kernel --------------------------------------------------------------------------


class AliasGuard:
    """Records what happens to versions and aliases here, and refuses or flags what nobody has approved."""

    def registered(self, client: Any, *, model: str, version: str, run: str | None) -> None:
        """A version came into being: its digest and the metrics of its run are recorded."""
        metrics: dict[str, str] = {}
        if run:
            with suppress(Exception):  # without a run's metrics a version is recorded all the same
                from mlflow.tracking import MlflowClient

                metrics = metrics_of(MlflowClient(), run)
        sha256 = _digest(client, model, version)
        try:
            record_model(model, version, metrics=metrics, run=run, sha256=sha256, source="registry")
        except InputError:  # other files or odd metrics under a known number: it is registered, and the log says so
            record_model(model, version, run=run, source="registry")

    def moving(
        self, client: Any, *, model: str, alias: str, version: str | None, is_stage: bool
    ) -> Callable[[bool], None]:
        """Record the move, by the approval on which it rests; Refused where the policy wants one and none stands."""
        in_force, at = policy_here(), home()
        safe, append = records_of(in_force, at)
        kind = "stage" if is_stage else "alias"
        needs = version is not None and is_live(kind, alias)
        registry = note_answers(in_force, at, append, safe, of=(model,))
        sha256 = _digest(client, model, str(version)) if needs else None
        found = _standing(registry, in_force, at, model, str(version), alias, sha256) if needs else _NOTHING
        fields = {
            **{"model": safe(model), "alias": safe(alias), "kind": kind, "version": safe(version), "seen": "kernel"},
            **{"before": _before(registry, model, alias, version, is_stage=is_stage), "sha256": sha256},
            "approval": found.approval.id if found.approval is not None else None,
        }
        if needs and found.approval is None and in_force.refuses_unapproved_models:
            append("model.alias", outcome="refused", rule=RULE, **fields)
            raise Refused(
                f"privguard: {kind} {alias} of {model} did not move to version {version}, for {found.why}; ask with "
                f"`privguard model request {model} {version} --alias {alias} --reason WHY`.",
                RULE,
            )
        stored = append("model.alias", **fields)

        def done(is_done: bool) -> None:
            if not is_done:
                append("model.alias", outcome="error", **fields)
            elif needs:
                registry.take(stored)
                _raise_alerts(registry, append, only=int(stored["seq"]))

        return done


_NOTHING = Answered(None, "", "")


def _digest(client: Any, model: str, version: str) -> str | None:
    try:
        return version_digest(client, model, version)
    except Exception:  # noqa: BLE001 - whatever it is, no approval can be held against files that nobody can read
        return None


def _before(registry: Registry, model: str, alias: str, version: str | None, *, is_stage: bool) -> str | None:
    found = registry.named(model)
    moves = found.aliases.values() if found is not None else ()
    if is_stage:
        return next((one.alias for one in moves if one.kind == "stage" and one.version == version), None)
    return next((one.version for one in moves if one.kind == "alias" and one.alias == alias), None)


def _standing(
    registry: Registry, in_force: Policy, at: Home, model: str, version: str, alias: str, sha256: str | None
) -> Answered:
    """What approvals say in the log, where the folder in which they were exchanged proves it."""
    known = registry.named(model)
    found = answered(known.versions.get(version) if known is not None else None, alias, sha256, datetime.now(UTC))
    if found.approval is None or _is_proven(found.approval.id, in_force, at):
        return found
    why = "the folder of approvals no longer holds the approval that the log tells of"
    return Answered(None, "not in the folder", why, found.seqs)


def _is_proven(request: str, in_force: Policy, at: Home) -> bool:
    """Whether the files of others say so: the log alone is this account's own."""
    now = datetime.now(UTC)
    filed = (one for one in model_exchange(in_force, at).requests() if one.asked.id == request)
    return any(judged(one.asked, one.answers, in_force, now).state is State.GRANTED for one in filed)


# --- found elsewhere ------------------------------------------------------------------------------


class Checked(NamedTuple):
    """What a look at the models found."""

    registry: Registry
    flags: list[Flag]
    moved: int
    """Aliases that were found elsewhere than the log last knew them."""
    alerts: int
    """Alerts that were raised now; what was raised before is not raised again."""
    unread: list[str]
    """A sentence for each version whose files could not be read."""


def check_models(address: str | None = None) -> Checked:
    """Hold the aliases of the registry at ``address``, or those that the log knows, against the signed approvals.

    What moved is recorded, and what nobody has approved raises an alert. InputError where the registry cannot be
    asked, before anything is recorded.
    """
    in_force, at = policy_here(), home()
    safe, append = records_of(in_force, at)
    asked = tracked(address) if address is not None else None
    models, pointed = asked.pointed() if asked is not None else ([], [])
    registry = note_answers(in_force, at, append, safe, of=_All())
    moved, unread = (0, []) if asked is None else _follow(registry, asked, models, pointed, append, safe)
    disproved = _disproved(in_force, at)
    alerts = _raise_alerts(registry, append, disproved=disproved)
    return Checked(registry, flags(registry, datetime.now(UTC), disproved), moved, alerts, unread)


def _disproved(in_force: Policy, at: Home) -> frozenset[str]:
    """Requests in the folder that do not stand by their answers, as the policy counts them now."""
    now = datetime.now(UTC)
    filed = model_exchange(in_force, at).requests()
    states = {one.asked.id: judged(one.asked, one.answers, in_force, now).state for one in filed}
    return frozenset(request for request, state in states.items() if state is not State.GRANTED)


class _All:
    def __contains__(self, model: object) -> bool:
        return True


def _follow(
    registry: Registry,
    asked: TrackedRegistry,
    models: list[str],
    pointed: list[Pointed],
    append: Callable[..., Any],
    safe: Callable[[str | None], str | None],
) -> tuple[int, list[str]]:
    """Record where aliases point by now: how many have moved, and which files could not be read."""
    moved, unread, now_at = 0, [], set()
    for found in pointed:
        one = found._replace(model=safe(found.model) or "", alias=safe(found.alias) or "")
        now_at.add((one.model, one.alias, one.version))
        sha256: str | None = None
        try:
            sha256 = asked.digest(found.model, found.version)
        except InputError as error:
            unread.append(str(error))
        known = _known(registry, one.model).get((one.alias, one.version))
        if known is None or (sha256 is not None and known.sha256 != sha256):
            moved += 1
            _note_move(registry, append, one, sha256)
    for model in (safe(name) or "" for name in models):
        for alias, version in [key for key in _known(registry, model) if (model, *key) not in now_at]:
            moved += 1
            _note_gone(registry, append, _known(registry, model)[alias, version], model)
    return moved, unread


def _known(registry: Registry, model: str) -> dict[tuple[str, str], Move]:
    found = registry.named(model)
    return found.aliases if found is not None else {}


def _note_move(registry: Registry, append: Callable[..., Any], one: Pointed, sha256: str | None) -> None:
    known = registry.named(one.model)
    version = known.versions.get(one.version) if known is not None else None
    found = answered(version, one.alias, sha256, datetime.now(UTC))
    stored = append(
        "model.alias",
        model=one.model,
        alias=one.alias,
        kind="stage" if one.is_stage else "alias",
        version=one.version,
        before=_before(registry, one.model, one.alias, one.version, is_stage=one.is_stage),
        sha256=sha256,
        approval=found.approval.id if found.approval is not None else None,
        seen="registry",
    )
    registry.take(stored)


def _note_gone(registry: Registry, append: Callable[..., Any], move: Move, model: str) -> None:
    is_stage = move.kind == "stage"
    stored = append(
        "model.alias",
        model=model,
        alias="None" if is_stage else move.alias,
        kind=move.kind,
        version=move.version if is_stage else None,
        before=move.alias if is_stage else move.version,
        sha256=None,
        approval=None,
        seen="registry",
    )
    registry.take(stored)


def _raise_alerts(
    registry: Registry, append: Callable[..., Any], *, only: int | None = None, disproved: Container[str] = ()
) -> int:
    """Raise an alert for each flag that has none yet; how many. ``only`` the flags of one move."""
    raised = 0
    for flag in flags(registry, datetime.now(UTC), disproved):
        move = flag.seqs[0] if flag.alias is not None else None
        if only is not None and move != only:
            continue
        model = registry.models[flag.model]
        key = (flag.version, flag.alias, flag.problem, move)
        told = {tuple(event.get(name) for name in ("version", "alias", "problem", "move")) for event in model.alerts}
        if key not in told:
            raised += 1
            about = {"model": flag.model, "version": flag.version, "alias": flag.alias, "problem": flag.problem}
            registry.take(append("alert", about=_ABOUT, move=move, **about))
    return raised
