"""Models that were fitted on made-up persons, as people save them."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.neighbors import KNeighborsClassifier

N = 40
IDS = [f"K{n * 7919 % 90_000 + 10_000}" for n in range(N)]
MAILS = [f"p{n}.patel@corp.example" for n in range(N)]
CLASSES = [n % 2 for n in range(N)]
_random = np.random.default_rng(20417)
PEOPLE = pd.DataFrame({"customer_id": IDS, "email": MAILS, "city": ["Pune", "Graz"] * (N // 2)})
NUMBERS = pd.DataFrame(
    {
        "customer_id": _random.choice(np.arange(100_000, 999_999), N, replace=False),
        "tenure": _random.integers(1, 72, N),
        "usage": _random.normal(50, 9, N).round(2),
    }
)
MEASURES = NUMBERS[["tenure", "usage"]].to_numpy()


def neighbours() -> KNeighborsClassifier:
    """Keeps every row, with the names of its columns."""
    return KNeighborsClassifier(3).fit(NUMBERS, CLASSES)


def by_joblib(model: Any, compress: Any = 0) -> bytes:
    out = io.BytesIO()
    joblib.dump(model, out, compress=compress)
    return out.getvalue()


PACKED: dict[str, Callable[[Any], bytes]] = {
    **{f"pickle {number}": lambda model, number=number: pickle.dumps(model, number) for number in range(6)},
    "joblib": by_joblib,
    **{
        f"joblib {kind}": lambda model, kind=kind: by_joblib(model, (kind, 3))
        for kind in "zlib gzip bz2 xz lzma".split()
    },
    "joblib lz4": lambda model: pa.compress(by_joblib(model), codec="lz4", asbytes=True),
}
"""Ways to save a model."""
