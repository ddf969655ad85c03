"""What columns may hold: every entity, how it is recognised, where the rules come from, and what each tier sees."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
from pathlib import Path

import yaml

from jupyter_privguard.classification import detectors
from jupyter_privguard.classification.detector import Detector, detectors_of
from jupyter_privguard.model import ENTITIES, DataClass, Tier
from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.policy.masks import operator_for

from .markdown import code, table

__all__ = ["page"]

ROOT = Path(__file__).parents[3]
_VECTORS = ROOT / "tests/vectors/detectors"
_CLASSES = {
    DataClass.PII: "Persons (`pii`)",
    DataClass.FINANCIAL: "Money (`financial`)",
    DataClass.HEALTH: "Health (`health`)",
    DataClass.SPECIAL: "Special categories (`special`: GDPR article 9 other than health, and criminal records)",
    DataClass.CREDENTIAL: "Secrets (`credential`)",
    DataClass.INTERNAL: "Unknown, in a table of persons (`internal`)",
    DataClass.NONE: "Harmless (`none`)",
}


def page() -> str:
    """A section a class, a table of what each tier sees and one of detectors in it."""
    return "\n\n".join(_section(one) for one in DataClass)


def _section(data_class: DataClass) -> str:
    names = sorted(name for name, found in ENTITIES.items() if found is data_class)
    parts = [f"## {_CLASSES[data_class]}", _tiers(names, data_class)]
    found = [(name, one) for name in names for one in detectors_of(name)]
    if found:
        rows = [(code(name), *_row(one)) for name, one in found]
        parts.append(table(["entity", "known by", "what is tested", "source"], rows))
    return "\n\n".join(parts)


def _tiers(names: list[str], data_class: DataClass) -> str:
    header = ["entity", *(tier.label for tier in Tier)]
    policy = built_in()
    rows = [
        (code(name), *(code(operator_for(name, data_class, tier, policy)[0].value) for tier in Tier)) for name in names
    ]
    return table(header, rows)


def _row(detector: Detector) -> tuple[str, str, str]:
    says = detector.says or "the form, where a header names the entity"
    return _kind(detector), says, _source(detector)


def _kind(detector: Detector) -> str:
    if detector.proof is None:
        return "header and form"
    return {"checksum": "check digits", "pattern": "form", "dictionary": "words"}[detector.kind] + (
        "" if detector.alone >= 0.7 else ", with a header or in a table of persons"
    )


def _source(detector: Detector) -> str:
    """The standard that a detector's own module names, else where the values come from that it was tried on."""
    if importlib.util.find_spec(f"{detectors.__name__}.{detector.name}"):
        text = inspect.getdoc(importlib.import_module(f"{detectors.__name__}.{detector.name}")) or ""
    else:
        vectors = yaml.safe_load((_VECTORS / f"{detector.name}.yaml").read_text(encoding="utf-8"))
        text = str(vectors["source"])
    return re.sub(r"[<>`]", "", text)
