"""``make bench``: measures everything beside a peer in one run and writes RESULTS.md.

Figures depend on the machine; ratios within one run hardly do. Each part runs in a process of its
own, with its own keys and log, so that no part warms up another. ``python bench/run.py accuracy cells``
measures these parts only and leaves the other sections of RESULTS.md as they are.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import Row, machine

PARTS = {
    "starting": "Starting",
    "cells": "Cells",
    "exits": "What leaves a kernel",
    "showing": "What is shown",
    "printing": "What is printed",
    "learning": "What is learned",
    "server_gate": "What passes the server",
    "accuracy": "How well columns are classified",
    "classifying": "How fast columns are classified",
    "masking_speed": "Masking",
    "scanning": "Every cell, and quasi-identifiers",
    "scanning_files": "Saved files",
    "log_speed": "The log",
    "predicting": "A served prediction",
}
RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Benchmarks

Written by `make bench`. A ratio is our time divided by that of what stands beside it, taken in the same run; medians of
several runs; smaller is better. A missed aim stays in the table.
"""


def main(chosen: list[str]) -> None:
    began = time.monotonic()
    for name, title in PARTS.items():
        if not chosen or name in chosen:
            print(f"bench: {title.lower()} …", file=sys.stderr, flush=True)
            write_section(title, _measured(name))  # at once: a later part may fail
    print(RESULTS.read_text(encoding="utf-8"))
    print(f"bench: {time.monotonic() - began:.0f} s", file=sys.stderr)


def write_section(title: str, text: str) -> None:
    """``text`` is the section of this ``title`` of RESULTS.md from now on; the others stay as they are."""
    kept = _kept() | {title: text}
    ordered = [one for one in PARTS.values() if one in kept]
    ordered += [one for one in kept if one not in ordered]
    sections = [part for one in ordered for part in (f"## {one}\n", kept[one])]
    RESULTS.write_text("\n".join([HEAD, f"Machine: {machine()}.\n", *sections]), encoding="utf-8")


def _kept() -> dict[str, str]:
    """The sections of the last results by title."""
    written = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    parts = (section.partition("\n\n") for section in written.split("\n## ")[1:])
    return {title.strip(): body.rstrip() + "\n" for title, _, body in parts}


def _measured(part: str) -> str:
    """The section of one part, from a process of its own."""
    with tempfile.TemporaryDirectory(prefix="privguard-bench-") as folder:
        own = {"PRIVGUARD_HOME": f"{folder}/home", "IPYTHONDIR": f"{folder}/ipython"}
        # Users' interpreters keep byte code, so the measured ones do.
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | own
        output = Path(folder) / "section.md"
        code = f"import run; run.write_part({part!r}, {str(output)!r})"
        path = {"PYTHONPATH": str(RESULTS.parent)}
        subprocess.run([sys.executable, "-c", code], env=environment | path, stdout=subprocess.DEVNULL, check=True)
        return output.read_text(encoding="utf-8")


def _table(rows: list[Row]) -> str:
    lines = ["| what | figure | beside | ratio | aim | |", "|---|---|---|---|---|---|"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        aim = "" if row.aim is None else f"≤ {row.aim:g}"
        lines.append(f"| {row.what} | {row.figure} | {row.peer} | {ratio} | {aim} | {row.verdict} |")
    return "\n".join(lines) + "\n"


def write_part(name: str, output: str) -> None:
    """Measure one part in this process: its own text, or a table of its rows."""
    part = importlib.import_module(name)
    section = part.text() if hasattr(part, "text") else _table(part.rows())
    Path(output).write_text(section, encoding="utf-8")


if __name__ == "__main__":
    if unknown := set(sys.argv[1:]) - PARTS.keys():
        raise SystemExit(f"bench: there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.")
    main(sys.argv[1:])
