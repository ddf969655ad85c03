"""What a query in SQL names, without understanding it: words outside of texts and comments, whether it takes all."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["TOKENS", "Query", "columns_in", "filled_by", "named_tables", "query_of", "written_by"]

TOKENS = re.compile(
    r"""--[^\n]*|/\*.*?\*/|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|`([^`]*)`|\[([A-Za-z_][^\]\n]*)\]|([^\W\d]\w*)|(\*)|(\S)""",
    re.DOTALL,
)
_WRITTEN = re.compile(r"\bcopy\b.*?\bto\s+'((?:[^']|'')+)'|\bexport\s+database\s+'((?:[^']|'')+)'", re.I | re.S)
_ATTACHED = re.compile(r"\battach\s+(?:if\s+not\s+exists\s+)?(?:database\s+)?'((?:[^']|'')+)'", re.I)
_NAMED = r"""(?:"(?P<{0}q>[^"]+)"|(?P<{0}>[A-Za-z_][\w.]*))"""
_TABLES = re.compile(rf"\b(?:from|join|update)\s+{_NAMED.format('t')}(?!\s*\()", re.I)
_FILLED = re.compile(
    r"\s*(?:create\s+(?:or\s+replace\s+)?(?P<own>temp(?:orary)?\s+|local\s+)?table\s+(?:if\s+not\s+exists\s+)?|"
    rf"insert\s+(?:or\s+\w+\s+)?into\s+|update\s+|delete\s+from\s+){_NAMED.format('t')}",
    re.I,
)


class Query(NamedTuple):
    """What a query names."""

    words: frozenset[str]
    """Names and keywords, in small letters."""
    texts: tuple[str, ...]
    """What stands in single quotes: values, and paths of files."""
    takes_all: bool
    """Whether it has a ``*`` that stands for columns."""


def query_of(sql: str) -> Query:
    """What ``sql`` names."""
    words, texts, takes_all, before = set(), [], False, ""
    for match in TOKENS.finditer(sql):
        text, *quoted, word, star, other = match.groups()
        name = next((one for one in (*quoted, word) if one is not None), None)
        if text is not None:
            texts.append(text.replace("''", "'"))
        elif name is not None:
            words.add(name.casefold())
        elif star and before in ("select", "distinct", "all", ",", "."):
            takes_all = True
        before = (word or star or other or "").casefold() or before
    return Query(frozenset(words), tuple(texts), takes_all)


def columns_in(query: Query, labels: list[str]) -> list[str]:
    """Those of a table's ``labels`` that ``query`` uses; all where it names none and does more than count rows."""
    named = [label for label in labels if label.casefold() in query.words]
    return list(labels) if query.takes_all or not (named or "count" in query.words) else named


def written_by(sql: str) -> list[str]:
    """The files that a query of DuckDB writes."""
    found = (match for pattern in (_WRITTEN, _ATTACHED) for match in pattern.finditer(sql))
    return [next(filter(None, match.groups())).replace("''", "'") for match in found]


def named_tables(sql: str) -> list[str]:
    """The names after FROM, JOIN and UPDATE, without their schemas."""
    return [(match["tq"] or match["t"]).rpartition(".")[2] for match in _TABLES.finditer(sql)]


def filled_by(sql: str) -> tuple[str, bool] | None:
    """The table that a query makes or changes, and whether that is a temporary one; None of other queries."""
    match = _FILLED.match(sql)
    return None if match is None else ((match["tq"] or match["t"]).rpartition(".")[2], match["own"] is not None)
