"""What cells send to a tracking store, and what the log says of their runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jupyter_privguard.runtime.runs import telemetry_off
from jupyter_privguard.tracking import mlflow_runs
from jupyter_privguard.tracking.watch import watch
from tests.unit.tracking.store_client import PEOPLE, ROWS, Client, Notebook

BEGIN = "run = client.create_run('7', run_name='first').info.run_id\n"
END = "client.set_terminated(run, 'FINISHED')\n"


def raw_in(text: str) -> list[str]:
    return [str(one) for name in ("customer_id", "email", "income") for one in PEOPLE[name] if str(one) in text]


def test_a_run_of_one_cell_is_told_with_all_that_belongs_to_it(notebook: Notebook) -> None:
    said = notebook.run(
        BEGIN + "client.log_param(run, 'C', 0.5)\nclient.log_metric(run, 'accuracy', (df.tenure > 3).mean())\n" + END
    )

    assert said == ""
    (start,), (end,) = notebook.events("run.start"), notebook.events("run.end")
    (cell,) = [event for event in notebook.events("cell.run") if event["cell"]["execution_count"] == 2]
    assert start["seq"] < end["seq"] < cell["seq"]
    assert [one["run"] for one in end["cells"]] == [cell["run"]]
    assert (end["experiment"], end["run_name"], end["outcome"]) == ("churn", "first", "ok")
    assert end["server"] == "http://127.0.0.1:5000"  # no name and password
    assert (end["params"], end["metrics"]) == (
        [{"name": "C", "value": "0.5"}],
        [{"name": "accuracy", "value": "0.4"}],
    )
    (data,) = end["datasets"]
    assert (data["name"], data["columns"], data["rows"]) == ("people", ["tenure"], ROWS)
    assert data["digest"].startswith("sha256:") and len(data["digest"]) == 71


def test_the_store_gets_tags_that_lead_back(notebook: Notebook) -> None:
    notebook.run(BEGIN + "df.tenure.sum()\n" + END)

    (end,) = notebook.events("run.end")
    tags = notebook.client.sent[0][1][0] | dict(one[1] for one in notebook.client.sent if one[0] == "set_tag")
    assert tags == {
        "privguard.session": end["session"],
        "privguard.experiment": "churn",
        "privguard.cell": end["cells"][0]["run"],
        "privguard.datasets": f"people={end['datasets'][0]['digest']}",
    }


def test_a_run_over_several_cells_has_them_all_and_all_their_data(notebook: Notebook) -> None:
    for code in (BEGIN, "total = df.income.sum()", "client.log_metric(run, 'late', 0.25)", END):
        assert notebook.run(code) == ""

    (end,) = notebook.events("run.end")
    cells = {event["run"]: event["cell"]["execution_count"] for event in notebook.events("cell.run")}
    assert [cells[one["run"]] for one in end["cells"]] == [2, 3, 4, 5]
    assert [one["columns"] for one in end["datasets"]] == [["income"]]


def test_what_is_added_after_the_end_is_told_again(notebook: Notebook) -> None:
    notebook.run(BEGIN + END)
    notebook.run("client.log_metric(run, 'score', 0.75)")
    notebook.run("x = 1")

    ends = notebook.events("run.end")
    assert [one["metrics"] for one in ends] == [[], [{"name": "score", "value": "0.75"}]]
    assert len(ends[1]["cells"]) == 2


SENDS = {
    "param": "client.log_param(run, 'note', 'by ' + df.email[3])",
    "param name": "client.log_param(run, df.email[3], 1)",
    "tag": "client.set_tag(run, 'who', df.customer_id[3])",
    "run name": "run = client.create_run('7', run_name=df.email[3], tags={'x': df.customer_id[2]}).info.run_id",
    "batch": "client.log_batch(run, [Entity('m', 0.5, timestamp=1)], [Entity('p', df.email[2])], [Entity('t', 'x')])",
    "experiment": "client.create_experiment(df.email[1], tags={'a': df.email[4]})",
    "renamed": "client.rename_experiment('7', 'of ' + df.email[1])",
    "model": "client.create_logged_model('7', 'm', tags={'a': df.email[4]}, params={'b': df.email[5]})",
    "model tags": "client.set_logged_model_tags('m', {'a': df.email[4]})",
    "a number of one row": "client.log_param(run, 'top', str(df.income.max()))",
}


@pytest.mark.parametrize("code", SENDS.values(), ids=SENDS)
def test_values_are_masked_before_they_are_sent_and_counted(shared: Notebook, code: str) -> None:
    assert shared.run(BEGIN + code + "\n" + END) == ""

    assert raw_in(shared.sent) == []
    assert sum(sum(event["cleaned"].values()) for event in shared.events("run.end")) >= 1
    assert raw_in(json.dumps(shared.events("run.start", "run.end"))) == []


HARMLESS = {
    "numbers and words": "client.log_param(run, 'C', 0.5)\nclient.log_param(run, 'solver', 'lbfgs')",
    "metrics": "client.log_metric(run, 'f1', df.tenure.mean())\nclient.log_metric(run, 'n', len(df))",
    "structures": "client.log_param(run, 'grid', {'C': [1, 10], 'kernel': 'rbf'})",
    "tags": "client.set_tag(run, 'stage', 'trial 3')",
}


@pytest.mark.parametrize("code", HARMLESS.values(), ids=HARMLESS)
def test_what_is_harmless_is_sent_as_it_is(shared: Notebook, code: str) -> None:
    assert shared.run(BEGIN + code + "\n" + END) == ""

    plain = Client()
    exec((BEGIN + code + "\n" + END), {"client": plain, "df": pd.DataFrame(PEOPLE)})
    own = [one for one in shared.client.sent if not str(one[1]).startswith("('privguard.")]
    assert own[1:] == plain.sent[1:]
    assert shared.events("run.end")[0]["cleaned"] == {}


def test_a_metric_that_is_a_persons_value_is_not_sent(notebook: Notebook) -> None:
    said = notebook.run(BEGIN + "client.log_metric(run, 'top', df.income.max())")
    notebook.run(END)

    assert said.startswith("privguard: the metric top is a value of somebody's own and was not sent;")
    assert "log_metric" not in notebook.sent
    assert [one["what"] for one in notebook.events("run.end")[0]["refused"]] == ["metric"]


def test_a_file_with_values_is_not_sent_and_a_masked_copy_is(notebook: Notebook) -> None:
    said = notebook.run(BEGIN + "client.log_artifact(run, str(folder / 'people.csv'))")
    notebook.run("import jupyter_privguard as pg\npg.mask(df).to_csv(folder / 'masked.csv', index=False)")
    masked = notebook.run("client.log_artifact(run, str(folder / 'masked.csv'))\n" + END)

    assert said.startswith("privguard: people.csv was not sent to the tracking server, for it holds ")
    assert "`privguard mask people.csv -o people-masked.csv`" in said and raw_in(said) == []
    assert masked == ""
    assert raw_in(notebook.sent) == []
    (end,) = notebook.events("run.end")
    (refused,) = end["refused"]
    assert (refused["name"], refused["entities"]["EMAIL_ADDRESS"]) == ("people.csv", ROWS)
    assert end["files"] == ["masked.csv"]


@pytest.mark.parametrize(
    "name", ["notes.txt", "model.bin", "C51320.txt"], ids=["text", "what is no text", "a value in the name"]
)
def test_known_values_keep_any_file_back(shared: Notebook, name: str) -> None:
    content = {
        "notes.txt": "b'of ' + df.customer_id[4].encode()",
        "model.bin": "b'\\0\\xff' + df.customer_id[4].encode()",
    }
    write = f"(folder / {name!r}).write_bytes({content.get(name, repr(b'nothing'))})\n"

    assert shared.run(BEGIN + write + f"client.log_artifact(run, str(folder / {name!r}))").startswith("privguard: ")
    assert "log_artifact" not in shared.sent


def _is_a_number_of_frances_register(number: int) -> bool:
    return 97 - number // 100 % 97 == number % 100


def test_where_objects_lay_in_memory_is_no_finding_and_values_in_an_archive_are(shared: Notebook) -> None:
    address = next(
        one for one in range(139_849_012_345_600, 139_849_012_400_000) if _is_a_number_of_frances_register(one)
    )
    schema = {"__id__": address, "content": [{"__id__": address}, {"file": f"{address}.npy", "__id__": address}]}
    folder = shared.space["folder"]
    with zipfile.ZipFile(folder / "model.skops", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("schema.json", json.dumps(schema, indent=1))
        with made.open(f"{address}.npy", "w") as member:
            np.save(member, np.zeros(3))
    with zipfile.ZipFile(folder / "other.skops", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("schema.json", json.dumps(schema))
        made.writestr("classes.bin", b"\0\xff" + PEOPLE["customer_id"][4].encode() + b"\0")

    assert shared.run(BEGIN + "client.log_artifact(run, str(folder / 'model.skops'))") == ""
    assert "1 CUSTOMER_ID" in shared.run("client.log_artifact(run, str(folder / 'other.skops'))")


def test_a_folder_is_sent_as_a_whole_or_not_at_all(notebook: Notebook) -> None:
    made = "(folder / 'm').mkdir()\n(folder / 'm/MLmodel').write_text('flavor: x')\n"
    assert notebook.run(BEGIN + made + "client.log_artifacts(run, str(folder / 'm'))") == ""
    spoiled = "(folder / 'm/sub').mkdir()\n(folder / 'm/sub/x.txt').write_text(df.email[1])\n"

    assert notebook.run(spoiled + "client.log_artifacts(run, str(folder / 'm'))").startswith("privguard: x.txt")
    assert notebook.sent.count("log_artifacts") == 1


def test_a_digest_is_of_what_was_read_and_says_when_that_is_gone(notebook: Notebook) -> None:
    notebook.run(BEGIN + "df.tenure.sum()\n" + END)
    notebook.run("(folder / 'people.csv').write_text('tenure\\n1\\n')")
    notebook.run(BEGIN + "df.tenure.sum()\n" + END)

    digests = [event["datasets"][0]["digest"] for event in notebook.events("run.end")]
    assert digests[0].startswith("sha256:") and digests[1] == "changed since it was read"


def test_a_table_without_a_file_has_a_keyed_digest_of_its_content(notebook: Notebook) -> None:
    notebook.run("made = pd.DataFrame({'a': [1, 2, 3], 'b': ['x', None, 'z']})")
    for _ in range(2):
        notebook.run(BEGIN + "made.a.sum()\n" + END)
    notebook.run("made.loc[0, 'a'] = 9")
    notebook.run(BEGIN + "made.a.sum()\n" + END)

    first, same, other = (event["datasets"][0]["digest"] for event in notebook.events("run.end"))
    assert first.startswith("hmac:") and first == same != other


def test_a_server_that_is_down_loses_nothing_of_the_record(
    notebook: Notebook, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook.run(BEGIN)
    notebook.client.is_down = True
    assert notebook.run("client.log_param(run, 'who', df.email[1])") == "RuntimeError"
    assert notebook.run(END) == "RuntimeError"
    assert notebook.run("client.create_run('7', run_name='second')") == "RuntimeError"
    notebook.close()

    said = capsys.readouterr().err
    assert said.count("privguard: the tracking server at http://127.0.0.1:5000 cannot be reached") == 3
    assert raw_in(said) == [] and "secret" not in said
    (end,) = notebook.events("run.end")
    assert (end["outcome"], end["failed"] >= 2, [one["name"] for one in end["params"]]) == (
        "interrupted",
        True,
        ["who"],
    )
    assert [event["outcome"] for event in notebook.events("run.start")] == ["started", "error"]


def test_a_run_that_goes_on_when_the_guard_is_taken_off_is_told(notebook: Notebook) -> None:
    notebook.run(BEGIN + "client.log_param(run, 'C', 1)")
    notebook.close()

    (end,) = notebook.events("run.end")
    assert (end["outcome"], end["status"], end["params"]) == ("interrupted", "RUNNING", [{"name": "C", "value": "1"}])


EXAMPLES = {
    "a frame": "df.head(3)",
    "numbers of a frame": "df[['income', 'tenure']].head(3)",
    "an array": "df[['income', 'tenure']].head(3).to_numpy()",
    "a copy of an array": "df[['income', 'tenure']].to_numpy(dtype=float).copy()[2:6]",
    "records": "df.head(3).to_dict('records')",
    "lists": "df[['income', 'tenure']].to_numpy().tolist()[:4]",
    "text": "'write to ' + df.email[3]",
    "with nulls": "df.assign(income=df.income.where(df.tenure > 0)).head(3)",
    "dates": "pd.DataFrame({'birth_date': pd.to_datetime(['1971-03-04', '1982-05-06'] * 9), 'email': df.email[:18]})",
}


@pytest.mark.parametrize("code", EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_is_masked_and_keeps_its_types(shared: Notebook, code: str) -> None:
    shared.space["tracker"] = shared.tracker
    shared.run(f"raw = {code}\nkept = tracker.example(raw)")

    raw, kept = shared.space["raw"], shared.space["kept"]
    assert raw_in(str(kept)) == [] and "1971-03-04" not in str(kept)
    assert type(kept) is type(raw)
    if hasattr(raw, "dtypes"):
        assert list(kept.dtypes) == list(raw.dtypes) and kept.shape == raw.shape
    elif hasattr(raw, "dtype"):
        assert (kept.dtype, kept.shape) == (raw.dtype, raw.shape)
    elif isinstance(raw, list) and isinstance(raw[0], dict):
        assert [{name: type(one) for name, one in row.items()} for row in kept] == [
            {name: type(one) for name, one in row.items()} for row in raw
        ]


@pytest.mark.parametrize("code", ["df[['tenure']].head(3)", "[[1, 2], [3, 4]]", "'a word'", "{'x': [1, 2]}", "None"])
def test_an_example_without_values_is_the_same_object(shared: Notebook, code: str) -> None:
    shared.space["tracker"] = shared.tracker
    shared.run(f"raw = {code}\nkept = tracker.example(raw)")

    assert shared.space["kept"] is shared.space["raw"]


def test_a_version_without_what_is_hooked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "mlflow.tracking._tracking_service.client"
    module = ModuleType(name)
    module.TrackingServiceClient = type("TrackingServiceClient", (), {"create_run": lambda self: None})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, name, module)
    watcher: Any = object()

    with pytest.raises(
        ImportError, match=r"^privguard: what this version of MLflow sends cannot be looked at .*TypeError"
    ):
        watch(watcher)


def test_hooks_are_taken_out_again(notebook: Notebook) -> None:
    hooked = {name for name, value in vars(type(notebook.client)).items() if value is not vars(Client).get(name)}
    notebook.close()

    assert set(mlflow_runs._CLEANED) <= hooked
    assert all(vars(type(notebook.client))[name] is vars(Client)[name] for name in mlflow_runs._CLEANED)


def test_no_mlflow_is_imported_for_the_hooks() -> None:
    code = (
        "import sys; from jupyter_privguard.tracking.watch import watch; watch(None)\n"
        "print([name for name in ('mlflow', 'pandas', 'numpy', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_telemetry_is_switched_off_and_settings_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "false")
    monkeypatch.delenv("DO_NOT_TRACK", raising=False)

    told, restore = telemetry_off()

    assert (os.environ["MLFLOW_DISABLE_TELEMETRY"], os.environ["DO_NOT_TRACK"]) == ("true", "true")
    assert told["telemetry"]["off"] == ["MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK"]
    restore()
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "false" and "DO_NOT_TRACK" not in os.environ


def test_telemetry_that_runs_already_is_stopped_and_said_to_have_run(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = ModuleType("mlflow.telemetry.client")
    clients: list[object] = [object()]
    module.get_telemetry_client = lambda: clients[0] if clients else None
    module.set_telemetry_client = lambda: clients.clear() if os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true" else None
    monkeypatch.setitem(sys.modules, "mlflow.telemetry.client", module)

    told, restore = telemetry_off()
    restore()

    assert told["telemetry"]["late"] and clients == []
