"""Findings as SARIF 2.1.0 (OASIS), which forges and editors show beside the code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .findings import Finding, Scanned

__all__ = ["sarif"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(scanned: Sequence[Scanned], version: str) -> dict[str, Any]:
    """The log of one run: a result a finding, a notification a problem."""
    found = [one for file in scanned for one in file.findings]
    rules = sorted({one.entity for one in found})
    places = {entity: place for place, entity in enumerate(rules)}
    notes = [_note(file.path, problem) for file in scanned for problem in file.problems]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "privguard",
                        "version": version,
                        "rules": [
                            {"id": entity, "shortDescription": {"text": f"{entity} in a saved file"}}
                            for entity in rules
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
                "results": [_result(one, places[one.entity]) for one in found],
            }
        ],
    }


def _result(one: Finding, rule: int) -> dict[str, Any]:
    where: dict[str, Any] = {"artifactLocation": {"uri": _uri(one.path)}}
    if one.place.line is not None:
        where["region"] = {"startLine": one.place.line, "startColumn": one.place.at}
    return {
        "ruleId": one.entity,
        "ruleIndex": rule,
        "level": "error" if one.entity == "CREDENTIAL" else "warning",
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
