"""Live canvases of matplotlib in a browser (``%matplotlib widget`` and ``notebook``): they draw outside of displays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .drawing import drawing_for
from .patching import Patches
from .watch import PlotWatcher

__all__ = ["install"]


def install(module: Any, watcher: PlotWatcher) -> Callable[[], None]:
    """Hook ``backend_webagg_core``, the ``module``; the function that takes the hooks out."""

    def masked(original: Callable[..., Any]) -> Callable[..., Any]:
        def draw(self: Any, *args: Any, **kwargs: Any) -> Any:
            with drawing_for(watcher.masker()):
                return original(self, *args, **kwargs)

        return draw

    patches = Patches()
    for name in ("draw", "blit"):
        patches.wrap(module.FigureCanvasWebAggCore, name, masked)
    return patches.undo
