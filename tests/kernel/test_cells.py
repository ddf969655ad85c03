"""Each cell is logged once, runs as a plain cell would, or is refused in one sentence."""

from __future__ import annotations

from typing import Any

import pytest


def runs(home, purpose: str) -> list[dict]:
    return [e for e in home.events("cell.run") if e["purpose"] == purpose]


CELLS = {
    "python": ("x = 1\nprint(x)", "ok"),
    "await": ("import asyncio\nawait asyncio.sleep(0)\nprint('slept')", "ok"),
    "line magic": ("%precision 3", "ok"),
    "shell": ("!echo hello", "ok"),
    "time": ("%%time\nsum(range(3))", "ok"),
    "capture": ("%%capture c\nprint(1)", "ok"),
    "bash": ("%%bash\necho hi", "ok"),
    "empty": ("", "ok"),
    "error": ("1/0", "error"),
    "syntax error": ("x = = 1", "error"),
    "exit in a function": ("raise SystemExit", "error"),
}


def test_every_kind_of_cell_runs_under_a_header_and_is_logged_once(guarded, home) -> None:
    for name, (code, _) in CELLS.items():
        guarded.run(f"%%secure --purpose '{name}' --experiment e1\n{code}")

    outcomes = {name: [r["outcome"] for r in runs(home, name)] for name in CELLS}
    assert outcomes == {name: [outcome] for name, (_, outcome) in CELLS.items()}
    starts = [e["purpose"] for e in home.events("cell.start")]
    assert [s for s in starts if s in CELLS] == list(CELLS)


def test_the_number_in_the_log_is_the_number_beside_the_cell(reguarded, home) -> None:
    cell = reguarded.run("%%secure --purpose number\n1")

    [run] = runs(home, "number")
    [start] = [e for e in home.events("cell.start") if e["purpose"] == "number"]
    assert run["cell"]["execution_count"] == start["cell"]["execution_count"] == cell.reply["execution_count"]


def test_plain_cells_and_silent_ones_are_logged_too(reguarded, home) -> None:
    before = len(home.events("cell.run"))

    reguarded.run("1 + 1")
    reguarded.run("y = 2", silent=True)
    reguarded.run("%time z = 3")

    events = home.events("cell.run")[before:]
    assert [e["outcome"] for e in events] == ["ok", "ok", "ok"]
    assert {e["tier"] for e in events} == {"public"}


def test_an_interrupted_cell_says_so(guarded, home) -> None:
    cell = guarded.run(
        "%%secure --purpose long\nimport time\nprint('started', flush=True)\nfor _ in range(600): time.sleep(0.1)",
        interrupt_on="started",
    )

    assert not cell.ok
    assert [r["outcome"] for r in runs(home, "long")] == ["interrupted"]


@pytest.mark.parametrize("body", ["a = 1\n\n1/0", "def f():\n    pass\n1/0"])
def test_line_numbers_in_tracebacks_are_those_of_the_cell(reguarded, body: str) -> None:
    cell = reguarded.run("%%secure --purpose lines\n" + body)

    plain = "".join(cell.of("error")[0]["traceback"])
    assert "line 4" in plain


def test_a_line_in_a_syntax_error_is_that_of_the_cell(reguarded) -> None:
    cell = reguarded.run("%%secure --purpose lines\na = 1\nb = = 2")

    assert "line 3" in "".join(cell.of("error")[0]["traceback"])


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("%%secure --teir public", "did you mean --tier"),
        ("%%secure --tier compliance --reason why", "not granted"),
        ("%%secure --tier top", "public, internal or compliance"),
        ("%%secure --purpose", "no value"),
    ],
)
def test_a_refused_cell_does_not_run_and_says_why_in_one_sentence(reguarded, home, header: str, said: str) -> None:
    cell = reguarded.run(f"{header}\nprint('R' + 'AN')")

    assert not cell.ok and "RAN" not in cell.screen
    [error] = cell.of("error")
    assert said in "".join(error["traceback"]) and len(error["traceback"]) == 1
    assert [e["outcome"] for e in home.events("cell.run")][-1] == "refused"


