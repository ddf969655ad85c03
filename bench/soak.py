"""``make soak``: 10,000 cells in one guarded kernel, and the same ones in an unguarded kernel beside it.

Cells go to both kernels in turns, so that a busy moment of the machine meets both. What IPython and pandas keep by
themselves they keep in both: it is taken off. The warm-up is as long as it takes until IPython's thousand results are
full; older ones go then, in the unguarded kernel too, which by itself would keep them all and grow four times as much
memory: nothing of ours may hide behind that. After it the guarded kernel may grow by 20 MB more than the other one,
and its last 1,000 cells may take 1.2 times as long as its first 1,000, each beside the other kernel's. The section
"Soak" of RESULTS.md is written anew, and a missed aim is the exit code 1. ``python bench/soak.py CELLS`` tries fewer,
and writes nothing.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import run
from kernels import kernel
from kernels import run as asked
from measure import as_text

TITLE = "Soak"
_CELLS, _WARM_UP = 10_000, 2_000
_MOST_MB, _MOST_SLOWDOWN = 20.0, 1.2
_TIMEOUT_S = 120

_PRELUDE = """
import logging
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from tables import FIRST, LAST, people

def persons(first, rows):
    numbers = np.arange(first, first + rows)
    rng = np.random.default_rng(first)
    names = [f"{a} {b}" for a, b in zip(rng.choice(FIRST, rows), rng.choice(LAST, rows))]
    return pd.DataFrame({
        "customer_id": [f"CUST-{n:08d}" for n in numbers],
        "full_name": names,
        "email": [f"{name.replace(' ', '.')}{n}@corp.example".lower() for name, n in zip(names, numbers)],
        "phone": [f"+91 98{n:08d}" for n in numbers],
        "income": rng.integers(20_000, 180_000, rows),
        "plan": rng.choice(["Basic", "Plus", "Premium"], rows),
        "score": rng.normal(size=rows),
    })

