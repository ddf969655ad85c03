"""The guides run from beginning to end in a guarded kernel, show nobody, and leave a record."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from jupyter_privguard.demo.kernel import execute
from jupyter_privguard.runtime import log_reader
from jupyter_privguard.settings import Home

ROOT = Path(__file__).parents[2]
NAME = "02-sensitive-training.ipynb"
TWO_MINUTES_LATER = """
from datetime import timedelta
own = get_ipython()._privguard.session._leave._approvals
own._clock = lambda clock=own._clock: clock() + timedelta(minutes=2)
"""


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory):
    """One run of the guide, shared by the tests below, which only look. Nobody waits in it."""
    folder = tmp_path_factory.mktemp("guide")
    notebook = nbformat.read(ROOT / "notebooks" / NAME, as_version=4)
    _cell(notebook, "end").source = TWO_MINUTES_LATER
    execute(notebook, name=NAME, folder=folder, home=folder / "home")
    return folder, notebook


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory):
    """One run of the guide to monitoring."""
    folder = tmp_path_factory.mktemp("week")
    notebook = nbformat.read(ROOT / "notebooks" / "03-private-monitoring.ipynb", as_version=4)
    execute(notebook, name="03-private-monitoring.ipynb", folder=folder, home=folder / "home")
    return folder, notebook


def _cell(notebook, name: str):
    (found,) = (cell for cell in notebook.cells if cell.id == name)
    return found


def _said(notebook, *names: str, without: tuple[str, ...] = ()) -> str:
    """What the cells of these names show, or all; of pictures nothing, whose code holds any five digits by chance."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.id not in without]
    outputs = [output for cell in cells if not names or cell.id in names for output in cell.outputs]
    texts = [{**output, "data": _texts(output["data"])} if "data" in output else output for output in outputs]
    return json.dumps(texts, ensure_ascii=False)


def _texts(data: dict) -> dict:
    return {kind: content for kind, content in data.items() if not kind.startswith("image/")}


def _log(folder: Path) -> list[dict]:
    return list(log_reader(Home(folder / "home")).events())


def _privguard(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PRIVGUARD_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    argv = [sys.executable, "-m", "jupyter_privguard", *args]
    return subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=120, env=environment)


def test_no_direct_identifier_and_no_diagnosis_is_shown(guide) -> None:
    folder, notebook = guide
    said = _said(notebook, without=("use",))  # that one shows what was approved
    customers = pd.read_csv(folder / "data" / "customers.csv", dtype=str)
    health = pd.read_csv(folder / "data" / "health.csv", dtype=str)

    for column in ("customer_id", "full_name", "email", "phone", "aadhaar", "pan", "ssn", "iban", "card_number"):
        assert not [value for value in customers[column].dropna() if value in said], column
    for column in ("mrn", "diagnosis", "medication"):
        assert not [value for value in health[column].dropna() if value in said], column
    assert "tok_" in said and "enc_" in said


def test_the_model_is_as_good_as_without_a_guard_and_the_price_of_masked_data_is_told(guide) -> None:
    said = _said(guide[1])

    raw = float(re.search(r"AUC of the model: ([0-9.]+)", said)[1])
    masked, loss = re.search(r"masked table: ([0-9.]+), a loss of ([-+][0-9.]+)", said).groups()
    assert 0.6 < raw < 1.0
    assert float(masked) + float(loss) == pytest.approx(raw, abs=0.0015)


def test_the_unguarded_model_has_the_same_auc_to_the_last_digit(guide) -> None:
    folder, notebook = guide
    wanted = ("read", "needed", "train")
    sources = {cell.id: cell.source for cell in notebook.cells}
    lines = [line for name in wanted for line in sources[name].splitlines()]
    code = "\n".join(line for line in lines if not line.startswith(("%", "wellness.shape", "training.head")))

    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in _said(notebook)


def test_what_may_leave_holds_tokens_and_the_export_is_sealed(guide) -> None:
    folder, _ = guide

    scores = pd.read_csv(folder / "branch_scores.csv")
    assert scores["customer_id"].str.startswith("tok:hs256:").all() and scores["customer_id"].is_unique
    assert not (folder / "export.parquet").exists()
    sealed = (folder / "export.parquet.sealed").read_bytes()
    assert not any(name.encode() in sealed for name in pd.read_csv(folder / "data" / "customers.csv")["full_name"])