def test_purpose_and_experiment_of_the_notebook_hold_until_they_are_changed(reguarded, home) -> None:
    reguarded.run("%privguard purpose fraud")
    reguarded.run("%privguard experiment exp-9")
    reguarded.run("len(df)")
    reguarded.run("%%secure --purpose other\nlen(df)")
    reguarded.run("%privguard purpose --off")
    reguarded.run("len(df)")

    got = [(e["purpose"], e["experiment"]) for e in home.events("cell.run")]
    assert ("fraud", "exp-9") in got and ("other", "exp-9") in got and got[-1] == (None, "exp-9")


def test_a_closed_experiment_takes_no_more_cells(reguarded, home) -> None:
    assert reguarded.run("%%secure --experiment done\nlen(df)").ok
    assert home.command("experiment", "close", "done").returncode == 0

    cell = reguarded.run("%%secure --experiment done\nprint('R' + 'AN')")

    assert not cell.ok and "RAN" not in cell.screen and "closed" in cell.screen


def test_an_experiment_that_was_closed_meanwhile_leaves_a_way_out(reguarded, home) -> None:
    reguarded.run("%privguard experiment exp-5")
    reguarded.run("len(df)")
    assert home.command("experiment", "close", "exp-5").returncode == 0

    refused = reguarded.run("print('R' + 'AN')")
    assert not refused.ok and "--off" in refused.screen and "RAN" not in refused.screen
    assert not reguarded.run("%privguard experiment {print('R' + 'AN')}").ok
    assert reguarded.run("%privguard experiment --off").ok
    assert reguarded.run("print('R' + 'AN')").streams == "RAN\n"
    assert "closed" in reguarded.run("%privguard experiment exp-5").screen
    assert reguarded.run("len(df)").ok


def test_the_log_names_data_sets_columns_and_files(reguarded, home, tmp_path) -> None:
    (tmp_path / "people.csv").write_text("email,score\nasha.kulkarni77@corp.example,3\n" * 1)
    reguarded.run("%%secure --purpose access\np = pd.read_csv('people.csv')\np['score'].sum()\np.to_csv('out.csv')")

    [run] = runs(home, "access")
    [people] = [d for d in run["datasets"] if d["name"] == "people"]
    assert people["source"] == "people.csv" and people["as"] == ["p"] and people["rows"] == 1
    assert set(people["columns"]) == {"email", "score"}
    assert {"exported", "loaded"} <= set(people["how"])
    size = (tmp_path / "out.csv").stat().st_size
    assert run["sinks"] == [{"kind": "file", "target": "out.csv", "bytes": size}]
    load = next(e for e in home.events("data.load") if e["dataset"]["name"] == "people")
    assert {c["label"]: c["class"] for c in load["dataset"]["columns"]} == {"email": "pii", "score": "none"}


def test_what_is_read_and_dropped_is_logged_and_parts_keep_their_source(reguarded, home, tmp_path) -> None:
    (tmp_path / "people.csv").write_text("email,score\n" + "asha.kulkarni77@corp.example,3\n" * 9)
    reguarded.run("%%secure --purpose dropped\npd.read_csv('people.csv').shape")
    reguarded.run("p = pd.read_csv('people.csv')")
    reguarded.run("%%secure --purpose part\np.email.to_string('part.txt')")

    [dropped] = [d for r in runs(home, "dropped") for d in r["datasets"]]
    assert (dropped["name"], dropped["how"], dropped["columns"]) == ("people", ["loaded"], ["email", "score"])
    [part] = [d for r in runs(home, "part") for d in r["datasets"] if "exported" in d["how"]]
    assert (part["name"], part["source"]) == ("people", "people.csv")


@pytest.mark.parametrize(
    ("code", "sink"),
    [
        ("df.to_string('o.txt')", {"kind": "file", "target": "o.txt"}),
        ("df.style.to_html('o.html')", {"kind": "file", "target": "o.html"}),
        ("import sqlite3\ndf.to_sql('people', sqlite3.connect('x.db'))", {"kind": "table", "target": "people"}),
    ],
)
def test_every_pandas_writer_is_a_sink(reguarded, home, code: str, sink: dict) -> None:
    assert reguarded.run(f"%%secure --purpose writes\n{code}").ok

    sinks = [s for r in runs(home, "writes") for s in r["sinks"]]
    assert [{"kind": s["kind"], "target": s["target"]} for s in sinks] == [sink]


