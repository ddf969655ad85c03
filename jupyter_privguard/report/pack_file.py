"""A file of controls read and checked; anything doubtful is refused as a whole, with line and column.

The reader is the policy's: no aliases, tags or doubled keys. Queries are held against `fields`, so that a slip in one
cannot pass for evidence that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from ..audit.event import ACTIONS
from ..model import ENTITIES
from ..policy.custom import ENTITY_NAME
from ..policy.schema import nearest
from ..policy.yaml12 import Document, YamlError, parse, shown_key
from .evidence import ABSENT, PRESENT, Control, Framework, Query, Statement
from .fields import MASKS, SHOWN, fields_of

__all__ = ["PackProblem", "Statements", "framework_in", "shown_name", "statements_in"]

Statements = Mapping[str, Statement]
"""Statements that controls may name."""

_Path = tuple[str | int, ...]
_LONGEST = 300
_MOST_CONTROLS = 500
_JUDGES = re.compile(r"(?i)\b(?:non-?)?compliant\b|\bcompl(?:y|ies|ied)\b|\bconform(?:s|ant|ed)\b|\bcertified\b")
shown_name = shown_key


class PackProblem(Exception):
    """Why a file cannot be used; ``str`` is the part of a sentence, with line and column."""


def framework_in(data: bytes, shared: Statements, *, pack: str) -> Framework:
    """The framework in the file ``data``, whose controls may name ``shared`` statements. PackProblem if it has none."""
    return _File(data, shared).framework(pack)


def statements_in(data: bytes) -> Statements:
    """The statements in the file ``data`` that has nothing else. PackProblem if it is none."""
    file = _File(data, {})
    file.keys((), ["statements"], needed=["statements"])
    return file.statements()


class _File:
    """One document, and what it says at a path."""

    def __init__(self, data: bytes, shared: Statements) -> None:
        self._document = _parsed(data)
        self._known = dict(shared)
        for at, what in self._document.problems:
            raise PackProblem(f"line {at[0]}, column {at[1]}: {what}")

    # --- the parts of a file --------------------------------------------------------------------------

    def framework(self, pack: str) -> Framework:
        top = ["name", "title", "source", "statements", "applies_if", "controls"]
        self.keys((), top, needed=["name", "title", "source", "controls"])
        self.statements()
        applies = self._statements(("applies_if",), must_find=True)
        ids: dict[str, int] = {}
        controls = []
        for path in self._items(("controls",), most=_MOST_CONTROLS):
            control = self._control(path, applies)
            line = self._place((*path, "id"))[0]
            if control.id in ids:
                self._stop(
                    (*path, "id"), f"the control `{control.id}` is there twice (first in line {ids[control.id]})"
                )
            ids[control.id] = line
            controls.append(control)
        if not controls:
            self._stop(("controls",), "a pack has at least one control")
        named = {part: self._text((part,)) for part in ("name", "title", "source")}
        return Framework(**named, controls=tuple(controls), pack=pack)

    def statements(self) -> Statements:
        """The named statements of this file, which its controls may use from now on."""
        found: Mapping[str, Any] = self._at(("statements",), {})
        if not isinstance(found, dict):
            self._stop(("statements",), "`statements` must be a block of `name: statement` lines")
        for name in found:
            if name in self._known:
                self._stop(("statements", name), f"a statement `{shown_key(name)}` is built in; choose another name")
            self._known[name] = self._statement(("statements", name))
        return self._known

    def _control(self, path: _Path, applies: tuple[Statement, ...]) -> Control:
        known = ["id", "title", "source", "applies_if", "evidence", "limits", "entities", "enough"]
        self.keys(path, known, needed=["id", "title"])
        entities = self._names((*path, "entities"), ENTITIES)
        enough = self._names((*path, "enough"), MASKS)
        if bool(entities) != bool(enough):
            self._stop(path, "`entities` and `enough` belong together")
        own = _of_kind(entities, enough) if entities else ((), (), ())
        evidence = (*own[0], *self._statements((*path, "evidence"), must_find=True))
        if not evidence:
            self._stop(path, "a control needs `evidence`, or `entities` with `enough`")
        return Control(
            id=self._text((*path, "id"), longest=60),
            title=self._text((*path, "title")),
            evidence=evidence,
            limits=(*own[1], *self._statements((*path, "limits"))),
            applies=(*applies, *own[2], *self._statements((*path, "applies_if"), must_find=True)),
            source=self._text((*path, "source"), default=""),
            entities=entities,
        )

    def _statements(self, path: _Path, *, must_find: bool = False) -> tuple[Statement, ...]:
        """The statements in a list; ``must_find``: what holds without any event is none."""
        found = []
        for item in self._items(path):
            statement = self._statement(item)
            if must_find and not statement.queries:
                self._stop(item, "what holds without any event shows nothing; give it a `query`")
            found.append(statement)
        return tuple(found)

    def _statement(self, path: _Path) -> Statement:
        value = self._at(path)
        if isinstance(value, str):
            if value not in self._known:
                self._stop(path, f"no statement is called `{shown_key(value)}`{_hint(value, self._known)}")
            return self._known[value]
        self.keys(path, ["says", "query", "unless"], needed=["says"])
        query: _Path = (*path, "query")
        places = list(self._items(query)) if isinstance(self._at(query), list) else [query]
        queries = tuple(self._query(place) for place in places) if self._at(query) is not None else ()
        unless = self._at((*path, "unless"))
        if unless not in (None, "anchored"):
            self._stop((*path, "unless"), "`unless` must be anchored")
        return Statement(self._text((*path, "says")), queries, is_of_unanchored_logs=unless is not None)

    def _query(self, path: _Path) -> Query:
        self.keys(path, ["actions", "where", "shown"], needed=["actions"])
        actions = self._names((*path, "actions"), ACTIONS)
        where = tuple(self._where((*path, "where"), field, actions) for field in self._block((*path, "where")))
        shown = tuple(self._column((*path, "shown"), field) for field in self._block((*path, "shown")))
        if shown and actions != ("cell.run",):
            self._stop((*path, "shown"), "only cell.run shows columns")
        return Query(actions, where, shown)

    def _where(self, path: _Path, field: str, actions: Sequence[str]) -> tuple[str, Any]:
        """A field that every one of ``actions`` has, and what is asked of it."""
        at = (*path, field)
        for action in actions:
            known = fields_of(action)
            if field not in known:
                self._stop(at, f"{action} has no field `{shown_key(field)}`{_hint(field, known)}", key=True)
        wanted = self._at(at)
        if wanted in (PRESENT, ABSENT):
            return field, wanted
        values = tuple(self._at(item) for item in self._items(at))
        allowed = {value for action in actions for value in fields_of(action)[field] or ()}
        if not values:
            self._stop(at, f"`{shown_key(field)}` must be present, absent or a list of values")
        for number, value in enumerate(values):
            self._value((*at, number), value, allowed, is_entity=field.endswith(".entity") or field == "masked")
        return field, values

    def _column(self, path: _Path, field: str) -> tuple[str, tuple[str, ...]]:
        at = (*path, field)
        if field not in SHOWN:
            self._stop(at, f"a shown column has no field `{shown_key(field)}`{_hint(field, SHOWN)}", key=True)
        values = tuple(self._at(item) for item in self._items(at))
        if not values:
            self._stop(at, f"`{field}` must be a list of values")
        for number, value in enumerate(values):
            self._value((*at, number), value, set(SHOWN[field] or ()), is_entity=field == "entity")
        return field, values

    def _value(self, path: _Path, value: Any, allowed: set[Any], *, is_entity: bool) -> None:
        if not isinstance(value, (str, int)) or value == "":
            self._stop(path, "a value is text, a whole number, true or false")
        if is_entity:
            self._entity(path, value)
        elif allowed and not (value in allowed and type(value) in {type(one) for one in allowed}):
            words = sorted(str(one).lower() if isinstance(one, bool) else str(one) for one in allowed)
            self._stop(path, f"the field never has that value; it is one of {', '.join(words)}")

    def _entity(self, path: _Path, value: object) -> None:
        """A policy may have entities of its own, which nobody knows here."""
        text = str(value)
        if not ENTITY_NAME.fullmatch(text) or (text not in ENTITIES and _hint(text, ENTITIES)):
            self._stop(path, f"no entity is called `{shown_key(text)}`{_hint(text, ENTITIES)}")

    # --- what stands where ----------------------------------------------------------------------------

    def keys(self, path: _Path, known: Sequence[str], *, needed: Sequence[str]) -> None:
        """The block at ``path`` has ``needed`` keys and no others than ``known``."""
        found = self._at(path)
        if not isinstance(found, dict):
            self._stop(path, "a block of `key: value` lines belongs here")
        for key in found:
            if key not in known:
                hint = _hint(key, known) or f"; known: {', '.join(known)}"
                self._stop((*path, key), f"unknown key `{shown_key(key)}`{hint}", key=True)
        for key in needed:
            if key not in found:
                self._stop(path, f"`{key}` is missing")

    def _block(self, path: _Path) -> Iterable[str]:
        found = self._at(path, {})
        if not isinstance(found, dict):
            self._stop(path, "a block of `field: values` lines belongs here")
        return found

    def _items(self, path: _Path, *, most: int = 200) -> Iterable[_Path]:
        found = self._at(path, [])
        if not isinstance(found, list):
            self._stop(path, "a list belongs here, such as [a, b]")
        if len(found) > most:
            self._stop(path, f"more than {most} entries")
        return [(*path, number) for number in range(len(found))]

    def _names(self, path: _Path, known: Iterable[str]) -> tuple[str, ...]:
        """Names in a list, each of them known and there once."""
        options, found = list(known), []
        for item in self._items(path):
            name = self._at(item)
            if not isinstance(name, str) or name not in options:
                self._stop(item, f"unknown name `{shown_key(str(name))}`{_hint(str(name), options)}")
            if name in found:
                self._stop(item, f"`{name}` is there twice")
            found.append(name)
        return tuple(found)

    def _text(self, path: _Path, *, longest: int = _LONGEST, default: str | None = None) -> str:
        found = self._at(path)
        if found is None and default is not None:
            return default
        if not isinstance(found, str) or not found.strip() or not found.isprintable() or len(found) > longest:
            self._stop(path, f"`{path[-1]}` must be one line of text, of at most {longest} characters")
        if _JUDGES.search(found):
            self._stop(path, f"`{path[-1]}` judges; a log supports evidence for a control, and people judge")
        return found

    def _at(self, path: _Path, default: Any = None) -> Any:
        value = self._document.value
        for part in path:
            if isinstance(part, str) and (not isinstance(value, dict) or part not in value):
                return default
            value = value[part]
        return value

    def _place(self, path: _Path, *, key: bool = False) -> tuple[int, int]:
        places = self._document.keys if key else self._document.values
        return places.get(path) or self._document.values.get(path) or (1, 1)

    def _stop(self, path: _Path, what: str, *, key: bool = False) -> NoReturn:
        line, column = self._place(path, key=key)
        raise PackProblem(f"line {line}, column {column}: {what}")


def _of_kind(entities: Sequence[str], enough: Sequence[str]) -> tuple[tuple[Statement, ...], ...]:
    """Evidence, limits and conditions of a control about one kind of identifier, which has to be gone."""
    masks = tuple(mask for mask in MASKS if mask != "clear")
    rest = tuple(mask for mask in masks if mask not in enough)
    of = tuple(entities)

    def shown(actions: Sequence[str]) -> tuple[Query, ...]:
        return (Query(("cell.run",), (), (("entity", of), ("action", tuple(actions)))),)

    evidence = (Statement("columns of this kind were shown under a mask", shown(masks)),)
    limits = (
        Statement("such columns were shown in clear", shown(["clear"])),
        Statement(
            "such columns were shown under a mask that leaves a part of them, or a handle for each value", shown(rest)
        ),
    )
    anywhere = (
        Query(("data.load",), (("dataset.columns.entity", of),)),
        Query(("cell.run",), (), (("entity", of),)),
        Query(("cell.run",), (("masked", of),)),
    )
    return evidence, limits, (Statement("such identifiers were loaded, shown or masked", anywhere),)


def _hint(given: str, known: Iterable[str]) -> str:
    near = nearest(given, list(known))
    return f"; did you mean `{near}`?" if near is not None else ""


def _parsed(data: bytes) -> Document:
    try:
        return parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PackProblem(f"line {line}, column 1: not UTF-8 text") from None
    except YamlError as problem:
        raise PackProblem(str(problem)) from None
