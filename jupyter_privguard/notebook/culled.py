"""Results that IPython takes out of ``Out`` when that is full are freed: real values do not stay behind unseen."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

__all__ = ["wrap_cull"]

# `Any` in this file is what belongs to IPython.


def wrap_cull(original: Callable[[], None], *, shell: Any) -> Callable[[], None]:
    """IPython's method that drops the oldest results; they leave its list of hidden variables too, which it forgets."""

    @functools.wraps(original)
    def cull_cache() -> None:
        before = list(shell.user_ns.get("_oh", ()))
        original()
        for number in before:
            if f"_{number}" not in shell.user_ns:
                shell.user_ns_hidden.pop(f"_{number}", None)

    return cull_cache
