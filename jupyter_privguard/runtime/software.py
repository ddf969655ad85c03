"""Which software a session runs in: versions and detectors, for the record. Nothing of it is imported to be asked."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .place import version

__all__ = ["software_here"]

_PACKAGES = frozenset(
    """
    cryptography duckdb great-expectations hyperscan ipykernel ipython jupyter-server matplotlib numpy pandas polars
    pyarrow
    """.split()
)
_INSTALLED = re.compile(r"(.+?)-([^-]+)\.dist-info")
_DETECTORS = Path(__file__).parents[1] / "classification" / "detectors"


def software_here() -> dict[str, Any]:
    """The fields ``versions`` (by package, as installed) and ``plugins`` (by kind the names of their files)."""
    versions = {"python": ".".join(map(str, sys.version_info[:3])), "jupyter_privguard": version(), **_installed()}
    names = (file.stem for file in _DETECTORS.glob("*.py"))
    return {"versions": versions, "plugins": {"detectors": sorted(name for name in names if not name.startswith("_"))}}


def _installed() -> dict[str, str]:
    """Versions by the names of the folders that installers leave: asking `importlib.metadata` reads a file for each.

    The first folder of ``sys.path`` that has a package counts, as it does for an import (PyPA, "Recording installed
    projects").
    """
    found: dict[str, str] = {}
    for name in _folders():
        known = _INSTALLED.fullmatch(name) if name.endswith(".dist-info") else None
        package = re.sub(r"[-_.]+", "-", known[1]).lower() if known else ""
        if known and package in _PACKAGES:
            found.setdefault(package, known[2])
    return dict(sorted(found.items()))


def _folders() -> Iterator[str]:
    for place in sys.path:
        try:
            yield from (file.name for file in os.scandir(place or "."))
        except OSError:  # an archive, or a place that is gone
            continue
