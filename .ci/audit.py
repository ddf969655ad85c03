"""`make audit`: known vulnerabilities of what is locked, for Python by pip-audit and for the panel's tools by yarn.

Both ask a database on the network. Where none answers, that is said, and it is a failure: nothing was audited.
Exit codes: 0 none known, 1 some known, 2 could not be asked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def python_said(text: str) -> tuple[int, str]:
    """What the JSON of pip-audit comes to: exit code and sentence."""
    try:
        found = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return 2, "Python: no database of vulnerabilities could be asked from here; run this where there is a network."
    known = [f"{one['name']} {one['version']}: {vuln['id']}" for one in found for vuln in one.get("vulns", ())]
    if known:
        return 1, "\n".join([f"Python: {len(known)} known vulnerabilities.", *known])
    unknown = sum("vulns" not in one for one in found)
    if unknown or not found:
        return 2, f"Python: the database that answered does not know {unknown} of {len(found)} packages: not audited."
    return 0, f"Python: none known in {len(found)} packages."


def npm_said(code: int, text: str) -> tuple[int, str]:
    """What `yarn npm audit --json` comes to."""
    start = text.find("{")
    try:
        found = json.loads(text[start:])["metadata"]["vulnerabilities"] if start >= 0 else None
    except (ValueError, KeyError, TypeError):
        found = None
    if found is None:
        return 2, "npm: the registry gave no answer about vulnerabilities; run this where there is a network."
    total = sum(found.values())
    said = ", ".join(f"{count} {level}" for level, count in found.items() if count)
    return (1, f"npm: {total} known vulnerabilities ({said}).") if total or code else (0, "npm: none known.")


def _run(command: Sequence[str], cwd: Path) -> tuple[int, str]:
    """Exit code and standard output of a command; 2 and nothing where it is not there or hangs."""
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 2, ""
    return done.returncode, done.stdout


def main(pip_audit: str, jlpm: str) -> int:
    """Ask for both; the worse of the two."""
    codes = []
    for lock in ("requirements.txt", "requirements-dev.txt"):
        options = ["-r", lock, "--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
        code, sentence = python_said(_run([pip_audit, *options], ROOT)[1])
        print(f"{lock}: {sentence}")
        codes.append(code)
    code, sentence = npm_said(*_run([jlpm, "npm", "audit", "--all", "--recursive", "--json"], ROOT / "labextension"))
    print(f"labextension/yarn.lock: {sentence}")
    codes.append(code)
    return 1 if 1 in codes else max(codes)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