def test_no_value_enters_the_log(guarded, home) -> None:
    guarded.run(
        "%%secure --purpose 'asha.kulkarni77@corp.example' --experiment 'Asha Kulkarni'\n"
        "x = 'ravi.menon42@corp.example' # Menon"
    )
    guarded.run("df.pivot_table(index='plan', columns='full_name', values='amount')")
    guarded.run("df.to_csv('asha.kulkarni77@corp.example.csv')")

    exported = home.command("audit", "export", "--format", "jsonl").stdout
    for secret in ("asha.kulkarni77", "Kulkarni", "ravi.menon42", "Menon"):
        assert secret not in exported
    for path in home.folder.rglob("*"):
        if path.is_file():
            assert b"kulkarni" not in path.read_bytes().lower(), path.name


def test_neither_a_notebook_s_name_nor_a_purpose_brings_a_value_into_the_log(start, home) -> None:
    kernel = start(JPY_SESSION_NAME="work/ravi.menon42@corp.example.ipynb")
    assert kernel.run("%load_ext jupyter_privguard").ok
    kernel.run("%privguard purpose for asha.kulkarni77@corp.example")
    assert kernel.run(
        "from jupyter_privguard import runtime\nruntime.record_here('quality.check', checks=[]) and None"
    ).ok

    assert len(home.events("quality.check")) == 1
    exported = home.command("audit", "export", "--format", "jsonl").stdout
    assert "menon42" not in exported and "kulkarni77" not in exported
    assert '"notebook":"***@***"' in exported


def test_magics_answer(guarded) -> None:
    guarded.run("df")
    (page,) = guarded.run("%privguard").data
    assert "privguard: on" in page["text/plain"] and "<table>" in page["text/html"]
    for told in ("EMAIL_ADDRESS", "masked so far", "nothing amiss", "%privguard classify df"):
        assert told in page["text/plain"] and told in page["text/html"], told
    assert "privguard: on" in guarded.run("%privguard status").streams
    assert "EMAIL_ADDRESS" in guarded.run("%privguard classify df").screen
    assert "classify" in guarded.run("%privguard help").streams
    assert "did you mean status" in guarded.run("%privguard statsu").screen
    assert "--tier" in guarded.run("%%secure?").screen
    assert "ok   policy" in guarded.run("%privguard doctor").streams
    assert "no further words" in guarded.run("%privguard status now").screen
    assert "not blank" in guarded.run("%privguard purpose ' '").screen


@pytest.mark.parametrize(
    ("code", "rows", "labels"),
    [
        ("d = pd.read_csv('people.csv').dropna()", 12, ["email", "plan"]),
        ("d = pd.read_csv('people.csv').head(6)", 12, ["email", "plan"]),
        ("d = pd.read_csv('people.csv')[['email']]", 12, ["email"]),
        ("c = pd.read_csv('people.csv'); d = c.head(6)", 12, ["email", "plan"]),
    ],
)
def test_a_file_of_which_only_a_part_is_kept_is_recorded_with_what_it_holds(
    reguarded, home, code: str, rows: int, labels: list[str]
) -> None:
    lines = "".join(f"person{n}@corp.example,basic\n" for n in range(12))
    (reguarded.folder / "people.csv").write_text(f"email,plan\n{lines}")

    reguarded.run(f"import pandas as pd\n{code}")

    def loads() -> list[dict[str, Any]]:
        return [one["dataset"] for one in home.events("data.load") if one["dataset"]["source"] == "people.csv"]

    [dataset] = loads()
    assert (dataset["name"], dataset["rows"]) == ("people", rows)
    assert [column["label"] for column in dataset["columns"]] == labels
    assert dataset["columns"][0]["entity"] == "EMAIL_ADDRESS"
    reguarded.run("e = d.tail(2)")  # of a table that the log knows a part is nothing new
    assert len(loads()) == 1


def test_loading_twice_changes_nothing_and_unloading_ends_it(guarded, home) -> None:
    assert guarded.run("%load_ext jupyter_privguard").ok
    assert guarded.run("%reload_ext jupyter_privguard").ok
    assert "kulkarni77" not in guarded.run("df").screen

    assert guarded.run("%unload_ext jupyter_privguard").ok
    assert "kulkarni77" in guarded.run("df").screen
    assert [e["action"] for e in home.events()][-1] == "guard.unload"
