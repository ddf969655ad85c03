"""``privguard demo`` for real: a kernel, a guarded notebook, a verified log, one HTML file."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from jupyter_privguard.demo.kernel import CellFailedError, execute
from jupyter_privguard.report.offline import fetches
from jupyter_privguard.report.page import script
from jupyter_privguard.report.raw import raw_sections
from jupyter_privguard.runtime import log_reader
from jupyter_privguard.settings import Home

ROOT = Path(__file__).parents[2]


def _demo(*args, **variables):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PRIVGUARD_")} | variables
    path = [str(ROOT), *environment.get("PYTHONPATH", "").split(os.pathsep)]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    return subprocess.run(
        [sys.executable, "-m", "jupyter_privguard", "demo", *map(str, args)],
        capture_output=True,
        text=True,
        timeout=300,
        env=environment,
    )


def _outputs(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return json.dumps([cell["outputs"] for cell in cells if cell["cell_type"] == "code"], ensure_ascii=False)


def _summary(done):
    return dict(line.split(maxsplit=2)[0::2] for line in done.stdout.splitlines())


def _page_is_sound(path):
    page = path.read_text("utf-8")
    assert fetches(page, scripts=(script(),)) == []
    assert raw_sections(page) == []
    return page


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """One run of the churn story, shared by the tests below, which only look."""
    output = tmp_path_factory.mktemp("story")
    return output, _demo("--output", output, "--rows", 120)


def test_the_story_ends_with_a_summary_and_its_files(story):
    output, done = story

    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    for name in ("compliance.html", "01-churn-output.ipynb", "predictions.csv", "home/log", "data/customers.csv"):
        assert (output / name).exists(), name
    lines = done.stdout.splitlines()
    assert [line.rsplit("  ")[0].strip() for line in lines] == [
        "columns classified",
        "values masked",
        "events logged",
        "compliance file",
        "executed notebook",
        "keys and log",
        "data",
    ]
    assert " pii" in lines[0]
    assert "PERSON_NAME" in lines[1]
    assert str(output / "compliance.html") in lines[3]


def test_no_direct_identifier_of_the_data_is_in_the_executed_notebook(story):
    output, done = story
    assert done.returncode == 0, done.stderr

    shown = _outputs(output / "01-churn-output.ipynb")

    customers = pd.read_csv(output / "data" / "customers.csv", dtype=str)
    for column in (
        "customer_id",
        "full_name",
        "email",
        "phone",
        "aadhaar",
        "pan",
        "ssn",
        "iban",
        "card_number",
        "api_key",
    ):
        assert not [value for value in customers[column].dropna() if value in shown], column
    assert "tok_" in shown
    assert "enc_" in shown


def test_what_is_not_sensitive_is_shown_as_it_is(story):
    output, done = story
    assert done.returncode == 0, done.stderr

    shown = _outputs(output / "01-churn-output.ipynb")

    for word in ("Premium", "monthly_charges", "churn_score", "share of right answers"):
        assert word in shown


def test_the_report_tells_the_story(story):
    output, done = story
    assert done.returncode == 0, done.stderr

    page = _page_is_sound(output / "compliance.html")

    for part in ("exp-1", "churn-model", "customers", "predictions.csv", "refused", "01-churn-output.ipynb"):
        assert part in page


def test_the_written_file_carries_tokens(story):
    output, done = story
    assert done.returncode == 0, done.stderr

    written = pd.read_csv(output / "predictions.csv")

    assert len(written) == 120
    assert written["customer_id"].str.startswith("tok:hs256:").all()


def _events(output):
    return list(log_reader(Home(output / "home")).events())


def test_three_people_are_served_what_is_theirs_and_each_answer_is_on_record(story):
    output, done = story
    assert done.returncode == 0, done.stderr

    served = [event for event in _events(output) if event["action"] == "model.predict" and event.get("experiment")]
    said = [(event["principal"]["id"], event["tier"], event["outcome"]) for event in served]
    reviews = [event for event in _events(output) if event["action"] == "model.review" and event.get("experiment")]

    assert said == [
        *[("anonymous", "public", "ok")] * 3,
        *[("ana", "internal", "ok")] * 3,
        *[("cleo", "compliance", "ok")] * 3,
        ("ana", "compliance", "refused"),
        ("cleo", "compliance", "refused"),
    ]
    assert {event["reason"] for event in served[6:9]} == {"complaint 4711"}
    assert len({event["sha256"] for event in [*served, *reviews] if event.get("sha256")}) == 1
    assert [event["blocked"] for event in reviews] == [True, False, True, False]
    shown = _outputs(output / "01-churn-output.ipynb")
    assert "Cleo got the real ids: True" in shown and shown.count(": 401 privguard: ") == 2
    assert "in the public answers: True" in shown and "in the table: True" in shown


def test_the_server_of_the_story_is_stopped(story):
    output, done = story
    assert done.returncode == 0, done.stderr

    sinks = [sink for event in _events(output) for sink in event.get("sinks") or () if sink["kind"] == "net"]
    (address,) = {sink["target"] for sink in sinks}
    with pytest.raises(OSError), socket.create_connection(tuple(address.split(":")), timeout=5):
        pass


def test_the_seven_points_were_tried_and_the_report_leads_to_what_is_behind_them(story):
    output, done = story
    assert done.returncode == 0, done.stderr

    events = {event["seq"]: event for event in _events(output)}
    (found,) = (event for event in events.values() if event["action"] == "checklist")
    status = {point["point"]: point["status"] for point in found["points"]}
    page = _page_is_sound(output / "compliance.html")

    assert [number for number, one in status.items() if one == "evidenced"] == [1, 4, 7]
    assert set(status.values()) == {"evidenced", "partial"}
    assert all(seq in events for point in found["points"] for seq in point["seqs"])
    assert "9 predictions served, 2 requests refused." in page
    assert all(f'id="event-{seq}"' in page or f"#{seq}" in page for seq in (found["seq"],))
    assert "complaint 4711" in page


def test_a_second_run_continues_the_log(story):
    output, done = story
    assert done.returncode == 0, done.stderr

    again = _demo("--output", output, "--rows", 120)

    assert again.returncode == 0, again.stderr
    assert "report.export" in (output / "compliance.html").read_text("utf-8")


def test_each_file_of_your_own_has_an_experiment_of_its_own(tmp_path):
    for name in ("first", "second"):
        pd.DataFrame({"e-mail": [f"a{n}@b.example" for n in range(30)]}).to_csv(tmp_path / f"{name}.csv", index=False)
        assert _demo("--data", tmp_path / f"{name}.csv", "--output", tmp_path / "out").returncode == 0

    page = (tmp_path / "out" / "compliance.html").read_text("utf-8")
    assert "your-data-2" in page and "first.csv" not in page


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_your_own_file(tmp_path, suffix):
    people = pd.DataFrame(
        {
            "e-mail": [f"mira{number}.kovacs@firm{number}.example" for number in range(40)],
            "plan": ["basic", "premium"] * 20,
            "salary": range(30_000, 70_000, 1_000),
        }
    )
    path = tmp_path / f"people{suffix}"
    people.to_parquet(path) if suffix == ".parquet" else people.to_csv(path, index=False)

    done = _demo("--data", path, "--output", tmp_path / "out", PRIVGUARD_HOME=str(tmp_path / "own-home"))

    assert done.returncode == 0, done.stderr
    shown = _outputs(tmp_path / "out" / "00-your-data.ipynb")
    assert "kovacs" not in shown
    assert "premium" in shown
    assert "image/png" in shown
    assert "people" in _page_is_sound(tmp_path / "out" / "compliance.html")
    assert (tmp_path / "own-home" / "log").exists()
    assert not (tmp_path / "out" / "home").exists()


def test_a_failing_cell_is_named_and_its_words_are_not_repeated(tmp_path):
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# t"),
            nbformat.v4.new_code_cell("1/0", metadata={"tags": ["raises-exception"]}),
            nbformat.v4.new_code_cell("raise ValueError('jane.doe@example.com')"),
        ]
    )

    with pytest.raises(CellFailedError) as caught:
        execute(notebook, name="t.ipynb", folder=tmp_path, home=tmp_path / "home")

    assert str(caught.value).startswith("privguard: cell 3 of the notebook failed (ValueError)")
    assert "jane" not in str(caught.value)
