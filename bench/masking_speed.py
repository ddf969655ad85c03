"""Masking and learning large tables."""

from __future__ import annotations

import hashlib
import hmac

from measure import Row, as_text, seconds
from tables import SENSITIVE, people

import jupyter_privguard as pg
from jupyter_privguard.guard.known import KnownValues

_ROWS = 1_000_000


def rows() -> list[Row]:
    return [*_mask(people(_ROWS)), _learn()]


def _mask(frame: object) -> list[Row]:
    ours = seconds(lambda: pg.mask(frame), times=1)
    copied = seconds(lambda: frame.copy(deep=True), times=3)
    key = bytes(32)

    def by_hand() -> None:
        for name in SENSITIVE:
            handles = {v: hmac.digest(key, str(v).encode(), hashlib.sha256).hex() for v in frame[name].unique()}
            frame[name].map(handles)

    peer = seconds(by_hand, times=1)
    what = "`mask` 1,000,000 × 20, 6 columns sensitive"
    return [
        Row(what, as_text(ours), f"HMAC-SHA-256 of their distinct values by hand {as_text(peer)}", ours / peer, 3.0),
        Row(what, as_text(ours), f"`df.copy(deep=True)` {as_text(copied)}", ours / copied),
    ]


def _learn() -> Row:
    values = [f"Asha{n} Kulkarni{n % 977}" for n in range(_ROWS)]
    ours = seconds(lambda: KnownValues().learn("PERSON_NAME", values), times=1)
    peer = seconds(lambda: {tuple(value.lower().split()) for value in values}, times=3)
    return Row(
        "learning 1,000,000 known names", as_text(ours), f"a set of their split words {as_text(peer)}", ours / peer, 5.0
    )
