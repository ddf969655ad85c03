"""``make fuzz``: the property tests on all that hostile people write, with twenty times as many examples.

The section "Fuzz" of RESULTS.md is written anew: how many examples were tried of what, and how many failed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import run

TITLE = "Fuzz"
_ROOT = Path(__file__).parents[1]
_OF_ONE_TEST = re.compile(r"^(\S+)::(\S+):$", re.MULTILINE)
_EXAMPLES = re.compile(r"- (\d+) passing, (\d+) failing")


def main() -> int:
    began = time.monotonic()
    files = sorted((_ROOT / "tests" / "unit").rglob("test_*_fuzz.py"))
    options = ["-q", "-n", "0", "--hypothesis-profile=long", "--hypothesis-show-statistics"]
    command = [sys.executable, "-m", "pytest", *options, *map(str, files)]
    done = subprocess.run(command, cwd=_ROOT, text=True, capture_output=True, check=False)
    print(done.stdout)
    if done.returncode in (0, 1):
        run.write_section(TITLE, section(done.stdout) + f"\nIn {time.monotonic() - began:.0f} s.\n")
    return done.returncode


def section(printed: str) -> str:
    """A table of examples by file, from what pytest printed."""
    parts = _OF_ONE_TEST.split(printed)[1:]
    by_file: dict[str, list[int]] = {}
    for file, _, told in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        sums = by_file.setdefault(Path(file).stem.removeprefix("test_").removesuffix("_fuzz"), [0, 0, 0])
        sums[0] += 1
        for passed, failed in _EXAMPLES.findall(told):
            sums[1] += int(passed) + int(failed)
            sums[2] += int(failed)
    lines = ["| what | properties | examples | failed |", "|---|---|---|---|"]
    lines += [f"| {what} | {tests} | {tried:,} | {failed} |" for what, (tests, tried, failed) in by_file.items()]
    total = [sum(column) for column in zip(*by_file.values(), strict=True)] if by_file else [0, 0, 0]
    return "\n".join([*lines, f"| all | {total[0]} | {total[1]:,} | {total[2]} |"]) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
