"""The pyfunc model over a stand-in for MLflow's base class, and what is said where MLflow is missing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.errors import InputError, Refused
from jupyter_privguard.integrations._mlflow_model import kind_of
from jupyter_privguard.integrations.mlflow import PARAMS
from tests.unit.serving.serving_client import POLICY, Churn, people, predictions


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    (tmp_path / "policy.yaml").write_text(POLICY)
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "policy.yaml"))


class _Base:
    """As MLflow's PythonModel."""


def _made(identity: Any = None) -> Any:
    return kind_of(_Base)(runtime.guarded(Churn(), review_on=people(60)), identity)


def test_without_mlflow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    monkeypatch.setitem(sys.modules, "mlflow.pyfunc", None)

    with pytest.raises(
        InputError, match=r"^privguard: MLflow is not installed; `pip install 'jupyter-privguard\[mlflow\]'`"
    ):
        pg.guard_model(Churn())


def test_a_tier_is_a_wish_and_the_key_says_whose() -> None:
    model, key = _made(), runtime.issue_serving_key("ana")

    public = model.predict(None, people(2), dict(PARAMS))
    internal = model.predict(None, people(2), {**PARAMS, "tier": "internal", "key": key})

    assert all(row["customer_id"].startswith("tok:") for row in public)
    assert all(row["customer_id"].startswith("enc:") for row in internal)
    for params in ({"tier": "internal"}, {"key": "pgs_00000000_x"}, {"tier": "compliance", "key": key}):
        with pytest.raises(Refused, match=r"^privguard: "):
            model.predict(None, people(2), params)
    with pytest.raises(InputError, match=r"^privguard: "):
        model.predict(None, people(2), {"tier": "root"})
    assert [one["outcome"] for one in predictions()] == ["ok"] * 4 + ["refused"]


def test_an_identity_of_the_deployers_own_has_the_last_word() -> None:
    model = _made(lambda params: None)

    with pytest.raises(Refused):
        model.predict(None, people(1), dict(PARAMS))
