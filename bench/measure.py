"""Rows of a benchmark and how they are taken: medians of several runs, always beside a peer."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the results. A ratio is our time divided by the peer's, in the same run."""

    what: str
    figure: str
    peer: str
    """What it is measured against, with its own figure."""
    ratio: float | None
    aim: float | None = None
    """The ratio that we want to stay below; None for a row that only informs."""

    @property
    def verdict(self) -> str:
        if self.aim is None or self.ratio is None:
            return ""
        return "met" if self.ratio <= self.aim else "**missed**"


def seconds(function: Callable[[], object], *, times: int) -> float:
    """The median time of one call."""
    return in_turns(function, times=times)[0]


def in_turns(*functions: Callable[[], object], times: int) -> list[float]:
    """The median time of one call of each; called in turns, so that a busy moment meets all of them."""
    taken: list[list[float]] = [[] for _ in functions]
    for _ in range(times):
        for place, function in enumerate(functions):
            began = time.perf_counter()
            function()
            taken[place].append(time.perf_counter() - began)
    return [statistics.median(one) for one in taken]


def in_fresh_process(code: str) -> float:
    """What ``code``, run in a new interpreter, prints last: a number of seconds."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    return float(done.stdout.split()[-1])


def import_pandas() -> float:
    """Seconds that ``import pandas`` takes in a fresh process."""
    code = "import time\nbegan = time.perf_counter()\nimport pandas\nprint(time.perf_counter() - began)"
    return statistics.median(in_fresh_process(code) for _ in range(3))


def as_text(duration_s: float) -> str:
    """A duration as people read it."""
    if duration_s < 0.001:
        return f"{duration_s * 1e6:.0f} µs"
    return f"{duration_s * 1000:.1f} ms" if duration_s < 1 else f"{duration_s:.2f} s"


def machine() -> str:
    """The machine in words, without its name."""
    return f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, Python {platform.python_version()}"
