"""Minimisation in a real kernel: a cell that declares its columns, and the list of those that nobody needed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.kernel.conftest import EMAIL, Home, Kernel


@pytest.fixture
def kernel_with_file(guarded: Kernel, tmp_path: Path) -> Kernel:
    rows = f"{EMAIL},51234,gold\nravi.menon42@corp.example,48765,pro\n" * 6
    (tmp_path / "staff.csv").write_text(f"email,salary,plan\n{rows}")
    guarded.run(f"import pandas as pd; path = {str(tmp_path / 'staff.csv')!r}; whole = pd.read_csv(path)")
    return guarded


def test_a_cell_gets_what_it_declares_and_the_rest_is_refused(kernel_with_file: Kernel, home: Home) -> None:
    kernel = kernel_with_file
    cut = kernel.run("%%secure --minimise plan,salary\nstaff = pd.read_csv(path)\nprint(*staff.columns)")
    counted = kernel.run("%%secure --minimise plan\n%%time\nprint(whole.plan.nunique())")
    refused = kernel.run("%%secure --minimise plan\nwhole.email.nunique()")
    shown = kernel.run("%%secure --minimise plan\nwhole")
    shell = kernel.run("%%secure --minimise plan\n!cat {path}")
    after = kernel.run("print(*whole.columns, *staff.columns, whole.email.nunique())")

    assert cut.ok and "salary plan\n" in cut.streams and "--minimise leaves out email." in cut.streams
    assert counted.ok and "2\n" in counted.streams
    assert not refused.ok and refused.reply["evalue"].startswith(
        "privguard: this cell has declared plan and uses email"
    )
    assert shown.data[0]["text/plain"].startswith("privguard: this cell has declared plan and uses email, salary too")
    assert list(shown.data[0]) == ["text/plain"]
    assert not shell.ok and shell.reply["evalue"].startswith("privguard: a program would read a whole table")
    assert after.streams == "email salary plan salary plan 2\n"
    assert not any(EMAIL in cell.screen for cell in (cut, counted, refused, shown, shell, after))
    told = [event["minimise"] for event in home.events("cell.run") if "minimise" in event]
    assert told[0] == {"declared": ["plan", "salary"], "dropped": [{"name": "staff", "columns": ["email"]}]}
    assert len(told) == 5
    assert [e["outcome"] for e in home.events("cell.run") if "minimise" in e][:3] == ["ok", "ok", "refused"]


def test_columns_that_nobody_needed_are_a_list(kernel_with_file: Kernel, home: Home, tmp_path: Path) -> None:
    kernel = kernel_with_file
    kernel.run("%%secure --experiment e1\ndf = pd.read_csv(path)")
    kernel.run("%%secure --experiment e1\nrich = df[df.salary > 50000]")
    kernel.run("%%secure --experiment e1\nrich.salary.mean()")
    cell = kernel.run(
        "found = %privguard audit unused --experiment e1\nprint(*found.column, *found.kept, *found.entity)"
    )
    missing = kernel.run("%privguard audit unused --experiment nothing")

    assert cell.streams.split() == ["email", "plan", "True", "True", "EMAIL_ADDRESS"]
    assert "privguard: the log knows no experiment of that name" in missing.screen

    (one,) = json.loads(home.command("audit", "unused", "--experiment", "e1", "--format", "json").stdout)
    assert (one["dataset"], one["used"]) == ("staff", ["salary"])
    assert [column["column"] for column in one["unused"]] == ["email", "plan"]
    table = home.command("audit", "unused", "--experiment", "e1")
    assert "email" in table.stdout and "privguard: staff was used as %%secure --minimise salary" in table.stderr
    rows = list(csv.DictReader(io.StringIO(home.command("audit", "unused", "--format", "csv").stdout)))
    assert [(row["column"], row["kept"]) for row in rows if row["experiment"] == "e1"] == [
        ("email", "yes"),
        ("plan", "yes"),
    ]
    unknown = home.command("audit", "unused", "--experiment", "nothing")
    assert unknown.returncode == 3 and unknown.stderr.startswith("privguard: the log knows no experiment")

    page = tmp_path / "e1.html"
    assert home.command("report", "e1", "--output", str(page)).returncode == 0
    section = page.read_text().split('<section id="minimisation">')[1].split("</section>")[0]
    assert "Columns to drop" in section and "EMAIL_ADDRESS" in section and "--minimise salary" in section
