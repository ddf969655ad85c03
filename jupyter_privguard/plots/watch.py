"""Tells a watcher what plotting libraries show and write, from their first import on.

Nothing is imported: a library that is not loaded yet is hooked when the program imports it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from .._imports import when_imported

if TYPE_CHECKING:
    from .masker import PlotMasker

__all__ = ["PlotWatcher", "watch", "watch_for"]


class PlotWatcher(Protocol):
    """Who wants to know."""

    def masker(self) -> PlotMasker:
        """What the running cell may show."""

    def charted(self, table: Any) -> None:
        """A chart is made of ``table``, and may outlive it."""

    def is_of_person(self, source: Any) -> bool:
        """Whether ``source`` (a path or bytes) is a picture that stands in a column of pictures of persons."""

    def writing(self, target: str, has_findings: Callable[[], bool]) -> None:
        """A picture is about to be written to ``target``. Refused: nothing is written."""

    def written(self, target: str) -> None:
        """A picture was written to ``target``."""

    def became_text(self, text: str, masked: Callable[[PlotMasker], str]) -> None:
        """A chart became ``text``, which the program may show; ``masked`` makes the one to show instead."""

    def became_picture(self, picture: bytes, masked: bytes) -> None:
        """A figure became ``picture``, which the program may show; ``masked`` is the one to show instead."""


_HOOKED = {
    "matplotlib.figure": "matplotlib_figures",
    "matplotlib.image": "matplotlib_images",
    "matplotlib.animation": "matplotlib_animations",
    "matplotlib.backends.backend_webagg_core": "matplotlib_canvases",
    "plotly.io._renderers": "plotly_renderers",
    "plotly.basedatatypes": "plotly_figures",
    "plotly.basewidget": "plotly_widgets",
    "plotly.express._core": "plotly_express",
    "altair": "altair_charts",
    "PIL.Image": "pil_images",
    "PIL.ImageDraw": "pil_images",
}
"""The module with the hooks for each module of a library."""


def watch(watcher: PlotWatcher) -> Callable[[], None]:
    """Begin watching; the function that ends it. Raises as `watch_for`."""
    return watch_for(lambda: watcher)


def watch_for(told: Callable[[], PlotWatcher]) -> Callable[[], None]:
    """Begin watching for the one that ``told`` names when the first library is hooked; the function that ends it.

    ImportError, at the import of a library, where it is so different that its pictures would pass unseen.
    """

    def install(name: str) -> Callable[[], None]:
        watcher, hooks = told(), import_module(f".{_HOOKED[name]}", __package__)
        try:
            undo: Callable[[], None] = hooks.install(sys.modules[name], watcher)
        except (AttributeError, ImportError, StopIteration, TypeError) as error:
            raise ImportError(
                f"privguard: what this version of {name} draws cannot be masked ({type(error).__name__}); "
                "use another version of it, or write its pictures to files."
            ) from None
        return undo

    return when_imported(_HOOKED, install)