customers = people(10_000)
df = persons(0, 50)
"""

_UNGUARDED = """
from jupyter_privguard.notebook.culled import wrap_cull
hook = get_ipython().displayhook
hook.cull_cache = wrap_cull(hook.cull_cache, shell=get_ipython())
"""

# What people do, again and again. `{n}` is the cell's number: each new frame holds persons who were in none before.
_MIX = (
    "df = persons({n} * 100 + 1_000_000, 50)",
    "df.head()",
    "print(df.describe())",
    "total = sum(range(1000)); print('step {n}', total)",
    "df['no such column {n}']",
    "df.groupby('plan')['income'].mean()",
    "df.to_csv('part.csv', index=False)",
    "again = pd.read_csv('part.csv'); again.tail(3)",
    "df = df[df.score > -1].copy(); len(df)",
    "for one in df.full_name.head(3): print('hello', one)",
    "joined = df.merge(customers[['plan', 'support_calls']].drop_duplicates('plan'), on='plan'); joined.head()",
    "print(f'{{df.email.iloc[0]}} pays {{df.income.iloc[0]}}')",
    "customers.head()",
    "customers.sample(5, random_state={n})",
    "customers['plan'].value_counts()",
    "def cleaned(frame):\n    return frame.assign(rounded=frame.score.round(2))\ncleaned(df).head(2)",
    "[one for one in df.phone][:3]",
    "x = np.random.default_rng({n}).normal(size=1000); print(x.mean().round(3))",
    "logging.getLogger('soak').warning('customer %s', df.customer_id.iloc[1])",
    "plt.figure(); plt.hist(df.score); plt.title('scores {n}'); plt.show(); plt.close('all')",
)


def cell(number: int) -> str:
    """The source of the cell of this ``number``."""
    return _MIX[number % len(_MIX)].format(n=number)


class Kernels(NamedTuple):
    """What was measured in the guarded kernel and in the other one after each 1,000 cells."""

    megabytes: tuple[list[float], list[float]]
    processor: tuple[list[float], list[float]]
    """Seconds that each kernel had worked."""
    seconds: tuple[list[float], list[float]]
    """Until each kernel had answered, all cells together."""


def main(cells: int = _CELLS) -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="privguard-soak-") as folder, ExitStack() as stack:
        os.environ |= {"PRIVGUARD_HOME": f"{folder}/home", "IPYTHONDIR": f"{folder}/ipython", "MPLBACKEND": "agg"}
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        measured = _both([stack.enter_context(kernel()) for _ in range(2)], folder, cells)
    text, is_met = _section(measured)
    text += f"\n{cells:,} cells in each of two kernels, {time.monotonic() - began:.0f} s.\n"
    print(text)
    if cells == _CELLS:
        run.write_section(TITLE, text)
    return 0 if is_met else 1


def _both(kernels: list[Any], folder: str, cells: int) -> Kernels:
    pids = []
    for client, prelude in zip(kernels, ("%load_ext jupyter_privguard", _UNGUARDED), strict=True):
        asked(client, prelude)
        asked(client, _PRELUDE)
        pids.append(int(asked(client, f"import os; os.chdir({tempfile.mkdtemp(dir=folder)!r}); print(os.getpid())")))
    assert "tok_" in asked(kernels[0], "print(df)"), "the guard is not on"
    found, taken = Kernels(([], []), ([], []), ([], [])), [0.0, 0.0]
    for number in range(1, cells + 1):
        for place, client in enumerate(kernels):
            began = time.perf_counter()
            client.execute_interactive(cell(number), timeout=_TIMEOUT_S, output_hook=_ignored, allow_stdin=False)
            taken[place] += time.perf_counter() - began
        if number % 1000 == 0:
            for place, client in enumerate(kernels):
                asked(client, "import gc; gc.collect();")
                found.megabytes[place].append(_megabytes(pids[place]))
                found.processor[place].append(_processor(pids[place]))
                found.seconds[place].append(taken[place])
            sizes = " and ".join(f"{one[-1]:.1f} MB" for one in found.megabytes)
            times = " and ".join(as_text(_last(one, number)) for one in found.processor)
            print(f"soak: {number:,} cells, {sizes}, {times} a cell", file=sys.stderr, flush=True)
    return found


def _ignored(message: object) -> None:
    """Nobody looks at what the cells show."""


def _megabytes(pid: int) -> float:
    """What a process has in memory; Linux."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def _processor(pid: int) -> float:
    """Seconds that a process has worked; Linux."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _last(totals: list[float], cells: int) -> float:
    """What each of the last 1,000 of so many ``cells`` took."""
    at = cells // 1000 - 1
    return (totals[at] - (totals[at - 1] if at else 0.0)) / 1000


def _section(found: Kernels) -> tuple[str, bool]:
    """The section as text, and whether both aims are met."""
    cells = 1000 * len(found.megabytes[0])
    warm = min(_WARM_UP, cells - 1000)
    ours, theirs = (one[-1] - one[warm // 1000 - 1] for one in found.megabytes)
    rows = [
        "| what | guarded | unguarded | measured | aim | |",
        "|---|---|---|---|---|---|",
        f"| memory gained after the first {warm:,} cells | {ours:+.1f} MB | {theirs:+.1f} MB"
        f" | {ours - theirs:+.1f} MB | < {_MOST_MB:g} MB | {_verdict(is_met=ours - theirs < _MOST_MB)} |",
    ]
    slowdowns = []
    for what, totals in (("processor time", found.processor), ("time until it is answered", found.seconds)):
        (first, other_first), (last, other_last) = ([_last(one, at) for one in totals] for at in (warm + 1000, cells))
        slowdowns.append((last / other_last) / (first / other_first))
        rows.append(
            f"| a cell, {what}, the first 1,000 after that and the last 1,000 | {as_text(first)}, {as_text(last)}"
            f" | {as_text(other_first)}, {as_text(other_last)} | {slowdowns[-1]:.2f} times"
            f" | ≤ {_MOST_SLOWDOWN:g} | {_verdict(is_met=slowdowns[-1] <= _MOST_SLOWDOWN)} |"
        )
    return "\n".join(rows) + "\n", ours - theirs < _MOST_MB and max(slowdowns) <= _MOST_SLOWDOWN


def _verdict(*, is_met: bool) -> str:
    return "met" if is_met else "**missed**"


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:2])))
