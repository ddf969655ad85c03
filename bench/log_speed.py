"""Appending to the log, and proving it."""

from __future__ import annotations

import hashlib
import json
import statistics

from many_writers import p99, waits
from measure import Row, as_text, in_turns, seconds
from own_log import forced_append, own_log

from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.verify import verify

_EVENTS = 2000
_WRITERS, _ROUNDS = 8, 3


def rows() -> list[Row]:
    with own_log() as (folder, ring, append), forced_append() as force:
        appended, forced = in_turns(append, force, times=_EVENTS)
        reader = LogReader.open(folder, ring.vkey)
        proved = seconds(lambda: verify(reader), times=3)
        lines = list(reader.lines())
        peer = seconds(lambda: [(json.loads(line), hashlib.sha256(line.encode())) for line in lines], times=3)
        keys, alone, together = folder.parent / "keys", [], []
        for _ in range(_ROUNDS):
            alone.append(statistics.median(waits(folder, keys, 1)))
            together.append(p99(waits(folder, keys, _WRITERS)))
        one, many = statistics.median(alone), statistics.median(together)
    return [
        Row(
            "one record appended to the log, signed and durable",
            as_text(appended),
            f"one forced append to a file {as_text(forced)}",
            appended / forced,
            1.3,
        ),
        Row(
            f"the wait for one record while {_WRITERS} processes write at once, 99 of 100",
            as_text(many),
            f"one record of a single writer {as_text(one)}",
            many / one,
            12.0,
        ),
        Row(
            f"`audit verify` of {len(lines):,} events",
            f"{len(lines) / proved:,.0f} events/s",
            f"parsing and hashing the lines alone, {len(lines) / peer:,.0f} events/s",
            proved / peer,
            5.0,
        ),
    ]
