"""Point 7: scans prove no exposure."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from ..scanning.judging import Judge
from ..scanning.scanner import scan
from ..scanning.walking import files_under
from .deployment import Deployment, Event, seqs
from .points import Found, Status

__all__ = ["scans"]

_MOST_FILES, _MOST_BYTES, _MOST_SEEN = 40, 2 << 20, 5000
_SURE = 60
"""Percent: as sure as `privguard scan` wants to be."""


def scans(at: Deployment) -> list[Found]:
    """Looks at the newest ``scan`` of the record, and through some notebooks of the current folder."""
    return [*_recorded(at), *_tried(at)]


def _recorded(at: Deployment) -> list[Found]:
    event = at.newest("scan")
    if event is None:
        return [Found(Status.NOT, "no scan is in the record")]
    own = seqs([event])
    found, files = event.get("findings"), event.get("files")
    if event.get("outcome") != "ok" or not isinstance(found, int) or not isinstance(files, int):
        return [Found(Status.NOT, "the newest scan does not tell what it found", own)]
    if found:
        return [Found(Status.NOT, f"the newest scan found {_many(found, 'exposure')}", own)]
    if not files:
        return [Found(Status.NOT, "the newest scan looked at no file", own)]
    return [
        *_limits(at, event, own),
        Found(Status.EVIDENCED, f"the scan of {_many(files, 'file')} found none", own),
    ]


def _limits(at: Deployment, event: Event, own: tuple[int, ...]) -> list[Found]:
    found = []
    if not at.is_recent(event.get("time")):
        found.append(Found(Status.PARTIAL, f"the newest scan is older than {at.limits.days} days", own))
    if unread := event.get("unread"):
        found.append(Found(Status.PARTIAL, f"the newest scan could not read {_many(unread, 'file')}", own))
    if accepted := event.get("accepted"):
        found.append(Found(Status.PARTIAL, f"its baseline accepted {_many(accepted, 'finding')}", own))
    return found


def _tried(at: Deployment) -> list[Found]:
    unlisted: list[tuple[str, str]] = []
    files = files_under((".",), everything=False, problem=lambda *told: unlisted.append(told))
    notebooks = [path for path in islice(files, _MOST_SEEN) if path.endswith(".ipynb") and _is_small(path)]
    looked_at = notebooks[:_MOST_FILES]
    judge = Judge(at.policy, None, _SURE)
    found = scan(looked_at, judge, fix=False, jobs=1, done=lambda _: None)
    if bad := sum(bool(one.findings) for one in found):
        return [Found(Status.NOT, f"values stand in plain in {_many(bad, 'notebook')} of the current folder")]
    if unlisted:
        return [Found(Status.PARTIAL, f"{_many(len(unlisted), 'folder')} here could not be looked into")]
    if not looked_at:
        return [Found(Status.EVIDENCED, "no notebook lies in the current folder")]
    return [Found(Status.EVIDENCED, f"nor is there any in {_many(len(looked_at), 'notebook')} of the current folder")]


def _is_small(path: str) -> bool:
    try:
        return Path(path).stat().st_size <= _MOST_BYTES
    except OSError:
        return False


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"
