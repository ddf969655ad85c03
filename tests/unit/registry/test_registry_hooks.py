"""Hooks in MLflow's registry client: each way to move an alias is told of before, and every end after."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from jupyter_privguard.registry.watch import watch

MODULE = "mlflow.tracking._model_registry.client"


class Client:
    """As MLflow's own, as far as it is hooked."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def create_model_version(self, name: str, source: str, run_id: str | None = None, tags: Any = None) -> Any:
        self.done.append("created")
        return SimpleNamespace(version=7)

    def set_registered_model_alias(self, name: str, alias: str, version: Any) -> None:
        if version == "99":
            raise LookupError("no such version")
        self.done.append("set")

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        self.done.append("deleted")

    def transition_model_version_stage(self, name: str, version: Any, stage: str, archive: bool = False) -> None:
        self.done.append("moved")


class Watcher:
    def __init__(self, *, refuses: bool = False) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.refuses = refuses

    def registered(self, client: Any, *, model: str, version: str, run: str | None) -> None:
        self.told.append(("registered", model, version, run))

    def moving(self, client: Any, *, model: str, alias: str, version: str | None, is_stage: bool) -> Any:
        self.told.append((alias, version, is_stage))
        if self.refuses:
            raise PermissionError
        return lambda is_done: self.told.append(("done", is_done))


@pytest.fixture
def client(monkeypatch) -> Client:
    """A client of a module that has been imported."""
    kind = type("ModelRegistryClient", (Client,), dict(vars(Client)))
    module = ModuleType(MODULE)
    module.ModelRegistryClient = kind  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, MODULE, module)
    return kind()


def test_each_way_is_told_of_with_what_it_is_called_by_position_or_name(client) -> None:
    watcher = Watcher()
    end = watch(watcher)
    client.create_model_version("churn", "file:///model", run_id="r1")
    client.set_registered_model_alias("churn", alias="champion", version=3)
    client.delete_registered_model_alias("churn", "champion")
    client.transition_model_version_stage(name="churn", version="3", stage="production")
    with pytest.raises(LookupError):
        client.set_registered_model_alias("churn", "champion", "99")
    end()
    client.set_registered_model_alias("churn", "champion", "4")

    assert watcher.told == [
        ("registered", "churn", "7", "r1"),
        *(("champion", "3", False), ("done", True)),
        *(("champion", None, False), ("done", True)),
        *(("Production", "3", True), ("done", True)),
        *(("champion", "99", False), ("done", False)),
    ]
    assert client.done == ["created", "set", "deleted", "moved", "set"]


def test_what_is_refused_is_not_done(client) -> None:
    end = watch(Watcher(refuses=True))
    for move in (
        lambda: client.set_registered_model_alias("churn", "champion", "3"),
        lambda: client.transition_model_version_stage("churn", "3", "Staging"),
    ):
        with pytest.raises(PermissionError):
            move()
    end()

    assert client.done == []


@pytest.mark.parametrize("gone", ["set_registered_model_alias", "transition_model_version_stage"])
def test_an_mlflow_that_would_move_aliases_unseen_is_not_imported(client, gone) -> None:
    setattr(type(client), gone, lambda self, *anything: None)
    before = dict(vars(type(client)))

    with pytest.raises(ImportError, match="privguard: aliases of models may move unseen"):
        watch(Watcher())

    assert dict(vars(type(client))) == before
