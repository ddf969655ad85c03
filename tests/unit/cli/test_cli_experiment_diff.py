"""``privguard experiment diff``: told from the log alone, without MLflow."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard import runtime
from tests.command_line import Run

A, B, C = "a1" * 16, "b2" * 16, "c3" * 16


@pytest.fixture
def diff(home: Path, privguard: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setitem(sys.modules, "mlflow", None)  # as if it were not installed
    runtime.keyring(runtime.home())
    _run(A)
    _run(B)
    _run(C, experiment="exp-2", params=[{"name": "C", "value": "2.0"}], metrics=[{"name": "f1", "value": "0.7"}])
    return lambda *args: privguard("experiment", "diff", *args)


def _run(run_id: str, **changed: Any) -> None:
    data = {"name": "people", "source": "people.csv", "columns": ["age"], "digest": "sha256:00", "rows": 3, "how": []}
    told = {
        "run_id": run_id,
        "experiment": "exp-1",
        "datasets": [data],
        "params": [{"name": "C", "value": "0.5"}],
        "metrics": [{"name": "f1", "value": "0.75"}],
        "algorithms": [{"class": "x.Y", "library": "x", "version": "1"}],
    }
    runtime.record("run.end", runtime.policy(), **told | changed)


def test_a_table_of_what_changed_and_a_verdict(diff: Run) -> None:
    code, out, err = diff(A, C)

    assert (code, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    assert lines[0] == ["what", "name", A, C]
    assert ["parameter", "C", "0.5", "2.0"] in lines and ["metric", "f1", "0.75", "0.7"] in lines
    assert out.splitlines()[-1] == "different: these are different runs: another parameter"


def test_the_same_again_is_reproduced(diff: Run) -> None:
    code, out, _ = diff(A, B)

    assert (code, out) == (0, "reproduced: same data, parameters and algorithm, and the same value of f1\n")


def test_json(diff: Run) -> None:
    code, out, _ = diff(A[:8], "exp-2", "--format", "json")

    found = json.loads(out)
    assert (code, found["verdict"], found["b"]["experiment"]) == (0, "different", "exp-2")
    assert {"what": "parameter", "name": "C", "a": "0.5", "b": "2.0"} in found["changed"]
    assert found["a"]["events"] and found["a"]["run_id"] == A


def test_which_of_several_runs_is_taken_is_said(diff: Run) -> None:
    code, _, err = diff("exp-1", C)

    assert code == 0
    assert err == f"privguard: 2 runs are called so; the newest, {B}, is compared.\n"


@pytest.mark.parametrize("args", [("exp-9", A), (A, "nothing"), (A,)])
def test_what_there_is_not_is_one_sentence(diff: Run, args: tuple[str, ...]) -> None:
    code, out, err = diff(*args)

    assert (code, out) == (3, "")
    assert err.startswith("privguard: ") and err.count("\n") == 1
