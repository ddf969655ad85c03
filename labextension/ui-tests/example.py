"""A small notebook for browser tests, with a column whose label is markup."""

from __future__ import annotations

__all__ = ["CELLS", "LABEL"]

LABEL = '<img src=x onerror="window.pwned=1"> mail'
PEOPLE = f"""\
import pandas as pd
people = pd.DataFrame({{
    {LABEL!r}: [f"canary.person{{n}}@example{{n}}.org" for n in range(30)],
    "plan": ["basic", "gold", "basic"] * 10,
    "age": list(range(20, 50)),
}})"""
SECURE = "%%secure --purpose churn-model --experiment exp-browser\npeople[['plan']].head()"
CELLS = ["%load_ext jupyter_privguard", PEOPLE, SECURE, "people.head()"]
