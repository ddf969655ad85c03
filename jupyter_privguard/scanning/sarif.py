"""Findings as SARIF 2.1.0 (OASIS), which forges and editors show beside the code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .findings import TRAINING_CODES, TRAINING_ROWS, Finding, Scanned

__all__ = ["sarif"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_GRAVE = {"error": "8.0", "warning": "6.0", "note": "3.0"}
_SAYS = {
    TRAINING_ROWS: "A model with rows of its training data",
    TRAINING_CODES: "A model with codes out of its training data",
    "CREDENTIAL": "A secret",
}


def sarif(scanned: Sequence[Scanned], version: str) -> dict[str, Any]:
    """The log of one run: a result a finding, a notification a problem."""
    found = [one for file in scanned for one in file.findings]
    rules = sorted({one.entity for one in found})
    places = {entity: place for place, entity in enumerate(rules)}
    notes = [_note(file.path, problem) for file in scanned for problem in (*file.problems, *file.not_read)]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "privguard",
                        "version": version,
                        "rules": [_rule(entity, found) for entity in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
                "results": [_result(one, places[one.entity]) for one in found],
            }
        ],
    }


def _rule(entity: str, found: Sequence[Finding]) -> dict[str, Any]:
    """What GitHub's code scanning shows of a rule; how grave and how sure it is, for its filters."""
    level = next(one.severity for one in found if one.entity == entity)
    help_text = (
        "`privguard scan --fix` writes [redacted] in text files and notebooks; models, tables and archives have to be "
        "made anew. A secret that was saved is known: withdraw it too."
    )
    return {
        "id": entity,
        "name": "".join(word.capitalize() for word in entity.split("_")),
        "shortDescription": {"text": f"{entity} in a saved file"},
        "fullDescription": {
            "text": f"{_SAYS.get(entity, f'A value that looks like {entity}')} stands in a saved file."
        },
        "help": {"text": help_text},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": ["privacy", "security"],
            "precision": "high",
            "security-severity": _GRAVE[level],
        },
    }


def _result(one: Finding, rule: int) -> dict[str, Any]:
    # A file without lines has a first one all the same: results without a region are not shown.
    region = {"startLine": 1} if one.place.line is None else {"startLine": one.place.line, "startColumn": one.place.at}
    where: dict[str, Any] = {"artifactLocation": {"uri": _uri(one.path)}, "region": region}
    return {
        "ruleId": one.entity,
        "ruleIndex": rule,
        "level": one.severity,
        "message": {"text": f"{one.entity} ({one.confidence} %) in {one.place}: {one.excerpt}"},
        "locations": [{"physicalLocation": where}],
        "partialFingerprints": {"privguard/v1": one.fingerprint},
        "rank": float(one.confidence),
    }


def _note(path: str, problem: str) -> dict[str, Any]:
    return {
        "level": "warning",
        "message": {"text": problem},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(path)}}}],
    }


def _uri(path: str) -> str:
    return (
        Path(path).as_uri()
        if Path(path).is_absolute()
        else quote(Path(path).as_posix().encode("utf-8", "surrogateescape"))
    )
