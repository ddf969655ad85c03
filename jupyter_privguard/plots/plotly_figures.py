"""Figures of plotly that become text, or files."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from .masker import PlotMasker
from .patching import Patches
from .plotly_json import masked_figure
from .watch import PlotWatcher

__all__ = ["install"]


def install(module: Any, watcher: PlotWatcher) -> Callable[[], None]:
    """Hook ``plotly.basedatatypes``, the ``module``; the function that takes the hooks out."""
    figures = module.BaseFigure

    def remembered(original: Callable[..., Any]) -> Callable[..., Any]:
        def to_text(self: Any, *args: Any, **kwargs: Any) -> Any:
            text = original(self, *args, **kwargs)
            if isinstance(text, str):
                watcher.became_text(text, lambda masker: str(original(_masked(self, masker), *args, **kwargs)))
            return text

        return to_text

    def recorded(original: Callable[..., Any]) -> Callable[..., Any]:
        def write(self: Any, file: Any, *args: Any, **kwargs: Any) -> Any:
            if not isinstance(file, (str, os.PathLike)):
                return original(self, file, *args, **kwargs)
            target = os.fspath(file)
            watcher.writing(target, lambda: _has_findings(self, watcher.masker()))
            result = original(self, file, *args, **kwargs)
            watcher.written(target)
            return result

        return write

    patches = Patches()
    for name in ("__repr__", "to_html", "to_json"):
        patches.wrap(figures, name, remembered)
    for name in ("write_html", "write_image", "write_json"):
        patches.wrap(figures, name, recorded)
    return patches.undo


def _masked(figure: Any, masker: PlotMasker) -> Any:
    """A plain figure with the masked data of ``figure``; itself if nothing is in it."""
    from plotly.graph_objs import Figure

    plain = figure.to_dict()
    masked = masked_figure(plain, masker)
    return figure if masked is plain else Figure(masked, skip_invalid=True)


def _has_findings(figure: Any, masker: PlotMasker) -> bool:
    return _masked(figure, masker) is not figure
