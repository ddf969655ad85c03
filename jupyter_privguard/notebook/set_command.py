"""``%privguard set``: somebody says what a column holds, takes it back, or asks what was said."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from IPython.core.error import UsageError

from .._listing import first_of
from ..frames import FrameView, explicit_view, view
from ..guard.columns.assess import Classification, column_names
from ..guard.overrides.changes import Change
from ..guard.overrides.deciding import is_said
from ..guard.session import Session
from ..model import ENTITIES
from .named_tables import no_such_table

__all__ = ["run"]

_HOW = 'privguard: set takes NAME.COLUMN ENTITY, as in %privguard set "df.last name" PERSON_NAME; --save keeps it.'
_OPTIONS = ("--save", "--off")
_LISTED = 5
_LONGEST = 200
_SEES = {
    "clear": "in clear",
    "round": "rounded",
    "generalise": "in bands or shortened",
    "partial": "in part",
    "encrypt": "encrypted",
    "token": "as a keyed token",
    "redact": "redacted",
}


class _Target(NamedTuple):
    """Columns of one label of a table."""

    table: Any
    seen: FrameView
    positions: list[int]


def run(session: Session, namespace: Mapping[str, Any], words: Sequence[str]) -> str:
    """What to print for ``%privguard set WORDS``. UsageError says in one sentence what is wrong with them."""
    options = [word for word in words if word.startswith("--")]
    rest = [word for word in words if not word.startswith("--")]
    unknown = [option for option in options if option not in _OPTIONS]
    if unknown or len(set(options)) > 1:
        raise UsageError("privguard: set takes --save or --off, not both and nothing else that begins with --.")
    if not words:
        return _listed(session)
    if len(rest) != (1 if "--off" in options else 2):
        raise UsageError(_HOW)
    with session.locked():  # what was looked up is still so when it is changed
        target = _target(session, namespace, rest[0])
        if "--off" in options:
            change = session.classes.take_back(*target)
            return _told(session, change) if change else "privguard: nobody has given that column a class here."
        return _told(session, session.classes.set(*target, _entity(session, rest[1]), save="--save" in options))


def _told(session: Session, change: Change) -> str:
    verdict = change.verdict
    now = verdict.entity if verdict.is_sensitive else "NONE"
    sees = _SEES[verdict.action["public"]]
    how_long = "kept for all sessions" if change.is_saved else "in this session; --save keeps it"
    was = f" (was {change.before})" if change.before != now else ""
    end = how_long if is_said(verdict) else "as found"
    return f"privguard: {change.column} of {change.dataset} is {now}{was}, and tier public sees it {sees}; {end}."


def _listed(session: Session) -> str:
    session.classes.renew()
    rows = [
        (
            f"{override.dataset.shown[:_LONGEST]}.{override.column.shown[:_LONGEST]}",
            override.entity,
            "saved" if override.saved else "this session",
            f"by {override.by[:_LONGEST]}, {override.since}",
        )
        for override in session.classes.in_force()
    ]
    if not rows:
        return "privguard: nobody has given a class to a column; %privguard set NAME.COLUMN ENTITY does."
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(session.safe(line) or "" for line in lines)


# --- what the words mean --------------------------------------------------------------------------


def _target(session: Session, namespace: Mapping[str, Any], text: str) -> _Target:
    """The columns that ``text`` names: a variable or data set, a point, a label that may hold points itself."""
    splits = [at for at, letter in enumerate(text) if letter == "."]
    for at in (*splits, len(text)):
        for table, seen in _tables(session, namespace, text[:at]):
            return _column(session, table, seen, text[at + 1 :] if at < len(text) else None)
    raise no_such_table(session, text.partition(".")[0])


def _tables(session: Session, namespace: Mapping[str, Any], name: str) -> Iterator[tuple[Any, FrameView]]:
    """The table in the variable ``name``, else the one that is the data set ``name``."""
    if name in namespace:
        if (seen := view(namespace[name])) is not None:
            yield namespace[name], seen
            return
        if explicit_view(namespace[name], header_only=True) is not None:
            raise UsageError(
                "privguard: a class sticks to tables, and that is a relation or an array; make a DataFrame of it and "
                "set the class of its column."
            )
    for _, table, seen in session.knowledge.tables():
        dataset = session.knowledge.data_set(table)
        if dataset is not None and dataset.name == name:
            yield table, seen


def _column(session: Session, table: Any, seen: FrameView, text: str | None) -> _Target:
    labels, found = column_names(seen), session.knowledge.classification(table, seen)
    if text is None:
        if seen.width != 1:
            raise UsageError(
                f"privguard: that table has {seen.width} columns; name one. {_HOW.removeprefix('privguard: ')}"
            )
        return _Target(table, seen, [0])
    positions = [at for at, label in enumerate(labels) if label == text]
    if not positions:
        positions = _by_shown_label(labels, found, text)
    if not positions:
        raise UsageError(f"privguard: there is no column of that name; {_near_labels(session, found, text)}")
    return _Target(table, seen, positions)


def _by_shown_label(labels: Sequence[str], found: Classification, text: str) -> list[int]:
    """Columns by their label as a verdict shows it, in which values are masked: if it means one label only."""
    positions = [at for at, verdict in enumerate(found) if verdict.column == text]
    return positions if len({labels[at] for at in positions}) == 1 else []


def _near_labels(session: Session, found: Classification, text: str) -> str:
    """The nearest labels, as far as they may be shown: a label may be a value."""
    shown = list(dict.fromkeys(session.safe(verdict.column) or "" for verdict in found))
    near = difflib.get_close_matches(text, shown, n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]}?"
    return f"there are {first_of(shown, _LISTED)}."


def _entity(session: Session, text: str) -> str:
    known = [*ENTITIES, *session.policy.classes]
    name = text.upper()
    if name in known:
        return name
    near = _near_entities(name, [entity for entity in known if entity != "NONE"])  # a slip must not lay a column open
    hint = f"did you mean {near[0]}?" if near else "%privguard help entities lists them, such as PERSON_NAME."
    raise UsageError(f"privguard: there is no such entity; {hint}")


def _near_entities(name: str, known: list[str]) -> list[str]:
    """Those with ``name`` among their words, else those that look like it, else those with a word that begins so."""
    by_word = [entity for entity in known if name in entity.split("_")]
    by_look = by_word or difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return by_look or [e for e in known if any(word.startswith(name[:4]) for word in e.split("_")) and len(name) > 3]
