"""Every sentence that an exception of ours says to a user begins with ``privguard:``."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PREFIX = "privguard:"

FROM_ELSEWHERE = {
    (
        "jupyter_privguard/guard/cells/admission.py",
        "sentence",
    ): "policy.decide or the watcher of tables writes it, with the prefix",
    ("jupyter_privguard/runtime/sessions.py", "session.policy_problem"): "the message of another PolicyError",
    ("jupyter_privguard/guard/reveal.py", "answer.reason"): "policy.decide writes it, with the prefix",
    ("jupyter_privguard/runtime/approvals.py", "decision.reason"): "policy.decide writes it, with the prefix",
    ("jupyter_privguard/runtime/key_changes.py", "answer.reason"): "policy.decide writes it, with the prefix",
    ("jupyter_privguard/runtime/model_answers.py", "decision.reason"): "policy.decide writes it, with the prefix",
    ("jupyter_privguard/runtime/serving_place.py", "self._in_force.problem"): "the message of another PolicyError",
    ("jupyter_privguard/runtime/place.py", "answer.reason"): "policy.decide writes it, with the prefix",
    ("jupyter_privguard/runtime/predictions.py", "answer.reason"): "policy.decide writes it, with the prefix",
    ("jupyter_privguard/runtime/reading.py", "self._answer.reason"): "policy.decide writes it, with the prefix",
    ("jupyter_privguard/runtime/state_files.py", "answer.reason"): "policy.decide writes it, with the prefix",
    ("jupyter_privguard/_files.py", "str(error)"): "the message of a LogError",
    ("jupyter_privguard/serving/spool.py", "str(error)"): "the message of a StateError",
}
"""Messages (file, expression) that are made where this test does not look, and who makes them."""


def _trees(folder: Path = ROOT / "jupyter_privguard") -> dict[str, ast.Module]:
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in sorted(folder.rglob("*.py"))}


def _last_name(named: ast.expr) -> str:
    """``C`` of ``a.b.C``; an empty text for what is no name."""
    return named.id if isinstance(named, ast.Name) else named.attr if isinstance(named, ast.Attribute) else ""


def _subclasses(trees: dict[str, ast.Module], base: str) -> set[str]:
    """Names of all classes that derive from ``base``, in whatever module."""
    classes = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = {base}
    while True:
        more = {c.name for c in classes if found & {_last_name(b) for b in c.bases}} - found
        if not more:
            return found
        found |= more


class _Module:
    """What the names of one module stand for, as far as messages need it."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self._constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        self._functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}

    def begins_right(self, message: ast.expr | None) -> bool:
        """Whether ``message`` is a text that surely begins with the prefix."""
        if isinstance(message, ast.Constant):
            return isinstance(message.value, str) and message.value.startswith(PREFIX)
        if isinstance(message, ast.JoinedStr):
            return bool(message.values) and self.begins_right(message.values[0])
        if isinstance(message, ast.BinOp):
            return self.begins_right(message.left)
        if isinstance(message, ast.IfExp):
            return self.begins_right(message.body) and self.begins_right(message.orelse)
        if isinstance(message, ast.Name):
            return self.begins_right(self._constants.get(message.id))
        if isinstance(message, ast.Call):
            return self._call_begins_right(message.func)
        return False

    def _call_begins_right(self, function: ast.expr) -> bool:
        if isinstance(function, ast.Attribute) and function.attr == "format":
            return self.begins_right(function.value)
        if isinstance(function, ast.Name) and function.id in self._functions:
            returned = [n.value for n in ast.walk(self._functions[function.id]) if isinstance(n, ast.Return)]
            return bool(returned) and all(self.begins_right(value) for value in returned)
        return False

    def messages(self, exceptions: set[str]) -> list[ast.expr]:
        """The first argument of every exception that is made here."""
        return [
            node.args[0]
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Call) and _last_name(node.func) in exceptions and node.args
        ]


def test_every_message_of_an_exception_begins_with_the_name_of_the_guard() -> None:
    trees = _trees()
    exceptions = _subclasses(trees, "PrivguardError")
    wrong: dict[tuple[str, str], int] = {}
    seen = 0

    for path, tree in trees.items():
        module = _Module(tree)
        for message in module.messages(exceptions):
            seen += 1
            if not module.begins_right(message):
                wrong[path, ast.unparse(message)] = message.lineno

    assert seen > 50
    assert {where: line for where, line in wrong.items() if where not in FROM_ELSEWHERE} == {}
    assert set(FROM_ELSEWHERE) <= set(wrong), "an exception from the rule that nobody needs"


@pytest.mark.parametrize(
    ("code", "is_right"),
    [
        ("InputError('privguard: no.')", True),
        ("InputError(f'privguard: {path} is not there.')", True),
        ("InputError(_TEXT.format('reading'))", True),
        ("InputError(_sentence(path))", True),
        ("errors.InputError('privguard: no.' if lone else 'privguard: none.')", True),
        ("InputError('no.')", False),
        ("InputError(f'{path} is not there.')", False),
        ("InputError(str(error))", False),
        ("InputError(_OTHER)", False),
        ("InputError(_sentences(path))", False),
    ],
)
def test_the_look_at_messages_follows_constants_and_helpers(code: str, is_right: bool) -> None:
    helpers = """
_TEXT = "privguard: {} needs more."
_OTHER = "more"
def _sentence(path):
    return f"privguard: {path}"
def _sentences(path):
    return f"privguard: {path}" if path else path
"""
    module = _Module(ast.parse(helpers + code))

    (message,) = module.messages({"InputError"})

    assert module.begins_right(message) is is_right
