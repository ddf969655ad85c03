"""Tables that somebody hands over, classified and masked as this deployment decides."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..audit.event import event
from ..errors import InputError
from ..frames import explicit_view, view
from ..guard.cells.cell import CellOptions
from ..guard.cells.sources import data_sets_of
from ..guard.columns.assess import assess as assess_alone
from ..guard.columns.assess import column_names, with_domains
from ..guard.columns.datasets import place_of_source
from ..guard.overrides.change_events import applied_fields, is_by_self
from ..guard.overrides.deciding import Deciding
from ..guard.overrides.saved import FILE as OVERRIDES_FILE
from ..guard.overrides.statements import DataSet, Names, Overrides, label_digests
from ..guard.tables.whole_copies import masked_alone, masked_in_session
from ..model import Tier
from .events import safe_text
from .keys import drawing_surrogates, existing_keyring, keyring, log_key
from .log import open_log
from .place import check_allowed, home, is_there, principal, tell
from .sessions import domain_pins, has_saved_overrides, overrides_file, policy_here, running_session

if TYPE_CHECKING:
    from ..frames import FrameView
    from ..guard.columns.assess import Classification
    from ..guard.columns.pins import DomainPins
    from ..guard.overrides.deciding import Applied
    from ..guard.session import Session
    from ..keys.keyring import KeyRing
    from ..policy.rules import Policy

__all__ = ["assess", "classify_object", "mask_object", "saved_overrides", "with_words"]


def assess(
    seen: FrameView,
    *,
    policy: Policy,
    dataset: str | None = None,
    source: str | None = None,
    header_only: bool = False,
    full: bool = False,
) -> Classification:
    """The verdict of every column of the data set ``dataset`` under ``policy``, people's own words included.

    A stored word that shows more of a column holds only for the ``source`` about which it was said.
    InputError where every value and no value are asked for at once.
    """
    if header_only and full:
        raise InputError(
            "privguard: a table cannot be classified by its header alone and by every cell at once; "
            "leave out header_only or full."
        )
    found = assess_alone(seen, policy=policy, dataset=dataset, source=source, header_only=header_only, full=full)
    return found if dataset is None else _deciding(policy).on_own(found, column_names(seen), _named(dataset, source))


def with_words(
    found: Classification,
    seen: FrameView,
    policy: Policy,
    *,
    dataset: str,
    source: str,
    pins: DomainPins,
    safe: Callable[[str], str],
) -> Classification:
    """``found`` on the data set ``dataset`` with what people said of its columns, each word logged before it holds.

    ``safe`` masks what looks like a value; ``pins`` keep the domains of the columns. LogUnavailable or StateError if
    either cannot be made durable.
    """
    deciding = _deciding(policy)
    decided = deciding.on_own(found, column_names(seen), _named(dataset, source))
    session = running_session()
    if session is not None:
        session.classes.note(deciding.applied)
    elif deciding.applied:
        _record(deciding.applied.values(), policy, safe)
    return with_domains(decided, policy, dataset=dataset, source=source, pins=pins) if decided.replaced else decided


def _record(applied: Iterable[Applied], in_force: Policy, safe: Callable[[str], str]) -> None:
    place, who, session = home(), principal(in_force), secrets.token_hex(8)
    events = [
        event(
            "class.change",
            principal=who._replace(assurance="self") if is_by_self(one.answer) else who,
            session=session,
            outcome="ok" if one.answer.allowed else "refused",
            policy_sha256=in_force.sha256,
            **applied_fields(one, in_force, lambda text: safe(text) if text else text),
        )
        for one in applied
    ]
    with open_log(place, log_key(place), in_force) as log:
        log.append_many(events)


def _named(dataset: str, source: str | None) -> DataSet:
    return DataSet(dataset, source=place_of_source(source or ""))


def saved_overrides(in_force: Policy | None = None) -> Overrides:
    """The classes that this account's sessions gave to columns for good. StateError if they cannot be read.

    With ``in_force`` what looks like a value in them is masked where it is shown.
    """
    place = home()
    if not (is_there(place.root / OVERRIDES_FILE) or has_saved_overrides(place)):
        return Overrides(Names(str, lambda text: [text]))
    ring = existing_keyring(place)
    safe = str if in_force is None else partial(safe_text, in_force=in_force, ring=ring)
    return Overrides(Names(safe, partial(label_digests, ring)), saved=overrides_file(place, ring).read())


def _deciding(in_force: Policy) -> Deciding:
    session = running_session()
    overrides = session.overrides if session is not None else saved_overrides(in_force)
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


def _table(obj: Any, *, header_only: bool = False, whole: bool = False) -> FrameView:
    seen = explicit_view(obj, header_only=header_only, whole=whole)
    if seen is None:
        raise InputError(
            f"privguard: an object of type {type(obj).__name__} is not a table; pass a DataFrame, Series, Index or "
            "array, an Arrow table or a DuckDB relation."
        )
    return seen


def classify_object(obj: Any, *, name: str | None, header_only: bool, full: bool) -> Classification:
    """`jupyter_privguard.classify`."""
    seen = _table(obj, header_only=header_only)
    found = _assess_object(obj, seen, policy_here(), name=name, header_only=header_only, full=full)
    # Its caller may have no other hold on the table: `classify(read_csv(…)).quasi_identifiers`.
    return found if header_only else replace(found, table=lambda: seen)


def mask_object(obj: Any, *, tier: str, tighten_by: str | None, name: str | None = None) -> Any:
    """`jupyter_privguard.mask`."""
    try:
        wanted = Tier.parse(tier)
    except ValueError as error:
        raise InputError(f"privguard: {error}.") from None
    in_force = policy_here(Path(tighten_by) if tighten_by is not None else None)
    session = running_session()
    check_allowed("mask", wanted, in_force, **_about(obj, in_force, session))
    if session is not None:
        session.follow_keys()
    ring = session.keyring.as_of_now() if session is not None else _keys(in_force)
    seen = _table(obj, whole=True)

    def alone() -> Classification:
        found = _assess_object(obj, seen, in_force, name=name)
        return found if name is None else with_domains(found, in_force, dataset=name, pins=domain_pins(home(), ring))

    if session is None:
        masked = masked_alone(seen, alone(), tier=wanted, policy=in_force, keyring=ring)
    else:
        masked = masked_in_session(
            session,
            obj,
            seen,
            tier=wanted,
            policy=in_force,
            keyring=ring,
            alone=alone,
            is_tighter=tighten_by is not None or name is not None,
        )
    if ring.vault is not None:
        ring.vault.flush()
    return masked


def _about(obj: Any, in_force: Policy, session: Session | None) -> dict[str, Any]:
    """For what ``obj`` is masked, why, and the data set that it comes from, as far as a running session knows."""
    if session is None:
        return {}
    with session.locked():
        run, source = session.run_of(None), session.knowledge.source_of(obj)
    options = run.options if run is not None else CellOptions(Tier.PUBLIC, session.purpose, session.experiment)
    return {
        "purpose": options.purpose,
        "experiment": options.experiment,
        "reason": options.reason,
        "datasets": data_sets_of(source, in_force) if source is not None else (),
    }


def _keys(in_force: Policy) -> KeyRing:
    ring, notices = keyring(home())
    tell(notices)
    return drawing_surrogates(ring, home(), in_force)
