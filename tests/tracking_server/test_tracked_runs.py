"""A real MLflow server on SQLite, and a guarded kernel that logs to it: what arrives there, and what the log says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.conftest import Cell, Home, Kernel
from tests.tracking_server.http_servers import await_health, free_port

PEOPLE = 60
NAMES = "Asha Ravi Meera Dora Omar Lena Tomas Ines Juri Nora".split()
ROWS = [
    {
        "customer_id": f"C{48211 + 137 * at}",
        "email": f"{NAMES[at % 10].lower()}.kelabri{at}@corp.example",
        "full_name": f"{NAMES[at % 10]} Kelabri{'abcdefghij'[at // 10]}",
        "age": 23 + at % 41,
        "income": 31_013 + 1_117 * at,
        "tenure": at % 24,
        "churn": int(at % 3 == 0),
    }
    for at in range(PEOPLE)
]
RAW = {str(row[name]) for row in ROWS for name in ("customer_id", "email", "full_name")}
INCOMES = {str(row["income"]) for row in ROWS}
"""Numbers of five digits, which stand by chance in what is no text."""


class Server:
    """An MLflow server, and its answers."""

    def __init__(self, folder: Path) -> None:
        port = str(free_port())
        self.address = f"http://127.0.0.1:{port}"
        self.store = folder / "store"
        self.store.mkdir()
        self.artifacts = folder / "artifacts"
        command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", port, "--workers", "1"]
        command += ["--backend-store-uri", f"sqlite:///{self.store}/mlflow.db", "--artifacts-destination"]
        command += [str(self.artifacts)]
        with (folder / "server.log").open("wb") as log:
            self._run = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd=folder,
                start_new_session=True,
                env=os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"},
            )
        await_health(self.address, self._run)

    def run(self, run_id: str) -> dict[str, Any]:
        address = f"{self.address}/api/2.0/mlflow/runs/get?run_id={run_id}"
        with urllib.request.urlopen(address, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)["run"]
        return found

    def stored(self) -> bytes:
        """All bytes that it has kept."""
        files = [*self.store.rglob("*"), *self.artifacts.rglob("*")]
        return b"\0".join(str(path).encode() + b"\0" + path.read_bytes() for path in files if path.is_file())

    def files(self) -> set[str]:
        return {path.name for path in self.artifacts.rglob("*") if path.is_file()}

    def stop(self) -> None:
        if self._run.poll() is None:
            os.killpg(self._run.pid, 15)
            self._run.wait(60)


class Story:
    """What the cells of one notebook did, one after the other."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        lines = [",".join(ROWS[0]), *(",".join(map(str, row.values())) for row in ROWS)]
        (folder / "people.csv").write_text("\n".join(lines) + "\n")
        self.home = Home(folder / "home")
        self.server = Server(folder)
        retries = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0", "MLFLOW_DISABLE_TELEMETRY": "false"}
        self.kernel = Kernel(folder, PRIVGUARD_HOME=str(self.home.folder), **retries)
        self.cells: dict[str, Cell] = {}
        self.run("load", "%load_ext jupyter_privguard")
        self.run("data", "%privguard experiment churn-1\nimport pandas as pd\ndf = pd.read_csv('people.csv')")
        self.run("import", f"import mlflow, mlflow.sklearn\nmlflow.set_tracking_uri('{self.server.address}')")
        for name, source in CELLS.items():
            self.run(name, source)
        self.server.stop()
        self.run("down", "with mlflow.start_run(run_name='down'):\n    mlflow.log_param('email', df.email[0])")
        self.events = self.home.events()

    def run(self, name: str, source: str) -> None:
        self.cells[name] = self.kernel.run(source, timeout=110)

    def ends(self, name: str) -> dict[str, Any]:
        """The newest end of the run called ``name``."""
        found = [e for e in self.events if e["action"] == "run.end" and e["run_name"] == name]
        assert found, f"no end of {name}"
        return found[-1]


