"""Animations of matplotlib: what they become for a notebook is drawn for a screen; files are left as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .drawing import drawing_for
from .patching import Patches
from .watch import PlotWatcher

__all__ = ["install"]


def install(module: Any, watcher: PlotWatcher) -> Callable[[], None]:
    """Hook `matplotlib.animation`, the ``module``; the function that takes the hooks out."""

    def masked(original: Callable[..., Any]) -> Callable[..., Any]:
        def to_html(self: Any, *args: Any, **kwargs: Any) -> Any:
            for kept in ("_html_representation", "_base64_video"):  # made before, for whoever looked then
                self.__dict__.pop(kept, None)
            with drawing_for(watcher.masker()):
                return original(self, *args, **kwargs)

        return to_html

    patches = Patches()
    for name in ("to_jshtml", "to_html5_video"):
        patches.wrap(module.Animation, name, masked)
    return patches.undo
