"""What follows the runs that cells log with MLflow, and what of them may be sent: imported when MLflow is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from ..frames.typed import values_changed
from ..guard.tracked.leaving import FileLook, Leaving
from ..guard.tracked.tracker import RunTracker
from .tables import classify_object, mask_object

if TYPE_CHECKING:
    from ..guard.session import Session

__all__ = ["tracker_of"]


def tracker_of(session: Session, picture: Callable[[], AbstractContextManager[None]]) -> RunTracker:
    """What is told of the runs that cells of ``session`` log; ``picture`` as in `watch_runs`."""
    leaving = Leaving(session, mask_table=_masked, look=lambda path: _looked(path, session))
    return RunTracker(session, leaving, picture=picture)


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
    from .sent_files import looked_through  # brings the scanner in, which runs without files do not need

    return looked_through(path, session.policy)
