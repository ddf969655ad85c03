"""Pictures within figures of matplotlib: one of a person is left out of what is drawn for a screen."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import Any

from .drawing import current
from .patching import Patches
from .pil_images import is_marked
from .watch import PlotWatcher

__all__ = ["install"]


def install(module: Any, watcher: PlotWatcher) -> Callable[[], None]:
    """Hook `matplotlib.image`, the ``module``; the function that takes the hooks out."""
    read: dict[int, weakref.ref[Any]] = {}
    shown: weakref.WeakSet[Any] = weakref.WeakSet()

    def reading(original: Callable[..., Any]) -> Callable[..., Any]:
        def imread(fname: Any, *args: Any, **kwargs: Any) -> Any:
            points = original(fname, *args, **kwargs)
            if isinstance(fname, (str, os.PathLike)) and watcher.is_of_person(fname):
                key = id(points)
                read[key] = weakref.ref(points, lambda _: read.pop(key, None))
            return points

        return imread

    def setting(original: Callable[..., Any]) -> Callable[..., Any]:
        def set_data(self: Any, A: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N803 - as matplotlib calls it
            known = read.get(id(A))
            if is_marked(A) or (known is not None and known() is A) or _is_of_person(A, watcher):
                shown.add(self)
            else:
                shown.discard(self)
            return original(self, A, *args, **kwargs)

        return set_data

    def drawing(original: Callable[..., Any]) -> Callable[..., Any]:
        def draw(self: Any, *args: Any, **kwargs: Any) -> Any:
            now = current()
            if now is None or self not in shown:
                return original(self, *args, **kwargs)
            now.has_findings = True
            return None if now.is_masked else original(self, *args, **kwargs)

        return draw

    patches = Patches()
    patches.wrap(module, "imread", reading)
    patches.wrap(module._ImageBase, "set_data", setting)
    patches.wrap(module._ImageBase, "draw", drawing)
    return patches.undo


def _is_of_person(points: Any, watcher: PlotWatcher) -> bool:
    """Whether ``points``, an array of bytes or a picture of PIL, is a person's picture itself."""
    if hasattr(points, "dtype"):
        return str(points.dtype) == "uint8" and watcher.is_of_person(points.tobytes())
    return hasattr(points, "tobytes") and watcher.is_of_person(points)
