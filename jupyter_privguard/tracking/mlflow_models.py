"""Hook where MLflow logs a model: what kind of model it is."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from .patching import Patches
from .watch import RunWatcher

__all__ = ["install"]

# `Any` in this file is an object of MLflow's, or what a program hands to it.

_PLAIN = (str, bytes, bool, int, float, dict, list, tuple, type(None))
_FLAVOUR = "mlflow."


def install(module: Any, watcher: RunWatcher) -> Callable[[], None]:
    """Hook the class of models in ``module``; what takes the hook out. Errors as `Patches.wrap`."""
    patches = Patches()
    patches.wrap(module.Model, "log", functools.partial(_logged, watcher), takes=("flavor", "run_id", "kwargs"))
    return patches.undo


def _logged(watcher: RunWatcher, original: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(original)

    def call(*args: Any, **kwargs: Any) -> Any:
        told = signature.bind(*args, **kwargs).arguments
        named = told.get("kwargs", {})
        models = [
            one for name, one in named.items() if name.endswith(("model", "_booster")) and not isinstance(one, _PLAIN)
        ]
        watcher.modelled(told.get("run_id"), models)
        return original(*args, **kwargs)

    return call
