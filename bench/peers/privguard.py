"""This project."""

from __future__ import annotations

import pandas as pd

import jupyter_privguard as pg


def classify(frame: pd.DataFrame) -> list[tuple[str, float]]:
    return [(verdict.entity, verdict.confidence) for verdict in pg.classify(frame)]
