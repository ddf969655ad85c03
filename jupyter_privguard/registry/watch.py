"""Tells a watcher what becomes of versions and aliases in MLflow's registry, from its import on; imports nothing."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Protocol

from .._imports import Replaced, when_imported

__all__ = ["RegistryWatcher", "watch"]

# `Any` in this file is a class of MLflow's, or what its functions take and return.

_MODULE = "mlflow.tracking._model_registry.client"
"""Its client does what `MlflowClient`, `mlflow.register_model` and `log_model` ask for."""

Done = Callable[[bool], None]
"""Told at the end whether it was done."""


class RegistryWatcher(Protocol):
    """Who wants to know. ``client`` is MLflow's own, to ask it for the files of a version."""

    def registered(self, client: Any, *, model: str, version: str, run: str | None) -> None:
        """A version came into being."""

    def moving(self, client: Any, *, model: str, alias: str, version: str | None, is_stage: bool) -> Done:
        """An alias is about to point to ``version``, None: to nothing; or a version to get to a stage.

        `Refused`: it does not.
        """


def watch(watcher: RegistryWatcher) -> Callable[[], None]:
    """Begin watching; the function that ends it.

    ImportError, at the import of MLflow, where it is so different that aliases could move unseen.
    """

    def install(name: str) -> Callable[[], None]:
        try:
            return _install(sys.modules[name], watcher)
        except (AttributeError, TypeError) as error:
            raise ImportError(
                f"privguard: aliases of models may move unseen in this version of MLflow ({type(error).__name__}), so "
                "it is not imported; install mlflow>=3.10,<4, or run the cell in a kernel without the guard."
            ) from None

    return when_imported([_MODULE], install)


def _install(module: ModuleType, watcher: RegistryWatcher) -> Callable[[], None]:
    client = module.ModelRegistryClient
    wrapped = {name: _wrapped(vars(client)[name], takes, hook, watcher) for name, (takes, hook) in _HOOKS.items()}
    replaced = Replaced()
    for name, function in wrapped.items():
        replaced.replace(client, name, function)
    return replaced.undo


_Hook = Callable[[RegistryWatcher, Any, Mapping[str, Any]], Any]


def _wrapped(original: Any, takes: str, hook: _Hook, watcher: RegistryWatcher) -> Any:
    signature = inspect.signature(original)
    if missing := set(takes.split()) - signature.parameters.keys():
        raise TypeError(f"{original.__name__} takes no {', '.join(sorted(missing))}")

    @functools.wraps(original)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(self, *args, **kwargs)
        told = {name: bound.arguments.get(name) for name in signature.parameters}
        after = hook(watcher, self, told)
        try:
            result = original(*bound.args, **bound.kwargs)
        except BaseException:
            after(False, None)
            raise
        after(True, result)
        return result

    return call


def _creates(watcher: RegistryWatcher, client: Any, told: Mapping[str, Any]) -> Callable[[bool, Any], None]:
    def after(is_done: bool, made: Any) -> None:
        if is_done:
            watcher.registered(client, model=str(told["name"]), version=str(made.version), run=told["run_id"])

    return after


def _sets(watcher: RegistryWatcher, client: Any, told: Mapping[str, Any]) -> Callable[[bool, Any], None]:
    version = told.get("version")
    done = watcher.moving(
        client,
        model=str(told["name"]),
        alias=str(told["alias"]),
        version=None if version is None else str(version),
        is_stage=False,
    )
    return lambda is_done, _: done(is_done)


def _transitions(watcher: RegistryWatcher, client: Any, told: Mapping[str, Any]) -> Callable[[bool, Any], None]:
    # MLflow takes stages in any case, and writes them with a capital.
    stage = str(told["stage"]).strip().capitalize()
    done = watcher.moving(client, model=str(told["name"]), alias=stage, version=str(told["version"]), is_stage=True)
    return lambda is_done, _: done(is_done)


_HOOKS: Mapping[str, tuple[str, _Hook]] = {
    "create_model_version": ("name run_id", _creates),
    "set_registered_model_alias": ("name alias version", _sets),
    "delete_registered_model_alias": ("name alias", _sets),
    "transition_model_version_stage": ("name version stage", _transitions),
}
"""By function of the client the parameters that it must have, and what is told."""
