"""Which data sets a cell uses, read from its code before it runs.

The code names variables that hold tables, functions that use such variables, and texts that are paths, addresses,
queries or names of data sets. What it does not show (a path that is put together at run time, a path in a function
from another cell) is met when the table is read.
"""

from __future__ import annotations

import ast
import glob
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from ..._later import later
from ...model import Used
from ...policy.rules import Policy
from .sources import data_sets_of, has_table_ending, is_named, is_query, looks_like_source, restricts
from .static_texts import StaticTexts

__all__ = ["Named", "data_sets_used", "named_in"]

_TABLE_READER = later(
    r"read_(?:csv|tsv|table|fwf|parquet|feather|orc|json|excel|pickle|xml|html|sql\w*|stata|sas|spss|hdf|delta|"
    r"database\w*|ipc\w*|avro|ndjson|ods|sealed|gbq)|scan_\w+|ExcelFile|HDFStore|ParquetFile|ParquetDataset"
)
_READER = later(r"(?:read|open|load|execute|sql|query|table|dataset|connect|fetch|genfromtxt)(?!s$)\w*")
_WRITER = later(r"(?:to_|write|save|dump|sink_|export|mkdir|unlink|touch|rename|remove)\w*")
_SILENT = frozenset("print display len isinstance type getattr setattr hasattr exists is_file basename warn".split())
_FOR_PEOPLE = later(
    r"(?:sup)?title|[xyz]label|annotate|set_(?:[xyz]|sup)?(?:title|label)|debug|info|warning|error|exception|critical"
)
_LABELS = frozenset("title suptitle label xlabel ylabel zlabel desc description help caption".split())
_LOOKS_AT_PATH = frozenset("exists is_file is_dir".split())
_TEXT_MAGICS = frozenset("writefile file markdown html latex svg javascript js".split())
_PATHS = frozenset("Path PurePath PosixPath".split())
_SHELL_WORDS = later(r"[^\s;|&<>()`\"'=,]+")
_REDIRECTED = later(r"\d*>{1,2}\s*[^\s;|&<>]+")
_OUR_OWN = frozenset("privguard load_ext unload_ext reload_ext".split())
_MOST = 1000


class Named(NamedTuple):
    """A text in a cell's code that may name a data set."""

    text: str
    is_read: bool
    """Whether it is handed to something that reads."""
    is_table: bool
    """Whether that reads tables and nothing else."""


def data_sets_used(
    cell: ast.AST,
    policy: Policy,
    *,
    purpose: str | None,
    namespace: Mapping[str, Any],
    source_of: Callable[[Any], str | None],
) -> list[Used]:
    """The data sets that the code ``cell`` uses, if ``policy`` restricts any, as far as it shows.

    ``source_of`` tells where the table in a variable was read from.
    """
    if not restricts(policy, purpose):
        return []
    variables, texts = named_in(cell, namespace)
    sources = [source_of(obj) for name in variables if name in namespace for obj in _held(namespace[name], namespace)]
    found = [used for source in filter(None, sources) for used in data_sets_of(source, policy)]
    for named in texts:
        found += _meant_by(named, policy, purpose)
    return list(dict.fromkeys(found))


def named_in(cell: ast.AST, namespace: Mapping[str, Any]) -> tuple[list[str], list[Named]]:
    """The variables that the code reads, and the texts in it that may name data sets."""
    finder = _Finder(namespace)
    with suppress(RecursionError):  # nested deeper than anybody writes
        finder.visit(cell)
    return list(finder.variables), list(dict.fromkeys(finder.texts))


def _meant_by(named: Named, policy: Policy, purpose: str | None) -> Iterator[Used]:
    for text in _expanded(named.text):
        if not looks_like_source(text, is_read=named.is_read):
            continue
        uses = data_sets_of(text, policy)
        is_data = named.is_table and ("://" in text or not re.fullmatch(r"[\w-]+", text))
        is_data = is_data or (named.is_read and is_query(text)) or (has_table_ending(text) and _is_file(text))
        yield from (used for used in uses if is_data or is_named(used, policy, purpose))


