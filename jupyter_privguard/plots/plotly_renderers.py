"""Figures of plotly on their way to a screen: whatever the renderer, it gets the masked figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .patching import Patches
from .plotly_json import masked_figure
from .watch import PlotWatcher

__all__ = ["install"]


def install(module: Any, watcher: PlotWatcher) -> Callable[[], None]:
    """Hook ``plotly.io._renderers``, the ``module``; the function that takes the hooks out."""

    def masked(original: Callable[..., Any]) -> Callable[..., Any]:
        def render(self: Any, fig_dict: Any, *args: Any, **kwargs: Any) -> Any:
            return original(self, masked_figure(fig_dict, watcher.masker()), *args, **kwargs)

        return render

    patches = Patches()
    for name in ("_build_mime_bundle", "_perform_external_rendering"):
        patches.wrap(type(module.renderers), name, masked)  # plotly deletes the name of the class
    return patches.undo
