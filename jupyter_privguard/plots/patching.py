"""Methods of other libraries, wrapped and put back."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .._imports import Replaced

__all__ = ["Patches"]


class Patches(Replaced):
    """What was replaced in classes and modules."""

    def wrap(self, owner: Any, name: str, make: Callable[[Any], Callable[..., Any]]) -> None:
        """``owner.name`` becomes ``make(original)``; nothing where ``owner`` has no such attribute of its own."""
        original = vars(owner).get(name)
        if original is None:  # another version of the library
            return
        # With its attributes: libraries look for some of them.
        self.replace(owner, name, functools.wraps(original)(make(original)))
