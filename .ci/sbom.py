"""`make sbom`: what is in an installation and in the panel, as CycloneDX JSON, and nothing else than what is locked.

The packages of requirements.txt with their hashes, licences and dependencies, and the npm packages that ended up in the
panel's bundle. The same locks and bundle give the same bytes: no serial number, no time, no path.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any, NamedTuple

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from licences import ELSEWHERE, licence_of
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
BUNDLED = ROOT / "jupyter_privguard/labextension/static/third-party-licenses.json"
YARN = ROOT / "labextension/yarn.lock"


class Locked(NamedTuple):
    """A package of the lock."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def locked(text: str) -> list[Locked]:
    """The packages of a file of requirements with hashes."""
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        head, *hashes = line.split("--hash=sha256:")
        if head.strip():
            requirement = Requirement(head.strip())
            version = str(requirement.specifier).removeprefix("==")
            digests = tuple(sorted(part.strip() for part in hashes))
            found.append(Locked(requirement.name, version, str(requirement.marker or ""), digests))
    return found


def _needs(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    """What an installed package asks for here, with these extras; nothing of one that is not installed."""
    try:
        texts = requires(name) or []
    except PackageNotFoundError:
        return
    for text in texts:
        wanted = Requirement(text)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in (*extras, "")):
            yield wanted


def edges(roots: list[Requirement]) -> dict[str, set[str]]:
    """Which package asks for which, from ``roots`` on, by canonical names."""
    found: dict[str, set[str]] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(canonicalize_name(one.name), frozenset(one.extras)) for one in roots]
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        for wanted in _needs(name, extras):
            found.setdefault(name, set()).add(canonicalize_name(wanted.name))
            waiting.append((canonicalize_name(wanted.name), frozenset(wanted.extras)))
        found.setdefault(name, set())
    return found


def python_components(packages: list[Locked], scopes: dict[str, str]) -> list[dict[str, Any]]:
    """A component for each package; of two versions for different platforms, two."""
    return [
        {
            "type": "library",
            "bom-ref": one.purl,
            "name": one.name,
            "version": one.version,
            "scope": scopes.get(canonicalize_name(one.name), "required"),
            "licenses": [{"expression": ELSEWHERE.get(one.name) or licence_of(one.name)}],
            "purl": one.purl,
            # Each wheel and sdist of the version has its own; whoever installs has one of them.
            "externalReferences": [
                {
                    "type": "distribution",
                    "url": one.purl,
                    "hashes": [{"alg": "SHA-256", "content": digest} for digest in one.hashes],
                }
            ],
            **({"properties": [{"name": "privguard:marker", "value": one.marker}]} if one.marker else {}),
        }
        for one in packages
    ]


def npm_components() -> list[dict[str, Any]]:
    """The npm packages whose code is in the panel, as its build wrote them down, with yarn's checksums."""
    lock = YARN.read_text()
    found = []
    for package in json.loads(BUNDLED.read_text())["packages"]:
        name, version = package["name"], package["versionInfo"]
        resolved = (
            rf'resolution: "{re.escape(name)}@npm:{re.escape(version)}"\n(?:  .*\n)*?  checksum: ([0-9a-f]{{128}})'
        )
        match = re.search(resolved, lock)
        if match is None:
            raise SystemExit(f"privguard: {name} {version} is in the panel and not in yarn.lock; build the panel anew.")
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        found.append(
            {
                "type": "library",
                "bom-ref": purl,
                "name": name,
                "version": version,
                "scope": "required",
                "licenses": [{"expression": package["licenseId"]}],
                "purl": purl,
                # Of the archive that yarn makes of the package, not of the registry's.
                "properties": [{"name": "yarn:checksum", "value": match[1]}],
            }
        )
    return found


def bom() -> dict[str, Any]:
    """The whole document."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    about, groups = project["project"], project["dependency-groups"]
    core = [Requirement(text) for text in about["dependencies"]]
    extras = [Requirement(text) for name in ("parquet", "plots") for text in about["optional-dependencies"][name]]
    build = [Requirement(text) for text in groups["build"]]
    packages = locked((ROOT / "requirements.txt").read_text())
    needed, optional = edges(core), edges(extras)
    graph = needed | optional | edges(build)
    scopes = {canonicalize_name(one.name): "excluded" for one in build}  # it builds, and is not in an installation
    scopes |= dict.fromkeys(edges(build), "excluded")
    scopes |= dict.fromkeys(optional, "optional") | dict.fromkeys(needed, "required")
    of_panel = npm_components()
    refs: dict[str, list[str]] = {}
    for one in packages:
        refs.setdefault(canonicalize_name(one.name), []).append(one.purl)
    own = f"pkg:pypi/{about['name']}@{about['version']}"
    direct = [canonicalize_name(one.name) for one in (*core, *extras, *build)]
    asked = set(direct) | {name for names in graph.values() for name in names}
    unasked = [name for name in refs if name not in asked]  # of other platforms
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": own,
                "name": about["name"],
                "version": about["version"],
                "licenses": [{"expression": about["license"]}],
                "purl": own,
            }
        },
        "components": [*python_components(packages, scopes), *of_panel],
        "dependencies": [
            {
                "ref": own,
                "dependsOn": sorted({*_refs(refs, [*direct, *unasked]), *(one["bom-ref"] for one in of_panel)}),
            },
            *(
                {"ref": one.purl, "dependsOn": _refs(refs, graph.get(canonicalize_name(one.name), ()))}
                for one in packages
            ),
            *({"ref": one["bom-ref"]} for one in of_panel),
        ],
    }


def _refs(refs: dict[str, list[str]], names: Any) -> list[str]:
    return sorted({ref for name in names for ref in refs.get(name, ())})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    text = json.dumps(bom(), indent=1, sort_keys=True) + "\n"
    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise SystemExit(f"privguard: the list is not valid CycloneDX: {str(problem).splitlines()[0]}")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(text)
    print(f"{options.output}: {text.count(chr(34) + 'purl' + chr(34)) - 1} packages", file=sys.stderr)


if __name__ == "__main__":
    main()
