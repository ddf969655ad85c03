"""Events that belong to no cell, and what is read from the log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..audit.reader import LogReader
from ..errors import LogUnavailable
from ..guard.text import mask_spans
from ..keys.keyring import KeyRing
from ..model import Tier
from ..policy.rules import Policy
from ..settings import Home
from .keys import key_provider, log_key
from .log import append, open_log
from .place import check_allowed, home, is_there, tell

__all__ = ["log_reader", "record", "report_page", "safe_text"]


def record(
    action: str, in_force: Policy, *, at: Home | None = None, outcome: str = "ok", **fields: Any
) -> dict[str, Any]:
    """Append one event that belongs to no notebook's session; the stored event.

    Raises LogUnavailable or KeyStoreError when that cannot be done; never makes keys.
    """
    place = at or home()
    tell(place.make())
    with open_log(place, log_key(place)) as log:
        return append(log, action, in_force, outcome=outcome, **fields)


def log_reader(at: Home | None = None) -> LogReader:
    """Read access to the log; never writes. LogUnavailable if there is none."""
    place = at or home()
    if not is_there(place.log):
        raise LogUnavailable(f"privguard: there is no log in {place.root}; it begins with the first guarded cell.")
    keys = key_provider(place)
    vkey = keys.public_vkey() if keys.exists() else None
    return LogReader.open(place.log, vkey)


def safe_text(text: str, in_force: Policy, ring: KeyRing) -> str:
    """``text`` (a path, a name, a reason) as it may stand in the log: what looks like a value is masked."""
    return mask_spans(text, tier=Tier.PUBLIC, policy=in_force, keyring=ring, on_screen=True)


def report_page(experiment: str, in_force: Policy, *, notebook: Path | None = None) -> str:
    """The compliance HTML of ``experiment``. The log is verified first. Blocks for seconds.

    Raises LogError when it is damaged, InputError when it tells of no such experiment, Refused when
    the policy does not let this account export.
    """
    from ..audit.verify import verify
    from ..report.build import build

    check_allowed("report", Tier.PUBLIC, in_force, experiment=experiment)
    verified = verify(log_reader())
    return build(experiment, verified, notebook=notebook, now=datetime.now(UTC), patterns=in_force.all_patterns)
