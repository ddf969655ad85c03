"""What `jupyter_privguard.mask` makes of a table: the copy that a screen would show, with all rows and full handles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from ...frames import FrameView, explicit_view, view
from ...keys.keyring import KeyRing
from ...model import ColumnVerdict, Tier
from ...policy.rules import Policy
from ..columns.assess import Classification, acting, heads_alone
from ..columns.sideways import verdicts_of_rows_alone
from ..session import Session
from ..texts.known import Hit
from ..texts.masker import TextMasker
from ..texts.own_values import own_values
from .copying import Copying, Judged
from .masked_copies import is_masked_already

__all__ = ["masked_alone", "masked_in_session"]

_QUERIES = frozenset({"LazyFrame", "DuckDBPyRelation"})
"""Classes of tables that are run when their rows are asked for, and never change."""
_ALL_LEARNED = 10_000
"""Rows of a table whose sensitive values are all looked for in texts and labels; of a longer one only in labels."""


def masked_in_session(
    session: Session,
    obj: Any,
    seen: FrameView,
    *,
    tier: Tier,
    policy: Policy,
    keyring: KeyRing,
    alone: Callable[[], Classification],
    is_tighter: bool,
) -> Any:
    """``obj``, seen as ``seen``, masked by what ``session`` knows of it and its values.

    ``alone`` classifies it under ``policy`` by itself, which is asked too where it ``is_tighter``: where that policy
    is not the session's, or the table got a name. The copy is known from now on: it is not masked again when it
    is shown.
    """
    knowledge, is_met = session.knowledge, view(obj) is not None
    with session.locked():
        knowledge.learn()
        if is_met:
            judged = Judged(
                _tightened(knowledge.classification(obj, seen), alone() if is_tighter else None, policy),
                _all_acting(knowledge.verdicts_of_heads(seen), policy),
                _all_acting(knowledge.verdicts_of_rows(obj, seen), policy),
                knowledge.facts(obj).exact,
            )
        else:
            judged = Judged(knowledge.in_known_domains(alone(), seen), heads_alone(seen, policy))
    find = _locked(TextMasker(policy, keyring).finder(knowledge.values), session.locked())
    how = Copying(tier, policy, keyring, on_screen=False, find_spans=find)
    if judged.exact is not None and judged.exact.group_size == 0:
        return seen.masked({})  # statistics of nobody
    with knowledge.counting_guesses(obj, keyring):
        done = how.copy(seen, judged, whole=True) if is_met else how.part(seen, judged)
    native = done.native
    copy = view(native) if is_met else _rows_of_query(native)
    if copy is not None:
        with session.locked():
            knowledge.masked(copy, judged, tier)
    return native


def _rows_of_query(native: Any) -> FrameView | None:
    """A masked copy that is a query, with its rows; None of an array, which may be changed later."""
    return explicit_view(native) if type(native).__name__ in _QUERIES else None


def masked_alone(seen: FrameView, found: Classification, *, tier: Tier, policy: Policy, keyring: KeyRing) -> Any:
    """The table ``seen`` masked by what ``found`` says of its columns, and by its own values where they are labels."""
    judged = Judged(found, heads_alone(seen, policy), verdicts_of_rows_alone(seen, found, policy))
    find = TextMasker(policy, keyring).finder(own_values(seen, found, in_labels_alone=seen.rows > _ALL_LEARNED))
    return Copying(tier, policy, keyring, on_screen=False, find_spans=find).part(seen, judged).native


def _all_acting(verdicts: dict[int, ColumnVerdict], policy: Policy) -> dict[int, ColumnVerdict]:
    return {at: _acting(verdict, policy) for at, verdict in verdicts.items()}


def _acting(verdict: ColumnVerdict, policy: Policy) -> ColumnVerdict:
    return verdict if is_masked_already(verdict) else acting(verdict, policy)


def _tightened(known: Classification, alone: Classification | None, policy: Policy) -> Classification:
    """``known`` under ``policy``, by which ``alone`` found perhaps more, and other domains."""
    columns = [_acting(verdict, policy) for verdict in known]
    for at, own in enumerate(alone or ()):
        if not own.is_sensitive or at in known.released_by_persons or is_masked_already(columns[at]):
            continue
        if not columns[at].is_sensitive:
            columns[at] = own
        elif own.entity == columns[at].entity and own.domain not in ("", own.entity):
            columns[at] = replace(columns[at], domain=own.domain)
    return replace(known, columns=tuple(columns))


def _locked(find: Callable[[str], list[Hit]], lock: AbstractContextManager[Any]) -> Callable[[str], Sequence[Hit]]:
    """``find`` while nobody learns; a long table must not keep others waiting."""

    def found(text: str) -> list[Hit]:
        with lock:
            return find(text)

    return found
