"""Every cell looked at for forms, and all rows grouped by quasi-identifiers."""

from __future__ import annotations

import itertools
import re

import hyperscan
import numpy as np
import pandas as pd
from measure import Row, as_text, in_turns, seconds

import jupyter_privguard as pg
from jupyter_privguard.classification.detector import DETECTORS
from jupyter_privguard.frames import view
from jupyter_privguard.frames.codes import group_sizes
from jupyter_privguard.patterns.engine import Candidates, Forms
from jupyter_privguard.patterns.superset import superset

_CELLS = 1_000_000
_PATTERNS = 60
_SLOW = 20_000
"""Cells that a peer a hundred times slower is given; its figure is for as many as the others get."""


def rows() -> list[Row]:
    cells = _cells()
    return [*_scan(cells), _custom(cells), _whole(cells), *_quasi()]


def _cells() -> list[str]:
    """Short texts as tables have them: words, order numbers, digits, times; one e-mail address in fifty."""
    rng = np.random.default_rng(11)
    words = "alpha bravo note item order store blue green plan basic premium shipped open closed étage".split()
    drawn, kind = rng.choice(words, (_CELLS, 4)), rng.random(_CELLS)
    digits = rng.integers(10**9, 10**10, _CELLS)
    cells = []
    for n in range(_CELLS):
        if kind[n] < 0.02:
            cells.append(f"user{n}@corp.example")
        elif kind[n] < 0.5:
            cells.append(" ".join(drawn[n]))
        elif kind[n] < 0.7:
            cells.append(f"ORD-{n:08d}")
        elif kind[n] < 0.9:
            cells.append(str(digits[n]))
        else:
            cells.append(f"2026-0{n % 9 + 1}-1{n % 9} 12:{n % 60:02d}")
    return cells


def _patterns() -> list[re.Pattern[str]]:
    """The built-in forms, filled up to sixty with forms as a policy might have."""
    found = [detector.span for detector in DETECTORS.values() if detector.span is not None]
    own = (
        re.compile(rf"(?<!\w){a}{b}{n}-[0-9]{{6,8}}(?!\w)")
        for n, (a, b) in enumerate(itertools.product("QRSTUVWX", repeat=2))
    )
    return [*found, *itertools.islice(own, max(0, _PATTERNS - len(found)))]


def _scan(cells: list[str]) -> list[Row]:
    patterns = _patterns()
    candidates = Candidates(patterns)
    wide = [superset(pattern) for pattern in patterns]
    database = hyperscan.Database()
    database.compile(
        expressions=[text.encode() for text, _ in wide],
        ids=list(range(len(wide))),
        elements=len(wide),
        flags=[hyperscan.HS_FLAG_UTF8 | (hyperscan.HS_FLAG_CASELESS if case else 0) for _, case in wide],
    )
    buffer = "\0".join(cells).encode()
    ours, bare = in_turns(
        lambda: candidates.among(cells), lambda: database.scan(buffer, match_event_handler=lambda *_: None), times=3
    )
    slow = seconds(lambda: [any(p.search(cell) for p in patterns) for cell in cells[:_SLOW]], times=1)
    slow *= _CELLS / _SLOW
    what = f"{len(patterns)} patterns over 1,000,000 text cells: {_rate(ours)}"
    return [
        Row(what, as_text(ours), f"Hyperscan alone, cells joined already: {_rate(bare)}", ours / bare, 1 / 0.6),
        Row(what, as_text(ours), f"`re`, a search a pattern: {_rate(slow)}", ours / slow),
    ]


def _custom(cells: list[str]) -> Row:
    regexes = ["ST-[0-9]{6}", "ORD-[0-9]{8}", "[A-Z]{2}[0-9]{4}", "(?i)ref[0-9]{3,9}"]
    forms, python = Forms(regexes), [re.compile(regex) for regex in regexes]
    ours, peer = in_turns(
        lambda: forms.counts(cells), lambda: [sum(map(bool, map(p.fullmatch, cells))) for p in python], times=3
    )
    what = f"4 patterns of a policy over 1,000,000 whole cells, a fifth of them hits: {_rate(ours)}"
    return Row(what, as_text(ours), f"`re.fullmatch`, whose time nothing bounds: {_rate(peer)}", ours / peer)


def _whole(cells: list[str]) -> Row:
    frame = pd.DataFrame({"remark": [cell.replace("@", " at ") for cell in cells]})
    pg.classify(frame, full=True)
    ours = seconds(lambda: pg.classify(frame, full=True), times=3)
    peer = seconds(lambda: frame["remark"].unique(), times=3)
    what = f"`classify(full=True)` of 1,000,000 texts: {_rate(ours)}"
    return Row(what, as_text(ours), f"`unique()` of the column {as_text(peer)}", ours / peer)


def _quasi() -> list[Row]:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "date_of_birth": pd.Timestamp("1940-01-01") + pd.to_timedelta(rng.integers(0, 24_000, _CELLS), unit="D"),
            "postcode": rng.choice([f"{n:05d}" for n in range(8000)], _CELLS),
            "gender": rng.choice(["female", "male"], _CELLS),
        }
    )
    seen, columns = view(frame), list(frame.columns)
    held = [seen.codes(position) for position in range(len(columns))]
    ours, grouped, counted = in_turns(
        lambda: group_sizes([seen.codes(position) for position in range(len(columns))]),
        lambda: frame.groupby(columns, dropna=False).size(),
        lambda: group_sizes(held),
        times=5,
    )
    what = "k and unique rows of birth date, postcode and sex, 1,000,000 rows"
    peer = f"`groupby().size()` {as_text(grouped)}"
    return [
        Row(what, as_text(ours), peer, ours / grouped, 0.6),
        Row(f"{what}, from codes already held", as_text(counted), "a tenth of a second", counted / 0.1, 1.0),
    ]


def _rate(duration_s: float) -> str:
    return f"{_CELLS / duration_s / 1e6:.2g} million cells/s"
