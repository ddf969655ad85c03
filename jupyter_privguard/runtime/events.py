"""Events that belong to no cell, and what is read from the log."""

from __future__ import annotations

from typing import Any

from ..audit.reader import LogReader
from ..errors import LogUnavailable, Refused
from ..keys.keyring import KeyRing
from ..model import Tier
from ..policy.rules import Policy
from ..settings import Home
from .keys import key_provider, keyring, log_key
from .log import append, check_not_lost, open_log
from .place import check_allowed, home, is_there, tell

__all__ = ["check_file_allowed", "log_reader", "record", "safe_text"]


def record(
    action: str, in_force: Policy, *, at: Home | None = None, outcome: str = "ok", **fields: Any
) -> dict[str, Any]:
    """Append one event that belongs to no notebook's session; the stored event.

    Raises LogUnavailable or KeyStoreError when that cannot be done; never makes keys.
    """
    place = at or home()
    tell(place.make())
    with open_log(place, log_key(place), in_force) as log:
        return append(log, action, in_force, outcome=outcome, **fields)


def check_file_allowed(
    action: str, tier: Tier, in_force: Policy, *, file: str, reason: str | None = None, event: str = "data.load"
) -> None:
    """Raises Refused unless this account may do ``action`` at ``tier`` with the data set in ``file``.

    What was asked for and is refused is an event, as it is for a cell: ``event``.
    """
    # No start asks for a file, or has a text of this kind.
    from ..guard.cells.sources import data_sets_of
    from ..guard.columns.datasets import name_of_source

    try:
        check_allowed(action, tier, in_force, reason=reason, datasets=data_sets_of(file, in_force))
    except Refused as refused:
        ring, _ = keyring(home())  # what is refused gets its one sentence and no other
        name, source = (safe_text(text, in_force, ring) for text in (name_of_source(file), file))
        dataset: dict[str, Any] = {"name": name, "source": source, "rows": 0, "columns": []}
        record(event, in_force, outcome="refused", rule=refused.rule, tier=tier.label, dataset=dataset)
        raise


def log_reader(at: Home | None = None) -> LogReader:
    """Read access to the log; never writes. LogUnavailable if there is none."""
    place = at or home()
    check_not_lost(place)
    if not is_there(place.log):
        raise LogUnavailable(f"privguard: there is no log in {place.root}; it begins with the first guarded cell.")
    keys = key_provider(place)
    vkey = keys.public_vkey() if keys.exists() else None
    return LogReader.open(place.log, vkey)


def safe_text(text: str, in_force: Policy, ring: KeyRing) -> str:
    """``text`` (a path, a name, a reason) as it may stand in the log: what looks like a value is masked."""
    from ..guard.texts.masker import mask_spans

    return mask_spans(text, tier=Tier.PUBLIC, policy=in_force, keyring=ring, on_screen=True)
