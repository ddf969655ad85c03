"""Hooks in MLflow's client of traces: what functions were called with leaves in them, or not at all."""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable, Iterator
from typing import Any

from .patching import Patches
from .watch import RunWatcher

__all__ = ["install"]

# `Any` in this file is an object of MLflow's.

_IDS = frozenset({"mlflow.traceRequestId", "mlflow.trace.sizeStats", "mlflow.trace.sizeBytes"})
"""Attributes that are MLflow's own numbers and ids."""


def _of_info(info: Any) -> Iterator[str]:
    told = info.to_dict()
    for name in ("request_preview", "response_preview", "client_request_id", "tags", "trace_metadata"):
        yield from _texts(told.get(name))


def _of_spans(spans: Any) -> Iterator[str]:
    for span in spans:
        told = span.to_dict()
        for name in ("name", "attributes", "events", "status"):
            yield from _texts(told.get(name))


def _of_data(data: Any) -> Iterator[str]:
    yield from _of_spans(data.spans)


def _of_assessment(assessment: Any) -> Iterator[str]:
    yield from _texts(assessment.to_dictionary())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in _IDS:
                yield from _texts(key)
                yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool):
        yield value if isinstance(value, str) else json.dumps(value, default=str)


_SENT: dict[str, tuple[str, Callable[[Any], Iterator[str]]]] = {
    "start_trace": ("trace_info", _of_info),
    "log_spans": ("spans", _of_spans),
    "_upload_trace_data": ("trace_data", _of_data),
    "log_assessment": ("assessment", _of_assessment),
    "set_trace_tag": ("value", _texts),
}
"""By function the argument that is looked through, and what texts are in it."""


def install(module: Any, watcher: RunWatcher) -> Callable[[], None]:
    """Hook the client in ``module``; what takes the hooks out. Errors as `Patches.wrap`."""
    client, patches = module.TracingClient, Patches()
    try:
        for name, (part, texts) in _SENT.items():
            patches.wrap(client, name, functools.partial(_looked_through, watcher, part, texts), takes=(part,))
    except BaseException:
        patches.undo()
        raise
    return patches.undo


def _looked_through(
    watcher: RunWatcher, part: str, texts: Callable[[Any], Iterator[str]], original: Callable[..., Any]
) -> Callable[..., Any]:
    signature = inspect.signature(original)

    def call(*args: Any, **kwargs: Any) -> Any:
        watcher.trace(texts(signature.bind(*args, **kwargs).arguments[part]))
        return original(*args, **kwargs)

    return call
