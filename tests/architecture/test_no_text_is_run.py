"""The package runs no text as code, loads no pickle, and starts no program by a shell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "jupyter_privguard").rglob("*.py"))
PICKLES = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal", "jsonpickle"}
READERS = {"pd.read_pickle", "pandas.read_pickle", "polars.read_pickle"}
SHELLS = {"system", "popen", "popen2", "popen3", "popen4", "getoutput", "getstatusoutput", "create_subprocess_shell"}
STARTERS = {"Popen", "run", "call", "check_call", "check_output", "create_subprocess_exec"}

ALLOWED = {
    ("frames/engines/_duckdb_calls.py", "exec"),  # one line of our own, compiled when the module is imported
    ("notebook/rescue.py", "pickle.dumps"),  # a person's own object, sealed; nothing here loads it
    ("serving/records.py", "pickle.dumps"),  # its digest is all that is kept
}
"""What a file may do, and why."""


def _name(node: ast.expr) -> str:
    """``a.b.c`` as text; an empty one for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    return f"{_name(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ""


def _found(tree: ast.AST) -> Iterator[str]:
    """What of it may run or load what somebody else wrote."""
    of_pickles = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in PICKLES
        for alias in node.names
    }
    starters = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("subprocess", "asyncio", "asyncio.subprocess", "os")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node, of_pickles, starters)


def _of_call(call: ast.Call, of_pickles: set[str], starters: set[str]) -> Iterator[str]:
    name = _name(call.func)
    first, _, last = name.rpartition(".")
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in ("eval", "exec", "builtins.eval", "builtins.exec") or (name == "compile" and not _is_literal(call)):
        yield last
    if last in ("eval", "query", "run_cell", "ex", "ev") and first and call.args and not _is_text(call.args[0]):
        yield last
    if (first in PICKLES and last not in ("PickleError", "PicklingError")) or name in of_pickles:
        yield name
    if name in READERS or (last == "load" and not _is_false(keywords.get("allow_pickle"))):
        yield last
    if first.endswith("yaml") and last in ("load", "load_all", "unsafe_load", "full_load"):
        yield name
    if (first in ("os", "commands", "subprocess", "asyncio") or name in starters) and last in SHELLS:
        yield name
    if (first.endswith(("subprocess", "asyncio")) or name in starters) and last in STARTERS:
        if not _is_false(keywords.get("shell")):
            yield "shell"
        if call.args and _is_text(call.args[0]):
            yield "a command as text"
    elif "shell" in keywords and not _is_false(keywords["shell"]) and last in STARTERS | {"start_kernel"}:
        yield "shell"


def _is_false(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is False)


def _is_literal(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant)


def _is_text(value: ast.expr) -> bool:
    """Whether it is a text that is written there or put together there."""
    if isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and isinstance(value.value, str)):
        return True
    return isinstance(value, ast.BinOp) and (_is_text(value.left) or _is_text(value.right))


def test_no_text_is_run_and_no_pickle_is_loaded() -> None:
    found = {
        (str(path.relative_to(ROOT / "jupyter_privguard")), what)
        for path in FILES
        for what in _found(ast.parse(path.read_text()))
    }

    assert len(FILES) > 300
    assert found == ALLOWED


def test_whoever_sets_a_rule_of_security_aside_says_why() -> None:
    """Ruff's S rules hold for the whole package."""
    silent = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in FILES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"# noqa: [A-Z0-9, ]*\bS\d+[A-Z0-9, ]*$", line)
    ]

    assert silent == []


def test_the_only_code_that_is_executed_is_a_constant_of_its_module() -> None:
    tree = ast.parse((ROOT / "jupyter_privguard/frames/engines/_duckdb_calls.py").read_text())
    (call,) = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) == "exec")
    (made,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and _name(node.targets[0]) == _name(call.args[0])
    )

    assert isinstance(made, ast.Call) and _name(made.func) == "compile" and _is_literal(made)


@pytest.mark.parametrize(
    "line",
    [
        "eval(x)",
        "exec(f'a = {b}')",
        "compile(text, '<x>', 'exec')",
        "frame.eval(text)",
        "frame.query(text)",
        "shell.run_cell(source)",
        "import pickle\npickle.loads(data)",
        "from pickle import loads\nloads(data)",
        "from pickle import Unpickler as U\nU(file)",
        "joblib.load(path)",
        "numpy.load(path, allow_pickle=True)",
        "pandas.read_pickle(path)",
        "yaml.load(text)",
        "os.system(f'ls {name}')",
        "subprocess.run(command, shell=True)",
        "subprocess.run('ls -l')",
        "subprocess.run('ls ' + name)",
        "from subprocess import run\nrun('ls')",
        "subprocess.getoutput(command)",
    ],
)
def test_the_look_for_it_sees_it(line: str) -> None:
    assert list(_found(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    [
        "re.compile(pattern)",
        "compile('a = 1', '<own>', 'exec')",
        "json.loads(text)",
        "subprocess.run([sys.executable, '-m', name])",
        "subprocess.run(command, shell=False)",
        "pickletools.genops(data)",
        "connection.execute(query)",
        "model.run(values)",
    ],
)
def test_ordinary_lines_are_none_of_it(line: str) -> None:
    assert not list(_found(ast.parse(line)))
