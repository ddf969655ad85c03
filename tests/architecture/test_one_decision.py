"""What somebody may do is decided in `policy` alone: other packages ask, and judge by no role themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "jupyter_privguard"
WHOLE = {"decide", "decide_override", "decide_answer"}
"""Who asks one of these has asked all that bears on it."""
NO_ANSWER = {"GROUP", "SELF", "granting_layers"}
"""Names in `policy.grants` that say nothing of what is allowed."""
SAYING = {
    "notebook/policy_commands.py": {"decide_lowering", "roles_of"},  # %privguard policy tells what holds
    "runtime/place.py": {"roles_of"},  # the principal that it tells of
    "runtime/approvals.py": {"decide_purpose"},  # nothing is asked for that no cell could name
}
"""By file what else is looked at, to say something and not to let anybody do it."""


def _asked(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and "policy." in f"{node.module}.":
            is_grants = f".{node.module}".endswith(".policy.grants")
            for name in node.names:
                if (is_grants and name.name not in NO_ANSWER) or name.name.startswith("decide"):
                    yield name.name
        elif isinstance(node, ast.Attribute) and node.attr == "reason_required":
            yield node.attr
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "roles":
            yield "roles[…]"


def _by_file() -> dict[str, set[str]]:
    paths = [path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] != "policy"]
    return {
        path.relative_to(PACKAGE).as_posix(): set(_asked(ast.parse(path.read_text(encoding="utf-8")))) for path in paths
    }


def test_nobody_else_decides() -> None:
    asked = _by_file()

    assert {file: names - WHOLE for file, names in asked.items() if names - WHOLE} == SAYING
    assert sum(bool(names & WHOLE) for names in asked.values()) > 8, "the places that ask are found at all"


def test_each_way_out_asks() -> None:
    """Display, files, commands, server, report and single records: by `decide` or the one function before it."""
    ways = {
        "guard/cells/admission.py",  # cells, and what they show
        "guard/policies/approved.py",  # by approvals, again at each output
        "guard/reveal.py",  # one record
        "runtime/place.py",  # check_allowed: masks, sealed files, reports, commands
        "runtime/reading.py",  # the log
        "runtime/key_changes.py",
        "server/file_policy.py",  # files and terminals of the server
        "server/kernel_log.py",  # what passes the server
    }
    assert {file for file, names in _by_file().items() if "decide" in names} >= ways

    checked = {"runtime/tables.py", "runtime/disclosure.py", "runtime/events.py", "runtime/reports.py"}
    for file in checked:
        assert "check_allowed(" in (PACKAGE / file).read_text(encoding="utf-8"), file
