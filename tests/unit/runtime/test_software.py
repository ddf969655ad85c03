"""Versions and detectors of a session, for its record."""

from __future__ import annotations

import platform
import subprocess
import sys
from importlib import metadata

import pytest

from jupyter_privguard import runtime
from jupyter_privguard._canonical import canonical_json


def test_versions_and_detectors_are_told() -> None:
    found = runtime.software_here()

    canonical_json(found)
    assert found["versions"]["python"] == platform.python_version()
    assert found["versions"]["jupyter_privguard"] == runtime.version()
    assert found["versions"]["pandas"] == metadata.version("pandas")
    assert {"contact", "in_aadhaar", "person"} <= set(found["plugins"]["detectors"])
    assert not [name for name in found["plugins"]["detectors"] if name.startswith("_")]


def test_what_is_not_installed_is_left_out_and_what_is_broken_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "duckdb":
            raise metadata.PackageNotFoundError(name)
        if name == "polars":
            raise ValueError("broken")
        return "1.0"

    monkeypatch.setattr(metadata, "version", version)
    found = runtime.software_here()["versions"]

    assert "duckdb" not in found
    assert (found["polars"], found["pandas"]) == ("not known", "1.0")


def test_nothing_is_imported_to_be_asked() -> None:
    code = (
        "import sys; from jupyter_privguard.runtime.software import software_here; software_here()\n"
        "print([n for n in ('polars', 'duckdb', 'great_expectations', 'matplotlib') if n in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
