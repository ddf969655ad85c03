"""A tracking store's client with the functions of MLflow's, which keeps what it is sent; and a guarded notebook."""

from __future__ import annotations

import ast
import itertools
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from jupyter_privguard import runtime
from jupyter_privguard.errors import Refused
from jupyter_privguard.frames.watch import watch
from jupyter_privguard.guard.cells.cell import CellOptions
from jupyter_privguard.guard.session import Session
from jupyter_privguard.guard.tables.watch import TableWatcher
from jupyter_privguard.guard.tracked.leaving import Leaving
from jupyter_privguard.guard.tracked.tracker import RunTracker
from jupyter_privguard.runtime.tracked_runs import _looked, _masked
from jupyter_privguard.tracking import mlflow_runs

ROWS = 40
_IDS = itertools.count(1)
PEOPLE = {
    "customer_id": [f"C{51_207 + 113 * n}" for n in range(ROWS)],
    "email": [f"dora.kelabri{n}@corp.example" for n in range(ROWS)],
    "income": [41_017 + 1_013 * n for n in range(ROWS)],
    "tenure": [n % 7 for n in range(ROWS)],
}


class Entity:
    """A parameter, tag or metric as MLflow keeps them."""

    def __init__(self, key: str, value: Any, **more: Any) -> None:
        self._key, self._value = key, value
        for name, item in more.items():
            setattr(self, name, item)

    @property
    def key(self) -> str:
        return self._key

    @property
    def value(self) -> Any:
        return self._value


class Client:
    """Keeps all that it is sent."""

    is_down = False

    def __init__(self) -> None:
        self.tracking_uri = "http://asha:secret@127.0.0.1:5000"
        self.sent: list[tuple[str, Any]] = []

    def _send(self, name: str, *what: Any) -> None:
        if self.is_down:
            raise RuntimeError("API request failed") from ConnectionRefusedError("no server")
        self.sent.append((name, what))

    def create_run(self, experiment_id: Any, start_time: Any = None, tags: Any = None, run_name: Any = None) -> Any:
        self._send("create_run", tags, run_name)
        run_id = f"{next(_IDS):032x}"
        return SimpleNamespace(info=SimpleNamespace(run_id=run_id, run_name=run_name, experiment_id=experiment_id))

    def create_experiment(self, name: Any, artifact_location: Any = None, tags: Any = None) -> None:
        self._send("create_experiment", name, tags)

    def rename_experiment(self, experiment_id: Any, new_name: Any) -> None:
        self._send("rename_experiment", new_name)

    def set_experiment_tag(self, experiment_id: Any, key: Any, value: Any) -> None:
        self._send("set_experiment_tag", key, value)

    def update_run(self, run_id: Any, status: Any = None, name: Any = None) -> None:
        self._send("update_run", name)

    def log_param(self, run_id: Any, key: Any, value: Any, synchronous: bool = True) -> Any:
        self._send("log_param", key, value)
        return value

    def log_metric(self, run_id: Any, key: Any, value: Any, timestamp: Any = None) -> None:
        self._send("log_metric", key, value)

    def set_tag(self, run_id: Any, key: Any, value: Any) -> None:
        self._send("set_tag", key, value)

    def log_batch(self, run_id: Any, metrics: Any = (), params: Any = (), tags: Any = ()) -> None:
        self._send("log_batch", [(one.key, one.value) for one in (*metrics, *params, *tags)])

    def log_inputs(self, run_id: Any, datasets: Any = None) -> None:
        self._send("log_inputs", datasets)

    def log_artifact(self, run_id: Any, local_path: Any, artifact_path: Any = None) -> None:
        self._send("log_artifact", Path(local_path).read_bytes())

    def log_artifacts(self, run_id: Any, local_dir: Any, artifact_path: Any = None) -> None:
        self._send("log_artifacts", [path.read_bytes() for path in Path(local_dir).rglob("*") if path.is_file()])

    def _log_artifact_async(self, run_id: Any, filename: Any, artifact_path: Any = None, artifact: Any = None) -> None:
        self._send("_log_artifact_async", filename)

    def create_logged_model(self, experiment_id: Any, name: Any = None, tags: Any = None, params: Any = None) -> None:
        self._send("create_logged_model", name, tags, params)

    def log_model_params(self, model_id: Any, params: Any) -> None:
        self._send("log_model_params", params)

    def set_logged_model_tags(self, model_id: Any, tags: Any) -> None:
        self._send("set_logged_model_tags", tags)

    def log_model_artifact(self, model_id: Any, local_path: Any, artifact_path: Any = None) -> None:
        self._send("log_model_artifact", Path(local_path).read_bytes())

    def log_model_artifacts(self, model_id: Any, local_dir: Any, artifact_path: Any = None) -> None:
        self._send("log_model_artifacts", local_dir)

    def set_terminated(self, run_id: Any, status: Any = None, end_time: Any = None) -> None:
        self._send("set_terminated", status)


class Notebook:
    """Cells of a guarded session in which ``client`` is a hooked client, ``pd`` pandas, and ``df`` people."""

    def __init__(self, folder: Path) -> None:
        at = runtime.home()
        ring, _ = runtime.keyring(at)
        self.session: Session = runtime.open_session(at, runtime.policy(), ring, kernel=None)
        self.session.experiment = "churn"
        self.first = 0
        pd.DataFrame(PEOPLE).to_csv(folder / "people.csv", index=False)
        kind = type("Client", (Client,), dict(vars(Client)))
        self.leaving = Leaving(self.session, mask_table=_masked, look=lambda path: _looked(path, self.session))
        self.tracker = RunTracker(self.session, self.leaving)
        self._undo = [
            self.session.close,
            self.tracker.close,
            mlflow_runs.install(SimpleNamespace(TrackingServiceClient=kind), self.tracker),
            watch(TableWatcher(self.session), self.session.takings.taker, self.session.uses.tracker),
        ]
        self.client: Any = kind()
        self.space: dict[str, Any] = {"pd": pd, "client": self.client, "folder": folder, "Entity": Entity}
        self.session.watch_namespace(self.space)
        self._keys = itertools.count(1)
        self.run("df = pd.read_csv(folder / 'people.csv')")

    def run(self, code: str) -> str:
        """Run ``code`` as a cell; the sentence of what was refused, or the name of what was raised."""
        number = next(self._keys)
        run = self.session.open_run(str(number), CellOptions(), code, execution_count=number, cell_id=None)
        said = ""
        try:
            exec(compile(ast.parse(code), "<cell>", "exec"), self.space)
        except Refused as refused:
            said = str(refused)
        except Exception as error:
            said = type(error).__name__
        assert run is not None
        self.session.close_run(str(number), "error" if said else "ok")
        return said

    def begin(self) -> None:
        """Forget what was sent, and the runs before."""
        self.client.sent.clear()
        self.first = runtime.log_reader().size

    @property
    def sent(self) -> str:
        return repr(self.client.sent)

    def events(self, *actions: str) -> list[dict[str, Any]]:
        return [event for event in runtime.log_reader().events(after=self.first) if event["action"] in actions]

    def close(self) -> None:
        while self._undo:
            self._undo.pop()()