TRAIN = """
from sklearn.linear_model import LogisticRegression
X, y = df[["age", "income", "tenure"]], df["churn"]
with mlflow.start_run(run_name="{name}"):
    m = LogisticRegression(C={C}, max_iter=300).fit(X, y)
    mlflow.log_params({{"C": {C}, "max_iter": 300}})
    mlflow.log_metric("accuracy", m.score(X, y))
"""
CELLS = {
    "first": TRAIN.format(name="first", C=0.5),
    "again": TRAIN.format(name="again", C=0.5),
    "other": "%privguard experiment churn-2\n" + TRAIN.format(name="other", C=2.0),
    "values": """
with mlflow.start_run(run_name="values", tags={"about": df.full_name[3]}):
    mlflow.log_param("note", "asked by " + df.email[5])
    mlflow.set_tag("who", df.customer_id[7])
    mlflow.log_text("write to " + df.email[9], "note.txt")
    mlflow.log_dict({"rows": df.head(4).to_dict("records"), "plain": [1, 2, "three"]}, "rows.json")
    mlflow.log_table(df.head(5), "people.json")
    mlflow.log_table({"email": list(df.email[:2]), "ok": [True, False]}, "two.json")
    mlflow.log_input(mlflow.data.from_pandas(df, name="people"), context="training")
""",
    "model": """
from mlflow.models import infer_signature
with mlflow.start_run(run_name="model"):
    rows = df[["customer_id", "age", "income", "tenure"]].head(3)
    from sklearn.compose import make_column_transformer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    numbers = make_column_transformer((StandardScaler(), ["age", "income", "tenure"]))
    pipe = make_pipeline(numbers, LogisticRegression()).fit(df[["customer_id", "age", "income", "tenure"]], y)
    said = infer_signature(rows, pipe.predict(rows))
    info = mlflow.sklearn.log_model(pipe, name="pipe", input_example=rows, pip_requirements=["scikit-learn"])
    kept = mlflow.pyfunc.load_model(info.model_uri).input_example
    assert infer_signature(kept).inputs == said.inputs == info.signature.inputs, "another signature"
    assert kept.shape == rows.shape
    pipe.predict(kept)
""",
    "file": "with mlflow.start_run(run_name='file'):\n    mlflow.log_artifact('people.csv')",
    "masked file": """
import jupyter_privguard as pg
pg.mask(df).to_csv("people-masked.csv", index=False)
with mlflow.start_run(run_name="masked file"):
    mlflow.log_artifact("people-masked.csv")
""",
    "oldest": "with mlflow.start_run(run_name='oldest'):\n    mlflow.log_metric('top', df.income.max())",
    "autolog": """
mlflow.sklearn.autolog(log_models=False)
with mlflow.start_run(run_name="autolog"):
    LogisticRegression(C=0.7, max_iter=300).fit(X, y).score(X, y)
mlflow.sklearn.autolog(disable=True)
""",
    "trace": """
@mlflow.trace
def answer(question):
    return question.upper()

answer("write to " + df.email[11])
answer("a harmless question")
mlflow.flush_trace_async_logging()
""",
    "figure": """
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.set_title(df.email[2])
with mlflow.start_run(run_name="figure"):
    mlflow.log_figure(fig, "plot.svg")
""",
}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    made = Story(tmp_path_factory.mktemp("runs"))
    yield made
    made.kernel.close()
    made.server.stop()


def test_cells_run_as_always(story: Story) -> None:
    refused = {"file", "oldest", "down"}

    assert {name for name, cell in story.cells.items() if not cell.ok} == refused, {
        name: cell.reply.get("evalue") for name, cell in story.cells.items() if not cell.ok and name not in refused
    }


def test_a_run_is_linked_with_its_cells_data_parameters_algorithm_and_metrics(story: Story) -> None:
    end = story.ends("first")
    runs = {e["run"]: e for e in story.events if e["action"] == "cell.run"}

    assert [runs[cell["run"]]["cell"]["execution_count"] for cell in end["cells"]] == [4]
    assert (end["experiment"], end["server"], end["outcome"]) == ("churn-1", story.server.address, "ok")
    (data,) = end["datasets"]
    assert (data["name"], data["source"]) == ("people", "people.csv")
    assert set(data["columns"]) == {"age", "income", "tenure", "churn"}
    assert data["digest"].startswith("sha256:")
    assert end["params"] == [{"name": "C", "value": "0.5"}, {"name": "max_iter", "value": "300"}]
    assert [one["name"] for one in end["metrics"]] == ["accuracy"]
    assert 0 < float(end["metrics"][0]["value"]) <= 1
    (algorithm,) = end["algorithms"]
    assert algorithm["class"].endswith("LogisticRegression") and algorithm["library"] == "sklearn"
    assert algorithm["version"]
    assert end["principal"]["id"] and end["time"]


def test_the_tracking_server_has_tags_that_lead_back(story: Story) -> None:
    end = story.ends("values")
    began = next(e for e in story.events if e["action"] == "run.start" and e["run_id"] == end["run_id"])
    tags = {tag["name"]: tag["value"] for tag in end["tags"]}

    assert began["seq"] < end["seq"]
    assert not any(name.startswith("privguard.") for name in tags)  # what is ours is told by the event itself
    stored = story.server.stored().decode("latin-1")
    for name, value in {
        "privguard.session": end["session"],
        "privguard.experiment": "churn-2",
        "privguard.cell": end["cells"][0]["run"],
        "privguard.datasets": story.ends("first")["datasets"][0]["digest"],
    }.items():
        assert name in stored and value in stored