def _expanded(text: str) -> Iterable[str]:
    if any(letter in text for letter in "*?[") and "://" not in text and len(text) < _MOST and not is_query(text):
        # A pattern may be absolute, which Path.glob does not take.
        return [*islice(glob.iglob(text, recursive=True), _MOST)] or [text]  # noqa: PTH207
    return [text]


def _is_file(text: str) -> bool:
    try:
        return Path(text).expanduser().is_file()
    except (OSError, ValueError, RuntimeError):
        return False


def _held(value: Any, namespace: Mapping[str, Any]) -> Iterator[Any]:
    """A variable's value and what it holds: what is in lists and dicts, and what a function of the program uses."""
    waiting, met = [value], set[int]()
    while waiting and len(met) < _MOST:
        one = waiting.pop()
        if id(one) in met:
            continue
        met.add(id(one))
        yield one
        if type(one) is dict:
            waiting += islice(one.values(), _MOST)
        elif type(one) in (list, tuple):
            waiting += islice(one, _MOST)
        elif type(one) is FunctionType and one.__module__ == namespace.get("__name__"):
            waiting += _used_by(one, namespace)


def _used_by(function: FunctionType, namespace: Mapping[str, Any]) -> Iterator[Any]:
    """The variables that a function names, its defaults, and what it keeps from the function that made it."""
    yield from (namespace[name] for name in _names_in(function.__code__) if name in namespace)
    yield from (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # not filled yet
            yield cell.cell_contents


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names_in(inner)


class _Finder(ast.NodeVisitor):
    """Gathers what a cell's code names."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.variables: dict[str, None] = {}
        self.texts: list[Named] = []
        self._namespace = namespace
        self._static = StaticTexts(namespace)
        self._reads = self._reads_tables = self._is_ignored = False

    def _add(self, text: str) -> None:
        if not self._is_ignored:
            self.texts.append(Named(text, self._reads, self._reads_tables))
            if self._reads and is_query(text):  # engines that query the variables of the program
                self.variables.update(dict.fromkeys(set(re.findall(r"\w+", text)) & self._namespace.keys()))

    def _visit(
        self, nodes: Iterable[ast.AST], *, reads: bool = False, tables: bool = False, ignored: bool = False
    ) -> None:
        before = self._reads, self._reads_tables, self._is_ignored
        self._reads, self._reads_tables, self._is_ignored = reads, tables, ignored
        for node in nodes:
            self.visit(node)
        self._reads, self._reads_tables, self._is_ignored = before

    # --- texts and variables --------------------------------------------------------------------

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._add(node.value)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.variables[node.id] = None
            for text in self._static.texts_in(node.id):
                self._add(text)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.variables[node.target.id] = None
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        is_kept = self._static.texts(node.value) is not None and all(isinstance(t, ast.Name) for t in node.targets)
        self._visit([node.value], ignored=is_kept)  # a text that a variable keeps is used where that is
        for target in node.targets:
            self.visit(target)
            if isinstance(target, ast.Name):
                self._static.assign(target.id, node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        # A text alone does nothing but show itself, nor does a variable that holds one.
        self._visit([node.value], ignored=isinstance(node.value, (ast.Constant, ast.Name)))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._add_joined(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._add_joined(node)

    def _add_joined(self, node: ast.expr) -> None:
        text = self._static.text(node)
        if text is not None:
            self._add(text)
        self._visit_parts(ast.iter_child_nodes(node), is_whole=text is not None)

    def _visit_parts(self, nodes: Iterable[ast.AST], *, is_whole: bool) -> None:
        """Parts of a text: they say no more than the whole where that is known, but variables in them may hold tables.

        The name of a data set may be cut, so none is taken for the whole of one.
        """
        self._visit(nodes, reads=self._reads, ignored=self._is_ignored or is_whole)

    # --- labels, not sources --------------------------------------------------------------------

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        self._visit([node.slice], ignored=True)

    def visit_Compare(self, node: ast.Compare) -> None:
        self._visit([node.left, *node.comparators], ignored=True)

    def visit_Dict(self, node: ast.Dict) -> None:
        self._visit([key for key in node.keys if key is not None], ignored=True)
        for value in node.values:
            self.visit(value)

    def visit_Raise(self, node: ast.Raise) -> None:
        raised = node.exc
        if isinstance(raised, ast.Call):
            self._visit([*raised.args, *(word.value for word in raised.keywords)], ignored=True)
        elif raised is not None:
            self.visit(raised)

    def visit_Assert(self, node: ast.Assert) -> None:
        self.visit(node.test)
        if node.msg is not None:
            self._visit([node.msg], ignored=True)

    # --- calls ----------------------------------------------------------------------------------

    def visit_Call(self, node: ast.Call) -> None:
        name = _called(node)
        if _is_of_shell(node):
            self._visit_magic(node, name)
            return
        writes = _WRITER.fullmatch(name) is not None or (name == "open" and _opens_to_write(node))
        of = node.func.value if isinstance(node.func, ast.Attribute) else None
        if of is not None:
            is_path = isinstance(of, ast.BinOp) or (isinstance(of, ast.Call) and _called(of) in _PATHS)
            reads = is_path and _READER.fullmatch(name) is not None
            self._visit([of], ignored=(writes and is_path) or name in _LOOKS_AT_PATH, reads=reads)
        else:
            self.visit(node.func)
        if name in _PATHS or (name == "join" and not isinstance(of, ast.Constant)):
            self._visit_path(node)
            return
        is_ignored = writes or name in _SILENT or _FOR_PEOPLE.fullmatch(name) is not None
        tables = _TABLE_READER.fullmatch(name) is not None
        reads = tables or _READER.fullmatch(name) is not None
        named = [word.value for word in node.keywords if word.arg in _SOURCES]
        labels = [word.value for word in node.keywords if word.arg in _LABELS]
        rest = [word.value for word in node.keywords if word.arg not in _SOURCES | _LABELS]
        self._visit([*node.args[:1], *named], reads=reads, tables=tables, ignored=is_ignored)
        self._visit([*node.args[1:], *rest], ignored=is_ignored)
        self._visit(labels, ignored=True)

    def _visit_path(self, node: ast.Call) -> None:
        text = self._static.text(node)
        if text is not None:
            self._add(text)
        self._visit_parts(node.args, is_whole=text is not None)

    def _visit_magic(self, node: ast.Call, name: str) -> None:
        """A magic or shell command: its words may be files, and its text code."""
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        is_magic = name in ("run_line_magic", "run_cell_magic")
        if is_magic and texts and texts[0] in _OUR_OWN | _TEXT_MAGICS:
            return
        for text in texts[1:] if is_magic else texts:
            text = self._static.filled(text)
            if is_query(text):
                self._visit([ast.Constant(text)], reads=True)
            for word in _SHELL_WORDS.findall(_REDIRECTED.sub(" ", text)):
                self._add(word)
            if is_magic:
                self._visit(_code(text))


_SOURCES = frozenset("filepath_or_buffer path io sql query source filepath path_or_buf table_name file".split())


def _code(text: str) -> list[ast.stmt]:
    try:
        return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _is_of_shell(node: ast.Call) -> bool:
    of = node.func.value if isinstance(node.func, ast.Attribute) else None
    return isinstance(of, ast.Call) and _called(of) == "get_ipython"


def _opens_to_write(node: ast.Call) -> bool:
    modes = [*node.args[1:2], *(word.value for word in node.keywords if word.arg == "mode")]
    return any(isinstance(mode, ast.Constant) and set(str(mode.value)) & set("wax") for mode in modes)
