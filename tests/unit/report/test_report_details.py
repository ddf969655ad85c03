"""Whoever follows a link to an event reads there what it is about, whatever kind it is."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_privguard.report.details import details


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ({"action": "model.record", "model": "churn", "version": "3", "sha256": "ab"}, ("version 3 of churn", "ab")),
        (
            {"action": "model.review", "model": "churn", "version": None, "blocked": True, "sha256": None},
            ("churn: blocked", ""),
        ),
        (
            {"action": "scan", "findings": 2, "files": 7, "unread": 1, "fixed": 0},
            ("2 findings in 7 files; 1 not read", ""),
        ),
        (
            {"action": "checklist", "points": [{"status": "partial"}, {"status": "evidenced"}, {"status": "partial"}]},
            ("1 evidenced, 2 partial", ""),
        ),
        (
            {"action": "archive", "first": 1, "last": 9, "to": "s3://b", "sha256": "cd"},
            ("records 1 to 9, to s3://b", "cd"),
        ),
        (
            {
                "action": "alert",
                "about": "an alias",
                "model": "churn",
                "version": "1",
                "alias": "a",
                "problem": "denied",
            },
            ("an alias; version 1 of churn as a; denied", ""),
        ),
        (
            {"action": "alert", "about": "an output", "exit": "display", "error": {"id": "e1", "kind": "X"}},
            ("an output; display", "e1"),
        ),
        (
            {"action": "data.seal", "dataset": {"name": "notes"}, "original": "kept"},
            ("notes; the file itself: kept", ""),
        ),
        ({"action": "quality.check", "suite": "s", "expectations": 4, "failed": 1}, ("1 of 4 not met", "")),
        ({"action": "run.end", "run_name": "first", "status": "FINISHED", "run_id": "0a"}, ("first; FINISHED", "0a")),
        ({"action": "endpoint.use", "endpoint": "db/logs", "tls": "TLSv1.3"}, ("db/logs by TLSv1.3", "")),
        ({"action": "key.unlock", "outcome": "refused"}, ("a passphrase that opens no key", "")),
        ({"action": "guard.changed", "what": ["display", "exits"]}, ("display, exits", "")),
        ({"action": "reveal", "handle": "tok_1", "domain": "PERSON_NAME", "reason": "r"}, ("PERSON_NAME; r", "tok_1")),
    ],
    ids=lambda given: given["action"] if isinstance(given, dict) else None,
)
def test_a_line_tells_what_it_is_about(event: dict[str, Any], told: tuple[str, str]) -> None:
    assert details(event) == told
