"""What loading the extension costs, beside what a notebook does anyway."""

from __future__ import annotations

import statistics

from measure import Row, as_text, in_fresh_process

_SHELL = """
import time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
began = time.{clock}()
{what}
print()
print(time.{clock}() - began)
"""
_LOAD = "shell.run_line_magic('load_ext', 'jupyter_privguard')"
_RUNS = 9


def rows() -> list[Row]:
    in_fresh_process(_SHELL.format(clock="perf_counter", what=_LOAD))  # the first start makes keys and byte code
    found = []
    for clock, name in (("perf_counter", "elapsed"), ("process_time", "processor time")):
        loads, imports = [], []
        for _ in range(_RUNS):  # in turns, so that a busy moment of the machine meets both
            loads.append(in_fresh_process(_SHELL.format(clock=clock, what=_LOAD)))
            imports.append(in_fresh_process(_SHELL.format(clock=clock, what="import pandas")))
        ours, pandas = statistics.median(loads), statistics.median(imports)
        what = f"`%load_ext`, second start, {name}"
        found.append(Row(what, as_text(ours), f"`import pandas` {as_text(pandas)}", ours / pandas, 0.1))
    return found