def test_the_record_holds_what_was_done_and_the_report_can_be_made(guide) -> None:
    folder, _ = guide
    actions = [(event["action"], event["outcome"]) for event in _log(folder)]

    for wanted in (("data.seal", "ok"), ("data.unseal", "ok"), ("reveal", "refused")):
        assert wanted in actions
    made = _privguard(folder, "report", "bank-1", "--output", "compliance.html")
    assert made.returncode == 0, made.stderr


def test_one_cell_has_three_tiers_and_the_highest_is_refused(guide) -> None:
    folder, notebook = guide
    names = ("tier-public", "tier-internal", "tier-compliance", "use", "ended")
    bodies = {_cell(notebook, name).source.split("\n", 1)[1] for name in names}
    balance = str(pd.read_csv(folder / "data" / "customers.csv")["account_balance"][0])

    public, internal, refused = (_said(notebook, name) for name in names[:3])

    assert len(bodies) == 1
    assert ("tok_" in public, balance in public) == (True, False)
    assert ("enc_" in internal, balance in internal) == (True, True)
    assert "tier compliance is not granted" in refused and "privguard approval request" in refused


def test_another_account_approves_it_is_used_and_ends(guide) -> None:
    folder, notebook = guide
    customers = pd.read_csv(folder / "data" / "customers.csv", dtype=str).head(4)
    used, ended = _said(notebook, "use"), _said(notebook, "ended")
    steps = [
        (event["action"], event["outcome"], event.get("by"))
        for event in _log(folder)
        if event["action"].startswith("approval.") or (event["action"], event.get("tier")) == ("cell.run", "compliance")
    ]

    refused = ("cell.run", "refused", None)
    if os.name == "nt" or os.geteuid() != 0:
        assert "another one has to run `privguard approval grant" in _said(notebook, "grant")
        assert "is not granted" in used and "is not granted" in ended
        assert steps == [refused, ("approval.request", "ok", None), refused, refused]
        return
    assert "nobody$ privguard approval grant" in _said(notebook, "grant")
    assert all(address in used for address in customers["email"])
    assert not [name for name in customers["full_name"] if name in used]
    assert "has expired" in ended
    assert steps == [
        refused,
        ("approval.request", "ok", None),
        ("approval.grant", "ok", "nobody"),
        ("cell.run", "ok", None),
        ("approval.expire", "ok", None),
        refused,
    ]


def test_a_week_is_watched_and_nobody_is_shown(week) -> None:
    folder, notebook = week
    customers = pd.read_csv(folder / "week" / "customers.csv", dtype=str)
    events = [event for event in _log(folder) if event.get("deployment") == "churn-web"]
    shown, record = _said(notebook), json.dumps(events)

    for column in ("customer_id", "full_name", "email", "income"):
        assert not [value for value in customers[column].dropna() if value in shown], column
    assert not [value for value in customers["customer_id"] if value in record]
    assert re.search(r"(\d+) events; 0 of 800 ids", shown)
    assert sum(event["action"] == "model.predict" for event in events) > 1000


def test_what_broke_in_the_week_is_found_without_the_inputs(week) -> None:
    folder, notebook = week
    found = _cell(notebook, "quality").outputs[0]["data"]["text/plain"]
    checks = [event for event in _log(folder) if event["action"] == "quality.check"]

    assert "support_calls nulls" in found and "tenure_months nulls" in found and "monthly_charges" not in found
    assert checks[0]["success"] and not checks[-1]["success"]
    said = _cell(notebook, "performance").outputs[0]["data"]["text/plain"]
    quality = re.findall(r"(?:Mon|Fri|Sat|Sun) .* (0\.\d+)$", said, re.MULTILINE)
    assert float(quality[0]) > max(map(float, quality[1:])) + 0.05
    assert "100% of" in _said(notebook, "labels")


def test_small_cohorts_are_left_out_and_plots_are_drawn(week) -> None:
    _, notebook = week
    people = re.findall(
        r"(?:Basic|Plus|Premium) +(\d+)", _cell(notebook, "cohorts-small").outputs[0].data["text/plain"]
    )

    assert people and min(map(int, people)) >= 20
    drawn = [
        output for cell in notebook.cells for output in cell.get("outputs", ()) if "image/png" in output.get("data", {})
    ]
    assert len(drawn) == 4
