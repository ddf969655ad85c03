"""Live figures of plotly (`FigureWidget`): what they send to the browser is the masked figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .plotly_json import masked_traces
from .watch import PlotWatcher

__all__ = ["install"]

_FROM_BROWSER = "_js2py_"


def install(module: Any, watcher: PlotWatcher) -> Callable[[], None]:
    """Hook ``plotly.basewidget``, the ``module``; the function that takes the hooks out."""
    originals: list[tuple[dict[str, Any], Callable[..., Any]]] = []
    for name, trait in module.BaseFigureWidget.class_traits(sync=True).items():
        serialize = trait.metadata.get("to_json")
        if serialize is not None and not name.startswith(_FROM_BROWSER):
            trait.metadata["to_json"] = _masking(serialize, watcher)
            originals.append((trait.metadata, serialize))

    def undo() -> None:
        for metadata, serialize in originals:
            metadata["to_json"] = serialize

    return undo


def _masking(serialize: Callable[..., Any], watcher: PlotWatcher) -> Callable[..., Any]:
    def to_json(value: Any, widget: Any) -> Any:
        layout = getattr(widget, "_widget_layout", None)
        if layout is value or not isinstance(layout, dict):
            layout = value if isinstance(value, dict) else {}
        return serialize(masked_traces(value, watcher.masker(), layout), widget)

    return to_json
