"""Hooks in MLflow's client where texts, dicts, tables and figures become files that are sent."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from .patching import Patches
from .watch import RunWatcher

__all__ = ["install"]

# `Any` in this file is an object of MLflow's, or what a program hands to it.

_MADE: dict[str, tuple[str, Callable[[RunWatcher, Any], Any]]] = {
    "log_text": ("text", lambda watcher, text: watcher.text(text) if isinstance(text, str) else text),
    "log_dict": ("dictionary", lambda watcher, value: watcher.tree(value)),
    "log_table": ("data", lambda watcher, data: watcher.table(data)),
}
"""By function the argument that is cleaned, and how."""


def install(module: Any, watcher: RunWatcher) -> Callable[[], None]:
    """Hook the client in ``module``; what takes the hooks out. Errors as `Patches.wrap`."""
    client, patches = module.MlflowClient, Patches()
    try:
        for name, (part, clean) in _MADE.items():
            make = functools.partial(_cleaned, watcher, part, clean)
            patches.wrap(client, name, make, takes=("run_id", part, "artifact_file"))
        patches.wrap(client, "log_figure", functools.partial(_drawn, watcher), takes=("figure", "artifact_file"))
    except BaseException:
        patches.undo()
        raise
    return patches.undo


def _cleaned(
    watcher: RunWatcher, part: str, clean: Callable[[RunWatcher, Any], Any], original: Callable[..., Any]
) -> Callable[..., Any]:
    signature = inspect.signature(original)

    def call(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.arguments[part] = clean(watcher, bound.arguments[part])
        bound.arguments["artifact_file"] = watcher.text(str(bound.arguments["artifact_file"]))
        with watcher.judged():
            return original(*bound.args, **bound.kwargs)

    return call


def _drawn(watcher: RunWatcher, original: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        with watcher.judged(), watcher.picture():
            return original(*args, **kwargs)

    return call
