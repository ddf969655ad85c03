"""A query in SQL in parts: the SELECTs in it, their tables, what they give and the names that they use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ._sql import TOKENS

__all__ = ["Item", "Ref", "Scope", "Star", "Table", "scopes_of"]

_KEYWORDS = frozenset(
    """
    select from where and or not in is null like ilike glob regexp between case when then else end as distinct all on
    using join left right inner outer full cross natural asof positional semi anti lateral group by order having limit
    offset union except intersect asc desc nulls first last over partition rows range preceding following current row
    unbounded filter within qualify window with recursive materialized exists any some escape collate tablesample
    sample fetch exclude replace true false into values set update delete insert
    """.split()
)
_CLAUSES = frozenset("select from where group having order limit offset window qualify on using fetch".split())
_SETS = frozenset({"union", "intersect", "except"})
_OTHERS = frozenset("update delete pivot unpivot describe summarize drop alter pragma".split())
_AROUND = frozenset("insert create copy explain".split())
_BEGIN = frozenset({"select", "with", "from"})
_WITHIN = {"group": "", "order": "", "select": "in"}
"""What a clause is within parentheses, where a name is no alias and a star no column's."""


class Token(NamedTuple):
    """A word, a name, a text or a sign."""

    kind: str
    text: str


class Ref(NamedTuple):
    """A name that may be a column's, in small letters."""

    at: int
    qualifier: str | None
    word: str
    clause: str


class Star(NamedTuple):
    """A ``*`` that stands for columns, all but some."""

    qualifier: str | None
    without: frozenset[str]


class Item(NamedTuple):
    """What stands between two commas of a SELECT: from which token to which, and what it is called."""

    first: int
    end: int
    output: str | None
    star: Star | None


class Table(NamedTuple):
    """A table that a SELECT reads: its name in small letters, or the SELECTs that it is made of."""

    name: str
    scopes: tuple[Scope, ...] = ()


@dataclass(eq=False)
class Scope:
    """One SELECT."""

    group: int
    parent: Scope | None = None
    is_outer: bool = False
    """Whether the result of the query is its rows."""
    fills: bool = False
    """Whether its rows go into a table, a view or a file."""
    is_select: bool = False
    is_natural: bool = False
    is_read: bool = False
    """Whether another SELECT reads it as a table."""
    tables: dict[str, Table] = field(default_factory=dict)
    """By alias, in small letters."""
    refs: list[Ref] = field(default_factory=list)
    stars: list[Star] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    joined_by: set[str] = field(default_factory=set)
    """The names in its USING."""

    def is_within(self, other: Scope) -> bool:
        """Whether it is ``other``, or stands within it."""
        at: Scope | None = self
        while at is not None and at is not other:
            at = at.parent
        return at is other


def scopes_of(sql: str) -> list[Scope]:
    """The SELECTs in ``sql``, the outer ones first; none in other statements."""
    return _Reading(sql).scopes


def _tokens(sql: str) -> list[Token]:
    found = []
    for match in TOKENS.finditer(sql):
        text, *quoted, word, star, other = match.groups()
        name = next((one for one in quoted if one is not None), None)
        if text is not None:
            found.append(Token("text", text.replace("''", "'")))
        elif name is not None:
            found.append(Token("name", name.casefold()))
        elif word is not None:
            found.append(Token("keyword" if word.casefold() in _KEYWORDS else "name", word.casefold()))
        elif star or other:
            found.append(Token("sign", star or other))
    return [*found, Token("end", ""), Token("end", "")]


