"""Values within dicts and lists on their way to others: masked where a text would be. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from numbers import Real
from typing import Any, NamedTuple

__all__ = ["cleaned_tree", "is_number", "name_of"]

# `Any` in this file is what a program hands to a tracking store.

Clean = Callable[[str], str]
_NO_NAME = r"[^\w\-. /:]"
"""What tracking stores take in no name of a parameter, metric or tag."""
_MOST_DEEP = 100


def is_number(value: Any) -> bool:
    """Whether it is a number of Python's or numpy's, and no truth value."""
    return isinstance(value, Real) and type(value).__name__ not in ("bool", "bool_")


def name_of(text: str, clean: Clean) -> str:
    """The name of a parameter, metric or tag without values, in letters that a tracking store takes."""
    cleaned = clean(text)
    return text if cleaned == text else re.sub(_NO_NAME, "_", cleaned)


def cleaned_tree(value: Any, clean: Clean, other: Callable[[Any], Any] = lambda value: value) -> Any:
    """``value`` of dicts, lists, texts and numbers without what ``clean`` masks; the same object where nothing changes.

    It is read as a whole, as it would be printed, so that a number is masked beside its label or in its person's row.
    Objects of other kinds become what ``other`` makes of them. ValueError where it is too deep.
    """
    if isinstance(value, str):
        return clean(value)
    value = _prepared(value, clean, other, 0)
    pieces = list(_pieces(value))
    text = "".join(piece.text for piece in pieces)
    cleaned = clean(text)
    if cleaned == text:
        return value
    new = _aligned(pieces, cleaned)
    if new is None:  # a mask has words of the form in it
        new = [clean(piece.text) for piece in pieces if piece.is_value]
    return _rebuilt(value, iter([piece.text for piece in pieces if piece.is_value]), iter(new))


class _Piece(NamedTuple):
    text: str
    is_value: bool


def _prepared(value: Any, clean: Clean, other: Callable[[Any], Any], depth: int) -> Any:
    """``value`` with texts of several lines cleaned by themselves, and other objects exchanged."""
    if depth > _MOST_DEEP:
        raise ValueError("this is nested too deeply to be looked through")
    if isinstance(value, str):
        return clean(value) if "\n" in value else value
    if isinstance(value, Mapping):
        made = {key: _prepared(item, clean, other, depth + 1) for key, item in value.items()}
        return value if all(made[key] is item for key, item in value.items()) else made
    if isinstance(value, (list, tuple)):
        items = [_prepared(item, clean, other, depth + 1) for item in value]
        is_same = all(new is old for new, old in zip(items, value, strict=True))
        return value if is_same else items if isinstance(value, list) else tuple(items)
    return value if _is_simple(value) else other(value)


def _is_simple(value: Any) -> bool:
    return value is None or isinstance(value, (str, bool, bytes)) or is_number(value)


def _pieces(value: Any) -> Iterator[_Piece]:
    """What `repr` would write, values and the signs between them apart."""
    if isinstance(value, str):
        yield _Piece(repr(value), is_value=True)
    elif is_number(value):
        yield _Piece(str(value), is_value=True)
    elif isinstance(value, Mapping):
        sign = "{"
        for key, item in value.items():
            yield _Piece(sign, is_value=False)
            yield _Piece(repr(key) if isinstance(key, str) else str(key), is_value=True)
            yield _Piece(": ", is_value=False)
            yield from _pieces(item)
            sign = ", "
        yield _Piece("}" if value else "{}", is_value=False)
    elif isinstance(value, (list, tuple)):
        sign = "["
        for item in value:
            yield _Piece(sign, is_value=False)
            yield from _pieces(item)
            sign = ", "
        yield _Piece("]" if value else "[]", is_value=False)
    else:
        yield _Piece(repr(value) if value is None or isinstance(value, bool) else "…", is_value=False)


def _aligned(pieces: list[_Piece], cleaned: str) -> list[str] | None:
    """What became of each value, in order; None where the signs between them do not stand where they did."""
    found: list[str] = []
    at, number = 0, 0
    while number < len(pieces):
        piece = pieces[number]
        number += 1
        if not piece.is_value:
            if not cleaned.startswith(piece.text, at):
                return None
            at += len(piece.text)
            continue
        sign = ""
        for after in pieces[number:]:
            if after.is_value:
                break
            sign += after.text
        end = at + len(piece.text)
        if not (cleaned.startswith(piece.text, at) and cleaned.startswith(sign, end)):
            end = cleaned.find(sign, at) if number < len(pieces) else len(cleaned)
        if end < 0:
            return None
        found.append(cleaned[at:end])
        at = end
    return found if at == len(cleaned) else None


def _rebuilt(value: Any, old: Iterator[str], new: Iterator[str]) -> Any:
    if isinstance(value, str) or is_number(value):
        before, after = next(old), next(new)
        return value if before == after else _unquoted(after) if isinstance(value, str) else after
    if isinstance(value, Mapping):
        made: dict[Any, Any] = {}
        for key, item in value.items():
            before, after = next(old), next(new)
            named = key if before == after else _unquoted(after)
            while named in made:  # two masked keys may be the same
                named = f"{named} "
            made[named] = _rebuilt(item, old, new)
        return made
    if isinstance(value, (list, tuple)):
        items = [_rebuilt(item, old, new) for item in value]
        return items if isinstance(value, list) else tuple(items)
    return value


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text
