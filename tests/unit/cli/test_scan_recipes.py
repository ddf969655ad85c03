"""The recipes of docs/scanning.md, run as they stand there: a real git, its hook, the line of a crontab, a step."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from jupyter_privguard.classification.detectors.credential import KINDS

PAGE = (Path(__file__).parents[3] / "docs/scanning.md").read_text()
MAIL = "asha.patel@corp.example"
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": 1,
            "id": "0f1e2d3c",
            "metadata": {},
            "outputs": [{"output_type": "stream", "name": "stdout", "text": [f"sent to {MAIL}\n"]}],
            "source": ["x = 1"],
        }
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def _block(beginning: str) -> str:
    """The code block of the page that begins so."""
    return next(code for code in re.findall(r"(?ms)^```[^\n]*\n(.*?)^```$", PAGE) if code.startswith(beginning))


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """An environment with git and a `privguard` of this source, and a home of its own."""
    commands = tmp_path / "bin"
    commands.mkdir()
    script = commands / "privguard"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m jupyter_privguard "$@"\n')
    script.chmod(0o755)
    return {
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "HOME": str(tmp_path),
        "PRIVGUARD_HOME": str(tmp_path / "home"),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "a@b.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }


def _run(code: str, folder: Path, shell: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", code], cwd=folder, env=shell, capture_output=True, text=True, timeout=110)


def test_the_hook_refuses_a_notebook_and_takes_it_cleaned(shell: dict[str, str], tmp_path: Path) -> None:
    work = tmp_path / "work dir"
    work.mkdir()
    assert _run("git init -q . && privguard scan . --write-baseline accepted.json", work, shell).returncode == 0
    hook = work / ".git" / "hooks" / "pre-commit"
    hook.write_text(_block("#!/bin/sh"))
    hook.chmod(0o755)
    file = work / "näch ste.ipynb"
    file.write_text(json.dumps(NOTEBOOK, indent=1))

    refused = _run("git add . && git commit -qm first", work, shell)
    fixed = _run("privguard scan . --fix", work, shell)
    not_added = _run("git commit -qm 'still as it was'", work, shell)
    taken = _run("git add . && git commit -qm cleaned", work, shell)

    assert refused.returncode != 0 and "EMAIL_ADDRESS" in refused.stdout + refused.stderr
    assert MAIL not in refused.stdout + refused.stderr
    assert fixed.returncode == 0 and MAIL not in file.read_text()
    assert not_added.returncode != 0, "what is staged counts"
    assert taken.returncode == 0, taken.stderr
    assert _run("git log --oneline", work, shell).stdout.count("\n") == 1
    assert MAIL not in _run("git show HEAD", work, shell).stdout


def test_every_night_and_in_a_pipeline(shell: dict[str, str], tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "notebooks").mkdir(parents=True)
    (work / "notebooks" / "n.ipynb").write_text(json.dumps(NOTEBOOK))
    line = _block("15 2 * * * ").split(maxsplit=5)[5].replace("/srv/", f"{work}/").replace("/var/log/", f"{tmp_path}/")
    (step,) = yaml.safe_load(_block("- run: "))

    night = _run(line, tmp_path, shell)
    _run("privguard scan . --write-baseline accepted.json", work, shell)
    (work / "later.md").write_text(f"ask ravi.{MAIL}")
    pipeline = _run(step["run"], work, shell)

    assert night.returncode == 1
    (found,) = json.loads((tmp_path / "privguard-scan.json").read_text())
    assert found["entity"] == "EMAIL_ADDRESS"
    assert pipeline.returncode == 1
    (result,) = json.loads((work / "findings.sarif").read_text())["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "later.md"


def test_the_page_lists_the_kinds_of_secrets() -> None:
    table = "\n".join(f"| {number} | {name} |" for number, name in enumerate(KINDS, 1))

    assert table in PAGE
    assert f"[{len(KINDS)} kinds]" in PAGE and len(KINDS) >= 25
