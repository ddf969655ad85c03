"""All points of the checklist, one after the other, and the event that tells of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from .. import runtime
from ..audit.verify import verify
from ..errors import LogUnavailable, Refused
from ..report.experiments import find_experiment
from .deployment import Deployment, Limits
from .kept import kept
from .keyed_hash import keyed_hash, loose_keys
from .model_output import model_output
from .platform import platform
from .points import Found, Point, Status, worst
from .predictions import predictions
from .scans import scans
from .tiers import tiers

__all__ = ["answers", "run_checklist"]

_POINTS: tuple[Callable[[Deployment], list[Found]], ...] = (
    model_output,
    keyed_hash,
    platform,
    predictions,
    kept,
    tiers,
    scans,
)


def run_checklist(
    *,
    experiment: str | None = None,
    archive: str | None = None,
    limits: Limits | None = None,
    mask: Callable[[list[str]], list[str]] | None = None,
    done: Callable[[float], None] = lambda _: None,
    unrecorded: Callable[[LogUnavailable], object] | None = None,
) -> list[Point]:
    """The seven points, each tried now, and recorded as a ``checklist`` event; ``done`` hears of the share.

    ``unrecorded`` hears where the log does not take the event, and the points are told all the same.
    ``experiment`` narrows what is looked at in the record, ``archive`` is the bucket in which a deletion is tried,
    ``mask`` stands for `pg.mask` on made-up ids. LogUnavailable where there is no log, LogError where it is damaged,
    InputError for an experiment that it does not know; KeyStoreError and PolicyError where these cannot be used.
    """
    home, in_force = runtime.home(), runtime.policy()
    loose = loose_keys(home)  # before anything tightens them
    log = verify(runtime.log_reader())
    if experiment is not None:
        find_experiment(log.events, experiment)
    reading = runtime.Reading("checklist", in_force)
    reading.note()
    events = tuple(event for event in log.events if reading.may_see(event))
    at = Deployment(
        home=home,
        policy=in_force,
        keyring=runtime.existing_keyring(home),
        log=log,
        events=events,
        now=datetime.now(UTC),
        loose=loose,
        experiment=experiment,
        archive=archive,
        limits=limits or Limits(),
        mask=mask,
    )
    points = answers(at, done, is_whole=_is_whole(reading, log.events))
    told: dict[str, Any] = {"points": [point.told() for point in points], "tried": list(at.tried)}
    if experiment is not None:
        told["experiment"] = experiment
    try:
        runtime.record("checklist", in_force, **told)
    except LogUnavailable as error:
        if unrecorded is None:
            raise
        unrecorded(error)
    return points


def answers(at: Deployment, done: Callable[[float], None] = lambda _: None, *, is_whole: bool = True) -> list[Point]:
    """The points as the deployment ``at`` is; ``is_whole`` tells whether all of its events may be read."""
    points = []
    for number, look in enumerate(_POINTS, 1):
        found = look(at)
        if not is_whole:
            found.append(Found(Status.PARTIAL, "events of others are not this account's to read"))
        point = worst(number, found)
        reason = runtime.safe_text(point.reason, at.policy, at.keyring)
        points.append(Point(point.number, point.status, reason, point.seqs, point.is_broken))
        done(number / len(_POINTS))
    return points


def _is_whole(reading: runtime.Reading, events: Sequence[dict[str, object]]) -> bool:
    try:
        reading.check_whole(events)
    except Refused:
        return False
    return True
