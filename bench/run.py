"""``make bench``: measures everything beside a peer in one run and writes RESULTS.md.

Figures depend on the machine; ratios within one run hardly do. Each part runs in a process of its
own, with its own keys and log, so that no part warms up another.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from measure import Row, machine

PARTS = {
    "starting": "Starting",
    "cells": "Cells",
    "showing": "What is shown",
    "masking_speed": "Classifying and masking",
    "scanning": "Every cell, and quasi-identifiers",
    "log_speed": "The log",
}
RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Benchmarks

Written by `make bench`. A ratio is our time divided by that of what stands beside it, taken in the same run; medians of
several runs; smaller is better. A missed aim stays in the table.
"""


def main() -> None:
    began = time.monotonic()
    sections = [HEAD, f"Machine: {machine()}.\n"]
    for name, title in PARTS.items():
        print(f"bench: {title.lower()} …", file=sys.stderr, flush=True)
        sections += [f"## {title}\n", _table(_measured(name))]
    RESULTS.write_text("\n".join(sections), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))
    print(f"bench: {time.monotonic() - began:.0f} s", file=sys.stderr)


def _measured(part: str) -> list[Row]:
    """The rows of one part, from a process of its own."""
    with tempfile.TemporaryDirectory(prefix="privguard-bench-") as folder:
        own = {"PRIVGUARD_HOME": f"{folder}/home", "IPYTHONDIR": f"{folder}/ipython"}
        # Users' interpreters keep byte code, so the measured ones do.
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | own
        output = Path(folder) / "rows.json"
        subprocess.run(
            [sys.executable, __file__, part, str(output)], env=environment, stdout=subprocess.DEVNULL, check=True
        )
        return [Row(**row) for row in json.loads(output.read_text(encoding="utf-8"))]


def _table(rows: list[Row]) -> str:
    lines = ["| what | figure | beside | ratio | aim | |", "|---|---|---|---|---|---|"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        aim = "" if row.aim is None else f"≤ {row.aim:g}"
        lines.append(f"| {row.what} | {row.figure} | {row.peer} | {ratio} | {aim} | {row.verdict} |")
    return "\n".join(lines) + "\n"


def _part(name: str, output: str) -> None:
    rows = importlib.import_module(name).rows()
    Path(output).write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")


if __name__ == "__main__":
    _part(*sys.argv[1:]) if len(sys.argv) > 1 else main()
