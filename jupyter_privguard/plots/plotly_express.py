"""The tables that plotly express makes figures of: a figure keeps their values and not them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from .patching import Patches
from .watch import PlotWatcher

__all__ = ["install"]


def install(module: Any, watcher: PlotWatcher) -> Callable[[], None]:
    """Hook ``plotly.express._core``, the ``module``; the function that takes the hook out."""

    def noticed(original: Callable[..., Any]) -> Callable[..., Any]:
        def make_figure(*args: Any, **kwargs: Any) -> Any:
            options = kwargs.get("args", args[0] if args else None)
            table = options.get("data_frame") if isinstance(options, dict) else None
            if table is not None:
                watcher.charted(table)
            return original(*args, **kwargs)

        return make_figure

    patches = Patches()
    for name in ("plotly.express._core", "plotly.express._chart_types"):
        if name in sys.modules:  # the second one has taken the function over if it came before us
            patches.wrap(sys.modules[name], "make_figure", noticed)
    return patches.undo
