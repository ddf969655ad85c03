"""Locks in forked processes."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import Any

__all__ = ["renew_in_children"]


def renew_in_children(owner: Any, attribute: str, make: Callable[[], Any]) -> None:
    """Give ``owner``, while it lives, a new lock as its ``attribute`` in every child that this process forks.

    A forked child has only the thread that forked: a lock that another one held would stay held.
    """
    held = weakref.ref(owner)

    def renew() -> None:
        if (mine := held()) is not None:
            setattr(mine, attribute, make())

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=renew)
