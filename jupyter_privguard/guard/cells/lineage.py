"""Which variables and columns a cell's code names, in what of it ran: read from its source, without running it.

Hooks say which columns were used of tables whose library can be hooked; of others the source does. What neither sees
(names computed at run time, for tables of pyarrow) is stated in SECURITY.md.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from ..._later import later

__all__ = [
    "columns_named",
    "labels_said",
    "names_bound",
    "names_run",
    "names_within",
    "place_of_error",
    "statements_run",
]

_CELLS_FILE = later(r"ipykernel_\d+|<ipython-input")
"""Where the code of cells seems to be."""
_MAGIC = later(r"^%%(?:time|timeit|capture|prun|secure|debug)\b.*$")
_LINE_MAGIC = later(r"^(\s*)(?:%(?:time|timeit|prun)\b(?:\s+-\w+\s*\d*)*\s*|[%!?].*)", re.MULTILINE)
_ASSIGNED_MAGIC = later(r"^(\s*[\w, ]+=\s*)[%!].*$", re.MULTILINE)


def columns_named(source: str, tables: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """For each variable of ``tables`` that ``source`` reads: the labels it names, in table order.

    A table that is named without any of its labels counts as used whole. Source that is not
    Python (a cell magic's body) names nothing.
    """
    read, words = _said(source)
    found = {}
    for name, labels in tables.items():
        if name in read:
            named = [label for label in labels if label in words]
            found[name] = named or list(labels)
    return found


def labels_said(source: str, labels: Sequence[str]) -> list[str]:
    """Those of a table's ``labels`` that ``source`` names; all where it names none of them."""
    words = _said(source)[1]
    return [label for label in labels if label in words] or list(labels)


def _said(source: str) -> tuple[set[str], set[str]]:
    """The variables that ``source`` reads, and what in it could be labels."""
    read: set[str] = set()
    words: set[str] = set()
    for statement in statements_run(source):
        for node in _nodes_run(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                read.add(node.id)
            elif isinstance(node, ast.Attribute):
                words.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, (str, int)):
                words.add(str(node.value))
            elif isinstance(node, ast.keyword) and node.arg is not None:
                words.add(node.arg)
    return read, words


def names_run(source: str, *, until: tuple[int, int] | None = None) -> list[str]:
    """The variables that ``source`` reads where it runs: not in functions that it defines, nor in what is never true.

    ``until`` is the line and column at which it ended early.
    """
    found: dict[str, None] = {}
    for statement in statements_run(source):
        if until is not None and (statement.lineno, statement.col_offset) > until:
            break
        own = names_within(statement)
        for node in _nodes_run(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in own:
                found[node.id] = None
    return list(found)


def names_within(statement: ast.stmt) -> set[ast.AST]:
    """The names in a statement that are no variables of the program's: those of comprehensions and of lambdas."""
    own: set[ast.AST] = set()
    for node in ast.walk(statement):
        inside: set[ast.AST]
        if isinstance(node, ast.Lambda):
            names, inside = {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}, {*ast.walk(node.body)}
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            targets = (one for generator in node.generators for one in ast.walk(generator.target))
            names = {one.id for one in targets if isinstance(one, ast.Name)}
            inside = {*ast.walk(node)} - {*ast.walk(node.generators[0].iter)}  # which is looked up outside
        else:
            continue
        own |= {one for one in inside if isinstance(one, ast.Name) and one.id in names}
    return own


def place_of_error() -> tuple[int, int] | None:
    """The line and column at which the cell ended that failed last; None where nothing tells."""
    trace = getattr(sys, "last_traceback", None)
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_name in ("<module>", "<cell line: 1>") and _CELLS_FILE.search(code.co_filename):
            _, line, _, column = next(islice(code.co_positions(), trace.tb_lasti // 2, None))
            return line or trace.tb_lineno, column or 0
        trace = trace.tb_next
    return None


def names_bound(statement: ast.stmt) -> list[str]:
    """The variables to which a statement gives values; none that are functions, classes or modules."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
        return []
    own = names_within(statement)
    stored = [n for n in _nodes_run(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return list(dict.fromkeys(name.id for name in stored if name not in own))


def statements_run(source: str) -> list[ast.stmt]:
    """The statements of a cell, also under magics that run Python; none of what is not Python."""
    first, _, rest = source.lstrip().partition("\n")
    if _MAGIC.match(first):
        return statements_run(rest)
    if "%" in source or "!" in source:
        source = _LINE_MAGIC.sub(r"\1", _ASSIGNED_MAGIC.sub(r"\1None", source))
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _nodes_run(node: ast.AST) -> Iterator[ast.AST]:
    """What is in a statement, without what it only defines and what can never be true."""
    waiting: list[ast.AST] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
            waiting += [*one.decorator_list, *one.args.defaults, *filter(None, one.args.kw_defaults)]
            continue
        if isinstance(one, (ast.If, ast.While)) and isinstance(one.test, ast.Constant) and not one.test.value:
            waiting += one.orelse
            continue
        yield one
        waiting += ast.iter_child_nodes(one)
