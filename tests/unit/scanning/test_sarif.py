"""SARIF against what its schema requires (2.1.0, OASIS), and what GitHub's code scanning asks for beyond that."""

from __future__ import annotations

import pickle
from typing import Any

import jsonschema_rs
import pytest

from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.scanning.contents import findings_in
from jupyter_privguard.scanning.findings import Scanned
from jupyter_privguard.scanning.judging import Judge
from jupyter_privguard.scanning.sarif import sarif
from tests.unit.scanning.made_files import AWS, MAIL, as_bytes, notebook
from tests.unit.scanning.made_models import MEASURES, neighbours

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
PLACE = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "additionalProperties": False,
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "additionalProperties": False,
                    # No blank, no control character, no scheme but file:
                    "properties": {
                        "uri": {"type": "string", "pattern": r"^(?:file:///)?[A-Za-z0-9._~/%!$&'()*+,;=@:-]+$"}
                    },
                },
                "region": {
                    "type": "object",
                    "required": ["startLine"],
                    "additionalProperties": False,
                    "properties": {
                        "startLine": {"type": "integer", "minimum": 1},
                        "startColumn": {"type": "integer", "minimum": 1},
                        "endLine": {"type": "integer", "minimum": 1},
                        "endColumn": {"type": "integer", "minimum": 1},
                    },
                },
            },
        }
    },
}
RESULT = {
    "type": "object",
    # GitHub shows no result without a place or a region, and tells results apart by fingerprints.
    "required": ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
    "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string", "minLength": 1},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "minItems": 1, "maxItems": 1, "items": PLACE},
        "partialFingerprints": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}},
        "rank": {"type": "number", "minimum": -1, "maximum": 100},
    },
}
RULE = {
    "type": "object",
    "required": ["id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "name": {"type": "string", "pattern": "^[A-Z][A-Za-z0-9]+$"},
        "shortDescription": TEXT,
        "fullDescription": TEXT,
        "help": TEXT,
        "defaultConfiguration": {"type": "object", "required": ["level"], "properties": {"level": LEVEL}},
        "properties": {
            "type": "object",
            "required": ["tags", "precision"],
            "properties": {
                "tags": {"type": "array", "uniqueItems": True, "items": {"type": "string"}},
                "precision": {"enum": ["very-high", "high", "medium", "low"]},
                "security-severity": {"type": "string", "pattern": r"^(?:10\.0|\d\.\d)$"},
            },
        },
    },
}
SCHEMA = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "rules": {"type": "array", "uniqueItems": True, "items": RULE},
                                },
                            }
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["executionSuccessful"],
                            "properties": {
                                "executionSuccessful": {"type": "boolean"},
                                "toolExecutionNotifications": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "required": ["message"],
                                        "properties": {
                                            "message": TEXT,
                                            "level": LEVEL,
                                            "locations": {"type": "array", "items": PLACE},
                                        },
                                    },
                                },
                            },
                        },
                    },
                    "results": {"type": "array", "items": RESULT},
                },
            },
        },
    },
}
"""The parts of the schema that are used, without leave for any other property."""

FILES = {
    "notes on persons/ü.md": f"to {MAIL}\nand {MAIL}\n".encode(),
    "a.py": f"key = '{AWS}'\n".encode(),
    "n.ipynb": as_bytes(notebook(source=f"m = '{MAIL}'")),
    "c.csv": f"email,n\n{MAIL},1\nb@corp.example,2\n".encode(),
    "m.pkl": pickle.dumps(neighbours()),
    "r.pkl": pickle.dumps(neighbours().fit(MEASURES, [n % 2 for n in range(len(MEASURES))])),
    "/srv/models/broken.onnx": b"\x3a\x7f",
    "lone \udcff.txt": MAIL.encode(),
}


@pytest.fixture(scope="module")
def log() -> dict[str, Any]:
    judge = Judge(built_in(), None, 60)
    scanned = []
    for path, data in FILES.items():
        problems: list[str] = []
        scanned.append(Scanned(path, tuple(findings_in(path, data, judge, problems)), tuple(problems)))
    return sarif(scanned, "0.1.0")


def test_it_has_what_the_schema_requires_and_nothing_else(log: dict[str, Any]) -> None:
    wrong = [
        f"{list(error.instance_path)}: {error.message}"
        for error in jsonschema_rs.validator_for(SCHEMA).iter_errors(log)
    ]

    assert wrong == []


def test_rules_and_places_belong_together(log: dict[str, Any]) -> None:
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]

    assert {result["ruleId"] for result in run["results"]} == {rule["id"] for rule in rules}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert "region" in result["locations"][0]["physicalLocation"]
    levels = {result["ruleId"]: result["level"] for result in run["results"]}
    assert (
        levels["CREDENTIAL"] == "error" and levels["EMAIL_ADDRESS"] == "warning" and levels["TRAINING_ROWS"] == "note"
    )
    assert MAIL not in str(log) and AWS not in str(log)


def test_an_empty_scan_is_a_log_too() -> None:
    assert jsonschema_rs.validator_for(SCHEMA).is_valid(sarif([], "0.1.0"))
