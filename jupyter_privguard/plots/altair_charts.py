"""Charts of altair on their way to a screen, and those that become text or files."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from .masker import PlotMasker
from .patching import Patches
from .vega_json import masked_spec
from .watch import PlotWatcher

__all__ = ["install"]

_masking: ContextVar[PlotMasker | None] = ContextVar("privguard_chart_masker", default=None)
"""Who masks the charts that become JSON just now."""


def install(module: Any, watcher: PlotWatcher) -> Callable[[], None]:
    """Hook ``altair``, the ``module``; the function that takes the hooks out."""
    chart = next(base for base in module.Chart.__mro__ if "_repr_mimebundle_" in vars(base))
    registry = next(base for base in type(module.renderers).__mro__ if "get" in vars(base))
    patches = Patches()
    patches.wrap(registry, "get", lambda original: _get(original, module.renderers, watcher))
    patches.wrap(chart, "to_dict", _to_dict)
    for name in ("to_html", "to_json"):
        patches.wrap(chart, name, lambda original: _remembered(original, watcher))
    patches.wrap(chart, "save", lambda original: _recorded(original, watcher))
    return patches.undo


def _get(original: Callable[..., Any], renderers: Any, watcher: PlotWatcher) -> Callable[..., Any]:
    """A renderer gets the masked chart; other registries are left alone."""

    def get(self: Any, *args: Any, **kwargs: Any) -> Any:
        renderer = original(self, *args, **kwargs)
        if self is not renderers or renderer is None:
            return renderer
        return lambda spec, **metadata: renderer(masked_spec(spec, watcher.masker()), **metadata)

    return get


def _to_dict(original: Callable[..., Any]) -> Callable[..., Any]:
    def to_dict(self: Any, *args: Any, **kwargs: Any) -> Any:
        spec, masker = original(self, *args, **kwargs), _masking.get()
        return spec if masker is None else masked_spec(spec, masker)

    return to_dict


def _remembered(original: Callable[..., Any], watcher: PlotWatcher) -> Callable[..., Any]:
    def to_text(self: Any, *args: Any, **kwargs: Any) -> Any:
        text = original(self, *args, **kwargs)
        if _masking.get() is None and isinstance(text, str):
            watcher.became_text(text, lambda masker: _masked_text(self, original, masker, args, kwargs))
        return text

    return to_text


def _masked_text(
    chart: Any, original: Callable[..., Any], masker: PlotMasker, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> str:
    token = _masking.set(masker)
    try:
        return str(original(chart, *args, **kwargs))
    finally:
        _masking.reset(token)


def _recorded(original: Callable[..., Any], watcher: PlotWatcher) -> Callable[..., Any]:
    def save(self: Any, fp: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(fp, (str, os.PathLike)):
            return original(self, fp, *args, **kwargs)
        target = os.fspath(fp)
        watcher.writing(target, lambda: _has_findings(self, watcher.masker()))
        result = original(self, fp, *args, **kwargs)
        watcher.written(target)
        return result

    return save


def _has_findings(chart: Any, masker: PlotMasker) -> bool:
    spec = chart.to_dict()
    return masked_spec(spec, masker) is not spec
