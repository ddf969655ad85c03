"""YAML 1.2 with line and column of everything, and without what makes YAML dangerous.

PyYAML's parser gives events; this file builds the document from them without recursion. Refused
are anchors and aliases, merge keys, tags, directives, several documents, keys that are not plain text, doubled
keys, more than 20 levels or 50,000 values, and control characters. Scalars follow the core schema of YAML 1.2.2,
section 10.3.2: ``NO``, ``on`` and ``12:30:45`` are text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NoReturn

from .._later import later
from .yaml_mistakes import told

__all__ = ["Document", "Place", "YamlError", "parse", "shown_key"]

Place = tuple[int, int]
_Path = tuple[str | int, ...]

_DEEPEST = 20
_MOST_VALUES = 50_000
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = later(r"[-+]?[0-9]{1,15}|0o[0-7]{1,15}|0x[0-9a-fA-F]{1,12}")
_LONG_INTEGER = later(r"[-+]?[0-9]{16,}|0o[0-7]{16,}|0x[0-9a-fA-F]{13,}")
_FLOAT = later(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = later(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_CURLY = frozenset("\u2018\u2019\u201a\u201c\u201d\u201e")
# Control characters, and the bidirectional ones that make a line read other than it is.
_CONTROL = later("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


class YamlError(Exception):
    """The text is not a document this reader takes; ``str`` is one line with line and column."""


@dataclass(frozen=True, slots=True)
class Document:
    """The value (dicts, lists, text, numbers, booleans, None) and where its parts stand."""

    value: Any
    values: dict[_Path, Place] = field(default_factory=dict)
    """Line and column (from 1) of the value at each path."""
    keys: dict[_Path, Place] = field(default_factory=dict)
    """Line and column of the key that ends each path."""
    problems: tuple[tuple[Place, str], ...] = ()
    """Doubled keys: found all at once, unlike what stops the reading."""


def shown_key(key: str | int) -> str:
    """A key as a message may quote it: short, and without line breaks."""
    text = str(key)
    if len(text) <= 40 and text.isprintable():
        return text
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in text[:20]) + "…"


def parse(text: str) -> Document:
    """The one document in ``text``. YamlError for the first thing that stops the reading."""
    import yaml

    found = _CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        _stop((line, found.start() - text.rfind("\n", 0, found.start())), "a control character has no place here")
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        at, what = told(error, text)
        raise YamlError(_sentence(at, f"not YAML: {what}")) from None
    except yaml.YAMLError:
        raise YamlError(_sentence((1, 1), "not YAML")) from None
    return builder.document()


def _sentence(at: Place, what: str) -> str:
    return f"line {at[0]}, column {at[1]}: {what}"


def _stop(at: Place, what: str) -> NoReturn:
    raise YamlError(_sentence(at, what))


class _Builder:
    """Takes events one by one; a stack of open collections instead of recursion."""

    def __init__(self) -> None:
        self._root: list[Any] = []
        self._open: list[tuple[Any, _Path]] = []
        self._key: list[str | None] = []
        self._values: dict[_Path, Place] = {}
        self._keys: dict[_Path, Place] = {}
        self._problems: list[tuple[Place, str]] = []

    def document(self) -> Document:
        if not self._root:
            _stop((1, 1), "the file is empty")
        return Document(self._root[0], self._values, self._keys, tuple(self._problems))

    def take(self, event: Any) -> None:  # one of PyYAML's event classes
        kind = type(event).__name__
        at = (event.start_mark.line + 1, event.start_mark.column + 1)
        if kind == "DocumentStartEvent":
            self._begin(event, at)
        elif kind == "AliasEvent":
            _stop(at, "an alias (*name) is not taken; write the value out, or put a text that begins with * in quotes")
        elif kind in ("SequenceStartEvent", "MappingStartEvent", "ScalarEvent"):
            _refuse_marks(event, at)
            if kind == "ScalarEvent":
                self._scalar(event, at)
            else:
                self._start([] if kind == "SequenceStartEvent" else {}, at)
        elif kind in ("SequenceEndEvent", "MappingEndEvent"):
            self._open.pop()
            self._key.pop()

    def _begin(self, event: Any, at: Place) -> None:
        if self._root:
            _stop(at, "a second document is not taken; one file is one policy")
        if event.version or event.tags:
            _stop(at, "a % directive is not taken")

    def _awaits_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1][0], dict) and self._key[-1] is None

    def _scalar(self, event: Any, at: Place) -> None:
        if _CONTROL.search(event.value):
            _stop(at, "a control character has no place here")
        if not event.style and event.value[:1] in _CURLY:
            _stop(at, "a curly quote is no quote in YAML; write straight ones, \" or '")
        if not self._awaits_key():
            self._add(_resolved(event, at), at)
            return
        if event.value == "<<" and not event.style:
            _stop(at, "a merge key (<<) is not taken; write its lines out")
        if not event.value:
            _stop(at, "a key has no text")
        holder, path = self._open[-1]
        if event.value in holder:
            first = self._keys[(*path, event.value)]
            self._problems.append((at, f"`{shown_key(event.value)}` is there twice (first in line {first[0]})"))
        self._key[-1] = event.value
        self._keys[(*path, event.value)] = at

    def _start(self, holder: Any, at: Place) -> None:
        if self._awaits_key():
            _stop(at, "a key must be text")
        if len(self._open) >= _DEEPEST:
            _stop(at, f"more than {_DEEPEST} levels deep")
        path = self._add(holder, at)
        self._open.append((holder, path))
        self._key.append(None)

    def _add(self, value: Any, at: Place) -> _Path:
        if not self._open:
            self._root.append(value)
            path: _Path = ()
        else:
            holder, parent = self._open[-1]
            if isinstance(holder, list):
                path = (*parent, len(holder))
                holder.append(value)
            else:
                key = self._key[-1]
                assert key is not None  # noqa: S101 - _awaits_key() was false
                path = (*parent, key)
                holder[key] = value
                self._key[-1] = None
        self._values[path] = at
        if len(self._values) > _MOST_VALUES:
            _stop(at, f"more than {_MOST_VALUES:,} values; a policy is a few pages")
        return path


def _refuse_marks(event: Any, at: Place) -> None:
    if event.anchor is not None:
        _stop(at, "an anchor (&name) is not taken; write the value out where it is needed")
    if event.tag is not None:
        _stop(at, "a tag (!name) is not taken")


def _resolved(event: Any, at: Place) -> Any:
    text: str = event.value
    if event.style is not None and event.style != "":  # quoted or block: always text
        return text
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _LONG_INTEGER.fullmatch(text) or _NO_NUMBER.fullmatch(text):
        _stop(at, "this number is out of range; put it in quotes if it is text")
    if _FLOAT.fullmatch(text):
        number = float(text)
        if number in (float("inf"), float("-inf")):
            _stop(at, "this number is out of range; put it in quotes if it is text")
        return number
    return text
