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

ROOT = Path(__file__).parents[2]
NAME = "02-sensitive-training.ipynb"


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory):
    """One run of the guide, shared by the tests below, which only look."""
    folder = tmp_path_factory.mktemp("guide")
    notebook = nbformat.read(ROOT / "notebooks" / NAME, as_version=4)
    execute(notebook, name=NAME, folder=folder, home=folder / "home")
    return folder, notebook


def _said(notebook) -> str:
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return json.dumps(outputs, ensure_ascii=False)


def test_no_direct_identifier_and_no_diagnosis_is_shown(guide) -> None:
    folder, notebook = guide
    said = _said(notebook)
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
    environment = {**os.environ, "PRIVGUARD_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}

    def privguard(*args: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "-m", "jupyter_privguard", *args]
        return subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=120, env=environment)

    log = [json.loads(line) for line in privguard("audit", "export", "--format", "jsonl").stdout.splitlines()]
    actions = [(event["action"], event["outcome"]) for event in log]
    for wanted in (("data.seal", "ok"), ("data.unseal", "ok"), ("reveal", "refused")):
        assert wanted in actions
    made = privguard("report", "bank-1", "--output", "compliance.html")
    assert made.returncode == 0, made.stderr
