"""Licences of what ships: everything in the locked core, and what the panel bundles.

Permissive ones only. MPL-2.0 is bound to its files, so the few packages that the mandated ones
bring are let through by name.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.markers import Marker

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / ".ci"))

from licences import ELSEWHERE, expression_of, licence_of  # noqa: E402 - a folder of scripts, not a package

ALLOWED = frozenset(
    """MIT MIT-0 MIT-CMU BSD-2-Clause BSD-3-Clause 0BSD Apache-2.0 ISC PSF-2.0 Zlib CC0-1.0 HPND Unlicense""".split()
)

MPL = {
    "certifi": "requests, httpx",
    "fqdn": "jsonschema's formats, in JupyterLab's event schemas",
    "pathspec": "hatchling; builds the wheel and is not imported by us",
    "tqdm": "great-expectations",
}
"""Packages that may be under MPL-2.0, and who brings them."""

IN_THE_PANEL = {
    "@lumino/coreutils": "BSD-3-Clause",
    "@lumino/disposable": "BSD-3-Clause",
    "@lumino/messaging": "BSD-3-Clause",
    "@lumino/signaling": "BSD-3-Clause",
    "@lumino/virtualdom": "BSD-3-Clause",
    "@lumino/widgets": "BSD-3-Clause",
}
"""Licences of the npm packages that the panel runs with."""


def is_allowed(expression: str, allowed: frozenset[str] = ALLOWED) -> bool:
    """Whether an SPDX expression can be satisfied by ``allowed``: of OR one side, of AND both.

    ``AND`` binds closer than ``OR``. A licence ``WITH`` an exception counts as the licence.
    """
    tokens = re.findall(r"\(|\)|[^\s()]+", expression)
    try:
        return _either(tokens, allowed) and not tokens
    except IndexError:  # it ends where a licence should stand
        return False


def _either(tokens: list[str], allowed: frozenset[str]) -> bool:
    satisfied = _both(tokens, allowed)
    while tokens and tokens[0].upper() == "OR":
        tokens.pop(0)
        satisfied = _both(tokens, allowed) or satisfied
    return satisfied


def _both(tokens: list[str], allowed: frozenset[str]) -> bool:
    satisfied = _one(tokens, allowed)
    while tokens and tokens[0].upper() == "AND":
        tokens.pop(0)
        satisfied = _one(tokens, allowed) and satisfied
    return satisfied


def _one(tokens: list[str], allowed: frozenset[str]) -> bool:
    token = tokens.pop(0)
    if token == "(":
        satisfied = _either(tokens, allowed)
        return tokens.pop(0) == ")" and satisfied
    if tokens[:1] == ["WITH"]:
        del tokens[:2]
    return token in allowed


def _locked_core() -> Iterator[tuple[str, str]]:
    """(name, marker) of each requirement."""
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        if match := re.match(r"([a-z0-9-]+)==\S+(?: ; ([^\\]+))?", line):
            yield match[1], (match[2] or "").strip()


def _allowed_for(name: str) -> frozenset[str]:
    return ALLOWED | {"MPL-2.0"} if name in MPL else ALLOWED


@pytest.mark.parametrize(
    "expression",
    [
        "MIT",
        "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
        "Apache-2.0 OR BSD-3-Clause",
        "MIT OR GPL-2.0",
        "GPL-2.0-only or MIT",
        "(GPL-3.0-only OR MIT) AND (Apache-2.0 WITH LLVM-exception)",
        "GPL-3.0-only AND LGPL-2.1 OR ISC",
    ],
)
def test_expressions_that_leave_a_permissive_choice_are_allowed(expression: str) -> None:
    assert is_allowed(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "GPL-2.0-only",
        "LGPL-2.1",
        "LGPL-2.1-or-later",
        "AGPL-3.0-only",
        "BUSL-1.1",
        "MPL-2.0",
        "SSPL-1.0",
        "MIT AND LGPL-2.1",
        "MIT AND (GPL-2.0 OR LGPL-3.0)",
        "MIT License",
        "MIT OR",
        "(MIT",
        "MIT)",
        "Proprietary",
        "GPL-2.0-only WITH Classpath-exception-2.0",
        "UNKNOWN",
        "?",
    ],
)
def test_copyleft_unknown_and_garbled_licences_are_refused(expression: str) -> None:
    assert not is_allowed(expression)


@pytest.mark.parametrize(
    ("expression", "text", "classifiers", "meaning"),
    [
        ("MIT", "whatever", ["License :: OSI Approved :: Apache Software License"], "MIT"),
        (None, "Copyright (c) 2022\n" * 40, ["License :: OSI Approved :: BSD License"], "BSD-3-Clause"),
        (None, "Apache License, Version 2.0", [], "Apache-2.0"),
        (None, "MPL-2.0 AND MIT", [], "MPL-2.0 AND MIT"),
        (None, "UNKNOWN", ["License :: OSI Approved :: ISC License (ISCL)"], "ISC"),
        (
            None,
            "",
            [
                "License :: OSI Approved :: MIT License",
                "License :: OSI Approved :: GNU Lesser General Public License v2 (LGPLv2)",
            ],
            "MIT AND ?",
        ),
        (None, "GNU LGPL", [], "GNU LGPL"),
        (None, None, [], ""),
    ],
)
def test_a_licence_is_read_from_wherever_it_is_named(
    expression: str | None, text: str | None, classifiers: list[str], meaning: str
) -> None:
    assert expression_of(expression, text, classifiers) == meaning


def test_everything_in_the_locked_core_is_permissive() -> None:
    licences = {name: licence_of(name) for name, marker in _locked_core() if not marker or Marker(marker).evaluate()}

    assert len(licences) > 50
    assert {name: said for name, said in licences.items() if not is_allowed(said, _allowed_for(name))} == {}


def test_the_packages_of_other_platforms_are_listed_by_hand() -> None:
    everywhere = {name for name, marker in _locked_core() if not marker or Marker(marker).evaluate()}

    assert {name for name, _ in _locked_core()} - everywhere <= set(ELSEWHERE)


def test_what_is_listed_by_hand_and_installed_here_says_the_licence_of_the_list() -> None:
    here = {name for name, marker in _locked_core() if name in ELSEWHERE and Marker(marker).evaluate()}

    assert {name: licence_of(name) for name in here} == {name: ELSEWHERE[name] for name in here}


def test_the_lists_of_exceptions_name_only_what_is_locked() -> None:
    locked = {name for name, _ in _locked_core()}

    assert locked.issuperset(MPL)
    assert locked.issuperset(ELSEWHERE)
    assert all(is_allowed(licence) for licence in ELSEWHERE.values())


def test_what_the_panel_bundles_is_permissive() -> None:
    dependencies = json.loads((ROOT / "labextension/package.json").read_text())["dependencies"]

    assert {name: IN_THE_PANEL.get(name) for name in dependencies if name not in IN_THE_PANEL} == {}
    assert all(is_allowed(licence) for licence in IN_THE_PANEL.values())


def test_installed_packages_of_the_panel_say_the_licence_of_the_list() -> None:
    for name, licence in IN_THE_PANEL.items():
        manifest = ROOT / "labextension/node_modules" / name / "package.json"
        if manifest.exists():
            assert json.loads(manifest.read_text())["license"] == licence, name
