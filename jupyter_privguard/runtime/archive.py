"""The log of this deployment in a bucket, for its term."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ..audit.verify import verify
from ..errors import Refused
from ..policy.rules import Policy
from .endpoints import note_endpoint
from .events import log_reader, record, safe_text
from .keys import existing_keyring
from .place import home
from .reading import Reading

if TYPE_CHECKING:
    from ..audit.archive import Segment
    from ..audit.checkpoint import Checkpoint
    from ..audit.stores.s3 import S3Bucket

__all__ = ["archive_log", "archived"]

_YEARS = 7
"""How long records are kept where the policy has no term."""
_DAYS_OF_A_YEAR = 365
"""As the policy counts them."""


def archive_log(url: str, in_force: Policy, done: Callable[[float], None] | None = None) -> list[Segment]:
    """Write what is new in the log to the bucket ``url``, prove that it cannot be deleted, and record it.

    The log is verified first. Refused where this account may not read all of it: an archive is whole. Errors as
    `audit.archive` and `audit.stores.s3`.
    """
    from ..audit.archive import archive

    ring = existing_keyring(home())
    log = verify(log_reader())
    try:
        Reading("archive", in_force).check_whole(log.events)
    except Refused as refused:
        record("archive", in_force, outcome="refused", rule=refused.rule)
        raise
    now = datetime.now(UTC)
    until, made = term(now, in_force), now.isoformat(timespec="seconds")
    bucket = _bucket(url, in_force)
    segments = archive(log, bucket, ring, until=until, made=made, done=done)
    note_endpoint(bucket.secured(), in_force, at=home(), key=ring)
    for segment in segments:
        record(
            "archive",
            in_force,
            to=safe_text(url, in_force, ring),
            first=segment.first,
            last=segment.last,
            sha256=segment.sha256,
            retain_until=segment.retain_until,
        )
    return segments


def archived(url: str, in_force: Policy, done: Callable[[float], None] | None = None) -> Checkpoint | None:
    """The checkpoint of the log as the bucket ``url`` has it, proven from there alone; None where nothing is.

    Errors as `audit.archive.read_back` and `audit.stores.s3`.
    """
    from ..audit.archive import read_back

    return read_back(_bucket(url, in_force), existing_keyring(home()), done=done)


def term(now: datetime, in_force: Policy) -> datetime:
    """Until when what is archived now is kept: the policy's term, else seven years."""
    days = in_force.longest_retain_days
    years, rest = (_YEARS, 0) if days is None else divmod(days, _DAYS_OF_A_YEAR)
    if rest or not years:
        return now + timedelta(days=days or 0)
    try:  # years of the calendar, so that leap days shorten no term
        return now.replace(year=now.year + years)
    except ValueError:  # 29 February
        return now.replace(year=now.year + years, month=3, day=1)


def _bucket(url: str, in_force: Policy) -> S3Bucket:
    from ..audit.stores.s3 import S3Bucket

    return S3Bucket.open(url, may_reach=lambda host, by_http: in_force.may_reach(host, by_http=by_http))
