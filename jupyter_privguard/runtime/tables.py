"""Tables that somebody hands over, classified and masked as this deployment decides."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..frames import FrameView, explicit_view, view
from ..guard.assess import Classification, column_names, mask_table
from ..guard.assess import assess as assess_alone
from ..guard.deciding import Deciding
from ..guard.overrides import DataSet, Names, Overrides, label_digests
from ..guard.saved_overrides import FILE as OVERRIDES_FILE
from ..model import Tier
from ..policy.rules import Policy
from ..settings import Home
from .keys import existing_keyring, keyring
from .place import check_allowed, home, is_there, policy, principal, tell
from .sessions import overrides_file, running_session

__all__ = ["assess", "classify_object", "mask_object", "saved_overrides"]


def assess(
    seen: FrameView,
    *,
    policy: Policy,
    dataset: str | None = None,
    source: str | None = None,
    header_only: bool = False,
    full: bool = False,
) -> Classification:
    """The verdict of every column of the data set ``dataset`` under ``policy``, people's own words included."""
    found = assess_alone(seen, policy=policy, dataset=dataset, source=source, header_only=header_only, full=full)
    return found if dataset is None else _deciding(policy).on_own(found, column_names(seen), DataSet(dataset))


def saved_overrides(at: Home | None = None) -> Overrides:
    """The classes that this account's sessions gave to columns for good. StateError if they cannot be read."""
    place = at or home()
    if not is_there(place.root / OVERRIDES_FILE):
        return Overrides(Names(str, lambda text: [text]))
    ring = existing_keyring(place)
    return Overrides(Names(str, partial(label_digests, ring)), saved=overrides_file(place, ring).read())


def _deciding(in_force: Policy) -> Deciding:
    session = running_session()
    overrides = session.overrides if session is not None else saved_overrides()
    return Deciding(in_force, principal(in_force), overrides)


def _assess_object(
    obj: Any, seen: FrameView, in_force: Policy, *, name: str | None, header_only: bool = False, full: bool = False
) -> Classification:
    """What holds for ``obj``: by itself in a running session, and by the ``name`` that its user gives it."""
    found = assess(seen, policy=in_force, dataset=name, header_only=header_only, full=full)
    if name is not None:
        found = _deciding(in_force).on_own(found, column_names(seen), DataSet(name, is_variable=True))
    session = running_session()
    if session is None or not session.overrides or view(obj) is None:
        return found
    return session.classes.applied_to(found, obj, seen, in_force)


def _table(obj: Any, *, header_only: bool = False) -> FrameView:
    seen = explicit_view(obj, header_only=header_only)
    if seen is None:
        raise InputError(
            f"privguard: a {type(obj).__name__} is not a table; pass a DataFrame, Series, Index or array, "
            "an Arrow table or a DuckDB relation."
        )
    return seen


def classify_object(obj: Any, *, name: str | None, header_only: bool, full: bool) -> Classification:
    """`jupyter_privguard.classify`."""
    seen = _table(obj, header_only=header_only)
    found = _assess_object(obj, seen, policy(), name=name, header_only=header_only, full=full)
    # Its caller may have no other hold on the table: `classify(read_csv(…)).quasi_identifiers`.
    return found if header_only else replace(found, table=lambda: seen)


def mask_object(obj: Any, *, tier: str, tighten_by: str | None) -> Any:
    """`jupyter_privguard.mask`."""
    try:
        wanted = Tier.parse(tier)
    except ValueError as error:
        raise InputError(f"privguard: {error}.") from None
    in_force = policy(Path(tighten_by) if tighten_by is not None else None)
    check_allowed("mask", wanted, in_force)
    ring, notices = keyring(home())
    tell(notices)
    seen = _table(obj)
    found = _assess_object(obj, seen, in_force, name=None)
    masked = mask_table(seen, tier=wanted, policy=in_force, keyring=ring, classification=found).native
    if ring.vault is not None:
        ring.vault.flush()
    return masked
