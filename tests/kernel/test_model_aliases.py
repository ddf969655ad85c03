"""Aliases in a real MLflow registry: flagged, refused, or moved by an approval in a guarded kernel; found elsewhere."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.settings import Home, account_name

DANA = 64_002
MODEL = "churn"


def policy(folder: Path, more: str = "") -> str:
    return (
        f'version: 1\nprincipals:\n  "{account_name()}": {{roles: [lead]}}\n  "{DANA}": {{roles: [officer]}}\n'
        "roles:\n  lead: {tiers: [public], log: all}\n  officer: {tiers: [public, compliance], approve: true}\n"
        f"approvals: {{folder: {folder}{more}}}\n"
    )


class Story:
    """A guarded kernel with a registry of two versions, under a policy of the machine; and an officer's account."""

    def __init__(self, machine, start, home) -> None:
        self.machine, self.home, self.files = machine, home, machine.place / "files"
        self.database = machine.place / "mlflow.db"
        machine.policy.write_text(policy(machine.shared))
        for version in ("1", "2"):
            (self.files / version).mkdir(parents=True)
            (self.files / version / "MLmodel").write_text(f"flavors: {{}} # {version}")
        self.kernel = start(PRIVGUARD_POLICY=str(machine.policy), MLFLOW_TRACKING_URI=self.uri)
        self.run("%load_ext jupyter_privguard")
        self.run(
            "import mlflow\nfrom mlflow.tracking import MlflowClient\nclient = MlflowClient()\n"
            "with mlflow.start_run() as run:\n    mlflow.log_metric('accuracy', 0.91)\n"
            f"mlflow.register_model({(self.files / '1').as_uri()!r}, {MODEL!r})\n"
            f"client.create_model_version({MODEL!r}, {(self.files / '2').as_uri()!r}, run_id=run.info.run_id).version"
        )

    @property
    def uri(self) -> str:
        return f"sqlite:///{self.database}"

    def run(self, code: str, *, fails: bool = False) -> str:
        cell = self.kernel.run(code, timeout=120)
        assert cell.ok != fails, cell.screen
        return cell.screen

    def command(self, *args: object) -> tuple[str, str]:
        done = self.home.command("model", *map(str, args))
        assert done.returncode == 0, done.stderr
        return done.stdout, done.stderr

    def approved(self, version: str, alias: str = "champion") -> str:
        asked, _ = self.command("request", MODEL, version, "--alias", alias, "-r", "better on the spring cohort")
        self.machine.account(DANA).run(
            *("model", "approve", asked.strip(), "-r", "no review yet", "--path", str(self.files / version))
        )
        return asked.strip()

    def events(self, action: str) -> list[dict]:
        return [e for e in runtime.log_reader(Home(self.home.folder)).events() if e["action"] == action]

    def moves(self) -> list[tuple]:
        return [
            (e["alias"], e["version"], e["before"], e["approval"], e["outcome"], e["seen"])
            for e in self.events("model.alias")
        ]

    def problems(self) -> list[str]:
        return [e["problem"] for e in self.events("alert")]


@pytest.fixture
def story(machine, start, home, monkeypatch) -> Story:
    monkeypatch.setenv("PRIVGUARD_POLICY", str(machine.policy))
    return Story(machine, start, home)


def test_flagged_approved_refused_and_found(story) -> None:
    first, second = story.events("model.record")
    assert [(one["version"], one["metrics"], one["source"]) for one in (first, second)] == [
        ("1", [], "registry"),
        ("2", [{"name": "accuracy", "value": "0.91"}], "registry"),
    ]
    assert first["sha256"] != second["sha256"]

    story.run(f"client.set_registered_model_alias({MODEL!r}, 'champion', '1')")
    assert story.moves() == [("champion", "1", None, None, "ok", "kernel")]
    assert story.problems() == ["no approval"]

    asked = story.approved("2")
    story.run(f"client.set_registered_model_alias({MODEL!r}, 'champion', 2)")
    assert story.moves()[-1] == ("champion", "2", "1", asked, "ok", "kernel")
    assert story.problems() == ["no approval", "no passing review"]
    story.run(f"client.set_registered_model_alias({MODEL!r}, 'champion', '99')", fails=True)
    assert [(move[1], move[4]) for move in story.moves()[-2:]] == [("99", "ok"), ("99", "error")]

    story.machine.policy.write_text(policy(story.machine.shared, ", models: refuse"))
    said = story.run(f"client.set_registered_model_alias({MODEL!r}, 'champion', '1')", fails=True)
    assert f"privguard model request {MODEL} 1 --alias champion" in said
    said = story.run(f"client.transition_model_version_stage({MODEL!r}, '1', 'production')", fails=True)
    assert "stage Production of churn did not move to version 1" in said
    story.run(f"client.set_registered_model_alias({MODEL!r}, 'champion', '2')")
    story.run(f"client.get_model_version_by_alias({MODEL!r}, 'champion').version == 2 or 1/0")
    assert [(move[1], move[4]) for move in story.moves()[-3:]] == [("1", "refused"), ("1", "refused"), ("2", "ok")]

    with sqlite3.connect(story.database) as database:  # somebody with MLflow's pages
        database.execute("UPDATE registered_model_aliases SET version = 1")
    out, _ = story.command("check", "--tracking", story.uri, "--format", "json")
    found = json.loads(out)
    assert (found["moved"], [(one["version"], one["problem"]) for one in found["flags"]]) == (1, [("1", "no approval")])
    assert story.moves()[-1] == ("champion", "1", "2", None, "ok", "registry")
    assert story.problems()[-1] == "no approval"
    again = json.loads(story.command("check", "--format", "json")[0])
    assert (again["moved"], again["alerts"], len(again["flags"])) == (0, 0, 1), "an alert is raised once"
