"""The software of each session: versions, plug-ins, and with what this file was made."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from typing import Any

from ..._version import __version__
from ..blocks import Block, Cell, Facts, Paragraph, Table, code, plain
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..words import count, few, names, seqs

__all__ = ["SECTION"]

_MANY = 12


def _build(context: Context) -> list[Block]:
    return [*_versions(context), *_plugins(context), Facts(_made(context))]


def _told(context: Context) -> list[Event]:
    return [event for event in context.of("guard.load") if event["outcome"] == "ok"]


def _versions(context: Context) -> list[Block]:
    loads = _told(context)
    if not loads:
        return [Paragraph(plain("No load of the guard is in the log for the sessions of this experiment."))]
    found: dict[str, dict[str, list[Event]]] = {}
    for event in loads:
        versions: Mapping[str, Any] = event.get("versions") or {
            "jupyter_privguard": event.get("version"),
            "python": event.get("python"),
        }
        for package, version in versions.items():
            if version:
                found.setdefault(str(package), {}).setdefault(str(version), []).append(event)
    rows: list[list[Cell]] = [
        [code(package), code(version), few(seqs(own))]
        for package, by_version in sorted(found.items(), key=_order)
        for version, own in by_version.items()
    ]
    hosts = ", ".join(sorted({str(event["host"]) for event in loads if event.get("host")})) or "a host not told"
    text = f"The guard was loaded {count(len(loads), 'time')}, in: {hosts}. "
    blocks: list[Block] = [Paragraph((*plain(text), *few(seqs(loads))))]
    if rows:
        blocks.append(Table("Versions in the sessions of this experiment", ["Software", "Version", "Told by"], rows))
    untold = [event for event in loads if not event.get("versions")]
    if untold:
        text = f"{count(len(untold), 'session')} did not tell the versions of other software. "
        blocks.append(Paragraph((*plain(text), *few(seqs(untold))), "note"))
    return blocks


def _order(item: tuple[str, object]) -> tuple[bool, str]:
    return item[0] not in ("jupyter_privguard", "python"), item[0]


def _plugins(context: Context) -> list[Block]:
    groups: dict[tuple[str, ...], list[Event]] = {}
    for event in _told(context):
        detectors = (event.get("plugins") or {}).get("detectors")
        if isinstance(detectors, list):
            groups.setdefault(tuple(str(name) for name in detectors), []).append(event)
    if not groups:
        return []
    rows: list[list[Cell]] = [
        [plain(count(len(detectors), "file")), names(detectors, most=_MANY), few(seqs(own))]
        for detectors, own in groups.items()
    ]
    blocks: list[Block] = [Table("Detectors that were there", ["How many", "Names", "Told by"], rows)]
    if len(groups) > 1:
        blocks.append(Paragraph(plain("The sessions did not all have the same detectors."), "warning"))
    return blocks


def _made(context: Context) -> list[tuple[str, Cell]]:
    from ..section import sections  # which looks for this file in turn

    others = [section.id for section in sections()]
    return [
        ("This file was made with", plain(f"jupyter_privguard {__version__}, Python {platform.python_version()}")),
        ("Sections of this file", names(others, most=len(others))),
    ]


SECTION = Section(order=54, id="environment", title="Environment", build=_build)
