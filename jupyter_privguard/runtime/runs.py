"""Experiment tracking beside this process's guard: its hooks, and what may be sent; MLflow's telemetry is off."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any

from ..frames.typed import values_changed
from ..guard.session import Session
from ..guard.tracked.leaving import FileLook, Leaving
from ..guard.tracked.tracker import RunTracker
from ..tracking.watch import watch
from .tables import classify_object, mask_object

__all__ = ["telemetry_off", "watch_runs"]

_SWITCHES = ("MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK")


def watch_runs(session: Session, picture: Callable[[], AbstractContextManager[None]]) -> Callable[[], None]:
    """Track the runs that cells of ``session`` log, from the import of MLflow on; what ends it.

    ``picture`` is a context: what is drawn in it is masked as for tier public.
    """
    leaving = Leaving(session, mask_table=_masked, look=lambda path: _looked(path, session))
    tracker = RunTracker(session, leaving, picture=picture)
    unwatch = watch(tracker)

    def end() -> None:
        unwatch()
        tracker.close()

    return end


def _masked(data: Any) -> tuple[Any, Counter[str]]:
    """``data`` as tier public sees it, and how many values of what were masked."""
    masked = mask_object(data, tier="public", tighten_by=None)
    changed = values_changed(masked, data)
    if not changed:
        return data, Counter()
    verdicts = list(classify_object(data, name=None, header_only=False, full=False))
    counted: Counter[str] = Counter()
    for position, number in changed.items():
        known = position < len(verdicts) and verdicts[position].is_sensitive
        counted[verdicts[position].entity if known else "FREE_TEXT_WITH_PII"] += number
    return masked, counted


def _looked(path: str, session: Session) -> list[FileLook]:
    """What stands in the file at ``path``, or in those of the folder."""
    from .sent_files import looked_through  # brings the scanner in, which a start does not need

    return looked_through(path, session.policy)


def telemetry_off() -> tuple[dict[str, Any], Callable[[], None]]:
    """Tell MLflow, and whatever heeds ``DO_NOT_TRACK``, to report nothing of its use to anybody.

    What ``guard.load`` says of it, and what puts the settings back. Programs that cells start inherit them.
    """
    before = {name: os.environ.get(name) for name in _SWITCHES}
    os.environ.update(dict.fromkeys(_SWITCHES, "true"))
    module = sys.modules.get("mlflow.telemetry.client")
    is_late = module is not None and module.get_telemetry_client() is not None
    if is_late and module is not None:
        with suppress(Exception):  # it may be of any version
            module.set_telemetry_client()

    def restore() -> None:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    return {"telemetry": {"off": list(_SWITCHES), "late": is_late}}, restore
