"""What a query in SQL names, without understanding it: words outside of texts and comments, whether it takes all."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = [
    "TOKENS",
    "Filled",
    "Query",
    "columns_in",
    "filled_by",
    "gives_others",
    "gives_rows",
    "named_tables",
    "query_of",
    "written_by",
]

TOKENS = re.compile(
    r"""--[^\n]*|/\*.*?\*/|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|`([^`]*)`|"""
    r"""\[((?!\w+\s+for\s)[A-Za-z_][\w \-]*)\]|([^\W\d]\w*)|(\*)|(\S)""",  # in DuckDB a list may be in brackets
    re.DOTALL,
)
_WRITTEN = re.compile(r"\bcopy\b.*?\bto\s+'((?:[^']|'')+)'|\bexport\s+database\s+'((?:[^']|'')+)'", re.I | re.S)
_ATTACHED = re.compile(
    r"\battach\s+(?:if\s+not\s+exists\s+)?(?:database\s+)?'((?:[^']|'')+)'(?![^;]*\bread_only\b)", re.I
)
_NAME = r"""(?P<name>(?:"[^"]+"|[A-Za-z_]\w*)(?:\s*\.\s*(?:"[^"]+"|[A-Za-z_]\w*))*)"""
_PARTS = re.compile(r'"([^"]+)"|(\w+)')
_TABLES = re.compile(rf"\b(?:from|join|update|pivot|unpivot|summarize)\s+{_NAME}(?!\w|\s*\()", re.I)
_FILLED = re.compile(
    r"\s*(?P<verb>create|insert|update|delete|drop)\s+(?:or\s+\w+\s+)?(?:(?P<own>temp(?:orary)?|local)\s+)?"
    r"(?:(?P<what>table|view)\s+|into\s+|from\s+|(?<=update\s))(?:if\s+(?:not\s+)?exists\s+)?" + _NAME,
    re.I,
)
_TELLS_OF_TABLES = frozenset("describe show explain".split())
"""With what queries begin that give no rows of tables."""
_TURNS = frozenset("pivot unpivot pivot_wider pivot_longer".split())
"""With what queries begin that give the columns which they do not name, too."""


class Query(NamedTuple):
    """What a query names."""

    words: frozenset[str]
    """Names and keywords, in small letters."""
    texts: tuple[str, ...]
    """What stands in single quotes: values, and paths of files."""
    takes_all: bool
    """Whether it has a ``*`` that stands for columns."""
    first: str = ""
    """The word with which it begins, in small letters."""


class Filled(NamedTuple):
    """The table or view that a query makes, changes or drops."""

    name: tuple[str, ...]
    """Its name, after those of its database and schema as far as the query says them."""
    verb: str
    """``create``, ``insert``, ``update``, ``delete`` or ``drop``."""
    is_temporary: bool
    is_view: bool


def query_of(sql: str) -> Query:
    """What ``sql`` names."""
    words, texts, takes_all, before, first = set(), [], False, "", ""
    for match in TOKENS.finditer(sql):
        text, *quoted, word, star, other = match.groups()
        name = next((one for one in (*quoted, word) if one is not None), None)
        if text is not None:
            texts.append(text.replace("''", "'"))
        elif name is not None:
            words.add(name.casefold())
            first = first or name.casefold()
        elif star and before in ("select", "distinct", "all", ",", "."):
            takes_all = True
        before = (word or star or other or "").casefold() or before
    return Query(frozenset(words), tuple(texts), takes_all, first)


def columns_in(query: Query, labels: list[str]) -> list[str]:
    """Those of a table's ``labels`` that ``query`` uses; all where it names none and does more than count rows."""
    if not gives_rows(query):
        return []
    named = [label for label in labels if label.casefold() in query.words]
    return list(labels) if query.takes_all or not (named or "count" in query.words) else named


def gives_rows(query: Query) -> bool:
    """Whether ``query`` reads rows of its tables, and tells not only what these are or how it would be run."""
    return query.first not in _TELLS_OF_TABLES or "analyze" in query.words


def gives_others(query: Query) -> bool:
    """Whether ``query`` gives columns of its table that it does not name."""
    return query.first in _TURNS


def written_by(sql: str) -> list[str]:
    """The files that a query of DuckDB writes."""
    found = (match for pattern in (_WRITTEN, _ATTACHED) for match in pattern.finditer(sql))
    return [next(filter(None, match.groups())).replace("''", "'") for match in found]


def named_tables(sql: str) -> list[tuple[str, ...]]:
    """The names after FROM, JOIN and their like, in parts: those of schemas first."""
    return [_parts(match["name"]) for match in _TABLES.finditer(sql)]


def filled_by(sql: str) -> Filled | None:
    """What a query makes, changes or drops; None of other queries."""
    match = _FILLED.match(sql)
    if match is None:
        return None
    is_view = (match["what"] or "").casefold() == "view"
    return Filled(_parts(match["name"]), match["verb"].casefold(), match["own"] is not None, is_view)


def _parts(name: str) -> tuple[str, ...]:
    return tuple(quoted or plain for quoted, plain in _PARTS.findall(name))
