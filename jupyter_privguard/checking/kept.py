"""Point 5: the log is immutable and kept for the retention term."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from .. import runtime
from ..audit.reader import LogReader
from ..audit.verify import prove
from ..errors import LogError, LogUnavailable, PrivguardError
from ..runtime.anchors import held_against
from ..runtime.archive import term
from .deployment import Deployment, Event, seqs
from .points import Found, Status, clause

__all__ = ["can_overwrite", "kept"]

_DAMAGES = (
    "delete from records where seq = (select max(seq) from records)",
    "delete from records where seq = (select min(seq) from records)",
    "update records set line = replace(line, '\"action\"', '\"Action\"') where seq = (select min(seq) from records)",
)
_GUARDS = ("records_are_not_changed", "records_are_not_removed")


def kept(at: Deployment) -> list[Found]:
    """Damages a copy of the log, holds the log against its anchors, and looks at what lies in an archive."""
    return [*_damaged(at), *_anchored(at), *_archived(at)]


def _damaged(at: Deployment) -> list[Found]:
    path = runtime.log_reader().path
    if path.stat().st_size > at.limits.copied_bytes:
        return [Found(Status.PARTIAL, "the log is too large to try deletions on a copy of it here")]
    with tempfile.TemporaryDirectory(prefix="privguard-") as folder:
        copy = Path(folder) / path.name
        for damage in _DAMAGES:
            copy.unlink(missing_ok=True)
            try:
                if not _is_refused(path, copy, damage):
                    return [Found(Status.NOT, "the log's file lets records be deleted or changed")]
                if not _is_noticed(copy, damage, at.log.vkey):
                    return [Found(Status.NOT, "a record was deleted from a copy of the log, and nobody noticed")]
            except (sqlite3.Error, OSError) as error:
                return [Found(Status.PARTIAL, f"the log could not be copied to try ({type(error).__name__})")]
    return [Found(Status.EVIDENCED, "deleting and changing records was refused, and was noticed on a copy of the log")]


def _is_refused(path: Path, copy: Path, damage: str) -> bool:
    """Whether the file's own triggers refuse the damage; ``copy`` is made on the way."""
    source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    with closing(source), closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        try:
            target.execute(damage)
        except sqlite3.IntegrityError:
            return True
        finally:
            target.rollback()
    return False


def _is_noticed(copy: Path, damage: str, vkey: str) -> bool:
    with closing(sqlite3.connect(copy)) as target:
        target.execute("pragma journal_mode = delete")
        for name in _GUARDS:
            target.execute(f"drop trigger if exists {name}")
        target.execute(damage)
        target.commit()
    try:
        prove(LogReader(copy, vkey))
    except LogUnavailable:
        raise OSError from None
    except LogError:
        return True
    return False


def _anchored(at: Deployment) -> list[Found]:
    if not at.policy.anchors:
        return [Found(Status.PARTIAL, "no anchor keeps its checkpoints elsewhere")]
    try:
        held_against(at.policy)
    except LogUnavailable:
        return [Found(Status.NOT, "an anchor of the policy cannot be read")]
    except LogError as error:
        return [Found(Status.NOT, clause(error), is_broken=True)]
    if any(can_overwrite(Path(path)) for path in at.policy.anchors):
        return [Found(Status.PARTIAL, "this account can overwrite the anchor and not only add to it")]
    return [Found(Status.EVIDENCED, "it extends every checkpoint of its anchors")]


def can_overwrite(path: Path) -> bool:
    """Whether this account could write over what the anchor keeps; changes nothing."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NONBLOCK))  # what may only be added to refuses this
    except OSError:
        return False
    return True


def _archived(at: Deployment) -> list[Found]:
    events = [event for event in at.events if event.get("action") == "archive" and event.get("outcome") == "ok"]
    if not events:
        return [Found(Status.PARTIAL, "nothing of it lies in an archive that deletes nothing before the term")]
    newest = events[-1]
    own = seqs([newest])
    found: list[Found] = []
    if short := [event for event in events if not _is_long_enough(event, at)]:
        found.append(Found(Status.NOT, "an archived segment is kept for less than the policy's term", seqs(short)))
    if not at.is_recent(newest.get("time")):
        found.append(Found(Status.PARTIAL, f"nothing was archived in the last {at.limits.days} days", own))
    if at.archive is None:
        says = "deleting the newest segment was refused when it was written, and not tried again; name --archive"
        return [*found, Found(Status.PARTIAL, says, own)]
    return [*found, *_deleted(at.archive, at, own)]


def _is_long_enough(event: Event, at: Deployment) -> bool:
    try:
        made = datetime.fromisoformat(str(event["time"]))
        until = datetime.fromisoformat(str(event["retain_until"]))
    except (KeyError, ValueError):
        return False
    return until >= term(made, at.policy) - timedelta(days=1)


def _deleted(url: str, at: Deployment, own: tuple[int, ...]) -> list[Found]:
    from ..audit.stores.s3 import S3Bucket

    def reach(host: str, by_http: bool) -> bool:
        return at.policy.may_reach(host, by_http=by_http)

    try:
        if runtime.archived(url, at.policy) is None:
            return [Found(Status.NOT, "nothing of this log is in the archive that was named", own)]
        bucket = S3Bucket.open(url, may_reach=reach)
        name = max(name for name in bucket.names() if name.startswith(f"{at.keyring.origin}/"))
        bucket.prove_kept(name)
    except LogUnavailable as error:
        return [Found(Status.PARTIAL, clause(error), own)]
    except PrivguardError as error:
        return [Found(Status.NOT, clause(error), own, is_broken=isinstance(error, LogError))]
    return [Found(Status.EVIDENCED, "the archive is whole, and deleting its newest segment was refused", own)]
