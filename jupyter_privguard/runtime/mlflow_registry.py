"""MLflow's registry as it is asked for versions, aliases, files and metrics. MLflow is imported when it is asked."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit, urlunsplit

from ..errors import InputError
from ..registry.digest import directory_digest
from ..registry.records import is_live

__all__ = ["Pointed", "TrackedRegistry", "tracked", "version_digest"]

# `Any` in this file is MLflow's client, or what it answers.

_T = TypeVar("_T")
_SQLITE = "sqlite:///"


class Pointed(NamedTuple):
    """An alias, or a live stage, with the version that it points to."""

    model: str
    alias: str
    version: str
    is_stage: bool


class TrackedRegistry:
    """A registry that was named by its address."""

    def __init__(self, client: Any, address: str) -> None:
        """Use `tracked`."""
        self._client = client
        self._address = address

    def pointed(self) -> tuple[list[str], list[Pointed]]:
        """The names of all models, and where aliases and live stages point. InputError where it does not answer."""
        return self._asked(self._pointed)

    def _pointed(self) -> tuple[list[str], list[Pointed]]:
        models = [one.name for one in _paged(self._client.search_registered_models)]
        found = []
        for name in models:
            aliases = self._client.get_registered_model(name).aliases or {}
            found += [Pointed(name, alias, str(version), is_stage=False) for alias, version in aliases.items()]
            quoted = name.replace("'", "\\'")
            for one in _paged(self._client.search_model_versions, filter_string=f"name='{quoted}'"):
                stage = str(one.current_stage or "None")
                if is_live("stage", stage):
                    found.append(Pointed(name, stage, str(one.version), is_stage=True))
        return models, found

    def digest(self, model: str, version: str) -> str:
        """The digest of a version's files. InputError where it has none, or they cannot be had."""
        return self._asked(lambda: version_digest(self._client, model, version), of=f"version {version} of {model}")

    def run(self, model: str, version: str) -> tuple[str | None, dict[str, str]]:
        """The run that made a version, and its metrics as text; None and none where MLflow knows of none."""

        def asked() -> tuple[str | None, dict[str, str]]:
            run = self._client.get_model_version(model, version).run_id or None
            return run, metrics_of(self._client, run) if run else {}

        return self._asked(asked, of=f"version {version} of {model}")

    def _asked(self, question: Callable[[], _T], of: str = "") -> _T:
        try:
            return question()
        except InputError:
            raise
        except Exception as error:  # noqa: BLE001 - a server of anybody's, a damaged file; its words may quote anything
            what = f"of {of} " if of else ""
            raise InputError(
                f"privguard: the registry {self._address} did not answer {what}({type(error).__name__}); see that it "
                "runs and is whole, or leave --tracking out for what the log alone knows."
            ) from None


def tracked(address: str) -> TrackedRegistry:
    """The registry at ``address``, such as ``sqlite:////srv/mlflow.db`` or ``https://mlflow.example.org``.

    InputError where MLflow is not installed, or ``address`` names a file that is not there: asking would make one.
    """
    shown = _shown(address)
    if address.startswith(_SQLITE) and not Path(unquote(address.removeprefix(_SQLITE).partition("?")[0])).is_file():
        raise InputError(f"privguard: there is no registry at {shown}; name the file that MLflow keeps.")
    if find_spec("mlflow") is None:
        raise InputError(
            "privguard: MLflow is not installed, and its registry is asked through it; "
            "`pip install 'jupyter-privguard[mlflow]'` brings it, and without --tracking the log tells what it knows."
        )
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")  # a server that is down is told of at once
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
    import logging

    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        from mlflow.tracking import MlflowClient

        return TrackedRegistry(MlflowClient(tracking_uri=address, registry_uri=address), shown)
    except Exception as error:  # noqa: BLE001 - as above
        raise InputError(
            f"privguard: {shown} is no registry that MLflow can ask ({type(error).__name__}); name its address, as "
            "MLFLOW_TRACKING_URI has it."
        ) from None


def version_digest(client: Any, model: str, version: str) -> str:
    """The digest of a version's files, which are fetched where they are elsewhere; ``client`` is any of MLflow's."""
    where = str(client.get_model_version_download_uri(model, version))
    parts = urlsplit(where)
    if parts.scheme in ("", "file"):
        return directory_digest(Path(unquote(parts.path) if parts.scheme else where))
    from mlflow.artifacts import download_artifacts

    with tempfile.TemporaryDirectory() as folder:
        return directory_digest(Path(download_artifacts(artifact_uri=where, dst_path=folder)))


def metrics_of(client: Any, run: str) -> dict[str, str]:
    """The metrics of a run, as text; those that are no finite number are left out."""
    found = client.get_run(run).data.metrics.items()
    return {str(name): f"{value:.12g}" for name, value in found if math.isfinite(value)}


def _paged(search: Callable[..., Any], **options: Any) -> Iterator[Any]:
    token = None
    while True:
        found = search(page_token=token, **options)
        yield from found
        token = getattr(found, "token", None)
        if not token:
            return


def _shown(address: str) -> str:
    """``address`` without a login."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "that address"
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=host, query="", fragment="")) if parts.netloc else address.partition("?")[0]
