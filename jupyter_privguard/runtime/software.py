"""Which software a session runs in: versions and detectors, for the record. Nothing of it is imported to be asked."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

from .place import version

__all__ = ["software_here"]

_PACKAGES = (
    *(
        "cryptography",
        "duckdb",
        "great-expectations",
        "hyperscan",
        "ipykernel",
        "ipython",
        "jupyter-server",
        "matplotlib",
    ),
    *("numpy", "pandas", "polars", "pyarrow"),
)
_DETECTORS = Path(__file__).parents[1] / "classification" / "detectors"


def software_here() -> dict[str, Any]:
    """The fields ``versions`` (by package, as installed) and ``plugins`` (by kind the names of their files)."""
    from importlib import metadata

    versions = {"python": platform.python_version(), "jupyter_privguard": version()}
    for package in _PACKAGES:
        try:
            versions[package] = str(metadata.version(package))
        except metadata.PackageNotFoundError:
            continue
        except Exception:  # noqa: BLE001 - somebody else's broken installation stops no guard
            versions[package] = "not known"
    names = (file.stem for file in _DETECTORS.glob("*.py"))
    return {"versions": versions, "plugins": {"detectors": sorted(name for name in names if not name.startswith("_"))}}
