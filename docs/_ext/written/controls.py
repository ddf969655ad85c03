"""Packs: of controls that a report answers, and of rules that mask."""

from __future__ import annotations

from pathlib import Path

import yaml

import jupyter_privguard.policy
from jupyter_privguard.model import Tier
from jupyter_privguard.report.evidence import Framework
from jupyter_privguard.report.packs import built_in

from .markdown import code, table

__all__ = ["controls", "packs"]

_RULES = Path(jupyter_privguard.policy.__file__).parent / "packs"


def controls() -> str:
    """A section a pack of controls."""
    return "\n\n".join(_framework(one) for one in built_in())


def _framework(framework: Framework) -> str:
    rows = [
        (
            code(control.id),
            control.title,
            "; ".join(statement.says for statement in control.evidence),
            "; ".join(statement.says.rstrip(".") for statement in control.limits),
        )
        for control in framework.controls
    ]
    return "\n\n".join(
        [
            f"## {framework.name} (`--pack {framework.pack}`)",
            f"{framework.title}. Source: <{framework.source}>",
            table(["control", "asks that", "evidence", "limits"], rows),
        ]
    )


def packs() -> str:
    """A section a pack of rules."""
    return "\n\n".join(_pack(path) for path in sorted(_RULES.glob("*.yaml")))


def _pack(path: Path) -> str:
    rules = yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
    rows = [
        (
            rule.get("name", ""),
            _names(rule),
            *(code(rule.get(tier.label, "")) for tier in Tier),
            rule.get("source", ""),
        )
        for rule in rules
    ]
    header = ["rule", "of", *(tier.label for tier in Tier), "source"]
    return f"## `{path.stem}`\n\n{table(header, rows)}"


def _names(rule: dict[str, object]) -> str:
    given = rule.get("entity", rule.get("class"))
    names = given if isinstance(given, list) else [given]
    shown = ", ".join(code(name) for name in names[:8])
    return shown + (f" and {len(names) - 8} more" if len(names) > 8 else "")