class _Reading:
    """Goes through a query once."""

    def __init__(self, sql: str) -> None:
        self._tokens = _tokens(sql)
        self._pairs = _pairs(self._tokens)
        self._ctes: dict[str, tuple[Scope, ...]] = {}
        self.scopes: list[Scope] = []
        first, last = 0, len(self._tokens) - 2
        while last > 0 and self._tokens[last - 1].text == ";":
            last -= 1
        if self._tokens[0].text in _OTHERS:
            return
        gives_rows = self._tokens[0].text not in _AROUND
        if not gives_rows:  # CREATE TABLE t AS SELECT …
            first = next((at for at in range(last) if self._tokens[at].text in _BEGIN), last)
            last = self._pairs[first - 1] if self._tokens[first - 1].text == "(" else last
        outer = self._select(first, last, None)
        for scope in outer:
            scope.is_outer, scope.fills = gives_rows, not gives_rows
        self.scopes.sort(key=lambda scope: not scope.is_outer)

    def _select(self, first: int, end: int, parent: Scope | None) -> tuple[Scope, ...]:
        """The SELECTs, more than one where they are united, from one token to another."""
        made = [Scope(first, parent)]
        clause, start, at = "", -1, first
        while at < end:
            scope, token = made[-1], self._tokens[at]
            before, after = self._tokens[at - 1] if at > first else Token("", ""), self._tokens[at + 1]
            if token.text == "(":
                at = self._parentheses(at, scope, clause)
            elif token.kind == "keyword" and token.text in _SETS and before.text != "*":
                self._close(scope, start, at)
                made.append(Scope(at, parent))
                clause, start = "", -1
            elif token.kind == "keyword" and token.text in ("exclude", "except", "replace") and after.text == "(":
                at = self._pairs[at + 1]  # read with its star
            elif token.kind == "keyword" and token.text in _CLAUSES:
                if clause == "select":
                    self._close(scope, start, at)
                    start = -1
                clause = token.text
                if clause == "select":
                    scope.is_select, start = True, at + 1
                elif clause == "from":
                    scope.is_select = True
                    at = self._table(at + 1, scope, end) - 1
            elif token.kind == "keyword" and token.text == "natural":
                scope.is_natural = True
            elif token.text == "join" or (token.text == "," and clause in ("from", "on", "using")):
                clause = "from"
                at = self._table(at + 1, scope, end) - 1
            elif clause == "select" and token.text == ",":
                self._close(scope, start, at)
                start = at + 1
            elif (
                token.kind == "name"
                and after.text == "as"
                and self._tokens[at + 2].text in ("(", "materialized", "not")
            ):
                at = self._cte(at, scope)
            else:
                self._word(at, scope, clause)
            at += 1
        self._close(made[-1], start, end)
        for scope in made:
            if scope.tables and not scope.items:
                scope.stars.append(Star(None, frozenset()))
                scope.items.append(Item(-1, -1, None, scope.stars[-1]))
        self.scopes += made
        return tuple(made)

    def _word(self, at: int, scope: Scope, clause: str) -> None:
        token, before, after = self._tokens[at], self._tokens[at - 1], self._tokens[at + 1]
        if token.text == "*" and clause == "select" and (before.kind == "keyword" or before.text in (",", ".", "(")):
            qualifier = self._tokens[at - 2].text if before.text == "." else None
            without: frozenset[str] = frozenset()
            if after.text in ("exclude", "except"):
                end = self._pairs.get(at + 2, at + 3)
                without = frozenset(one.text for one in self._tokens[at + 2 : end + 1] if one.kind == "name")
            scope.stars.append(Star(qualifier, without))
            return
        if token.kind != "name" or after.text in ("(", ".") or before.text == "as":
            return
        if before.text == ".":
            scope.refs.append(Ref(at, self._tokens[at - 2].text, token.text, clause))
        elif clause == "select" and self._is_alias(at):
            return
        else:
            scope.refs.append(Ref(at, None, token.text, clause))

    def _is_alias(self, at: int) -> bool:
        """Whether a name stands after a whole expression: ``max(pay) top``."""
        before = self._tokens[at - 1]
        return before.kind in ("name", "text") or before.text in (")", "end", "*") or before.text.isdigit()

    def _parentheses(self, at: int, scope: Scope, clause: str) -> int:
        """What stands in parentheses belongs to the SELECT around it, unless it is one itself."""
        end = self._pairs[at]
        if self._tokens[at + 1].text in _BEGIN:
            self._select(at + 1, end, scope)
            return end
        for inside in range(at + 1, end):
            if self._tokens[inside].text == "(" and self._tokens[inside + 1].text in _BEGIN:
                self._parentheses(inside, scope, clause)
        nested = [(first, last) for first, last in self._pairs.items() if at < first and last < end]
        apart = {one for first, last in nested if self._tokens[first + 1].text in _BEGIN for one in range(first, last)}
        for inside in range(at + 1, end):
            if inside not in apart and self._tokens[inside].kind == "name":
                if clause == "using":
                    scope.joined_by.add(self._tokens[inside].text)
                self._word(inside, scope, _WITHIN.get(clause, clause))
        return end

    def _close(self, scope: Scope, first: int, end: int) -> None:
        """One item of a SELECT ends."""
        while 0 <= first < end and self._tokens[first].text in ("distinct", "all"):
            first += 1
        if not 0 <= first < end:
            return
        last = self._tokens[end - 1]
        stars = [at for at in range(first, end) if self._tokens[at].text == "*"]
        is_star = bool(stars) and (stars[0] == first or (stars[0] == first + 2 and self._tokens[first + 1].text == "."))
        if is_star and scope.stars:
            scope.items.append(Item(first, end, None, scope.stars[-1]))
            return
        output = last.text if last.kind == "name" else None
        if output is not None and (end - 1 > first) and self._tokens[end - 2].text != ".":
            scope.aliases.add(output)
        scope.items.append(Item(first, end, output, None))

    def _cte(self, at: int, scope: Scope) -> int:
        opened = at + 2
        while self._tokens[opened].text != "(":
            opened += 1
        end = self._pairs[opened]
        inner = self._select(opened + 1, end, None)
        for one in inner:
            one.is_read = True
        self._ctes[self._tokens[at].text] = inner
        return end

    def _table(self, at: int, scope: Scope, end: int) -> int:
        """A table after FROM, JOIN or a comma, and its alias; the place after them."""
        while self._tokens[at].text == "lateral":
            at += 1
        token = self._tokens[at]
        names: list[Table] = []
        if token.text == "(":
            last = self._pairs[at]
            inner = self._select(at + 1, last, scope)
            for one in inner:
                one.is_read = True
            if not any(one.items for one in inner):  # tables in parentheses
                return at + 1
            names, at = [Table("", inner)], last + 1
        elif token.kind == "text":
            names, at = [Table(token.text.casefold())], at + 1
        elif token.kind == "name":
            while self._tokens[at + 1].text == "." and self._tokens[at + 2].kind == "name":
                at += 2
            name = self._tokens[at].text
            if self._tokens[at + 1].text == "(":  # a function that reads files
                last = self._pairs[at + 1]
                texts = [one.text for one in self._tokens[at + 2 : last] if one.kind == "text"]
                names, at = [Table(text.casefold()) for text in texts] or [Table(name)], last + 1
            else:
                names, at = [Table(name, self._ctes.get(name, ()))], at + 1
        else:
            return at
        alias = None
        if at < end and self._tokens[at].text == "as":
            alias, at = self._tokens[at + 1].text, at + 2
        elif at < end and self._tokens[at].kind == "name":
            alias, at = self._tokens[at].text, at + 1
        for number, table in enumerate(names):
            key = alias or table.name or f"({len(scope.tables)})"
            scope.tables[key if number == 0 else f"{key} {number}"] = table
        return at


def _pairs(tokens: list[Token]) -> dict[int, int]:
    """By opening parenthesis its closing one."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if token.text == "(" and token.kind == "sign":
            opened.append(at)
        elif token.text == ")" and token.kind == "sign" and opened:
            found[opened.pop()] = at
    return found