def test_no_value_reaches_the_tracking_server(story: Story) -> None:
    stored = story.server.stored()

    assert {
        "note.txt",
        "rows.json",
        "people.json",
        "two.json",
        "input_example.json",
    } <= story.server.files()
    assert [value for value in RAW if value.encode() in stored] == []
    texts = [path for path in story.server.artifacts.rglob("*") if path.suffix in (".json", ".txt")]
    assert not INCOMES & {word for path in texts for word in re.findall(r"\d+", path.read_text())}


def test_what_was_cleaned_is_counted(story: Story) -> None:
    cleaned = story.ends("values")["cleaned"]

    assert {"CUSTOMER_ID", "EMAIL_ADDRESS", "PERSON_NAME"} <= cleaned.keys()
    assert story.ends("model")["cleaned"]["CUSTOMER_ID"] == 3
    assert story.ends("first")["cleaned"] == {}


def test_a_raw_file_and_a_persons_own_number_are_refused_and_a_masked_copy_is_sent(story: Story) -> None:
    said = story.cells["file"].reply["evalue"]

    assert said.startswith("privguard: people.csv was not sent") and "`privguard mask people.csv -o" in said
    (refused,) = story.ends("file")["refused"]
    assert (refused["what"], refused["name"]) == ("file", "people.csv") and refused["entities"][
        "EMAIL_ADDRESS"
    ] == PEOPLE
    assert "people.csv" not in story.server.files()
    assert story.cells["oldest"].reply["evalue"].startswith("privguard: the metric top")
    assert story.ends("oldest")["outcome"] == "error"
    assert "people-masked.csv" in story.server.files()


def test_a_server_that_is_down_costs_a_sentence_and_nothing_of_the_record(story: Story) -> None:
    down = story.cells["down"]

    (sentence,) = [line for line in down.streams.splitlines() if line.startswith("privguard:")]
    assert f"the tracking server at {story.server.address} cannot be reached" in sentence
    assert down.reply["ename"] == "MlflowException"
    assert not any(value in down.screen for value in RAW)
    (attempt,) = [e for e in story.events if e["action"] == "run.start" and e["outcome"] == "error"]
    assert attempt["server"] == story.server.address


def test_no_value_is_in_the_log(story: Story) -> None:
    told = "\n".join(json.dumps(event, ensure_ascii=False) for event in story.events if event["action"] != "cell.run")

    assert [value for value in RAW if value in told] == []
    assert not INCOMES & set(re.findall(r"(?<![\w.])\d{5}(?![\w.])", told))


def test_telemetry_is_off_before_mlflow_is_imported(story: Story) -> None:
    (loaded,) = [e for e in story.events if e["action"] == "guard.load"]
    asked = story.kernel.run("from mlflow.telemetry.client import get_telemetry_client\nget_telemetry_client() is None")

    assert loaded["telemetry"] == {"late": False, "off": ["MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK"]}
    assert asked.data[0]["text/plain"] == "True"


def test_autologging_is_tracked_with_what_it_adds_after_the_end(story: Story) -> None:
    end = story.ends("autolog")

    assert {"C", "max_iter"} <= {one["name"] for one in end["params"]}
    assert "training_accuracy_score" in {one["name"] for one in end["metrics"]}
    assert end["refused"] == []


def test_a_trace_with_values_is_not_sent_and_a_harmless_one_is(story: Story) -> None:
    said = story.cells["trace"].streams
    alerts = [e for e in story.events if e["action"] == "alert"]

    assert "privguard: a trace was not sent to the tracking server" in said
    assert {(e["outcome"], e["about"]) for e in alerts} == {("refused", "a trace that was not sent")}
    assert b"A HARMLESS QUESTION" in story.server.stored()


def test_experiment_diff_says_what_changed_and_whether_it_was_reproduced(story: Story) -> None:
    first, again, other = (story.ends(name)["run_id"] for name in ("first", "again", "other"))

    same = json.loads(story.home.command("experiment", "diff", first, again, "--format", "json").stdout)
    done = story.home.command("experiment", "diff", first, other, "--format", "json")
    table = story.home.command("experiment", "diff", "churn-1", other)

    assert (same["verdict"], same["changed"]) == ("reproduced", [])
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["verdict"] == "different"
    assert {(c["what"], c["name"], c["a"], c["b"]) for c in found["changed"] if c["what"] == "parameter"} == {
        ("parameter", "C", "0.5", "2.0")
    }
    assert set(found["a"]["cells"]) <= {e["seq"] for e in story.events}
    assert "parameter" in table.stdout and table.returncode == 0
    assert story.home.command("experiment", "diff", "churn-1", "nothing").returncode == 3


def test_the_report_tells_of_the_runs(story: Story, tmp_path: Path) -> None:
    page = tmp_path / "report.html"

    done = story.home.command("report", "churn-1", "--output", str(page))

    assert done.returncode == 0, done.stderr
    text = page.read_text()
    assert story.ends("first")["run_id"][:8] in text
    assert "reproduced" in text and "MLFLOW_DISABLE_TELEMETRY" in text
    assert not any(value in text for value in RAW)
