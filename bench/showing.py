"""Tables on their way to a screen, in two kernels that are asked in turns: one guarded, one not."""

from __future__ import annotations

import statistics
from typing import Any

from kernels import kernel, run
from measure import Row, as_text

_SIZES = (10, 10_000, 1_000_000)
_ROUNDS = 7
_PARTS = {
    "`df.head()`": "df.head()",
    "`df.describe()`": "df.describe()",
    "a column of": "df['full_name']",
    "`df.head().style`": "df.head().style",
}
_TIMED = """
import statistics, time
from tables import people

def timed(make, times=9):
    taken = []
    for _ in range(times):
        shown = make()
        began = time.process_time()
        display(shown)
        taken.append(time.process_time() - began)
    return statistics.median(taken)
"""


def rows() -> list[Row]:
    with kernel() as plain, kernel() as guarded:
        run(guarded, "%load_ext jupyter_privguard")
        for client in (plain, guarded):
            run(client, _TIMED)
        found = []
        for size in _SIZES:
            for client in (plain, guarded):
                run(client, f"df = people({size})")
            what = f"display of {size:,} × 20, again, processor time"
            found.append(_row(what, plain, guarded, "df", aim=1.2))
            if size == _SIZES[1]:
                for name, code in _PARTS.items():
                    what = f"display of {name} {size:,} × 20, made anew each time, processor time"
                    found.append(_row(what, plain, guarded, code))
        return found


def _row(what: str, plain: Any, guarded: Any, code: str, *, aim: float | None = None) -> Row:
    taken: list[tuple[float, float]] = []
    for client in (plain, guarded):
        run(client, f"display({code})")  # looked at once; what every later display costs is measured
    for _ in range(_ROUNDS):
        taken.append((_seconds(plain, code), _seconds(guarded, code)))
    peer, ours = (statistics.median(one) for one in zip(*taken, strict=True))
    ratio = statistics.median(mine / its for its, mine in taken)
    return Row(what, as_text(ours), f"unguarded {as_text(peer)}", ratio, aim)


def _seconds(client: Any, code: str) -> float:
    run(client, f"took = timed(lambda: {code})")
    return float(run(client, "print(f'{took:.6f}')"))
