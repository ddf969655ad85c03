"""Versions and detectors of a session, for its record."""

from __future__ import annotations

import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from jupyter_privguard import runtime
from jupyter_privguard._canonical import canonical_json


def test_versions_and_detectors_are_told() -> None:
    found = runtime.software_here()

    canonical_json(found)
    versions = found["versions"]
    assert versions.pop("python") == platform.python_version()
    assert versions.pop("jupyter_privguard") == runtime.version()
    assert {"pandas", "ipython", "cryptography", "jupyter-server"} <= versions.keys()
    assert versions == {package: metadata.version(package) for package in versions}
    assert {"contact", "in_aadhaar", "person"} <= set(found["plugins"]["detectors"])
    assert not [name for name in found["plugins"]["detectors"] if name.startswith("_")]


def test_what_is_not_installed_is_left_out_and_the_first_place_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (
        "one/great_expectations-1.2.dist-info",
        "two/great_expectations-1.1.dist-info",
        "two/Polars-2.dist-info",
    ):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "two" / "pandas.dist-info").mkdir()  # no name that an installer gives
    monkeypatch.setattr(sys, "path", [str(tmp_path / name) for name in ("gone", "one", "two")])

    found = runtime.software_here()["versions"]

    assert {name: found[name] for name in found.keys() - {"python", "jupyter_privguard"}} == {
        "great-expectations": "1.2",
        "polars": "2",
    }


def test_nothing_is_imported_to_be_asked() -> None:
    code = (
        "import sys; from jupyter_privguard.runtime.software import software_here; software_here()\n"
        "print([n for n in ('polars', 'duckdb', 'great_expectations', 'matplotlib') if n in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
