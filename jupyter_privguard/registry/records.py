"""What the log tells of models: versions, digests, reviews, approvals, benchmarks, aliases and deployments. Pure.

The fold is total: an event with a missing or odd field tells less, and is never an error.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .._canonical import canonical_json
from .approvals import ModelApproval

__all__ = ["Benchmark", "Deployment", "Model", "Move", "Registry", "Version", "is_live", "line_digest"]

Event = Mapping[str, Any]

_NOT_LIVE = frozenset({"none", "archived"})
"""Stages in which nobody is served."""
_UNKNOWN = "unknown"
_MOST_REVIEWS = 3


class Benchmark(NamedTuple):
    """A metric of a version."""

    name: str
    value: str
    seq: int


@dataclass(slots=True)
class Deployment:
    """What one deployment served of a version: a summary of its predictions."""

    name: str
    sha256: str
    """Of the object that was served."""
    predictions: int = 0
    refused: int = 0
    first: tuple[int, str] = (0, "")
    """``seq`` and time of the first prediction, and of the last one."""
    last: tuple[int, str] = (0, "")


class Move(NamedTuple):
    """What became of an alias."""

    alias: str
    kind: str
    """``alias`` or ``stage``."""
    version: str | None
    """None where it was taken away."""
    before: str | None
    sha256: str | None
    approval: str | None
    outcome: str
    seen: str
    """``kernel`` where a guarded kernel moved it, ``registry`` where it was found moved."""
    by: str
    time: str
    seq: int


@dataclass(slots=True)
class Version:
    """One version of a model."""

    name: str
    digests: dict[str, int] = field(default_factory=dict)
    """Of its files, in the order in which they were met, each with the event."""
    benchmarks: dict[str, Benchmark] = field(default_factory=dict)
    """The newest of each name."""
    approvals: list[ModelApproval] = field(default_factory=list)
    deployments: dict[tuple[str, str], Deployment] = field(default_factory=dict)
    records: list[int] = field(default_factory=list)

    @property
    def sha256(self) -> str | None:
        """The newest digest of its files; of a version that has none, of the object that was served last."""
        if self.digests:
            return list(self.digests)[-1]
        served = sorted(self.deployments.values(), key=lambda one: one.last[0])
        known = [one.sha256 for one in served if one.sha256 != _UNKNOWN]
        return next(reversed(known or [one.sha256 for one in self.approvals]), None)


@dataclass(slots=True)
class Model:
    """One registered model."""

    name: str
    versions: dict[str, Version] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    alerts: list[Event] = field(default_factory=list)

    def version(self, name: str) -> Version:
        """The version called ``name``, known from now on."""
        return self.versions.setdefault(name, Version(name))

    @property
    def in_order(self) -> list[Version]:
        """The versions, numbers by their size."""
        return sorted(
            self.versions.values(),
            key=lambda one: (not one.name.isdigit(), int(one.name) if one.name.isdigit() else 0, one.name),
        )

    @property
    def aliases(self) -> dict[tuple[str, str], Move]:
        """The newest move of each alias, and of each version in a live stage, by alias and version."""
        found: dict[tuple[str, str], Move] = {}
        for move in self.moves:
            if move.outcome != "ok":
                continue
            if move.kind == "stage":
                found = {key: one for key, one in found.items() if one.kind != "stage" or key[1] != move.version}
            else:
                found = {key: one for key, one in found.items() if one.kind == "stage" or key[0] != move.alias}
            if move.version is not None and is_live(move.kind, move.alias):
                found[move.alias, move.version] = move
        return found

    @property
    def is_managed(self) -> bool:
        """Whether somebody has registered it or asked to approve it."""
        return any(one.records or one.approvals for one in self.versions.values())


class Registry:
    """The models of a log; feed it events in the log's order."""

    def __init__(self, own_key: str | None = None) -> None:
        """``own_key`` is the verifier key of the log, which can be nobody else's."""
        self._own_key = own_key
        self.models: dict[str, Model] = {}
        self.approvals: dict[str, ModelApproval] = {}
        self.reviews: dict[int, Event] = {}
        """By ``seq``."""

    @classmethod
    def of(cls, events: Iterable[Event], own_key: str | None = None) -> Registry:
        """The models that ``events`` tell of."""
        made = cls(own_key)
        for event in events:
            made.take(event)
        return made

    def take(self, event: Event) -> None:
        """Fold ``event`` in."""
        action = event.get("action")
        if action == "model.review":
            self.reviews[int(event["seq"])] = event
        elif isinstance(event.get("model"), str) and action in _TAKEN:
            _TAKEN[str(action)](self, self._model(str(event["model"])), event)

    def named(self, model: str) -> Model | None:
        """The model of that name, if the log tells of it."""
        return self.models.get(model)

    def reviews_of(self, model: str, version: str, digests: Iterable[str] = ()) -> list[Event]:
        """The reviews of a version: those that name it, or its model alone, and those of its digest."""
        known = {one for one in digests if one != _UNKNOWN}
        return [
            event
            for event in self.reviews.values()
            if event.get("sha256") in known
            or (event.get("model") == model and event.get("version") in (None, _UNKNOWN, version))
        ]

    def newest_reviews(self, model: Model, version: Version) -> list[Event]:
        """The last few of `reviews_of` a version, the newest last."""
        served = [one.sha256 for one in version.deployments.values()]
        return self.reviews_of(model.name, version.name, [*version.digests, *served])[-_MOST_REVIEWS:]

    def is_reviewed(self, approval: ModelApproval) -> bool | None:
        """Whether the review on which ``approval`` rests is here, and passed; None in a log that does not have it."""
        if approval.asked_seq is None or approval.review is None:
            return None
        event = self.reviews.get(approval.review)
        return event is not None and line_digest(event) == approval.review_sha256 and not event.get("blocked")

    def _model(self, name: str) -> Model:
        return self.models.setdefault(name, Model(name))

    def _recorded(self, model: Model, event: Event) -> None:
        version, seq = model.version(str(event.get("version"))), int(event["seq"])
        version.records.append(seq)
        _note_digest(version, event)
        metrics = event.get("metrics")
        for one in metrics if isinstance(metrics, list) else ():
            if isinstance(one, Mapping):
                name = str(one.get("name"))
                version.benchmarks[name] = Benchmark(name, str(one.get("value")), seq)

    def _asked(self, model: Model, event: Event) -> None:
        found = self._approval(model, event)
        if found.is_about(event):
            found.note_asked(event)

    def _answered(self, model: Model, event: Event) -> None:
        if event.get("outcome") == "ok":
            self._approval(model, event).note_answer(event, self._own_key)

    def _approval(self, model: Model, event: Event) -> ModelApproval:
        id_ = str(event.get("approval"))
        if id_ not in self.approvals:
            self.approvals[id_] = ModelApproval.told_by(event)
            model.version(str(event.get("version"))).approvals.append(self.approvals[id_])
        return self.approvals[id_]

    def _moved(self, model: Model, event: Event) -> None:
        version, before = event.get("version"), event.get("before")
        if isinstance(version, str) and event.get("outcome") == "ok":
            _note_digest(model.version(version), event)
        if event.get("outcome") == "error":  # it is recorded before it is done, and this one was not done
            _withdraw(model, event)
        model.moves.append(
            Move(
                alias=str(event.get("alias")),
                kind=str(event.get("kind")),
                version=version if isinstance(version, str) else None,
                before=before if isinstance(before, str) else None,
                sha256=str(event["sha256"]) if event.get("sha256") else None,
                approval=str(event["approval"]) if event.get("approval") else None,
                outcome=str(event.get("outcome")),
                seen=str(event.get("seen")),
                by=str((event.get("principal") or {}).get("id")),
                time=str(event.get("time")),
                seq=int(event["seq"]),
            )
        )

    def _predicted(self, model: Model, event: Event) -> None:
        version = model.version(str(event.get("version") or _UNKNOWN))
        key = (str(event.get("deployment") or _UNKNOWN), str(event.get("sha256") or _UNKNOWN))
        found = version.deployments.setdefault(key, Deployment(*key))
        place = (int(event["seq"]), str(event.get("time")))
        found.first = found.first if found.predictions or found.refused else place
        found.last = place
        if event.get("outcome") == "ok":
            found.predictions += 1
        else:
            found.refused += 1

    def _alerted(self, model: Model, event: Event) -> None:
        model.alerts.append(event)


_TAKEN = {
    "model.record": Registry._recorded,
    "model.request": Registry._asked,
    "model.approve": Registry._answered,
    "model.deny": Registry._answered,
    "model.alias": Registry._moved,
    "model.predict": Registry._predicted,
    "alert": Registry._alerted,
}


def is_live(kind: str, alias: str) -> bool:
    """Whether somebody may be served what an alias or stage of this name points to."""
    return kind != "stage" or alias.lower() not in _NOT_LIVE


def line_digest(event: Event) -> str:
    """The SHA-256 of an event's line in the log, 64 lower hex."""
    return hashlib.sha256(canonical_json(dict(event))).hexdigest()


def _withdraw(model: Model, event: Event) -> None:
    what = (str(event.get("alias")), str(event.get("kind")), event.get("version"))
    for place in range(len(model.moves) - 1, -1, -1):
        move = model.moves[place]
        if (move.alias, move.kind, move.version) == what and move.outcome == "ok":
            model.moves[place] = move._replace(outcome="error")
            return


def _note_digest(version: Version, event: Event) -> None:
    sha256 = event.get("sha256")
    if isinstance(sha256, str):
        version.digests.pop(sha256, None)
        version.digests[sha256] = int(event["seq"])
