"""People for tests that look for every value of theirs: names that no dictionary has, numbers that differ."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

__all__ = ["people", "secrets_of"]


def people(seed: int, count: int) -> list[dict[str, Any]]:
    """``count`` rows, the same for the same ``seed``."""
    draw = random.Random(seed)
    return [
        {
            "customer_id": f"CUST-{draw.randint(20_000, 98_000)}",
            "full_name": f"Wendel{chr(97 + n)}ne Osterha{chr(97 + n)}",
            "email": f"wendel.oster{n}{draw.randint(10, 99)}@post.example",
            "dob": f"{draw.randint(1945, 2002)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
            "income": draw.randint(61_000, 399_000),
            "plan": draw.choice(["gold", "basic"]),
            "visits": draw.randint(1, 40),
        }
        for n in range(count)
    ]


def secrets_of(rows: Iterable[dict[str, Any]]) -> set[str]:
    """What nobody may see of ``rows``, as texts: ids, addresses, birth dates, incomes, and names word by word."""
    return {str(row[key]) for row in rows for key in ("customer_id", "email", "dob", "income")} | {
        word for row in rows for word in str(row["full_name"]).split()
    }
