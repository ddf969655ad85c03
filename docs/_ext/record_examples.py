"""Take one example of each action from real logs: ``python docs/_ext/record_examples.py FOLDER…``.

The folders are searched for logs, as those that the tests leave behind. What is found is written to
examples.jsonl beside this file, line by line as it stands in a log but for folders;
tests/docs/test_event_examples.py holds it against what the code declares.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from jupyter_privguard.report.fields import FIELDS, fields_of

__all__ = ["undeclared"]

EXAMPLES = Path(__file__).parent / "examples.jsonl"
_OF_EVERY_RECORD = ("seq", "time", "action")
_LONGEST = 1_500
_REAL = re.compile("[0-9a-f]{16}")
"""What sessions are called that were some; tests that make up events call them otherwise."""
_SHA256 = 64
_MOST = 400
"""Records that are looked at in one log."""
_OF_A_MACHINE = re.compile(r"[\"/](?:tmp|root|home|work|Users|nobody)\b")

_FOLDER = re.compile(r'"/(?:tmp|root|home|work|Users)/(?:[^"/]+/)*([^"/]+)"')
"""A path whose folders say only where the log was made."""


def fields_in(value: Any, path: str = "") -> Iterator[str]:
    """The dotted paths of all that has a value in an event; entries of a list have the list's path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from fields_in(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from fields_in(inner, path)
    elif value is not None:
        yield path


def _events(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in (found for found in sorted(folder.rglob("log/privguard.db")) if found.is_file()):
        try:
            with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as log:
                lines = [row[0] for row in log.execute(f"select line from records limit {_MOST}")]
        except (sqlite3.Error, UnicodeDecodeError):
            continue
        for line in lines:
            try:
                event = json.loads(line)
            except (TypeError, ValueError, RecursionError):  # a log that a test damaged
                continue
            if (
                isinstance(event, dict)
                and _REAL.fullmatch(str(event.get("session")))
                and event.get("action")
                and len(str(event.get("policy_sha256"))) == _SHA256
            ):
                yield line, event


def _worth(line: str, event: dict[str, Any]) -> float:
    """Many fields, few letters, nothing of one machine, and that it went well."""
    if len(line) > _LONGEST and event["action"] not in ("guard.load", "checklist"):
        return 0
    told = len(set(fields_in(event)))
    return told - len(line) / 120 - 20 * bool(_OF_A_MACHINE.search(line)) + 2 * (event.get("outcome") == "ok")


def main() -> None:
    """Write the best example of each action; those that were found before are candidates too."""
    best: dict[tuple[str, str], tuple[float, str]] = {}
    before = EXAMPLES.read_text(encoding="utf-8").splitlines() if EXAMPLES.exists() else []
    candidates = chain(((line, json.loads(line)) for line in before), *(_events(Path(one)) for one in sys.argv[1:]))
    for line, event in candidates:
        plane, action = event.get("plane", "kernel"), event["action"]
        if plane == "kernel" and undeclared(event):
            continue
        worth = _worth(line, event)
        if worth > best.get((plane, action), (-1e9, ""))[0]:
            best[plane, action] = worth, line
    lines = [_FOLDER.sub(r'"/srv/project/\1"', line) for _, (_, line) in sorted(best.items())]
    EXAMPLES.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{len(lines)} examples; without one: {', '.join(sorted(FIELDS.keys() - {a for _, a in best}))}")


def undeclared(event: dict[str, Any]) -> list[str]:
    """The fields of an event that the code does not declare for its action; those of every record apart."""
    known = fields_of(event["action"]) if event["action"] in FIELDS else {}
    return [field for field in fields_in(event) if field not in _OF_EVERY_RECORD and not _has(known, field)]


def _has(known: dict[str, Any], field: str) -> bool:
    """Whether a field is declared, or counts by names that are not (as ``masked``) stand below one."""
    parts = field.split(".")
    return any(".".join(parts[:size]) in known for size in range(len(parts), 0, -1))


if __name__ == "__main__":
    main()
