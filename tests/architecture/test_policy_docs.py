"""What the documentation says of policies: each example can be used, and behind each grant path stands a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jupyter_privguard.policy.load import examine

ROOT = Path(__file__).parents[2]
SECURITY = (ROOT / "SECURITY.md").read_text()
TRIED_ELSEWHERE = {"# group-policy.yaml"}
"""A policy that names the mask which its own page adds to a copy of the package; it is run there."""


def _is_policy(text: str) -> bool:
    """Whether it is one, by what stands in it: a file that is named in its first line may be anything."""
    first = text.partition("\n")[0]
    names_a_file = re.fullmatch(r"# [\w./-]+\.ya?ml", first) is not None
    return first not in TRIED_ELSEWHERE and (not names_a_file or "\nversion: 1\n" in text)


EXAMPLES = [
    (path.name, number, text)
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for number, text in enumerate(re.findall(r"^```yaml\n(.*?)^```", path.read_text(), re.DOTALL | re.MULTILINE))
    if _is_policy(text)
]


@pytest.mark.parametrize(("name", "number", "text"), EXAMPLES, ids=lambda part: str(part)[:20].strip())
def test_every_policy_in_the_documentation_can_be_used(tmp_path: Path, name: str, number: int, text: str) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(text if "version:" in text else f"version: 1\n{text}")

    examined = examine(policy)

    assert examined.problems == (), (name, number)


def _rows() -> list[str]:
    section = SECURITY.split("## Who grants what to whom\n")[1].split("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("| ")][1:]


def test_every_grant_path_names_a_test_that_there_is() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^ *(?:async )?def (test_\w+)", sources, re.MULTILINE))
    rows = _rows()

    assert len(rows) > 12
    assert [row for row in rows if not re.findall(r"`(test_\w+)`", row.split(" | ")[-1])] == []
    assert set(re.findall(r"`(test_\w+)`", SECURITY)) - there == set()
