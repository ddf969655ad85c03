"""The table that all measurements share: 20 columns, 6 of them sensitive."""

from __future__ import annotations

import numpy as np
import pandas as pd

FIRST = "Asha Ravi Meera Arjun Priya Vikram Nina Karan Leela Rohan Emma Lukas Sofia Noah Mia Elias Clara Jonas".split()
LAST = "Kulkarni Menon Iyer Sharma Patel Nair Reddy Gupta Schneider Weber Fischer Miller Johnson Brown Davis".split()


def people(rows: int) -> pd.DataFrame:
    """``rows`` persons who do not exist: name, e-mail, phone, birth date, customer id, income, and 14 plain columns."""
    rng = np.random.default_rng(7)
    number = np.arange(rows)
    first, last = rng.choice(FIRST, rows), rng.choice(LAST, rows)
    sensitive = {
        "customer_id": [f"CUST-{n:08d}" for n in number],
        "full_name": [f"{a} {b}" for a, b in zip(first, last, strict=True)],
        "email": [f"{a}.{b}{n}@corp.example".lower() for a, b, n in zip(first, last, number, strict=True)],
        "phone": [f"+91 98{n:08d}" for n in number],
        "date_of_birth": pd.Timestamp("1940-01-01") + pd.to_timedelta(rng.integers(0, 24_000, rows), unit="D"),
        "income": rng.integers(20_000, 180_000, rows),
    }
    plain: dict[str, object] = {f"measure_{n}": rng.normal(size=rows) for n in range(10)}
    plain |= {
        "plan": rng.choice(["Basic", "Plus", "Premium"], rows),
        "tenure_months": rng.integers(0, 120, rows),
        "support_calls": rng.integers(0, 9, rows),
        "churn": rng.random(rows) < 0.2,
    }
    return pd.DataFrame(sensitive | plain)


SENSITIVE = ("customer_id", "full_name", "email", "phone", "date_of_birth", "income")
