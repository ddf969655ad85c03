"""Classifying tables: for the first time in a process, of many rows, of many columns."""

from __future__ import annotations

import statistics

import pandas as pd
from measure import Row, as_text, import_pandas, in_fresh_process, in_turns, seconds
from tables import people

import jupyter_privguard as pg

_FIRST = """
import time
began = time.perf_counter()
import pandas
pandas_s = time.perf_counter() - began
from tables import people
frame = people(1000)
began = time.perf_counter()
import jupyter_privguard as pg
pg.classify(frame)
print(time.perf_counter() - began if {ours} else pandas_s)
"""
_RUNS = 7
_ROWS, _COLUMNS = 1_000_000, 20_000


def rows() -> list[Row]:
    return [_first(), *_large(), _wide()]


def _first() -> Row:
    """Ours and pandas' import each in fresh processes, in turns; the first makes byte code."""
    in_fresh_process(_FIRST.format(ours=True))
    taken = [[in_fresh_process(_FIRST.format(ours=which)) for which in (True, False)] for _ in range(_RUNS)]
    ours, pandas = (statistics.median(column) for column in zip(*taken, strict=True))
    what = "first `classify` in a process, 1,000 × 20, with our import, patterns and dictionaries"
    return Row(what, as_text(ours), f"`import pandas` {as_text(pandas)}", ours / pandas, 1.0)


def _large() -> list[Row]:
    frame = people(_ROWS)
    tenth = frame.iloc[: _ROWS // 10].reset_index(drop=True)
    pg.classify(frame)
    large, small = in_turns(lambda: pg.classify(frame), lambda: pg.classify(tenth), times=7)
    pandas = import_pandas()
    what = "`classify` 1,000,000 × 20, warm"
    return [
        Row(what, as_text(large), f"`import pandas` {as_text(pandas)}", large / pandas, 1.0),
        Row(what, as_text(large), f"100,000 × 20 {as_text(small)}", large / small, 1.5),
    ]


def _wide() -> Row:
    one = people(100)
    frame = pd.concat([one] * (_COLUMNS // one.shape[1]), axis=1)
    frame.columns = [f"{label}_{place}" for place, label in enumerate(frame.columns)]
    ours, peer = seconds(lambda: pg.classify(frame), times=1), seconds(frame.nunique, times=1)
    return Row(f"`classify` 100 × {_COLUMNS:,}", as_text(ours), f"`df.nunique()` {as_text(peer)}", ours / peer)
