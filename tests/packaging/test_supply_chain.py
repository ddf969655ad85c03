"""The list of what an installation holds, and what is said of known vulnerabilities."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / ".ci"))

from audit import npm_said, python_said  # noqa: E402 - a folder of scripts, not a package
from cyclonedx.schema import SchemaVersion  # noqa: E402
from cyclonedx.validation.json import JsonStrictValidator  # noqa: E402
from sbom import bom, locked  # noqa: E402


@pytest.fixture(scope="module")
def made() -> dict:
    return bom()


def test_every_locked_package_is_in_it_with_licence_and_hashes(made: dict) -> None:
    components = {one["purl"]: one for one in made["components"]}
    packages = locked((ROOT / "requirements.txt").read_text())

    assert len(packages) > 100
    for one in packages:
        component = components[one.purl]
        digests = [digest["content"] for digest in component["externalReferences"][0]["hashes"]]
        assert digests == sorted(one.hashes) and digests
        assert component["licenses"][0]["expression"].strip("?"), one.name


def test_what_the_panel_bundles_is_in_it(made: dict) -> None:
    bundled = json.loads((ROOT / "jupyter_privguard/labextension/static/third-party-licenses.json").read_text())
    of_npm = {one["name"] for one in made["components"] if one["purl"].startswith("pkg:npm/")}

    assert of_npm == {package["name"] for package in bundled["packages"]}
    assert of_npm


def test_what_only_builds_is_not_part_of_an_installation(made: dict) -> None:
    scopes = {one["name"]: one["scope"] for one in made["components"]}

    assert scopes["hatchling"] == "excluded"
    assert scopes["matplotlib"] == "optional"
    assert {scopes[name] for name in ("pandas", "cryptography", "traitlets", "css-loader")} == {"required"}


def test_every_package_is_reached_from_the_project(made: dict) -> None:
    edges = {one["ref"]: one.get("dependsOn", []) for one in made["dependencies"]}
    reached, waiting = set(), [made["metadata"]["component"]["bom-ref"]]
    while waiting:
        ref = waiting.pop()
        if ref not in reached:
            reached.add(ref)
            waiting += edges[ref]

    assert reached == set(edges)


def test_it_is_valid_and_the_same_bytes_in_another_process(made: dict, tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Kathmandu"}
    out = tmp_path / "sbom.cdx.json"
    subprocess.run([sys.executable, ROOT / ".ci/sbom.py", out], env=env, cwd=tmp_path, check=True, timeout=120)
    text = out.read_text()

    assert text == json.dumps(made, indent=1, sort_keys=True) + "\n"
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert "serialNumber" not in text and "timestamp" not in text and str(ROOT) not in text and "://pypi" not in text


@pytest.mark.parametrize(
    ("dependencies", "code", "words"),
    [
        ([], 2, "not audited"),
        ([{"name": "a", "skip_reason": "not found"}, {"name": "b", "version": "1", "vulns": []}], 2, "know 1 of 2"),
        (
            [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "version": "1", "vulns": []}],
            0,
            "none known in 2",
        ),
        ([{"name": "a", "version": "1", "vulns": [{"id": "X-1"}]}, {"name": "b", "skip_reason": ""}], 1, "a 1: X-1"),
    ],
)
def test_only_an_answer_about_every_package_counts_as_an_audit(dependencies: list, code: int, words: str) -> None:
    found, sentence = python_said(json.dumps({"dependencies": dependencies}))

    assert found == code
    assert words in sentence


def test_no_answer_is_no_audit() -> None:
    assert python_said("")[0] == python_said("a traceback")[0] == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Response Code: 405 (Method Not Allowed)", 2),
        ('{"metadata": {"vulnerabilities": {"low": 0, "high": 0}}}', 0),
        ('{"metadata": {"vulnerabilities": {"low": 0, "high": 2}}}', 1),
    ],
)
def test_a_registry_that_does_not_answer_is_no_audit(text: str, code: int) -> None:
    assert npm_said(0, text)[0] == code
