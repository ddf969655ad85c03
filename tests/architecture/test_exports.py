"""Public names: listed, sorted, there and explained; files that stay readable."""

from __future__ import annotations

import ast
import importlib
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "jupyter_privguard"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "labextension" not in path.relative_to(PACKAGE).parts)
LONGEST = 400


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_name(path): path for path in FILES}


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def _exported(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            names: list[str] = ast.literal_eval(node.value)
            return names
    return None


def _bound(tree: ast.Module) -> list[str]:
    """Public names that a module defines or imports from its own package."""
    names: list[str] = []
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.append(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [target.id for target in targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.ImportFrom) and node.level:
            names += [alias.asname or alias.name for alias in node.names]
    return [name for name in names if not name.startswith("_")]


def _is_public(module: str) -> bool:
    return not any(part.startswith("_") for part in module.split("."))


def _order(name: str) -> tuple[int, list[tuple[int, str]]]:
    """Constants, then classes, then functions, each by the alphabet, numbers by their size."""
    parts = [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]
    return 0 if name.isupper() else 1 if name[0].isupper() else 2, parts


def test_a_public_module_lists_its_names_in_order_and_has_them() -> None:
    exported = {name: _exported(_tree(path)) for name, path in MODULES.items() if _is_public(name)}
    listed = {name: names for name, names in exported.items() if names is not None}
    bound = {name: _bound(_tree(MODULES[name])) for name in exported if name not in listed}

    assert {name: names for name, names in bound.items() if names} == {}, "these are public, and not in __all__"
    ordered = {name: sorted(set(names), key=_order) for name, names in listed.items()}
    assert {name: names for name, names in listed.items() if names != ordered[name]} == {}, "not in order"
    loaded = {name: importlib.import_module(name) for name in listed}
    assert [(name, one) for name, names in listed.items() for one in names if not hasattr(loaded[name], one)] == []


def test_a_module_says_what_it_is_for() -> None:
    assert [name for name, path in MODULES.items() if not (ast.get_docstring(_tree(path)) or "").strip()] == []


def _unexplained(node: ast.AST, prefix: str = "") -> list[str]:
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return []
    decorators = {ast.unparse(d).rpartition(".")[2] for d in node.decorator_list}
    missing = [] if ast.get_docstring(node) or decorators & {"overload", "setter"} else [prefix + node.name]
    if isinstance(node, ast.ClassDef):
        for member in node.body:
            if not getattr(member, "name", "_").startswith("_"):
                missing += _unexplained(member, f"{prefix}{node.name}.")
    return missing


def test_every_exported_function_class_and_method_has_a_docstring() -> None:
    missing = {name: _missing(_tree(path)) for name, path in MODULES.items()}

    assert len(missing) > 300
    assert {name: lost for name, lost in missing.items() if lost} == {}


def _missing(tree: ast.Module) -> list[str]:
    exported = set(_exported(tree) or ())
    return [name for node in tree.body if getattr(node, "name", None) in exported for name in _unexplained(node)]


def test_the_look_for_docstrings_goes_into_classes() -> None:
    tree = ast.parse('class A:\n    "About."\n    def b(self): ...\n    def _c(self): ...\n    def d(self): "About."')

    assert _unexplained(tree.body[0]) == ["A.b"]


def test_no_file_is_too_long_to_read() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in FILES}

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
