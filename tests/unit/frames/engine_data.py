"""One table of every kind of column, by which all engines are held to the same answers."""

from __future__ import annotations

import datetime
from typing import Any

RAW = "alice@corp.example"

DATA: dict[str, list[Any]] = {
    "text": [RAW, None, "b", RAW, "c"],
    "whole": [7, None, 3, 7, 2],
    "real": [1.5, None, 3.25, 1.5, -2.0],
    "flag": [True, None, False, True, False],
    "moment": [datetime.datetime(2001, 2, 3, 4, 5), None, datetime.datetime(1999, 1, 1)] * 1
    + [datetime.datetime(2001, 2, 3, 4, 5), datetime.datetime(1970, 1, 1)],
    "raw": [b"a", None, b"b", b"a", b"\xff"],
}


def stars(values: list[Any]) -> list[Any]:
    """As many texts as there are values."""
    return [f"*{position}" for position, _ in enumerate(values)]
