"""Hook where MLflow stores an example of a model's inputs: raw rows become masked ones of the same types."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ..errors import Refused
from .patching import Patches
from .watch import RunWatcher

__all__ = ["install"]

# `Any` in this file is an object of MLflow's, or what a program hands to it.

_UNLIKE = (
    "privguard: the input example could not be masked in a form that fits the model's signature, so the model is not "
    "logged; leave input_example out, or pass made-up rows."
)
_READ = ("info", "inference_data", "inference_params")


def install(module: Any, watcher: RunWatcher) -> Callable[[], None]:
    """Hook the class of examples in ``module``; what takes the hook out. Errors as `Patches.wrap`."""
    example, patches = module._Example, Patches()
    for name in _READ[1:]:
        getattr(example, name)
    patches.wrap(example, "save", functools.partial(_saved, watcher), takes=("parent_dir_path",))
    return patches.undo


def _saved(watcher: RunWatcher, original: Callable[..., Any]) -> Callable[..., Any]:
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        _mask(self, watcher)
        return original(self, *args, **kwargs)

    return call


def _mask(example: Any, watcher: RunWatcher) -> None:
    """What is written is masked; what the signature is inferred from stays in this process."""
    raw, params = example.inference_data, example.inference_params
    masked, safe = watcher.example(raw), watcher.tree(params)
    if masked is not raw or safe is not params:
        other = type(example)(masked if params is None else (masked, safe))
        if other.info != example.info:
            raise Refused(_UNLIKE, "files")
        example.json_input_example, example.json_serving_input = other.json_input_example, other.json_serving_input
    for written in (example.json_input_example, example.json_serving_input):
        if written and watcher.holds(written):
            raise Refused(_UNLIKE, "files")
        if written:
            watcher.made(written)
