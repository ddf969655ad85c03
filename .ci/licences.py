"""Which licence a locked package is under, as its own metadata says."""

from __future__ import annotations

import re
from importlib.metadata import metadata

__all__ = ["ELSEWHERE", "expression_of", "licence_of"]

NAMES = {
    "apache 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}
"""What classifiers and older metadata call a licence."""

ELSEWHERE = {
    "appnope": "BSD-2-Clause",  # macOS
    "colorama": "BSD-3-Clause",  # Windows
    "overrides": "Apache-2.0",  # before Python 3.12
    "pexpect": "ISC",  # not on Windows
    "ptyprocess": "ISC",  # not on Windows
    "pycparser": "BSD-3-Clause",  # not on PyPy
    "pywinpty": "MIT",  # Windows
}
"""Licences of packages that a lock for all platforms names and some of them do not install.

As the metadata and the licence files in the wheels of the locked versions say; where one is installed, a
test compares.
"""


def expression_of(license_expression: str | None, license_text: str | None, classifiers: list[str]) -> str:
    """One SPDX expression out of the three places where a package may name its licence.

    Classifiers beside one another all count; whole licence texts in ``License`` are not read.
    """
    if license_expression:
        return license_expression
    named = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License :: ")]
    if not named and license_text and len(license_text) < 100:
        named = [license_text]
    return " AND ".join(NAMES.get(name.lower(), name if re.fullmatch(r"[\w.\-+ ]+", name) else "?") for name in named)


def licence_of(name: str) -> str:
    """That of an installed package; PackageNotFoundError for one that is not."""
    found = metadata(name)
    return expression_of(found["License-Expression"], found["License"], found.get_all("Classifier") or [])
