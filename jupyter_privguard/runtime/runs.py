"""Experiment tracking beside this process's guard: its hooks, and what may be sent; MLflow's telemetry is off."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any

from .._later import Once
from ..tracking.watch import watch_for

if TYPE_CHECKING:
    from ..guard.session import Session
    from ..guard.tracked.tracker import RunTracker

__all__ = ["telemetry_off", "watch_runs"]

_SWITCHES = ("MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK")


def watch_runs(session: Session, picture: Callable[[], AbstractContextManager[None]]) -> Callable[[], None]:
    """Track the runs that cells of ``session`` log, from the import of MLflow on; what ends it.

    ``picture`` is a context: what is drawn in it is masked as for tier public.
    """

    def tracker() -> RunTracker:
        from .tracked_runs import tracker_of  # most programs import no MLflow

        return tracker_of(session, picture)

    told = Once(tracker, session.locked)
    unwatch = watch_for(told)

    def end() -> None:
        unwatch()
        if told.made is not None:
            told.made.close()

    return end


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
