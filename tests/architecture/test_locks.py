"""The lock files: exact, hashed, and free of the machine that made them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")
_IN_THE_CORE_LOCK = {"parquet", "plots"}
_NOT_LOCKED = {"mlflow"}
"""A hundred packages that no test of `make test` needs; `make mlflow` tries them."""
"""Extras that the demo needs; the others are for tests."""
OF_A_MACHINE = re.compile(
    r"""://                                         # any URL, so any registry
      | --(?:extra-)?index-url | --find-links | --trusted-host | --editable
      | \b(?:file|link|portal):                     # a folder of somebody's
      | \bpatch:(?!.*\#~builtin<)                   # the same, unless yarn itself brings the patch
      | (?:^|[\s"'=@])(?:/|~/|[A-Za-z]:\\)\w        # an absolute path
      | ^-e\s""",
    re.VERBOSE | re.MULTILINE,
)


def _entries(text: str) -> list[str]:
    """The requirements of a file, each with its hashes, on one line."""
    joined = text.replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def _versions(name: str) -> dict[str, set[str]]:
    """The versions of each package in a lock; several where platforms differ."""
    found: dict[str, set[str]] = {}
    for entry in _entries((ROOT / name).read_text()):
        requirement = Requirement(entry.partition(" --hash")[0].strip())
        version = str(requirement.specifier).removeprefix("==")
        found.setdefault(canonicalize_name(requirement.name), set()).add(version)
    return found


def _wanted(*, dev: bool) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    wanted = [*project["project"]["dependencies"], *groups["build"]]
    for name, extra in project["project"]["optional-dependencies"].items():
        if name not in _NOT_LOCKED and (dev or name in _IN_THE_CORE_LOCK):
            wanted += extra
    if dev:
        wanted += [entry for entry in groups["dev"] if isinstance(entry, str)]
    return [Requirement(text) for text in wanted]


@pytest.mark.parametrize("name", [*LOCKS, "labextension/yarn.lock"])
def test_a_lock_names_no_host_and_no_path(name: str) -> None:
    text = (ROOT / name).read_text()

    assert len(text) > 1000
    assert OF_A_MACHINE.findall(text) == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://registry.example/simple",
        "numpy @ file:///wheels/numpy.whl",
        "-e .",
        'resolution: "left-pad@https://registry.example/left-pad.tgz"',
        'resolution: "mine@portal:../mine"',
        'resolution: "theirs@patch:theirs@npm%3A1.0.0#./theirs.patch"',
        "    # via -r /builds/requirements.in",
    ],
)
def test_the_look_for_hosts_and_paths_sees_them(line: str) -> None:
    assert OF_A_MACHINE.search(line)


@pytest.mark.parametrize(
    "line",
    [
        'resolution: "left-pad@npm:1.3.0"',
        'resolution: "typescript@patch:typescript@npm%3A5.5.4#~builtin<compat/typescript>::version=5.5.4"',
        "numpy==2.4.6 ; python_version < '3.12' \\",
        "# -e is not used",
    ],
)
def test_ordinary_lines_are_no_hosts_or_paths(line: str) -> None:
    assert not OF_A_MACHINE.search(line)


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_has_one_version_and_hashes(name: str) -> None:
    for entry in _entries((ROOT / name).read_text()):
        assert re.match(r"[a-z0-9-]+==[^\s*]+ ", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry


def test_the_lock_for_development_holds_all_of_the_core_in_the_same_versions() -> None:
    core, dev = _versions("requirements.txt"), _versions("requirements-dev.txt")

    assert {name: dev.get(name) for name in core} == core


@pytest.mark.parametrize(("name", "dev"), [("requirements.txt", False), ("requirements-dev.txt", True)])
def test_every_dependency_is_locked_in_a_version_that_it_allows(name: str, dev: bool) -> None:
    locked = _versions(name)

    for requirement in _wanted(dev=dev):
        versions = locked.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement.name} is not locked"
        assert all(requirement.specifier.contains(version) for version in versions), requirement
