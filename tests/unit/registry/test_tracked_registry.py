"""A registry that cannot be asked: one sentence, without a login, and nothing is recorded or made."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.errors import InputError
from jupyter_privguard.runtime import mlflow_registry
from jupyter_privguard.runtime.mlflow_registry import TrackedRegistry


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "5")
    runtime.record_model("churn", "3")
    return tmp_path


def refused(address: str) -> str:
    size = runtime.log_reader().size
    with pytest.raises(InputError, match=r"^privguard: [^\n]+\.$") as raised:
        runtime.check_models(address)
    assert runtime.log_reader().size == size, "nothing is recorded"
    return str(raised.value)


def test_a_registry_that_is_not_there_is_not_made(home) -> None:
    said = refused(f"sqlite:///{home}/mlflow.db")

    assert "there is no registry at" in said
    assert not (home / "mlflow.db").exists()


def test_without_mlflow_it_says_what_to_install(home, monkeypatch) -> None:
    (home / "mlflow.db").touch()
    monkeypatch.setattr(mlflow_registry, "find_spec", lambda name: None)

    assert "pip install 'jupyter-privguard[mlflow]'" in refused(f"sqlite:///{home}/mlflow.db")
    assert [one.name for one in runtime.check_models().registry.models.values()] == ["churn"]


@pytest.mark.parametrize("kind", ["damaged", "down", "no address"])
def test_a_registry_that_does_not_answer_is_named_without_its_login(home, kind) -> None:
    (home / "mlflow.db").write_bytes(b"SQLite format 3\x00" + b"damaged " * 500)
    address = {
        "damaged": f"sqlite:///{home}/mlflow.db",
        "down": "http://asha:hunter2hunter2@127.0.0.1:9",
        "no address": "gopher://asha:hunter2hunter2@registry",
    }[kind]

    said = refused(address)
    assert "hunter2" not in said and "asha" not in said
    assert "did not answer" in said or "no registry that MLflow can ask" in said


class Client:
    """MLflow's client as far as it is asked, over files of the test; ``pages`` are its answers."""

    def __init__(self, files: Path, aliases: dict[str, Any], stages: dict[str, str]) -> None:
        self.files, self.aliases, self.stages = files, aliases, stages

    def search_registered_models(self, page_token: str | None = None) -> list[Any]:
        return [SimpleNamespace(name="churn")]

    def get_registered_model(self, name: str) -> Any:
        return SimpleNamespace(aliases=self.aliases)

    def search_model_versions(self, filter_string: str, page_token: str | None = None) -> list[Any]:
        return [SimpleNamespace(version=version, current_stage=stage) for version, stage in self.stages.items()]

    def get_model_version_download_uri(self, name: str, version: str) -> str:
        return (self.files / version).as_uri()


def test_moves_elsewhere_are_followed_one_by_one_and_files_that_cannot_be_read_are_said(home, monkeypatch) -> None:
    for version in ("3", "4"):
        (home / "files" / version).mkdir(parents=True)
        (home / "files" / version / "MLmodel").write_text(version)
    client = Client(home / "files", {"champion": 3}, {"3": "Production", "4": "None"})
    monkeypatch.setattr(
        "jupyter_privguard.runtime.model_aliases.tracked", lambda address: TrackedRegistry(client, address)
    )

    def looked() -> tuple[int, list[tuple[str | None, str, str]]]:
        found = runtime.check_models("here")
        flags = sorted((str(one.alias), one.version, one.problem) for one in found.flags)
        return found.moved, flags

    wrong = [("Production", "3", "no approval"), ("champion", "3", "no approval")]
    assert looked() == (2, wrong)
    assert looked() == (0, wrong)
    (home / "files" / "3" / "MLmodel").write_text("changed")
    assert looked() == (2, wrong), "other files under the same number are a move"
    client.aliases, client.stages = {"champion": 4}, {"3": "Archived", "4": "None"}
    assert looked() == (2, [("champion", "4", "no approval")])
    client.aliases = {}
    assert looked() == (1, [])
    client.aliases = {"champion": "9"}
    found = runtime.check_models("here")
    assert [one.startswith("privguard: the model's files in") for one in found.unread] == [True]
    assert [(one.version, one.problem) for one in found.flags] == [("9", "no approval")]
