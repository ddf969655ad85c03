"""Tells a watcher what MLflow is about to send to a tracking store, from its import on. Imports nothing of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any, Protocol

from .._imports import when_imported

__all__ = ["RunWatcher", "watch", "watch_for"]

# `Any` in this file is what a program hands to MLflow.


class RunWatcher(Protocol):
    """Who wants to know. `Refused` by any of them: nothing is sent. ``run`` is MLflow's id of a run."""

    def text(self, text: str) -> str:
        """What is sent in place of ``text``; the same object where nothing is in it."""

    def name(self, text: str) -> str:
        """What is sent in place of the name of a parameter, metric, tag or file."""

    def value(self, value: Any) -> Any:
        """What is sent in place of a parameter's or tag's ``value``, of any kind."""

    def tree(self, value: Any) -> Any:
        """What is sent in place of dicts and lists."""

    def table(self, data: Any) -> Any:
        """What is sent in place of a table, or of a dict of its columns."""

    def holds(self, text: str) -> bool:
        """Whether a value that others may not see stands in ``text``."""

    def metric(self, name: str, value: Any) -> None:
        """A metric is about to be sent."""

    def example(self, data: Any) -> Any:
        """What is stored in place of an example of a model's inputs, of the same types."""

    def file(self, path: str) -> None:
        """The file or folder at ``path`` is about to be sent."""

    def trace(self, texts: Iterable[str]) -> None:
        """A part of a trace with these texts in it is about to be sent, in any thread."""

    def judged(self) -> AbstractContextManager[None]:
        """A context: what becomes a file in it, and is sent, was judged as what it was before."""

    def made(self, text: str) -> None:
        """A file of ``text``, which was judged, may be sent later."""

    def picture(self) -> AbstractContextManager[None]:
        """A context: what is drawn in it is sent."""

    def marks(self) -> Mapping[str, str]:
        """The tags by which a new run is found in the log."""

    def began(self, run: str, *, server: str, name: str, experiment: str) -> None:
        """A run came into being."""

    def noted(
        self,
        run: str,
        *,
        server: str,
        params: Mapping[str, Any] | None = None,
        metrics: Sequence[tuple[str, Any]] = (),
        tags: Mapping[str, Any] | None = None,
        files: Sequence[str] = (),
    ) -> None:
        """This is about to be sent for ``run``, cleaned already."""

    def modelled(self, run: str | None, models: Sequence[Any]) -> None:
        """``models`` are about to be sent for ``run``; None for the run that is active."""

    def ending(self, run: str) -> Mapping[str, str]:
        """``run`` is about to end: the tags that it gets before."""

    def ended(self, run: str, status: str) -> None:
        """``run`` has ended."""

    def sending(self, run: str | None, *, server: str) -> AbstractContextManager[None]:
        """A context: what is sent in it may not arrive."""


_HOOKED = {
    "mlflow.tracking._tracking_service.client": "mlflow_runs",
    "mlflow.tracking.client": "mlflow_artifacts",
    "mlflow.models.model": "mlflow_models",
    "mlflow.models.utils": "mlflow_examples",
    "mlflow.tracing.client": "mlflow_traces",
}
"""The module with the hooks for each module of MLflow."""


def watch(watcher: RunWatcher) -> Callable[[], None]:
    """Begin watching; the function that ends it. Raises as `watch_for`."""
    return watch_for(lambda: watcher)


def watch_for(told: Callable[[], RunWatcher]) -> Callable[[], None]:
    """Begin watching for the one that ``told`` names when MLflow is hooked; the function that ends it.

    ImportError, at the import of MLflow, where it is so different that what it sends would pass unseen.
    """

    def install(name: str) -> Callable[[], None]:
        watcher, hooks = told(), import_module(f".{_HOOKED[name]}", __package__)
        try:
            undo: Callable[[], None] = hooks.install(sys.modules[name], watcher)
        except (AttributeError, TypeError, ValueError) as error:
            raise ImportError(
                f"privguard: what this version of MLflow sends cannot be looked at ({name}, {type(error).__name__}), "
                "so it is not imported; install mlflow>=3.10,<4, or run the cell in a kernel without the guard."
            ) from None
        return undo

    return when_imported(_HOOKED, install)
