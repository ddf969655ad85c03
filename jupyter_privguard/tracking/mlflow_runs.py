"""Hooks in MLflow's client of a tracking store: all that a run sends goes through it, that of autologging too."""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from .patching import Patches
from .watch import RunWatcher

__all__ = ["install"]

# `Any` in this file is an object of MLflow's, or what a program hands to it.

_Cleaner = Callable[[RunWatcher, Any], Any]


def _text(watcher: RunWatcher, value: Any) -> Any:
    return watcher.text(value) if isinstance(value, str) else value


def _name(watcher: RunWatcher, value: Any) -> Any:
    return watcher.name(value) if isinstance(value, str) else value


def _value(watcher: RunWatcher, value: Any) -> Any:
    return watcher.value(value)


def _tags(watcher: RunWatcher, value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {_name(watcher, name): _value(watcher, one) for name, one in value.items()}


def _entities(watcher: RunWatcher, value: Any) -> Any:
    """Parameters, tags and metrics as MLflow's own objects."""
    return [_entity(watcher, one) for one in value]


def _entity(watcher: RunWatcher, one: Any) -> Any:
    key, value = _name(watcher, one.key), one.value
    if _is_metric(one):
        watcher.metric(key, value)
    else:
        value = _value(watcher, value)
    return _changed(one, key=key, value=value)


def _is_metric(one: Any) -> bool:
    return hasattr(one, "timestamp")


def _changed(one: Any, **fields: Any) -> Any:
    """``one`` with other values of the properties ``fields``; TypeError where it does not take them."""
    different = {name: value for name, value in fields.items() if getattr(one, name) is not value}
    if not different:
        return one
    new = copy.copy(one)
    for name, value in different.items():
        setattr(new, f"_{name}", value)
        if getattr(new, name) is not value:
            raise TypeError(f"{type(one).__name__} keeps its {name} elsewhere")
    return new


def _inputs(watcher: RunWatcher, value: Any) -> Any:
    """Data sets that a run says it used: where they come from, their columns and profile."""
    if value is None:
        return value
    return [_changed(one, dataset=_data_set(watcher, one.dataset), tags=_entities(watcher, one.tags)) for one in value]


def _data_set(watcher: RunWatcher, one: Any) -> Any:
    names = ("name", "source", "schema", "profile")
    return _changed(one, **{name: _text(watcher, getattr(one, name)) for name in names})


def _file(watcher: RunWatcher, value: Any) -> Any:
    watcher.file(str(value))
    return value


_CLEANED: dict[str, dict[str, _Cleaner]] = {
    "create_run": {"tags": _tags, "run_name": _text},
    "create_experiment": {"name": _text, "tags": _tags},
    "rename_experiment": {"new_name": _text},
    "set_experiment_tag": {"key": _name, "value": _value},
    "update_run": {"name": _text},
    "log_param": {"key": _name, "value": _value},
    "log_metric": {"key": _name},
    "set_tag": {"key": _name, "value": _value},
    "log_batch": {"params": _entities, "metrics": _entities, "tags": _entities},
    "log_inputs": {"datasets": _inputs},
    "log_artifact": {"artifact_path": _text, "local_path": _file},
    "log_artifacts": {"artifact_path": _text, "local_dir": _file},
    "_log_artifact_async": {"filename": _text, "artifact_path": _text},
    "create_logged_model": {"name": _text, "tags": _tags, "params": _tags},
    "log_model_params": {"params": _tags},
    "set_logged_model_tags": {"tags": _tags},
    "log_model_artifact": {"artifact_path": _text, "local_path": _file},
    "log_model_artifacts": {"artifact_path": _text, "local_dir": _file},
    "set_terminated": {},
}
"""By function what becomes of its arguments."""


def install(module: Any, watcher: RunWatcher) -> Callable[[], None]:
    """Hook the client in ``module``; what takes the hooks out. Errors as `Patches.wrap`."""
    client, patches = module.TrackingServiceClient, Patches()
    try:
        for name, cleaners in _CLEANED.items():
            takes = [*cleaners, *(["run_id"] if name in _NOTED or name == "set_terminated" else [])]
            patches.wrap(client, name, functools.partial(_hooked, watcher, name, cleaners), takes=takes)
    except BaseException:
        patches.undo()
        raise
    return patches.undo


def _hooked(
    watcher: RunWatcher, name: str, cleaners: Mapping[str, _Cleaner], original: Callable[..., Any]
) -> Callable[..., Any]:
    signature, around = inspect.signature(original), _AROUND.get(name)

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(self, *args, **kwargs)
        told = bound.arguments
        for part, clean in cleaners.items():
            if part in told:
                told[part] = clean(watcher, told[part])
        if name in _NOTED:
            _NOTED[name](watcher, told, self.tracking_uri)

        def send() -> Any:
            with watcher.sending(told.get("run_id"), server=self.tracking_uri):
                return original(*bound.args, **bound.kwargs)

        return send() if around is None else around(watcher, self, told, send)

    return call


def _note_param(watcher: RunWatcher, told: Mapping[str, Any], server: str) -> None:
    watcher.noted(told["run_id"], server=server, params={told["key"]: told["value"]})


def _note_metric(watcher: RunWatcher, told: Mapping[str, Any], server: str) -> None:
    watcher.metric(told["key"], told["value"])
    watcher.noted(told["run_id"], server=server, metrics=[(told["key"], told["value"])])


def _note_tag(watcher: RunWatcher, told: Mapping[str, Any], server: str) -> None:
    watcher.noted(told["run_id"], server=server, tags={told["key"]: told["value"]})


def _note_batch(watcher: RunWatcher, told: Mapping[str, Any], server: str) -> None:
    watcher.noted(
        told["run_id"],
        server=server,
        params={one.key: one.value for one in told.get("params", ())},
        metrics=[(one.key, one.value) for one in told.get("metrics", ())],
        tags={one.key: one.value for one in told.get("tags", ())},
    )


def _note_file(watcher: RunWatcher, told: Mapping[str, Any], server: str) -> None:
    path = told.get("local_path") or told.get("local_dir")
    watcher.noted(told["run_id"], server=server, files=[str(path)])


_NOTED: Mapping[str, Callable[[RunWatcher, Mapping[str, Any], str], None]] = {
    "log_param": _note_param,
    "log_metric": _note_metric,
    "set_tag": _note_tag,
    "log_batch": _note_batch,
    "log_artifact": _note_file,
    "log_artifacts": _note_file,
}
"""By function what is noted of the run before it is sent."""


def _creating(watcher: RunWatcher, client: Any, told: dict[str, Any], send: Callable[[], Any]) -> Any:
    told["tags"] = {**(told.get("tags") or {}), **watcher.marks()}
    run = send()
    info = run.info
    watcher.began(
        info.run_id, server=client.tracking_uri, name=str(info.run_name or ""), experiment=str(info.experiment_id)
    )
    tags = {name: value for name, value in told["tags"].items() if not name.startswith("privguard.")}
    watcher.noted(info.run_id, server=client.tracking_uri, tags=tags)
    return run


def _ending(watcher: RunWatcher, client: Any, told: dict[str, Any], send: Callable[[], Any]) -> Any:
    run = told["run_id"]
    for name, value in watcher.ending(run).items():
        client.set_tag(run, name, value)
    done = send()
    watcher.ended(run, str(told.get("status") or "FINISHED"))
    return done


_AROUND: Mapping[str, Callable[[RunWatcher, Any, dict[str, Any], Callable[[], Any]], Any]] = {
    "create_run": _creating,
    "set_terminated": _ending,
}
"""By function what else is done when it is called."""
