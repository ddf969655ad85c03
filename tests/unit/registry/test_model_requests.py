"""What one account records of models and asks for; what cannot be gets one sentence and leaves no trace."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.errors import InputError, Refused
from jupyter_privguard.keys.keyring import LogKey
from jupyter_privguard.policy.approvals import Answer, answer_bytes, time_text
from jupyter_privguard.policy.rules import Policy
from jupyter_privguard.registry.asking import ModelAsked, Reviewed, signature_of
from jupyter_privguard.runtime.model_aliases import AliasGuard
from jupyter_privguard.settings import account_name

DANA = 64_002
EMAIL = "asha.kulkarni77@corp.example"
DAY = timedelta(days=1)
DANAS = LogKey(seed=b"d" * 32, origin="dana")


class Churn:
    def predict(self, inputs: Any) -> list[dict[str, Any]]:
        return [{"churn_probability": 0.25} for _ in inputs]


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch) -> Path:
    """A home with a shared folder, and the files of a model."""
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "policy.yaml"))
    shared, files = tmp_path / "shared", tmp_path / "model"
    shared.mkdir()
    shared.chmod(0o1777)
    files.mkdir()
    (files / "MLmodel").write_text("flavors: {}")
    (tmp_path / "policy.yaml").write_text(
        f'version: 1\nprincipals:\n  "{account_name()}": {{roles: [lead]}}\n  dana: {{roles: [officer]}}\n'
        f'  "{DANA}": {{roles: [officer]}}\n'
        "roles:\n  lead: {tiers: [public]}\n  officer: {tiers: [public], approve: true}\n"
        f"approvals: {{folder: {shared}}}\n"
    )
    return tmp_path


def ask(version: str = "3", **options: Any) -> Any:
    given = {"model": "churn", "alias": "champion", "reason": "better", "term": DAY} | options
    return runtime.request_model(given.pop("model"), version, **given)


def actions() -> list[str]:
    return [e["action"] for e in runtime.log_reader().events() if str(e["action"]).startswith("model.")]


def review(*, blocked: bool = False, version: str = "3") -> None:
    rows = [{"customer_id": f"C-{number:05}", "churn": 0.25} for number in range(40)]
    output = rows if blocked else [{"churn": number % 3 / 4} for number in range(40)]
    assert pg.review(output, name="churn", version=version).blocked == blocked


def test_a_request_is_bound_to_files_alias_and_the_newest_review(place) -> None:
    stored = runtime.record_model("churn", "3", files=place / "model", metrics={"f1": "0.8"})
    review(blocked=True)
    assert ask().asked.reviewed is Reviewed.BLOCKED
    review()
    made = ask(files=place / "model")

    assert (made.asked.sha256, made.asked.alias, made.asked.reviewed) == (stored["sha256"], "champion", Reviewed.PASSED)
    assert made.notes == [made._what_now] and f"dana (officer), {DANA} (officer)" in made.notes[0]
    *_, event = runtime.log_reader().events()
    assert (event["action"], event["review"], event["reviewed"]) == ("model.request", made.asked.review, "passed")
    other = ask("4", files=place / "model")
    assert other.asked.reviewed is Reviewed.NONE, "a review of version 3 is none of version 4"
    assert "no review of version 4" in other.notes[0]


def test_a_blocked_review_is_said_in_one_sentence(place) -> None:
    review(blocked=True)

    said = ask(files=place / "model").notes[0]
    assert said.startswith("privguard: the newest review of version 3 of churn (event #") and said.count(". ") == 0


def test_a_model_that_only_guard_model_knows_can_be_asked_for_without_mlflow() -> None:
    model = runtime.guarded(Churn(), review_on=[[1], [2]] * 20, deployment="churn-prod", name="churn", version="3")
    model.predict([[1], [2]])
    model.close()

    made = ask()
    [version] = runtime.known_models().models["churn"].versions.values()
    [served] = version.deployments.values()
    assert (served.name, served.predictions, served.sha256) == ("churn-prod", 2, made.asked.sha256)
    assert made.asked.reviewed is Reviewed.PASSED
    assert [flag.problem for flag in runtime.check_models().flags] == ["served without approval"]
    assert runtime.check_models().alerts == 0, "an alert is raised once"


# --- answers of another account ----------------------------------------------------------------------


def approved(place: Path, give: Callable[[Path, int], Path], asked: ModelAsked, key: LogKey | None = DANAS) -> None:
    """The file of an answer, as another account would have put it into the folder."""
    at = datetime.now(UTC).replace(microsecond=0)
    stated = {**asked.fields(), "by": str(DANA), "answered": time_text(at), "until": time_text(at + DAY / 2)}
    signed = (key.vkey, signature_of(stated, key)) if key is not None else (None, None)
    answer = Answer(asked.id, str(DANA), True, at, at + DAY / 2, "low risk", *signed)
    path = place / "shared" / f"{asked.id}.grant.{'ab' * 8}.json"
    path.write_bytes(answer_bytes(answer, is_signed=True))
    give(path, DANA)


def moved(version: str = "3", **more: Any) -> None:
    """The alias of champion is on a version, as `check` would have found it."""
    sha256 = runtime.known_models().models["churn"].versions[version].sha256
    about = {"alias": "champion", "kind": "alias", "before": None, "approval": None, "seen": "registry"}
    runtime.record("model.alias", runtime.policy(), model="churn", version=version, sha256=sha256, **about | more)


def problems() -> list[str]:
    return [flag.problem for flag in runtime.check_models().flags]


def test_an_answer_that_lies_in_the_folder_is_recorded_once_and_stands(place, owned) -> None:
    review()
    asked = ask(files=place / "model").asked
    moved()
    assert problems() == ["no answer"]

    approved(place, owned, asked)
    assert problems() == problems() == []
    [event] = [e for e in runtime.log_reader().events() if e["action"] == "model.approve"]
    assert (event["by"], event["reason"], event["needed"]) == (str(DANA), "low risk", 1)


def test_whoever_has_lost_the_role_has_approved_nothing(place, owned) -> None:
    review()
    asked = ask(files=place / "model").asked
    moved()
    approved(place, owned, asked)
    assert problems() == []

    policy = place / "policy.yaml"
    policy.write_text(policy.read_text().replace("approve: true", "approve: false"))
    assert problems() == ["not borne out"]


@pytest.mark.parametrize("key", [None, "own"])
def test_an_answer_without_a_signature_of_its_own_key_approves_nothing(place, owned, key) -> None:
    review()
    asked = ask(files=place / "model").asked
    moved()
    approved(place, owned, asked, runtime.log_key(runtime.home()) if key == "own" else None)

    assert problems() == ["no valid signature"]


def test_a_guarded_process_moves_an_alias_by_answers_in_the_folder_and_not_by_the_log_alone(place, owned) -> None:
    review()
    asked = ask(files=place / "model").asked
    approved(place, owned, asked)
    policy = place / "policy.yaml"
    policy.write_text(policy.read_text().replace("approvals: {", "approvals: {models: refuse, "))
    client = SimpleNamespace(get_model_version_download_uri=lambda name, version: str(place / "model"))
    move = partial(AliasGuard().moving, client, model="churn", alias="champion", version="3", is_stage=False)

    move()(True)
    assert [e["approval"] for e in runtime.log_reader().events() if e["action"] == "model.alias"] == [asked.id]
    (place / "model" / "MLmodel").write_text("changed")
    with pytest.raises(Refused, match="its files are others than those that were approved"):
        move()
    (place / "model" / "MLmodel").write_text("flavors: {}")
    for answer in (place / "shared").glob("*.grant.*"):
        answer.unlink()
    with pytest.raises(Refused, match="the folder of approvals no longer holds the approval"):
        move()
    AliasGuard().moving(client, model="churn", alias="champion", version=None, is_stage=False)(True)
    AliasGuard().moving(client, model="churn", alias="Archived", version="3", is_stage=True)(True)
    assert [e["outcome"] for e in runtime.log_reader().events() if e["action"] == "model.alias"] == [
        *("ok", "refused", "refused", "ok", "ok")
    ]


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("", False),
        ("environment: prod\n", True),
        ("environment: dev\n", False),
        ("environment: prod\napprovals: {models: flag}\n", False),
        ("environment: dev\napprovals: {models: refuse}\n", True),
    ],
)
def test_the_policy_says_what_becomes_of_an_alias_that_nobody_approved(place, text, is_refused) -> None:
    (place / "policy.yaml").write_text(f"version: 1\n{text}")
    client = SimpleNamespace(get_model_version_download_uri=lambda name, version: str(place / "model"))
    move = partial(AliasGuard().moving, client, model="churn", alias="champion", version="3", is_stage=False)

    with pytest.raises(Refused) if is_refused else contextlib.nullcontext():
        move()(True)
    alerts = [e["problem"] for e in runtime.log_reader().events() if e["action"] == "alert"]
    assert alerts == ([] if is_refused else ["no approval"])


def test_a_policy_that_is_added_cannot_loosen_what_prod_asks_for() -> None:
    base = Policy(source="a", sha256="0" * 64, environment="prod")
    added = Policy(source="b", sha256="1" * 64, models="flag")

    assert base.tightened(added).refuses_unapproved_models
    assert Policy(source="a", sha256="0" * 64).tightened(replace(added, models="refuse")).refuses_unapproved_models


BAD: dict[str, Callable[[Path], Any]] = {
    "unknown model": lambda place: ask(),
    "no such folder": lambda place: ask(files=place / "nowhere"),
    "no files": lambda place: ask(files=place / "shared"),
    "no review": lambda place: ask(files=place / "model", review=1),
    "name with a slash": lambda place: ask("a/b", files=place / "model"),
    "empty alias": lambda place: ask(alias=" ", files=place / "model"),
    "name of somebody": lambda place: ask(model=EMAIL, files=place / "model"),
    "two lines": lambda place: ask(reason="a\nb", files=place / "model"),
    "no number": lambda place: runtime.record_model("churn", "3", metrics={"f1": EMAIL}),
    "not a number": lambda place: runtime.record_model("churn", "3", metrics={"f1": "nan"}),
    "unknown request": lambda place: runtime.answer_model("0" * 24, is_grant=True, reason="fine"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_gets_one_sentence_and_leaves_no_trace(place, case) -> None:
    runtime.record_model("other", "1")
    with pytest.raises(InputError, match=r"^privguard: [^\n]+\.$") as raised:
        BAD[case](place)

    assert EMAIL not in str(raised.value)
    assert actions() == ["model.record"]
    assert list((place / "shared").iterdir()) == []


def test_changed_files_are_no_longer_the_version_that_was_recorded(place) -> None:
    runtime.record_model("churn", "3", files=place / "model")
    (place / "model" / "MLmodel").write_text("flavors: {sklearn: {}}")

    for act in (ask, lambda files: runtime.record_model("churn", "3", files=files)):
        with pytest.raises(InputError, match="their digests differ; give changed files a version of their own"):
            act(files=place / "model")
    assert ask("4", files=place / "model").asked.sha256 != ask("3").asked.sha256


def test_a_tracked_run_brings_its_metrics(place) -> None:
    metrics = [{"name": "accuracy", "value": "0.91"}, {"name": "loss", "value": "nan"}]
    runtime.record_model("churn", "1")
    runtime.record("run.end", runtime.policy(), run_id="aa11bb22cc33", metrics=metrics)

    stored = runtime.record_model("churn", "3", run="aa11bb22cc33", metrics={"f1": "0.8"})
    assert stored["metrics"] == [{"name": "accuracy", "value": "0.91"}, {"name": "f1", "value": "0.8"}]
