"""Functions of MLflow's classes, wrapped and put back; one that is not there any more is an error."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection
from typing import Any

from .._imports import Replaced

__all__ = ["Patches"]

# `Any` in this file is a class of MLflow's, or what its functions take and return.


class Patches(Replaced):
    """What was replaced in classes."""

    def wrap(
        self, owner: Any, name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]], *, takes: Collection[str]
    ) -> None:
        """``owner.name`` becomes ``make(original)``.

        AttributeError where ``owner`` has no function of this name, TypeError where it has no parameter that is called
        as one of ``takes``: what it sends could not be looked at.
        """
        held = vars(owner).get(name)
        original = held.__func__ if isinstance(held, classmethod) else held
        if not callable(original):
            raise AttributeError(f"{owner.__name__} has no {name}")
        if missing := set(takes) - inspect.signature(original).parameters.keys():
            raise TypeError(f"{name} takes no {', '.join(sorted(missing))}")
        made: Any = functools.wraps(original)(make(original))
        self.replace(owner, name, classmethod(made) if isinstance(held, classmethod) else made)
