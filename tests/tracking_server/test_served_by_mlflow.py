"""A real ``mlflow models serve`` process answers with the same JSON as the application."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tracking_server.http_servers import await_health, free_port
from tests.unit.serving.serving_client import POLICY, Churn, asked, people, predictions, request_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    (tmp_path / "policy.yaml").write_text(POLICY)
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "policy.yaml"))
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    _save(tmp_path / "model")
    number = free_port()
    options = ["-m", str(tmp_path / "model"), "--env-manager", "local", "--port", str(number)]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with (tmp_path / "server.log").open("wb") as log:
        command = [sys.executable, "-m", "mlflow", "models", "serve", *options]
        run = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | {"PATH": path}, start_new_session=True)
        try:
            await_health(f"http://127.0.0.1:{number}", run)
            yield number
        finally:
            os.killpg(run.pid, 15)
            run.wait(60)


def _save(path: Path) -> None:
    import mlflow
    import pandas as pd
    from mlflow.models import infer_signature

    import jupyter_privguard as pg
    from jupyter_privguard.integrations.mlflow import PARAMS

    guarded = pg.guard_model(Churn(), review_on=people(60), deployment="churn-7", version="3")
    answer = pd.DataFrame(guarded.predict(None, people(2)))
    signature = infer_signature(people(2), answer, params=dict(PARAMS))
    mlflow.pyfunc.save_model(path, python_model=guarded, signature=signature, pip_requirements=[])
    written = b"".join(file.read_bytes() for file in path.rglob("*") if file.is_file())
    assert not any(one.encode() in written for one in people(60)["customer_id"])


def _posted(number: int, body: Any) -> tuple[int, str]:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{number}/invocations", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.filterwarnings("ignore")
def test_mlflow_and_the_application_answer_alike_and_both_are_recorded(port: int) -> None:
    import jupyter_privguard as pg
    from jupyter_privguard import runtime

    key = runtime.issue_serving_key("ana")
    app = pg.prediction_app(Churn(), review_on=people(60))
    before = len(predictions())
    wanted = request_of(people(3, start=500))
    for tier in ("public", "internal"):
        status, text = _posted(port, {**wanted, "params": {"tier": tier, "key": key}})
        assert status == 200
        assert json.loads(text) == asked(app, wanted, key=key, headers={"X-Privguard-Tier": tier}).body
    status, text = _posted(port, {**wanted, "params": {"tier": "compliance", "key": key}})
    assert status >= 400 and not any(one in text for one in people(3, start=500)["customer_id"])
    app._model.close()
    assert len(predictions()) - before == 3 * 2 * 2 + 1
